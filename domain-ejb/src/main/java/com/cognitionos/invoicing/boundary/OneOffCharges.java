package com.cognitionos.invoicing.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.entity.Amounts;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.Subscription;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is added to the next invoice of the tenant that the caller works in, once (INV-13). */
@Stateless
@TenantWall
public class OneOffCharges {

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Subscriptions subscriptions;

    /** @param invoice that it is on; null while it waits */
    public record Charge(
            UUID id,
            UUID tenantId,
            String description,
            long amountCents,
            String currency,
            Instant createdAt,
            @Nullable UUID invoice) {}

    /**
     * In the currency of the live subscription, whose next invoice it is for.
     *
     * @throws Problem INVALID; CONFLICT ({@code no_subscription}) when none is live
     */
    public Charge add(String description, long amountCents) {
        if (description.isBlank() || description.chars().anyMatch(Character::isISOControl)) {
            throw Problem.invalid("description", "length", "description says what is charged, in one line");
        }
        Amounts.require("amount_cents", amountCents, 1);
        Subscription subscription = subscriptions
                .lockLive()
                .orElseThrow(() -> Problem.conflict("no_subscription", "The tenant has no live subscription."));
        Charge charge = new Charge(
                Ids.next(),
                subscription.tenantId(),
                description.strip(),
                amountCents,
                subscription.currency(),
                clock.now(subscription.tenantId()),
                null);
        sql.update(
                """
                INSERT INTO one_off_charges (tenant_id, id, description, amount_cents, currency, created_at)
                VALUES (?, ?, ?, ?, ?, ?)""",
                charge.tenantId(),
                charge.id(),
                charge.description(),
                charge.amountCents(),
                charge.currency(),
                charge.createdAt());
        audit.record("charge.added", charge.id().toString(), null, words(charge));
        return charge;
    }

    /** Newest first, those on an invoice too. */
    public List<Charge> list(int most) {
        return sql.query(
                "SELECT * FROM one_off_charges WHERE tenant_id = ? ORDER BY created_at DESC, id DESC LIMIT ?",
                OneOffCharges::charge,
                Caller.currentTenant(),
                most);
    }

    /** Takes back one that waits still. @throws Problem NOT_FOUND; CONFLICT ({@code wrong_state}) */
    public void remove(UUID id) {
        Charge charge = sql.queryOne(
                        "SELECT * FROM one_off_charges WHERE tenant_id = ? AND id = ? FOR UPDATE",
                        OneOffCharges::charge,
                        Caller.currentTenant(),
                        id)
                .orElseThrow(() -> Problem.notFound("charge"));
        if (charge.invoice() != null) {
            throw Problem.conflict("wrong_state", "It is on an invoice; make a credit note.");
        }
        sql.update("DELETE FROM one_off_charges WHERE tenant_id = ? AND id = ?", Caller.currentTenant(), id);
        audit.record("charge.removed", id.toString(), words(charge), null);
    }

    private static Map<String, Object> words(Charge charge) {
        return Map.of(
                "description", charge.description(),
                "amount_cents", charge.amountCents(),
                "currency", charge.currency());
    }

    private static Charge charge(ResultSet row) throws SQLException {
        return new Charge(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getString("description"),
                row.getLong("amount_cents"),
                row.getString("currency"),
                Sql.instant(row, "created_at"),
                row.getObject("invoice_id", UUID.class));
    }
}
