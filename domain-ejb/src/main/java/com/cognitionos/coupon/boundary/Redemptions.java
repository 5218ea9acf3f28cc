package com.cognitionos.coupon.boundary;

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
import java.util.function.Function;
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

    /** For invoicing: as an invoice in that billing period has left them; those that it has not changed stay unwritten. */
    public void used(List<Discount> after, Instant period) {
        if (after.isEmpty()) {
            return;
        }
        sql.update(
                """
                UPDATE coupon_redemptions r
                SET periods_used = u.periods_used, carried_cents = u.carried_cents, last_period = coalesce(u.last_period, r.last_period)
                FROM (SELECT id, periods_used, carried_cents, CASE WHEN used THEN ?::timestamptz END AS last_period
                    FROM unnest(?::uuid[], ?::int[], ?::bigint[], ?::boolean[])
                        AS state (id, periods_used, carried_cents, used)) u
                WHERE r.tenant_id = ? AND r.id = u.id
                  AND (r.periods_used, r.carried_cents, r.last_period)
                    IS DISTINCT FROM (u.periods_used, u.carried_cents, coalesce(u.last_period, r.last_period))""",
                period,
                column(after, "uuid", discount -> UUID.fromString(discount.id())),
                column(after, "int", discount -> discount.state().periodsUsed()),
                column(after, "bigint", discount -> discount.state().carriedCents()),
                column(after, "boolean", discount -> discount.state().usedThisPeriod()),
                Caller.currentTenant());
    }

    private static Sql.Array column(List<Discount> discounts, String type, Function<Discount, Object> value) {
        return new Sql.Array(type, discounts.stream().map(value).toArray());
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
