package com.cognitionos.coupon.boundary;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.coupon.boundary.Coupons.CouponView;
import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.DatabaseRole;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.rating.entity.Discount;
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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The coupons that the caller's tenant has redeemed. */
@Stateless
@TenantWall
public class Redemptions {

    private static final String ALL = """
            SELECT coupon AS code, r.* FROM coupon_redemptions r
            WHERE tenant_id = ? AND removed_at IS NULL ORDER BY redeemed_at, id""";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private DatabaseRole role;

    @Inject
    private AuditLog audit;

    @EJB
    private Subscriptions subscriptions;

    /**
     * @param periodsUsed billing periods in which it was given
     * @param lastPeriod start of the last of them; null where there is none
     * @param carriedCents what it has left of an amount, on top of the next invoice's
     */
    public record RedemptionView(
            UUID id,
            Coupon coupon,
            Instant redeemedAt,
            int periodsUsed,
            @Nullable Instant lastPeriod,
            long carriedCents) {

        /** Whether it begins no other period. */
        public boolean isUsedUp() {
            return coupon.periods() != null && periodsUsed >= coupon.periods() && carriedCents == 0;
        }
    }

    /** Those that are not given away, oldest first. */
    public List<RedemptionView> list() {
        return sql.query(ALL, Redemptions::view, Caller.currentTenant());
    }

