package com.cognitionos.dunning.portal;

import com.cognitionos.dunning.boundary.DunningCases;
import com.cognitionos.dunning.boundary.DunningCases.CaseView;
import com.cognitionos.dunning.entity.DunningCase;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.payment.portal.PaymentWords;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the tenant owes after a charge failed: since when, what happens next, and to pay it now. */
@Named
@RequestScoped
public class PaymentsDue {

    @EJB
    private DunningCases cases;

    @EJB
    private PaymentMethods methods;

    @EJB
    private Settlement settlement;

    @Inject
    private Dates dates;

    @Inject
    private Money money;

    @Inject
    private Messages messages;

    @Inject
    private PaymentWords words;

    @Inject
    @ManagedProperty("#{param.invoice}")
    private @Nullable String chosen;

    private @Nullable Section<List<CaseView>> list;

    /** Whether there is something to tell on every page; never a reason for a page to fail. */
    public boolean isBehind() {
        return getCases().isLoaded() && !getCases().getValue().isEmpty();
    }

    /** Oldest first; nothing where the page works in no tenant, or the person may not see invoices. */
    public Section<List<CaseView>> getCases() {
        if (list == null) {
            Caller caller = Caller.current();
            list = caller.tenant() == null || !caller.may("invoices:read")
                    ? Section.closed()
                    : Section.load("payments due", cases::open);
        }
        return list;
    }

    /** The case of an invoice; null where there is none. */
    public @Nullable CaseView of(InvoiceView invoice) {
        return getCases().isLoaded()
                ? getCases().getValue().stream()
                        .filter(one -> one.dunning().invoice().equals(invoice.id()))
                        .findFirst()
                        .orElse(null)
                : null;
    }

    public boolean hasCard() {
        return !getCard().isEmpty();
    }

    /** What is charged: {@code Visa ending 4242}; empty where there is none. */
    public String getCard() {
        return methods.defaultMethod()
                .map(card -> words.card(card.brand(), card.last4()))
                .orElse("");
    }

    /** What has happened, in a sentence. */
    public String since(CaseView view) {
        DunningCase dunning = view.dunning();
        return (dunning.failureCode() == null ? "Due since " : "The payment failed on ")
                + dates.day(dunning.beganAt())
                + (dunning.step() == 0
                        ? "."
                        : dunning.step() == 1
                                ? "; tried once more since."
                                : "; tried " + dunning.step() + " times since.");
    }

    /** What happens next by itself, in a sentence. */
    public String next(CaseView view) {
        DunningCase dunning = view.dunning();
        String again = "It is tried again on " + dates.day(dunning.nextAt());
        return switch (dunning.next()) {
            case RETRY ->
                dunning.declinedCard() != null
                        ? "The bank does not let us try this card again: add another one by "
                                + dates.day(dunning.nextAt()) + "."
                        : dunning.step() + 1 < dunning.policy().retries()
                                ? again + "."
                                : again + ", for the last time. After that the plan cannot be used until it is paid.";
            case SUSPEND ->
                "The plan cannot be used until it is paid; on " + dates.day(dunning.nextAt())
                        + " the account is suspended.";
            case NOTHING ->
                "It is not tried again by itself. Everything opens again as soon as all that is due is paid.";
        };
    }

    @RequiresScope("invoices:write")
    @StepUp
    public void pay() {
        messages.attempt(Map.of(), () -> {
            UUID id = GivenId.of(chosen, "invoice");
            InvoiceView paid = settlement.pay(id);
            messages.done("Paid " + money.of(paid.amountPaidCents(), paid.currency()) + ". Thank you.");
        });
        list = null;
    }
}
