package com.cognitionos.payment.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.idempotency.boundary.KeyedEffects;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.payment.control.Providers;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.Payment;
import com.cognitionos.payment.entity.PaymentMethod;
import com.cognitionos.payment.entity.PaymentNews;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The attempts to collect, each in two transactions with the provider's call between them (PAY-2). */
@Stateless
@TenantWall
public class Payments {

    /** What {@link KeyedEffects} knows the invoice by for which a request has begun a payment. */
    static final String BEGUN = "payment of invoice";

    /** The code of a payment or refund that was asked for a day ago, and that the provider never got. */
    public static final String NEVER_ARRIVED = "not_found_at_provider";

    /** What says nothing about the next charge of a card: the bank wanted its holder there, or the amount was none. */
    private static final Set<String> OF_ONE_CHARGE = Set.of("authentication_required", "amount_not_chargeable");

    /** What was written off may still be paid. */
    static final Set<String> PAYABLE = Set.of("open", "uncollectible");

    /** Some card of the provider's was there as it was made, and may have been replaced since. */
    private static final String UNTRIED = """
            i.status = 'open' AND EXISTS (SELECT FROM payment_methods m
                WHERE m.tenant_id = i.tenant_id AND m.provider = ? AND m.created_at <= i.finalized_at
                    AND (m.removed_at IS NULL OR m.removed_at > i.finalized_at))
            AND NOT EXISTS (SELECT FROM payments p WHERE p.tenant_id = i.tenant_id AND p.invoice_id = i.id)""";

    /** Asked again after as long as it is not known by then, a minute to half a day. */
    private static final String WITHOUT_FEE = """
            p.status = 'succeeded' AND p.fee_cents IS NULL AND p.begun_at > now() - interval '30 days'
            AND (p.fee_asked_at IS NULL OR p.fee_asked_at < now()
                - least(greatest(p.fee_asked_at - p.begun_at, interval '55 seconds'), interval '12 hours'))""";

    private static final String UNSETTLED = """
            SELECT tenant_id FROM payments WHERE status = 'processing'
            UNION SELECT tenant_id FROM refunds WHERE status = 'processing'
            UNION SELECT tenant_id FROM payment_methods WHERE removed_at IS NOT NULL AND released_at IS NULL
            UNION SELECT i.tenant_id FROM invoices i JOIN tenants t ON t.id = i.tenant_id AND NOT t.test_mode
                WHERE\s""" + UNTRIED + """
            UNION SELECT p.tenant_id FROM payments p WHERE\s""" + WITHOUT_FEE + " ORDER BY tenant_id";

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private TenantLock locks;

    @Inject
    private AuditLog audit;

    @Inject
    private Events events;

    @Inject
    private Providers providers;

    @EJB
    private PaymentMethods methods;

    @EJB
    private Invoices invoices;

    @EJB
    private Ledger ledger;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Tenants tenants;

    @EJB
    private KeyedEffects effects;

    @EJB
    private Arrears arrears;

    /**
     * What the provider is to be asked.
     *
     * @param keyLasts whether the provider must still know our key; later nothing is asked for again, only looked for
     */
    public record Attempt(String provider, PaymentProvider.Charge charge, boolean keyLasts) {

        /** The idempotency key. */
        public UUID id() {
            return charge.payment();
        }
    }

    /** Enters an attempt for all that is due, or finds the one under way. @return empty when there is nothing due or no card */
    public Optional<Attempt> begin(UUID invoiceId) {
        // Whoever comes second finds the first one's attempt and asks the provider with the same key.
        locks.take(TenantLock.Purpose.PAYING);
        Optional<Payment> underWay = processing().stream()
                .filter(payment -> payment.invoiceId().equals(invoiceId))
                .findFirst();
        if (underWay.isPresent()) {
            effects.note(BEGUN, invoiceId);
            return underWay.map(payment -> attempt(payment.id()));
        }
        InvoiceView invoice = invoices.get(invoiceId);
        if (!PAYABLE.contains(invoice.status()) || invoice.amountDueCents() == 0) {
            return Optional.empty();
        }
        return methods.defaultCard().map(card -> {
            Payment payment = new Payment(
                    Ids.next(),
                    card,
                    invoiceId,
                    invoice.amountDueCents(),
                    invoice.currency(),
                    clock.now(Caller.currentTenant()),
                    customer(card).orElse(null));
            entities.persist(payment);
            entities.flush();
            effects.note(BEGUN, invoiceId);
            return attempt(payment.id());
        });
    }

