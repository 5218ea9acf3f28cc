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

    /** What was written off may still be paid. */
    static final Set<String> PAYABLE = Set.of("open", "uncollectible");

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

    @EJB
    private PaymentMethods methods;

    @EJB
    private Invoices invoices;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Tenants tenants;

    @EJB
    private KeyedEffects effects;

    /** What the provider is to be asked; {@code id} is the idempotency key. */
    public record Attempt(UUID id, UUID invoice, String cardRef, long cents, String currency) {}

    /** Enters an attempt for all that is due, or finds the one under way. @return empty when there is nothing due or no card */
    public Optional<Attempt> begin(UUID invoiceId) {
        // Whoever comes second finds the first one's attempt and asks the provider with the same key.
        locks.take(TenantLock.Purpose.PAYING);
        Optional<Payment> underWay = processing().stream()
                .filter(payment -> payment.invoiceId().equals(invoiceId))
                .findFirst();
        if (underWay.isPresent()) {
            effects.note(BEGUN, invoiceId);
            return underWay.map(this::attempt);
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
                    clock.now(Caller.currentTenant()));
            entities.persist(payment);
            entities.flush();
            effects.note(BEGUN, invoiceId);
            return attempt(payment);
        });
    }

    /** The attempts whose outcome is not known, after a crash for example. */
    public List<Attempt> unsettled() {
        return processing().stream().map(this::attempt).toList();
    }

    /** The open invoices that should have been charged as they were made and never were, after a crash for example. */
    public List<UUID> untried() {
        return sql.query("""
                SELECT i.id FROM invoices i
                JOIN payment_methods m ON m.tenant_id = i.tenant_id AND m.is_default AND m.removed_at IS NULL
                    AND m.created_at <= i.finalized_at
                WHERE i.tenant_id = ? AND i.status = 'open' AND NOT EXISTS (
                    SELECT FROM payments p WHERE p.tenant_id = i.tenant_id AND p.invoice_id = i.id)
                ORDER BY i.due_date, i.number""", row -> row.getObject("id", UUID.class), Caller.currentTenant());
    }

    /** The tenants with payments or refunds whose outcome is not known; for the platform. */
    public List<UUID> tenantsUnsettled() {
        return sql.query("""
                SELECT tenant_id FROM payments WHERE status = 'processing'
                UNION SELECT tenant_id FROM refunds WHERE status = 'processing' ORDER BY tenant_id""", row -> row.getObject("tenant_id", UUID.class));
    }

    /** Enters the provider's word. A second time changes nothing. */
    public void settle(UUID paymentId, ChargeOutcome outcome) {
        Payment payment = entities.find(Payment.class, paymentId, LockModeType.PESSIMISTIC_WRITE);
        if (payment == null || !payment.isProcessing()) {
            return;
        }
        payment.settle(outcome, clock.now(Caller.currentTenant()));
        entities.flush();
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
            caughtUp();
        } else {
            subscriptions.paymentState(true);
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

    /** Where nothing is due any more the subscription is not behind. */
    public void caughtUp() {
        if (invoices.open().isEmpty()) {
            subscriptions.paymentState(false);
        }
    }

    private List<Payment> processing() {
        return entities.createQuery(
                        "SELECT p FROM Payment p WHERE p.tenantId = :tenant AND p.status = 'processing' ORDER BY p.createdAt",
                        Payment.class)
                .setParameter("tenant", Caller.currentTenant())
                .getResultList();
    }

    private Attempt attempt(Payment payment) {
        PaymentMethod card = entities.find(PaymentMethod.class, payment.paymentMethodId());
        return new Attempt(
                payment.id(), payment.invoiceId(), card.providerRef(), payment.amountCents(), payment.currency());
    }
}