    /**
     * From the next invoice on.
     *
     * @throws Problem INVALID ({@code coupon_unknown}); CONFLICT ({@code coupon_archived}, {@code coupon_expired},
     *     {@code coupon_wrong_currency}, {@code coupon_redeemed}, {@code coupon_used_up}), with the field {@code code}
     */
    public RedemptionView redeem(String typed) {
        UUID tenant = Caller.currentTenant();
        String code = Coupon.code(typed);
        CouponView found = find(code).orElseThrow(() -> unknown("There is no such coupon."));
        Instant now = clock.now(tenant);
        check(found, now);
        UUID id = Ids.next();
        if (!entered(id, found.coupon(), now)) {
            throw Coupons.refused("coupon_redeemed", "The coupon was redeemed already.");
        }
        if (!counted(code)) {
            throw Coupons.refused("coupon_used_up", "The coupon has been redeemed as often as it can be.");
        }
        audit.record("coupon.redeemed", id.toString(), null, Map.of("coupon", code));
        return list().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    /** Only the platform reads coupons: whoever knows a code may have it, and nobody is shown one. */
    private Optional<CouponView> find(String code) {
        AtomicReference<Optional<CouponView>> found = new AtomicReference<>(Optional.empty());
        role.asPlatform(() -> found.set(sql.queryOne("SELECT * FROM coupons WHERE code = ?", Coupons::view, code)));
        return found.get();
    }

    private void check(CouponView found, Instant now) {
        if (found.archivedAt() != null) {
            throw Coupons.refused("coupon_archived", "The coupon can be redeemed no longer.");
        }
        if (found.redeemBy() != null && !now.isBefore(found.redeemBy())) {
            throw Coupons.refused("coupon_expired", "The coupon could be redeemed until " + found.redeemBy() + ".");
        }
        String currency = found.coupon().currency();
        if (currency != null
                && subscriptions
                        .latest()
                        .filter(Subscription::isLive)
                        .filter(subscription -> !subscription.currency().equals(currency))
                        .isPresent()) {
            throw Coupons.refused("coupon_wrong_currency", "The coupon is for subscriptions in " + currency + ".");
        }
    }

    private boolean entered(UUID id, Coupon coupon, Instant now) {
        return sql.update(
                        """
                        INSERT INTO coupon_redemptions (tenant_id, id, coupon, name, percent, amount_cents, currency,
                            periods, plans, kinds, priority, keeps_rest, redeemed_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                        Caller.currentTenant(),
                        id,
                        coupon.code(),
                        coupon.name(),
                        coupon.percent(),
                        coupon.amountCents(),
                        coupon.currency(),
                        coupon.periods(),
                        new Sql.Array("text", coupon.planCodes().toArray()),
                        new Sql.Array("text", coupon.kindCodes().toArray()),
                        coupon.priority(),
                        coupon.keepsRest(),
                        now)
                > 0;
    }

    /** The one statement that many at once wait for each other in: each sees what those before it have counted. */
    private boolean counted(String code) {
        AtomicInteger rows = new AtomicInteger();
        role.asPlatform(() -> rows.set(sql.update("""
                UPDATE coupons SET redemptions = redemptions + 1
                WHERE code = ? AND archived_at IS NULL
                  AND (max_redemptions IS NULL OR redemptions < max_redemptions)""", code)));
        return rows.get() > 0;
    }

    /** Takes it off no further invoice. @throws Problem NOT_FOUND */
    public void remove(UUID id) {
        UUID tenant = Caller.currentTenant();
        if (sql.update("""
                UPDATE coupon_redemptions SET removed_at = ?
                WHERE tenant_id = ? AND id = ? AND removed_at IS NULL""", clock.now(tenant), tenant, id) == 0) {
            throw Problem.notFound("redeemed coupon");
        }
        audit.record("coupon.removed", id.toString(), null, null);
    }

    /**
     * For invoicing: what an invoice in that billing period finds, in the order of redemption.
     *
     * @param toUse whether the invoice is made, so that nobody changes them before the transaction ends
     */
    public List<Discount> discounts(Instant period, boolean toUse) {
        return sql.query(ALL + (toUse ? " FOR UPDATE" : ""), Redemptions::view, Caller.currentTenant()).stream()
                .map(one -> one.coupon()
                        .discount(
                                one.id().toString(),
                                new Discount.State(
                                        one.periodsUsed(), period.equals(one.lastPeriod()), one.carriedCents())))
                .toList();
    }

    /**
     * What an invoice has of a redeemed coupon.
     *
     * @param after as it has left it
     * @param givenCents beyond what its credit lines took back; below 0 where they took back more
     */
    public record Used(Discount after, long givenCents) {}

    /**
     * For invoicing: an invoice in that billing period has used them; those that it has not changed stay unwritten. Both
     * parts of the statement see the redemptions as they were before it.
     */
    public void used(List<Used> uses, UUID invoice, Instant period) {
        if (uses.isEmpty()) {
            return;
        }
        sql.update(
                """
                WITH u AS (
                    SELECT id, periods_used, carried_cents, used, given,
                        CASE WHEN used THEN ?::timestamptz END AS last_period
                    FROM unnest(?::uuid[], ?::int[], ?::bigint[], ?::boolean[], ?::bigint[])
                        AS state (id, periods_used, carried_cents, used, given)),
                kept AS (
                    INSERT INTO coupon_uses (tenant_id, redemption_id, invoice_id, period, in_period, given_cents,
                        carried_change)
                    SELECT r.tenant_id, r.id, ?, ?,
                        u.periods_used > r.periods_used OR u.used AND r.percent IS NOT NULL AND u.given > 0,
                        u.given, u.carried_cents - r.carried_cents
                    FROM coupon_redemptions r JOIN u ON u.id = r.id
                    WHERE r.tenant_id = ? AND (u.given <> 0 OR u.periods_used <> r.periods_used
                        OR u.carried_cents <> r.carried_cents))
                UPDATE coupon_redemptions r
                SET periods_used = u.periods_used, carried_cents = u.carried_cents,
                    last_period = coalesce(u.last_period, r.last_period)
                FROM u
                WHERE r.tenant_id = ? AND r.id = u.id
                  AND (r.periods_used, r.carried_cents, r.last_period)
                    IS DISTINCT FROM (u.periods_used, u.carried_cents, coalesce(u.last_period, r.last_period))""",
                period,
                column(uses, "uuid", use -> UUID.fromString(use.after().id())),
                column(uses, "int", use -> use.after().state().periodsUsed()),
                column(uses, "bigint", use -> use.after().state().carriedCents()),
                column(uses, "boolean", use -> use.after().state().usedThisPeriod()),
                column(uses, "bigint", Used::givenCents),
                invoice,
                period,
                Caller.currentTenant(),
                Caller.currentTenant());
    }

    /**
     * For invoicing: an invoice that used them is void. A period that no other invoice is in can be had again; where the rest
     * that the invoice left is used already, what it was given is carried over instead.
     */
    public void giveBack(UUID invoice) {
        UUID tenant = Caller.currentTenant();
        sql.query("""
                        SELECT r.id FROM coupon_redemptions r
                        JOIN coupon_uses u ON u.tenant_id = r.tenant_id AND u.redemption_id = r.id
                        WHERE r.tenant_id = ? AND u.invoice_id = ? AND u.returned_at IS NULL
                        ORDER BY r.id FOR UPDATE OF r""", row -> row.getObject("id", UUID.class), tenant, invoice)
                .forEach(redemption -> giveBack(redemption, invoice));
    }

    private void giveBack(UUID redemption, UUID invoice) {
        UUID tenant = Caller.currentTenant();
        sql.update(
                "UPDATE coupon_uses SET returned_at = ? WHERE tenant_id = ? AND redemption_id = ? AND invoice_id = ?",
                clock.now(tenant),
                tenant,
                redemption,
                invoice);
        sql.update("""
                UPDATE coupon_redemptions r
                SET periods_used = periods_used - CASE WHEN again THEN 1 ELSE 0 END,
                    last_period = CASE WHEN again AND last_period = gone.period THEN gone.before ELSE last_period END,
                    carried_cents = CASE
                        WHEN NOT keeps_rest THEN carried_cents
                        WHEN carried_cents >= carried_change THEN carried_cents - carried_change
                        ELSE greatest(0, carried_cents + given_cents) END
                FROM (
                    SELECT u.*, u.in_period AND s.carried_cents >= u.carried_change AND NOT EXISTS (
                            SELECT FROM coupon_uses o
                            WHERE o.tenant_id = u.tenant_id AND o.redemption_id = u.redemption_id
                              AND o.period = u.period AND o.in_period AND o.returned_at IS NULL) AS again,
                        (SELECT max(o.period) FROM coupon_uses o
                         WHERE o.tenant_id = u.tenant_id AND o.redemption_id = u.redemption_id
                           AND o.in_period AND o.returned_at IS NULL) AS before
                    FROM coupon_uses u
                    JOIN coupon_redemptions s ON s.tenant_id = u.tenant_id AND s.id = u.redemption_id
                    WHERE u.tenant_id = ? AND u.redemption_id = ? AND u.invoice_id = ?) AS gone
                WHERE r.tenant_id = gone.tenant_id AND r.id = gone.redemption_id""", tenant, redemption, invoice);
    }

    private static Problem unknown(String detail) {
        return new Problem(
                Problem.Kind.INVALID,
                "coupon_unknown",
                detail,
                List.of(new Problem.FieldError("/code", "coupon_unknown", detail)));
    }

    private static RedemptionView view(ResultSet row) throws SQLException {
        return new RedemptionView(
                row.getObject("id", UUID.class),
                Coupons.coupon(row),
                Sql.instant(row, "redeemed_at"),
                row.getInt("periods_used"),
                Sql.instant(row, "last_period"),
                row.getLong("carried_cents"));
    }
}