    /**
     * As {@link #begin} for an invoice that nobody asks to be charged: one that is gone after is left to its schedule, and
     * a card whose bank wants no more charges is not tried (PAY-19).
     */
    public Optional<Attempt> beginByItself(UUID invoiceId) {
        locks.take(TenantLock.Purpose.PAYING);
        boolean due = PAYABLE.contains(invoices.get(invoiceId).status());
        return due && arrears.takes(invoiceId, barred().orElse(null)) ? Optional.empty() : begin(invoiceId);
    }

    /** The default card, where its bank wants no more charges of it, until a person has it charged with success. */
    public Optional<Arrears.Barred> barred() {
        return methods.defaultCard().flatMap(this::barred);
    }

    private Optional<Arrears.Barred> barred(PaymentMethod card) {
        return sql.queryOne(
                        """
                        SELECT status, retryable, failure_code FROM payments
                        WHERE tenant_id = ? AND payment_method_id = ? AND status <> 'processing'
                        ORDER BY settled_at DESC, id DESC LIMIT 1""",
                        row -> row.getString("status").equals("failed")
                                        && !row.getBoolean("retryable")
                                        && !OF_ONE_CHARGE.contains(row.getString("failure_code"))
                                ? Optional.of(new Arrears.Barred(card.id(), row.getString("failure_code")))
                                : Optional.<Arrears.Barred>empty(),
                        Caller.currentTenant(),
                        card.id())
                .flatMap(found -> found);
    }

    /** The attempts whose outcome is not known, after a crash for example. */
    public List<Attempt> unsettled() {
        return attempts("p.status = 'processing'");
    }

    /** Of the last month, those that succeeded and of which it is time to ask what the provider kept (PAY-11). */
    public List<Attempt> withoutFee() {
        return attempts(WITHOUT_FEE);
    }

    /** The provider did not know the fee of these yet. */
    public void feeUnknown(List<UUID> payments) {
        sql.update(
                "UPDATE payments SET fee_asked_at = now() WHERE tenant_id = ? AND id = ANY (?)",
                Caller.currentTenant(),
                new Sql.Array("uuid", payments.toArray()));
    }

    /** Those of these tenants of which {@link Settlement#recover} has nothing to finish; for the platform. */
    public Set<UUID> recovered(Collection<UUID> some) {
        return Set.copyOf(sql.query(
                "SELECT t.id FROM unnest(?::uuid[]) AS t (id) WHERE NOT EXISTS ("
                        + "SELECT FROM payments p WHERE p.tenant_id = t.id AND p.status = 'processing') AND NOT EXISTS ("
                        + "SELECT FROM refunds r WHERE r.tenant_id = t.id AND r.status = 'processing') AND NOT EXISTS ("
                        + "SELECT FROM invoices i WHERE i.tenant_id = t.id AND " + UNTRIED + ")",
                row -> row.getObject("id", UUID.class),
                new Sql.Array("uuid", some.toArray()),
                providers.live().name()));
    }

    /** The open invoices that should have been charged as they were made and never were, after a crash for example. */
    public List<UUID> untried() {
        return sql.query(
                "SELECT i.id FROM invoices i WHERE i.tenant_id = ? AND " + UNTRIED + " ORDER BY i.due_date, i.number",
                row -> row.getObject("id", UUID.class),
                Caller.currentTenant(),
                providers.of(tenants.current()).name());
    }

    /**
     * The tenants of which a provider is to be asked something; for the platform. Untried invoices of a test tenant wait for its
     * clock to move.
     */
    public List<UUID> tenantsUnsettled() {
        return sql.query(
                UNSETTLED,
                row -> row.getObject("tenant_id", UUID.class),
                providers.live().name());
    }

