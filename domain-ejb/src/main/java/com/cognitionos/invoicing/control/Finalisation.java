package com.cognitionos.invoicing.control;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.control.PlainTenants.PlainTenant;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceCalculator;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.InvoiceNews;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.boundary.RevenueRecognition;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.rating.entity.InvoiceAmounts;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Makes a numbered invoice of lines, with all that happens as one is finalised: what it uses up is gone, it is posted, what
 * it charges ahead is deferred, and the customer's balance moves.
 */
@ApplicationScoped
public class Finalisation {

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private BusinessClock clock;

    @Inject
    private InvoiceTerms terms;

    @Inject
    private InvoiceLines invoiceLines;

    @Inject
    private InvoiceRecords records;

    @Inject
    private InvoiceNumbers numbers;

    @Inject
    private WaitingCharges waitingCharges;

    @Inject
    private AuditLog audit;

    @Inject
    private Events events;

    @EJB
    private Tenants tenants;

    @EJB
    private Ledger ledger;

    @EJB
    private RevenueRecognition recognition;

    @EJB
    private CustomerBalance balance;

    /**
     * At the tenant's present.
     *
     * @param due without what goes to the balance
     * @return the invoice; empty when every line is 0 (INV-5)
     */
    public Optional<Invoice> issue(UUID id, Subscription subscription, Invoice.Kind kind, Period period, DueLines due) {
        boolean last = kind == Invoice.Kind.FINAL;
        boolean nothing = due.isNothing();
        if (nothing && !(last && terms.isOwed(subscription))) {
            return Optional.empty();
        }
        return Optional.of(
                issue(id, subscription, kind, period, nothing ? due.instead(owed(subscription, period)) : due, last));
    }

    /** What the last invoice has to say for itself where it only collects what was carried over. */
    static InvoiceLine owed(Subscription subscription, Period period) {
        return new InvoiceLine(
                InvoiceLine.Kind.CHARGE,
                "Left to collect from earlier invoices",
                null,
                subscription.tier().code(),
                BigDecimal.ONE,
                BigDecimal.ZERO,
                0,
                period,
                false);
    }

    private Invoice issue(
            UUID id, Subscription subscription, Invoice.Kind kind, Period period, DueLines due, boolean last) {
        List<InvoiceLine> charges = due.lines();
        Instant now = clock.now(Caller.currentTenant());
        TenantView tenant = tenants.current();
        InvoiceTerms.Drafted drafted = terms.draft(subscription, due, now, last);
        InvoiceAmounts amounts = InvoiceAmounts.of(drafted.draft());
        List<InvoiceLine> lines = InvoiceCalculator.settled(charges, amounts.creditToBalanceCents());
        Invoice invoice = new Invoice(
                id,
                subscription.tenantId(),
                subscription.id(),
                kind,
                period,
                subscription.currency(),
                amounts,
                terms.buyer(tenant),
                now);
        entities.persist(invoice);
        entities.flush();
        InvoiceLines.Printed printed =
                new InvoiceLines.Printed(invoice.tenantId(), invoice.id(), lines, amounts.lines());
        invoiceLines.add(List.of(printed));
        if (lines.stream().anyMatch(line -> line.kind() == InvoiceLine.Kind.CHARGE)) {
            waitingCharges.invoiced(subscription, invoice.id());
        }
        invoiceLines.addAmounts(List.of(printed));
        invoiceLines.addGiven(
                drafted.given().stream().map(one -> one.of(invoice.id())).toList());
        long promotional = terms.use(subscription, charges, amounts, invoice.id(), now);
        long deferred = recognition.defer(
                invoice.id(), invoice.currency(), tenant.testMode(), ahead(amounts, charges, now), now);
        Posting.Draft movements = movements(amounts, deferred, promotional);
        if (!movements.isEmpty()) {
            ledger.post(movements.as(
                    Posting.Kind.INVOICE_FINALIZED, invoice.id(), invoice.currency(), tenant.testMode(), now));
        }
        invoice.finalise(
                numbers.next(InvoiceNumbers.Series.INVOICE, tenant.testMode(), now),
                terms.sellerVersion(),
                now,
                tenants.paymentTermsDays());
        entities.flush();
        InvoiceNews finalised = InvoiceView.newsOf(invoice);
        carryBalance(invoice, amounts, now);
        record(invoice);
        events.publish(EventType.INVOICE_FINALIZED, () -> finalised);
        if (invoice.status() == Invoice.Status.PAID) {
            events.publish(EventType.INVOICE_PAID, () -> InvoiceView.newsOf(invoice));
        }
        return invoice;
    }

    /**
     * An invoice to be made of a month of which nothing but plan and usage is charged.
     *
     * @param tenant to whom it is made out
     * @param due none of which gives anything back
     */
    public record Plain(
            Subscription subscription, PlainTenant tenant, BillingProfile profile, Period month, DueLines due) {}

    /** A {@link Plain} whose amounts are computed. */
    public record Computed(Plain of, InvoiceAmounts amounts) {}

    /** @return empty where some of it is left to the next invoice, or none of it to be paid: that is for {@link #issue} */
    public static Optional<Computed> compute(Plain plain, InvoiceTerms.Common common, Instant now) {
        InvoiceAmounts amounts =
                InvoiceAmounts.of(InvoiceTerms.draft(plain.subscription(), plain.due(), plain.profile(), common, now));
        boolean collected = amounts.amountDueCents() > 0
                && amounts.amountDueCents() == amounts.totalCents()
                && amounts.creditToBalanceCents() == 0;
        return collected ? Optional.of(new Computed(plain, amounts)) : Optional.empty();
    }

