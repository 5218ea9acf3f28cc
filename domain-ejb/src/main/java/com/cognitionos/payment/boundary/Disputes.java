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
import java.util.Locale;
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

    /** How a dispute stands, and where its money is meanwhile. */
    public enum Status {
        OPEN(Account.DISPUTES, Posting.Kind.DISPUTE_OPENED),
        WON(Account.CASH, Posting.Kind.DISPUTE_WON),
        LOST(Account.DISPUTE_LOSSES, Posting.Kind.DISPUTE_LOST);

        private final Account account;
        private final Posting.Kind kind;

        Status(Account account, Posting.Kind kind) {
            this.account = account;
            this.kind = kind;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Status of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * What the provider says at present.
     *
     * @param ref what it calls the dispute
     * @param cents taken back, from 1, in the payment's currency
     * @param reason in the provider's words, such as {@code fraudulent}
     * @param fee what the provider has kept for it so far, less what it gave back; null for none
     */
    public record Told(
            String ref, UUID payment, long cents, String reason, Status status, ChargeOutcome.@Nullable Fee fee) {}

    /** A dispute. @param feeCents in {@code feeCurrency}; 0 for none */
    public record DisputeView(
            UUID id,
            String ref,
            UUID payment,
            long cents,
            String currency,
            String reason,
            Status status,
            long feeCents,
            @Nullable String feeCurrency,
            Instant openedAt,
            @Nullable Instant closedAt) {}

    /**
     * Brings ours to what is told: the money leaves cash when it is opened, comes back when it is won, and is a loss when it is
     * lost. A bank may decide a second time, and the provider give its fee back. Told a second time it changes nothing.
     *
     * @throws Problem NOT_FOUND, CONFLICT unless the payment succeeded
     */
    public DisputeView enter(Told told) {
        Payment payment = entities.find(Payment.class, told.payment());
        if (payment == null) {
            throw Problem.notFound("payment");
        }
        if (!payment.status().equals("succeeded")) {
            throw Problem.conflict("wrong_state", "Only a payment that succeeded can be disputed.");
        }
        open(payment, told);
        DisputeView before = query(
                        "WHERE tenant_id = ? AND provider_ref = ? FOR UPDATE", Caller.currentTenant(), told.ref())
                .get(0);
        if (before.status() != told.status()) {
            decide(before, told.status());
        }
        if (told.fee() != null) {
            bear(before, told.fee());
        }
        return get(told.ref());
    }

    private void open(Payment payment, Told told) {
        UUID id = Ids.next();
        int entered = sql.update(
                """
                INSERT INTO disputes (tenant_id, id, payment_id, provider_ref, amount_cents, currency, reason, status,
                    opened_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?) ON CONFLICT (tenant_id, provider_ref) DO NOTHING""",
                payment.tenantId(),
                id,
                payment.id(),
                told.ref(),
                told.cents(),
                payment.currency(),
                told.reason(),
                clock.now(Caller.currentTenant()));
        if (entered > 0) {
            post(Posting.Kind.DISPUTE_OPENED, id, Status.OPEN.account, Account.CASH, told.cents(), payment.currency());
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
                            told.cents(),
                            "currency",
                            payment.currency(),
                            "reason",
                            told.reason()));
            told(EventType.DISPUTE_OPENED, told.ref());
        }
    }

    private void decide(DisputeView dispute, Status now) {
        sql.update(
                "UPDATE disputes SET status = ?, closed_at = ? WHERE tenant_id = ? AND id = ?",
                now.code(),
                now == Status.OPEN ? null : clock.now(Caller.currentTenant()),
                Caller.currentTenant(),
                dispute.id());
        post(now.kind, dispute.id(), now.account, dispute.status().account, dispute.cents(), dispute.currency());
        audit.record(
                now == Status.OPEN ? "dispute.reopened" : "dispute." + now.code(),
                dispute.id().toString(),
                Map.of("status", dispute.status().code()),
                Map.of("status", now.code()));
        told(
                switch (now) {
                    case OPEN -> EventType.DISPUTE_OPENED;
                    case WON -> EventType.DISPUTE_WON;
                    case LOST -> EventType.DISPUTE_LOST;
                },
                dispute.ref());
    }

    private void told(EventType type, String ref) {
        events.publish(type, () -> DisputeNews.of(get(ref)));
    }

    private void bear(DisputeView dispute, ChargeOutcome.Fee fee) {
        long more = fee.cents() - dispute.feeCents();
        if (more == 0) {
            return;
        }
        sql.update(
                "UPDATE disputes SET fee_cents = ?, fee_currency = ? WHERE tenant_id = ? AND id = ?",
                fee.cents(),
                fee.currency(),
                Caller.currentTenant(),
                dispute.id());
        post(
                Posting.Kind.DISPUTE_FEE,
                dispute.id(),
                more > 0 ? Account.PROVIDER_FEES : Account.CASH,
                more > 0 ? Account.CASH : Account.PROVIDER_FEES,
                Math.abs(more),
                fee.currency());
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
                        Status.of(row.getString("status")),
                        row.getLong("fee_cents"),
                        row.getString("fee_currency"),
                        Sql.instant(row, "opened_at"),
                        Sql.instant(row, "closed_at")),
                parameters);
    }

    private void post(Posting.Kind kind, UUID dispute, Account debit, Account credit, long cents, String currency) {
        // What happens a second time is posted a second time.
        int times = sql.queryOne(
                        "SELECT count(*) FROM ledger_transactions WHERE tenant_id = ? AND kind = ? AND reference_id = ?",
                        row -> row.getInt(1),
                        Caller.currentTenant(),
                        kind.code(),
                        dispute)
                .orElseThrow();
        Posting posting = new Posting.Draft()
                .debit(debit, cents)
                .credit(credit, cents)
                .as(kind, dispute, currency, tenants.current().testMode(), clock.now(Caller.currentTenant()));
        ledger.post(times == 0 ? posting : posting.ofLine(times + 1));
    }
}