    /** Enters the provider's word. A second time changes nothing, and neither does one that settles nothing (PAY-10). */
    public void settle(UUID paymentId, ChargeOutcome outcome) {
        // Of two at once the second sees that nothing is left to be paid.
        locks.take(TenantLock.Purpose.PAYING);
        Payment payment = entities.find(Payment.class, paymentId, LockModeType.PESSIMISTIC_WRITE);
        if (payment == null || !payment.isProcessing()) {
            return;
        }
        payment.settle(outcome, clock.now(Caller.currentTenant()));
        entities.flush();
        if (!outcome.isSettled()) {
            return;
        }
        audit.record(
                outcome.succeeded() ? "payment.succeeded" : "payment.failed",
                paymentId.toString(),
                Map.of("status", "processing"),
                outcome.succeeded()
                        ? Map.of(
                                "status",
                                "succeeded",
                                "invoice_id",
                                payment.invoiceId(),
                                "amount_cents",
                                payment.amountCents(),
                                "currency",
                                payment.currency())
                        : Map.of(
                                "status",
                                "failed",
                                "invoice_id",
                                payment.invoiceId(),
                                "amount_cents",
                                payment.amountCents(),
                                "currency",
                                payment.currency(),
                                "failure_code",
                                String.valueOf(outcome.failureCode())));
        events.publish(
                outcome.succeeded() ? EventType.PAYMENT_SUCCEEDED : EventType.PAYMENT_FAILED,
                () -> PaymentNews.of(payment, outcome));
        if (outcome.succeeded()) {
            invoices.paid(
                    payment.invoiceId(),
                    payment.id(),
                    payment.amountCents(),
                    tenants.current().testMode());
            if (outcome.fee() != null) {
                bear(payment, outcome.fee());
            }
            caughtUp();
        } else if (invoices.get(payment.invoiceId()).status().equals("open")) {
            subscriptions.paymentState(true);
            arrears.failed(payment.invoiceId(), payment.paymentMethodId(), outcome);
        }
    }

    /**
     * A payment that had failed here has succeeded at the provider: it pays its invoice after all.
     *
     * @throws Problem NOT_FOUND; CONFLICT unless it had failed and all that it brought is still due
     */
    public void correct(UUID paymentId, ChargeOutcome succeeded) {
        locks.take(TenantLock.Purpose.PAYING);
        Payment payment = entities.find(Payment.class, paymentId, LockModeType.PESSIMISTIC_WRITE);
        if (payment == null) {
            throw Problem.notFound("payment");
        }
        InvoiceView invoice = invoices.get(payment.invoiceId());
        if (!PAYABLE.contains(invoice.status()) || invoice.amountDueCents() != payment.amountCents()) {
            throw Problem.conflict(
                    "invoice_not_due",
                    "What the payment was for is not due any more: pay it back at the provider, then mark it as seen.");
        }
        requireNoneUnderWay(payment.invoiceId());
        payment.correct(succeeded, clock.now(Caller.currentTenant()));
        entities.flush();
        audit.record(
                "payment.succeeded",
                paymentId.toString(),
                Map.of("status", "failed"),
                Map.of(
                        "status",
                        "succeeded",
                        "invoice_id",
                        payment.invoiceId(),
                        "amount_cents",
                        payment.amountCents(),
                        "currency",
                        payment.currency()));
        events.publish(EventType.PAYMENT_SUCCEEDED, () -> PaymentNews.of(payment, succeeded));
        invoices.paid(
                payment.invoiceId(),
                payment.id(),
                payment.amountCents(),
                tenants.current().testMode());
        if (succeeded.fee() != null) {
            bear(payment, succeeded.fee());
        }
        caughtUp();
    }

    /** Enters what the provider has kept of a payment that succeeded. A second time changes nothing (PAY-11). */
    public void bear(UUID paymentId, ChargeOutcome.Fee fee) {
        Payment payment = entities.find(Payment.class, paymentId, LockModeType.PESSIMISTIC_WRITE);
        if (payment != null && payment.status().equals("succeeded")) {
            bear(payment, fee);
        }
    }

