package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.BillingFacts;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceCalculator;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rating.entity.InvoiceAmounts;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the invoice of the running month would be if it were made now; nothing of it is stored. */
@ApplicationScoped
public class DraftInvoice {

    @Inject
    private FactsOfRecord facts;

    @Inject
    private CreditedSoFar credited;

    @Inject
    private PlanChanges changes;

    @Inject
    private InvoiceTerms terms;

    @Inject
    private DraftTerms draftTerms;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Usage usage;

    @EJB
    private Tenants tenants;

    /** @param amounts of the lines, in their order, as {@link InvoiceLines#amountsOf} would read them */
    public record Draft(Invoice invoice, List<InvoiceLine> lines, List<InvoicedLine> amounts) {}

    /**
     * Of the caller's tenant; empty without a live subscription, as long as there is nothing to charge nor a last invoice to
     * collect what was carried over (INV-23), and where the catalogue lacks the price, which must not hide the invoices that
     * there are (INV-7).
     */
    public Optional<Draft> current() {
        return subscriptions
                .latest()
                .filter(Subscription::isLive)
                .filter(live -> changes.plan(live).isSoldIn(live.cycle(), live.currency()))
                .flatMap(this::of);
    }

    private Optional<Draft> of(Subscription subscription) {
        Period month = subscription.usagePeriod();
        DraftTerms.Found found = draftTerms.of(subscription);
        BillingFacts running =
                facts.running(subscription, usage.inPeriod(month, found.now()), found.late(), found.charges());
        DueLines due = credited.due(subscription.id(), InvoiceCalculator.lines(running), found.credited());
        boolean last = running.last();
        if (due.isNothing()) {
            // A trial that ends without its plan makes no invoice at all.
            boolean collects = last && found.balanceCents() < 0 && subscription.status() != SubscriptionStatus.TRIALING;
            if (!collects) {
                return Optional.empty();
            }
            due = due.instead(Finalisation.owed(subscription, month));
        }
        BillingProfile profile = terms.profile();
        InvoiceAmounts amounts = InvoiceAmounts.of(terms.soFar(subscription, due, profile, found, last));
        List<InvoiceLine> lines = InvoiceCalculator.settled(due.lines(), amounts.creditToBalanceCents());
        List<InvoicedLine> ofLines = new ArrayList<>(
                amounts.lines().stream().map(DraftInvoice::ordered).toList());
        for (int i = ofLines.size(); i < lines.size(); i++) {
            ofLines.add(new InvoicedLine(String.valueOf(i + 1), lines.get(i).amountCents(), List.of(), List.of()));
        }
        TenantView tenant = tenants.current();
        return Optional.of(new Draft(
                new Invoice(
                        subscription.nextInvoiceId(),
                        subscription.tenantId(),
                        subscription.id(),
                        last ? Invoice.Kind.FINAL : Invoice.Kind.PERIOD,
                        month,
                        subscription.currency(),
                        amounts,
                        InvoiceTerms.buyer(tenant.name(), tenant.billingEmail(), profile),
                        month.start()),
                lines,
                ofLines));
    }

    private static InvoicedLine ordered(InvoicedLine line) {
        List<InvoicedLine.DiscountShare> discounts = line.discounts().stream()
                .sorted(Comparator.comparing(InvoicedLine.DiscountShare::discountId))
                .toList();
        return new InvoicedLine(line.id(), line.cents(), discounts, line.taxes());
    }
}
