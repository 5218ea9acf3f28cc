package com.cognitionos.ledger.portal;

import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.portal.Asked;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.boundary.Ledger.AccountBalance;
import com.cognitionos.ledger.boundary.Ledger.Transaction;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The trial balance and the journal of the business, or of the test tenants. */
@Named
@RequestScoped
public class LedgerPage {

    private static final int PAGE_SIZE = 20;

    @EJB
    private Ledger ledger;

    @EJB
    private Tenants tenants;

    @Inject
    private HttpServletRequest request;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    private LedgerFilter filter;
    private Section<List<AccountBalance>> balances;
    private Section<Page<Transaction>> page;

    /** What the accounts of one currency come to. */
    public record Total(String currency, long debitCents, long creditCents) {
        static Total of(String currency, List<AccountBalance> accounts) {
            return new Total(
                    currency,
                    accounts.stream().mapToLong(AccountBalance::debitCents).sum(),
                    accounts.stream().mapToLong(AccountBalance::creditCents).sum());
        }

        public boolean isBalanced() {
            return debitCents == creditCents;
        }
    }

    @PostConstruct
    void load() {
        filter = LedgerFilter.of(request);
        balances = Section.load("trial balance", () -> ledger.trialBalance(filter.test(), Asked.endOf(filter.to())));
        page = Section.load(
                "journal",
                () -> ledger.list(filter.wanted(tenants), new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
    }

    public LedgerFilter getFilter() {
        return filter;
    }

    public boolean isFiltered() {
        return filter.any();
    }

    public Section<List<AccountBalance>> getBalances() {
        return balances;
    }

    public List<Total> getTotals() {
        Map<String, List<AccountBalance>> byCurrency = balances.getValue().stream()
                .collect(Collectors.groupingBy(AccountBalance::currency, TreeMap::new, Collectors.toList()));
        return byCurrency.entrySet().stream()
                .map(entry -> Total.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    public Section<Page<Transaction>> getPage() {
        return page;
    }

    public long getPages() {
        return Math.max(1, (page.getValue().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    public List<String> getAccounts() {
        return Arrays.stream(Account.values()).map(Account::code).toList();
    }

    /** {@code deferred_revenue} as people read it. */
    public String words(String account) {
        String words = account.replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ENGLISH) + words.substring(1);
    }

    /** The address of another page of the same search. */
    public String address(long number) {
        return "/platform/ledger?" + filter.query() + "&page=" + number;
    }
}