    private void bear(Payment payment, ChargeOutcome.Fee fee) {
        if (payment.bear(fee) && fee.cents() != 0) {
            ledger.post(new Posting.Draft()
                    .debit(Account.PROVIDER_FEES, fee.cents())
                    .credit(Account.CASH, fee.cents())
                    .as(
                            Posting.Kind.PROVIDER_FEE,
                            payment.id(),
                            fee.currency(),
                            tenants.current().testMode(),
                            clock.now(Caller.currentTenant())));
        }
    }

    /** See {@link Invoices#withdraw}. @throws Problem CONFLICT while a payment of it is under way, too */
    public InvoiceView withdraw(UUID invoice, String reason) {
        requireNoneUnderWay(invoice);
        InvoiceView done = invoices.withdraw(invoice, reason);
        caughtUp();
        return done;
    }

    /** See {@link Invoices#writeOff}. @throws Problem CONFLICT while a payment of it is under way, too */
    public InvoiceView writeOff(UUID invoice, String reason) {
        requireNoneUnderWay(invoice);
        InvoiceView done = invoices.writeOff(invoice, reason);
        caughtUp();
        return done;
    }

    /** Nobody can begin a payment of the tenant's until the transaction ends. @throws Problem CONFLICT */
    public void requireNoneUnderWay(UUID invoice) {
        locks.take(TenantLock.Purpose.PAYING);
        if (processing().stream().anyMatch(payment -> payment.invoiceId().equals(invoice))) {
            throw Problem.conflict(
                    "payment_in_progress", "A payment of the invoice is under way; try again when it is settled.", 60);
        }
    }

    /** Where nothing that could not be collected is left the subscription is not behind. */
    public void caughtUp() {
        boolean failing = sql.queryOne("""
                        SELECT 1 FROM invoices i WHERE i.tenant_id = ? AND i.status = 'open' AND EXISTS (
                            SELECT FROM payments p WHERE p.tenant_id = i.tenant_id AND p.invoice_id = i.id
                                AND p.status = 'failed') LIMIT 1""", row -> true, Caller.currentTenant()).isPresent();
        boolean behind = failing || arrears.isChasing();
        if (!behind) {
            subscriptions.paymentState(false);
        }
        arrears.settled(behind);
    }

    private List<Payment> processing() {
        return entities.createQuery(
                        "SELECT p FROM Payment p WHERE p.tenantId = :tenant AND p.status = 'processing' ORDER BY p.createdAt",
                        Payment.class)
                .setParameter("tenant", Caller.currentTenant())
                .getResultList();
    }

    private Optional<String> customer(PaymentMethod card) {
        return sql.queryOne(
                        "SELECT provider_ref FROM provider_customers WHERE tenant_id = ? AND provider = ?",
                        row -> Optional.ofNullable(row.getString("provider_ref")),
                        card.tenantId(),
                        card.provider())
                .flatMap(found -> found);
    }

    private Attempt attempt(UUID payment) {
        return attempts("p.id = ?", payment).get(0);
    }

    /** Oldest first. */
    private List<Attempt> attempts(String which, Object... parameters) {
        List<Object> all = new ArrayList<>(List.of(PaymentProvider.KEY_LASTS, Caller.currentTenant()));
        all.addAll(List.of(parameters));
        return sql.query(
                """
                SELECT p.*, m.provider_ref AS card, p.begun_at > now() - ?::interval AS key_lasts
                FROM payments p JOIN payment_methods m ON m.tenant_id = p.tenant_id AND m.id = p.payment_method_id
                WHERE p.tenant_id = ? AND\s""" + which + " ORDER BY p.created_at, p.id",
                row -> new Attempt(
                        row.getString("provider"),
                        new PaymentProvider.Charge(
                                row.getObject("id", UUID.class),
                                row.getObject("invoice_id", UUID.class),
                                row.getObject("tenant_id", UUID.class),
                                row.getString("customer_ref"),
                                row.getString("card"),
                                row.getLong("amount_cents"),
                                row.getString("currency"),
                                row.getString("provider_ref")),
                        row.getBoolean("key_lasts")),
                all.toArray());
    }
}
