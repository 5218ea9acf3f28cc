package com.cognitionos.invoicing.control;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.invoicing.boundary.InvoiceView;
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
    private static InvoiceLine owed(Subscription subscription, Period period) {
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
        invoiceLines.add(invoice.id(), lines);
        if (lines.stream().anyMatch(line -> line.kind() == InvoiceLine.Kind.CHARGE)) {
            waitingCharges.invoiced(subscription, invoice.id());
        }
        invoiceLines.addAmounts(invoice.id(), amounts.lines());
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
        audit.record(
                "invoice.finalized",
                invoice.id().toString(),
                null,
                Map.of(
                        "number", String.valueOf(invoice.number()),
                        "kind", kind.code(),
                        "total_cents", invoice.totalCents(),
                        "currency", invoice.currency(),
                        "period_start", period.start(),
                        "period_end", period.end()));
        events.publish(EventType.INVOICE_FINALIZED, () -> finalised);
        if (invoice.status() == Invoice.Status.PAID) {
            events.publish(EventType.INVOICE_PAID, () -> InvoiceView.newsOf(invoice));
        }
        return invoice;
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
