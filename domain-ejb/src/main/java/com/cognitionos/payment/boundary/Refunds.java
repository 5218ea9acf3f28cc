package com.cognitionos.payment.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.idempotency.boundary.KeyedEffects;
import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.Payment;
import com.cognitionos.payment.entity.Refund;
import com.cognitionos.payment.entity.RefundNews;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private Events events;

    @EJB
    private CreditNotes notes;

    @EJB
    private Payments payments;

    @EJB
    private Ledger ledger;

    @EJB
    private Tenants tenants;

    @EJB
    private KeyedEffects effects;

    /** What the provider is to be asked. @param keyLasts as {@link Payments.Attempt#keyLasts} */
    public record Attempt(String provider, PaymentProvider.Repayment repayment, boolean keyLasts) {

        /** The idempotency key. */
        public UUID id() {
            return repayment.refund();
        }
    }

    /** Issues a note, and enters the refund that it promises. @return the note's id */
    public UUID credit(UUID invoice, @Nullable List<CreditNotes.Wanted> lines, String reason, Payout payout) {
        payments.requireNoneUnderWay(invoice);
        CreditNoteView issued = notes.issue(invoice, lines, reason, payout);
        UUID note = issued.note().id();
        long cents = issued.note().amounts().refundCents();
        if (cents > 0) {
            Refund refund = new Refund(Ids.next(), paymentOf(invoice), note, cents, clock.now(Caller.currentTenant()));
            enter(refund);
        }
        effects.note(CREDITED, note);
        payments.caughtUp();
        return note;
    }

    /**
     * Money that the provider has paid back without our asking.
     *
     * @param ref what it calls the refund
     * @param cents from 1
     * @param lines that are credited for it, as {@link CreditNotes#issue}; empty where nothing is left to credit
     * @param creditedCents what a note over these lines pays back, from 0 to {@code cents}; the rest is written off
     */
    public record Returned(String ref, long cents, @Nullable List<CreditNotes.Wanted> lines, long creditedCents) {}

    /**
     * Enters what went back already, with a note over what it is a credit for.
     *
     * @return the refund's id
     * @throws Problem as {@link CreditNotes#issue}; CONFLICT where it is in the books already, or something else is left to
     *     credit by now
     */
    public UUID record(UUID invoice, Returned returned, String reason) {
        payments.requireNoneUnderWay(invoice);
        Payment payment = paymentOf(invoice);
        boolean known = sql.queryOne(
                        "SELECT 1 FROM refunds WHERE tenant_id = ? AND provider_ref = ?",
                        row -> true,
                        Caller.currentTenant(),
                        returned.ref())
                .isPresent();
        if (known) {
            throw Problem.conflict("wrong_state", "The refund is in the books already.");
        }
        UUID note = null;
        if (returned.creditedCents() > 0) {
            CreditNoteView issued = notes.issue(invoice, returned.lines(), reason, Payout.REFUND);
            if (issued.note().amounts().refundCents() != returned.creditedCents()) {
                throw Problem.conflict("other_amount", "Something else is left to credit by now; try again.");
            }
            note = issued.note().id();
        }
        Refund refund = new Refund(Ids.next(), payment, note, returned.cents(), clock.now(Caller.currentTenant()));
        enter(refund);
        settle(refund.id(), ChargeOutcome.succeeded(returned.ref(), null));
        long beyond = returned.cents() - returned.creditedCents();
        if (beyond > 0) {
            ledger.post(new Posting.Draft()
                    .debit(Account.BAD_DEBT, beyond)
                    .credit(Account.CASH, beyond)
                    .as(
                            Posting.Kind.REFUND_WRITTEN_OFF,
                            refund.id(),
                            payment.currency(),
                            tenants.current().testMode(),
                            clock.now(Caller.currentTenant())));
        }
        payments.caughtUp();
        return refund.id();
    }

    private void enter(Refund refund) {
        entities.persist(refund);
        entities.flush();
        events.publish(EventType.REFUND_CREATED, () -> RefundNews.of(refund));
    }

    /** The refunds whose outcome is not known, oldest first. */
    public List<Attempt> unsettled() {
        return sql.query(
                """
                SELECT r.*, p.provider, p.provider_ref AS charge_ref, r.begun_at > now() - ?::interval AS key_lasts
                FROM refunds r JOIN payments p ON p.tenant_id = r.tenant_id AND p.id = r.payment_id
                WHERE r.tenant_id = ? AND r.status = 'processing' ORDER BY r.created_at, r.id""",
                row -> new Attempt(
                        row.getString("provider"),
                        new PaymentProvider.Repayment(
                                row.getObject("id", UUID.class),
                                row.getObject("credit_note_id", UUID.class),
                                row.getObject("tenant_id", UUID.class),
                                row.getString("charge_ref"),
                                row.getLong("amount_cents"),
                                row.getString("currency"),
                                row.getString("provider_ref")),
                        row.getBoolean("key_lasts")),
                PaymentProvider.KEY_LASTS,
                Caller.currentTenant());
    }

    /** As {@link Payments#settle}. */
    public void settle(UUID refundId, ChargeOutcome outcome) {
        Refund refund = entities.find(Refund.class, refundId, LockModeType.PESSIMISTIC_WRITE);
        if (refund == null || !refund.isProcessing()) {
            return;
        }
        refund.settle(outcome, clock.now(Caller.currentTenant()));
        entities.flush();
        if (!outcome.isSettled()) {
            return;
        }
        UUID note = refund.creditNoteId();
        if (note != null) {
            notes.refunded(note, refundId, outcome.succeeded());
        }
        told(refund, "processing");
    }

    /**
     * A refund that had gone out came back, days later, since the card's bank did not take it: the balance gets what its note
     * says, and what was written off is none of a loss any more. A second time changes nothing (PAY-6).
     */
    public void bounced(UUID refundId, ChargeOutcome failed) {
        Refund refund = entities.find(Refund.class, refundId, LockModeType.PESSIMISTIC_WRITE);
        if (refund == null || !refund.status().equals("succeeded")) {
            return;
        }
        Instant now = clock.now(Caller.currentTenant());
        refund.bounce(failed, now);
        entities.flush();
        UUID note = refund.creditNoteId();
        long credited = note == null ? 0 : notes.kept(note);
        long beyond = refund.amountCents() - credited;
        Posting.Draft posting = new Posting.Draft().debit(Account.CASH, refund.amountCents());
        if (credited > 0) {
            posting.credit(Account.CUSTOMER_CREDIT, credited);
        }
        if (beyond > 0) {
            posting.credit(Account.BAD_DEBT, beyond);
        }
        ledger.post(posting.as(
                Posting.Kind.REFUND_FAILED,
                refundId,
                refund.currency(),
                tenants.current().testMode(),
                now));
        told(refund, "succeeded");
    }

    private void told(Refund refund, String before) {
        boolean succeeded = refund.status().equals("succeeded");
        UUID note = refund.creditNoteId();
        audit.record(
                succeeded ? "refund.succeeded" : "refund.failed",
                refund.id().toString(),
                Map.of("status", before),
                Map.of(
                        "status",
                        refund.status(),
                        "credit_note_id",
                        note == null ? "none" : note,
                        "amount_cents",
                        refund.amountCents(),
                        "currency",
                        refund.currency(),
                        "failure_code",
                        succeeded ? "none" : String.valueOf(refund.failureCode())));
        events.publish(succeeded ? EventType.REFUND_SUCCEEDED : EventType.REFUND_FAILED, () -> RefundNews.of(refund));
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
