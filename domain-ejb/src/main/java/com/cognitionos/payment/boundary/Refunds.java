package com.cognitionos.payment.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.idempotency.boundary.KeyedEffects;
import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.Payment;
import com.cognitionos.payment.entity.Refund;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Money that goes back, each refund in two transactions with the provider's call between them (PAY-2, PAY-6). */
@Stateless
@TenantWall
public class Refunds {

    /** What {@link KeyedEffects} knows a credit note by that a request has issued. */
    static final String CREDITED = "credit note";

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private CreditNotes notes;

    @EJB
    private Payments payments;

    @EJB
    private KeyedEffects effects;

    /** What the provider is to be asked; {@code id} is the idempotency key. */
    public record Attempt(UUID id, UUID creditNote, String chargeRef, long cents, String currency) {}

    /** Issues a note, and enters the refund that it promises. @return the note's id */
    public UUID credit(UUID invoice, @Nullable List<CreditNotes.Wanted> lines, String reason, Payout payout) {
        payments.requireNoneUnderWay(invoice);
        CreditNoteView issued = notes.issue(invoice, lines, reason, payout);
        UUID note = issued.note().id();
        long cents = issued.note().amounts().refundCents();
        if (cents > 0) {
            Refund refund = new Refund(Ids.next(), paymentOf(invoice), note, cents, clock.now(Caller.currentTenant()));
            entities.persist(refund);
            entities.flush();
        }
        effects.note(CREDITED, note);
        payments.caughtUp();
        return note;
    }

    /** The refunds whose outcome is not known, oldest first. */
    public List<Attempt> unsettled() {
        return entities.createQuery(
                        "SELECT r FROM Refund r WHERE r.tenantId = :tenant AND r.status = 'processing' ORDER BY r.createdAt",
                        Refund.class)
                .setParameter("tenant", Caller.currentTenant())
                .getResultStream()
                .map(refund -> new Attempt(
                        refund.id(),
                        refund.creditNoteId(),
                        Objects.requireNonNull(
                                entities.find(Payment.class, refund.paymentId()).providerRef()),
                        refund.amountCents(),
                        refund.currency()))
                .toList();
    }

    /** Enters the provider's word. A second time changes nothing. */
    public void settle(UUID refundId, ChargeOutcome outcome) {
        Refund refund = entities.find(Refund.class, refundId, LockModeType.PESSIMISTIC_WRITE);
        if (refund == null || !refund.isProcessing()) {
            return;
        }
        refund.settle(outcome, clock.now(Caller.currentTenant()));
        entities.flush();
        notes.refunded(refund.creditNoteId(), refundId, outcome.succeeded());
        audit.record(
                outcome.succeeded() ? "refund.succeeded" : "refund.failed",
                refundId.toString(),
                Map.of("status", "processing"),
                Map.of(
                        "status",
                        refund.status(),
                        "credit_note_id",
                        refund.creditNoteId(),
                        "amount_cents",
                        refund.amountCents(),
                        "currency",
                        refund.currency(),
                        "failure_code",
                        outcome.succeeded() ? "none" : String.valueOf(outcome.failureCode())));
    }

    /** How the refunds of notes stand: processing, succeeded or failed; a note without one is absent. */
    public Map<UUID, String> statusesOf(Collection<UUID> creditNotes) {
        return creditNotes.isEmpty()
                ? Map.of()
                : entities.createQuery(
                                "SELECT r FROM Refund r WHERE r.tenantId = :tenant AND r.creditNoteId IN :notes",
                                Refund.class)
                        .setParameter("tenant", Caller.currentTenant())
                        .setParameter("notes", creditNotes)
                        .getResultStream()
                        .collect(Collectors.toMap(Refund::creditNoteId, Refund::status));
    }

    private Payment paymentOf(UUID invoice) {
        return entities.createQuery("""
                        SELECT p FROM Payment p
                        WHERE p.tenantId = :tenant AND p.invoiceId = :invoice AND p.status = 'succeeded'""", Payment.class)
                .setParameter("tenant", Caller.currentTenant())
                .setParameter("invoice", invoice)
                .getResultStream()
                .findFirst()
                .orElseThrow(() -> Problem.conflict("no_payment", "There is no payment to refund."));
    }
}