    /** Drafts of many tenants, whose numbers are the last thing that is still to come. For the platform. */
    public List<Invoice> draft(List<Computed> all, Instant now) {
        List<Invoice> drafts = all.stream().map(one -> draft(one, now)).toList();
        records.draft(drafts);
        List<InvoiceLines.Printed> printed = all.stream()
                .map(one -> new InvoiceLines.Printed(
                        one.of().subscription().tenantId(),
                        one.of().subscription().nextInvoiceId(),
                        one.of().due().lines(),
                        one.amounts().lines()))
                .toList();
        invoiceLines.add(printed);
        invoiceLines.addAmounts(printed);
        Map<UUID, Long> deferred = recognition.defer(IntStream.range(0, all.size())
                .mapToObj(i -> new RevenueRecognition.Invoiced(
                        drafts.get(i).tenantId(),
                        drafts.get(i).id(),
                        drafts.get(i).currency(),
                        false,
                        ahead(all.get(i).amounts(), all.get(i).of().due().lines(), now),
                        now))
                .toList());
        ledger.postAll(IntStream.range(0, all.size())
                .mapToObj(i -> owned(drafts.get(i), all.get(i).amounts(), deferred, now))
                .toList());
        return drafts;
    }

    private static Invoice draft(Computed one, Instant now) {
        Subscription subscription = one.of().subscription();
        PlainTenant tenant = one.of().tenant();
        return new Invoice(
                subscription.nextInvoiceId(),
                subscription.tenantId(),
                subscription.id(),
                Invoice.Kind.PERIOD,
                one.of().month(),
                subscription.currency(),
                one.amounts(),
                InvoiceTerms.buyer(
                        tenant.name(), tenant.billingEmail(), one.of().profile()),
                now);
    }

    private static Ledger.Owned owned(Invoice invoice, InvoiceAmounts amounts, Map<UUID, Long> deferred, Instant now) {
        return new Ledger.Owned(
                invoice.tenantId(),
                movements(amounts, deferred.getOrDefault(invoice.id(), 0L), 0)
                        .as(Posting.Kind.INVOICE_FINALIZED, invoice.id(), invoice.currency(), false, now));
    }

    /** The end of {@link #draft}: the counter of the numbers stays locked from here to the end of the transaction. */
    public void finalise(List<Invoice> drafts, List<Computed> all, InvoiceTerms.Common common, Instant now) {
        List<String> given = numbers.next(InvoiceNumbers.Series.INVOICE, false, now, drafts.size());
        for (int i = 0; i < drafts.size(); i++) {
            drafts.get(i)
                    .finalise(
                            given.get(i),
                            common.seller().version(),
                            now,
                            all.get(i).of().tenant().paymentTermsDays());
        }
        records.finalised(drafts, common.seller().version());
        drafts.forEach(this::record);
        events.publish(drafts.stream()
                .map(invoice -> new Events.Happened(
                        invoice.tenantId(), EventType.INVOICE_FINALIZED, () -> InvoiceView.newsOf(invoice)))
                .toList());
    }

    private void record(Invoice invoice) {
        audit.record(
                invoice.tenantId(),
                "invoice.finalized",
                invoice.id().toString(),
                null,
                Map.of(
                        "number", String.valueOf(invoice.number()),
                        "kind", invoice.kind().code(),
                        "total_cents", invoice.totalCents(),
                        "currency", invoice.currency(),
                        "period_start", invoice.period().start(),
                        "period_end", invoice.period().end()));
    }

    private void carryBalance(Invoice invoice, InvoiceAmounts amounts, Instant now) {
        long change = amounts.creditToBalanceCents() - amounts.balanceAppliedCents() - amounts.carriedOverCents();
        if (change != 0) {
            balance.enter(invoice.currency(), change, invoice.id(), now);
        }
        if (invoice.amountDueCents() == 0) {
            invoice.settle(now);
            entities.flush();
        }
    }

    /** The lines for a time that is not over, without their discounts and taxes. */
    private static List<RevenueRecognition.Line> ahead(InvoiceAmounts amounts, List<InvoiceLine> charges, Instant at) {
        return IntStream.range(0, charges.size())
                .filter(i -> charges.get(i).kind().isRecurring()
                        && charges.get(i).period().end().isAfter(at))
                .mapToObj(i -> new RevenueRecognition.Line(
                        i + 1, amounts.lines().get(i).netCents(), charges.get(i).period()))
                .toList();
    }

    /**
     * How an invoice is posted.
     *
     * @param deferred net of tax: what of it is earned later
     * @param promotional what credits paid that nobody had paid for
     */
    public static Posting.Draft movements(InvoiceAmounts amounts, long deferred, long promotional) {
        long net = amounts.lines().stream().mapToLong(InvoicedLine::netCents).reduce(0, Math::addExact);
        return new Posting.Draft()
                .debit(Account.RECEIVABLE, amounts.amountDueCents())
                .debit(Account.CUSTOMER_CREDIT, amounts.totalCents() - amounts.amountDueCents() - promotional)
                .debit(Account.REVENUE, promotional)
                .credit(Account.CUSTOMER_CREDIT, amounts.creditToBalanceCents())
                .credit(Account.DEFERRED_REVENUE, deferred)
                .credit(Account.REVENUE, net - deferred)
                .credit(Account.TAX, amounts.taxCents());
    }
}
