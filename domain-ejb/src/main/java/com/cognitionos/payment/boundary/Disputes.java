package com.cognitionos.payment.boundary;

import com.cognitionos.audit.boundary.AuditLog;
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
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.Payment;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Payments that a cardholder's bank takes back until it is decided who is right (PAY-12). The invoice stays paid. */
@Stateless
@TenantWall
public class Disputes {

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
    private Ledger ledger;

    @EJB
    private Tenants tenants;

    /**
     * What the provider says.
     *
     * @param ref what it calls the dispute
     * @param cents taken back, from 1, in the payment's currency
     * @param reason in the provider's words, such as {@code fraudulent}
     * @param fee what the provider takes for it; null for none
     */
    public record Opened(String ref, UUID payment, long cents, String reason, ChargeOutcome.@Nullable Fee fee) {}

    /** A dispute. @param status open, won or lost */
    public record DisputeView(
            UUID id,
            String ref,
            UUID payment,
            long cents,
            String currency,
            String reason,
            String status,
            Instant openedAt,
            @Nullable Instant closedAt) {}

    /** The money is gone for now. A second time changes nothing. @throws Problem NOT_FOUND, CONFLICT unless it was paid */
    public DisputeView opened(Opened dispute) {
        Payment payment = entities.find(Payment.class, dispute.payment());
        if (payment == null) {
            throw Problem.notFound("payment");
        }
        if (!payment.status().equals("succeeded")) {
            throw Problem.conflict("wrong_state", "Only a payment that succeeded can be disputed.");
        }
        UUID id = Ids.next();
        Instant now = clock.now(Caller.currentTenant());
        int entered = sql.update(
                """
                INSERT INTO disputes (tenant_id, id, payment_id, provider_ref, amount_cents, currency, reason, status,
                    opened_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?) ON CONFLICT (tenant_id, provider_ref) DO NOTHING""",
                payment.tenantId(),
                id,
                payment.id(),
                dispute.ref(),
                dispute.cents(),
                payment.currency(),
                dispute.reason(),
                now);
        if (entered > 0) {
            post(Posting.Kind.DISPUTE_OPENED, id, Account.DISPUTES, Account.CASH, dispute.cents(), payment.currency());
            ChargeOutcome.Fee fee = dispute.fee();
            if (fee != null && fee.cents() != 0) {
                post(Posting.Kind.DISPUTE_FEE, id, Account.PROVIDER_FEES, Account.CASH, fee.cents(), fee.currency());
            }
            audit.record(
                    "dispute.opened",
                    id.toString(),
                    null,
                    Map.of(
                            "status",
                            "open",
                            "payment_id",
                            payment.id(),
                            "amount_cents",
                            dispute.cents(),
                            "currency",
                            payment.currency(),
                            "reason",
                            dispute.reason()));
            told(EventType.DISPUTE_OPENED, dispute.ref());
        }
        return get(dispute.ref());
    }

    /**
     * It is decided: the money comes back, or is lost. A second time changes nothing.
     *
     * @param ref what the provider calls it
     * @throws Problem NOT_FOUND, CONFLICT when it was decided the other way before
     */
    public DisputeView closed(String ref, boolean won) {
        String status = won ? "won" : "lost";
        int decided = sql.update("""
                UPDATE disputes SET status = ?, closed_at = ?
                WHERE tenant_id = ? AND provider_ref = ? AND status = 'open'""", status, clock.now(Caller.currentTenant()), Caller.currentTenant(), ref);
        DisputeView dispute = get(ref);
        if (decided > 0) {
            post(
                    won ? Posting.Kind.DISPUTE_WON : Posting.Kind.DISPUTE_LOST,
                    dispute.id(),
                    won ? Account.CASH : Account.DISPUTE_LOSSES,
                    Account.DISPUTES,
                    dispute.cents(),
                    dispute.currency());
            audit.record(
                    "dispute." + status, dispute.id().toString(), Map.of("status", "open"), Map.of("status", status));
            told(won ? EventType.DISPUTE_WON : EventType.DISPUTE_LOST, ref);
        } else if (!dispute.status().equals(status)) {
            throw Problem.conflict("wrong_state", "The dispute was " + dispute.status() + " before.");
        }
        return dispute;
    }

    private void told(EventType type, String ref) {
        events.publish(type, () -> DisputeNews.of(get(ref)));
    }

    /** @param ref what the provider calls it @throws Problem NOT_FOUND */
    public DisputeView get(String ref) {
        return query("WHERE tenant_id = ? AND provider_ref = ?", Caller.currentTenant(), ref).stream()
                .findFirst()
                .orElseThrow(() -> Problem.notFound("dispute"));
    }

    /** The newest first. */
    public List<DisputeView> list() {
        return query("WHERE tenant_id = ? ORDER BY opened_at DESC, id DESC", Caller.currentTenant());
    }

    private List<DisputeView> query(String which, Object... parameters) {
        return sql.query(
                "SELECT * FROM disputes " + which,
                row -> new DisputeView(
                        row.getObject("id", UUID.class),
                        row.getString("provider_ref"),
                        row.getObject("payment_id", UUID.class),
                        row.getLong("amount_cents"),
                        row.getString("currency"),
                        row.getString("reason"),
                        row.getString("status"),
                        Sql.instant(row, "opened_at"),
                        Sql.instant(row, "closed_at")),
                parameters);
    }

    private void post(Posting.Kind kind, UUID dispute, Account debit, Account credit, long cents, String currency) {
        ledger.post(new Posting.Draft()
                .debit(debit, cents)
                .credit(credit, cents)
                .as(kind, dispute, currency, tenants.current().testMode(), clock.now(Caller.currentTenant())));
    }
}
