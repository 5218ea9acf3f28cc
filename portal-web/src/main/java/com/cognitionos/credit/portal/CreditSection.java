package com.cognitionos.credit.portal;

import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.credit.boundary.PrepaidCredits.CreditView;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.tenancy.portal.CurrentTenant;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The balance with its latest changes, and prepaid credits. */
@Named
@RequestScoped
public class CreditSection {

    private static final int LATEST = 10;

    @EJB
    private CustomerBalance balance;

    @EJB
    private PrepaidCredits prepaid;

    @Inject
    private CurrentTenant tenant;

    @Inject
    private Dates dates;

    @Inject
    private Money money;

    private @Nullable List<CreditView> credits;
    private @Nullable List<CustomerBalance.Balance> balances;
    private @Nullable List<CustomerBalance.Entry> entries;

    public List<CustomerBalance.Balance> getBalances() {
        if (balances == null) {
            balances = balance.balances();
        }
        return balances;
    }

    public List<CustomerBalance.Entry> getEntries() {
        if (entries == null) {
            entries = balance.entries(new Page.Request(1, LATEST)).items();
        }
        return entries;
    }

    /** Newest first. */
    public List<CreditView> getCredits() {
        if (credits == null) {
            credits = prepaid.list();
        }
        return credits;
    }

    public boolean isUsable(CreditView credit) {
        return credit.remainingCents() > 0 && !isExpired(credit);
    }

    /** How it stands, in a line. */
    public String words(CreditView credit) {
        String of = " of " + money.of(credit.amountCents(), credit.currency());
        if (credit.endedAt() != null) {
            return money.of(credit.endedCents(), credit.currency())
                    + of
                    + ("voided".equals(credit.endedAs()) ? " taken back on " : " expired on ")
                    + dates.day(credit.endedAt());
        }
        String expiry = credit.expiresAt() == null
                ? ""
                : (isExpired(credit) ? ", expired on " : ", until ") + dates.day(credit.expiresAt());
        return money.of(credit.usedCents(), credit.currency()) + of + " used" + expiry;
    }

    private boolean isExpired(CreditView credit) {
        return credit.expiresAt() != null && !tenant.now().isBefore(credit.expiresAt());
    }
}
