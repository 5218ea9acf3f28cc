package com.cognitionos.payment.portal;

import com.cognitionos.identity.portal.ActingFor;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.payment.boundary.PaymentRegister;
import com.cognitionos.payment.boundary.PaymentRegister.Detail;
import com.cognitionos.payment.boundary.PaymentRegister.PaymentView;
import com.cognitionos.payment.boundary.PaymentRegister.Wanted;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The payments of all tenants, and one of them with all that came of it. */
@Named
@RequestScoped
public class PaymentsPage {

    private static final int PAGE_SIZE = 20;

    @EJB
    private PaymentRegister register;

    @Inject
    private HttpServletRequest request;

    @Inject
    private ActingFor acting;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    @Inject
    @ManagedProperty("#{param.payment}")
    private @Nullable String chosen;

    private PaymentFilter filter;
    private Section<Page<PaymentView>> list;
    private @Nullable Detail detail;

    @PostConstruct
    void load() {
        filter = PaymentFilter.of(request);
        list = Section.load(
                "payments",
                () -> register.list(filter.wanted(), new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
    }

    public PaymentFilter getFilter() {
        return filter;
    }

    public boolean isFiltered() {
        return filter.any();
    }

    public Section<Page<PaymentView>> getList() {
        return list;
    }

    public List<String> getStatuses() {
        return Wanted.STATUSES;
    }

    public String name(String status) {
        return status.substring(0, 1).toUpperCase(Locale.ROOT) + status.substring(1);
    }

    public long getPages() {
        return Math.max(1, (list.getValue().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    /** The address of another page of the same search. */
    public String address(long number) {
        return "/platform/payments?" + filter.query() + "&page=" + number;
    }

    /** The address of a payment, from which the search is found again. */
    public String address(PaymentView payment) {
        return address(list.isLoaded() ? list.getValue().page() : 1) + "&payment=" + payment.id();
    }

    /** Whether one was asked for. */
    public boolean isChosen() {
        return chosen != null && !chosen.isBlank();
    }

    /** The one that was asked for; null where there is none, which is said. */
    public @Nullable Detail getDetail() {
        if (detail == null && isChosen()) {
            try {
                detail = register.get(GivenId.of(chosen, "payment"));
            } catch (Problem none) {
                return null;
            }
        }
        return detail;
    }

    /** What is left of it after refunds and the fee; null while the fee is not known, or is in another currency. */
    public @Nullable Long net(PaymentView payment) {
        return payment.feeCents() != null && payment.currency().equals(payment.feeCurrency())
                ? Long.valueOf(payment.amountCents() - payment.refundedCents() - payment.feeCents())
                : null;
    }

    /** Whether something of it can go back to the card. */
    public boolean isRefundable(PaymentView payment) {
        return payment.status().equals("succeeded") && payment.refundedCents() < payment.amountCents();
    }

    /** To the invoice, in its tenant. */
    @RequiresScope("finance:read")
    public void openInvoice() throws IOException {
        enter("");
    }

    /** To the credit note that pays back, with its preview. */
    @RequiresScope("finance:write")
    public void refund() throws IOException {
        enter("&payout=refund#credit-section");
    }

    private void enter(String rest) throws IOException {
        try {
            PaymentView payment = register.get(GivenId.of(chosen, "payment")).payment();
            Caller.current().require("invoices:read");
            acting.enter(payment.tenant(), "/invoice?id=" + payment.invoice() + rest);
        } catch (Problem problem) {
            messages.show(problem, Map.of());
        }
    }
}
