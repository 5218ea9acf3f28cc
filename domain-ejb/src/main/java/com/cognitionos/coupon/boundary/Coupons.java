package com.cognitionos.coupon.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The coupons of the platform. */
@Stateless
@TenantWall
public class Coupons {

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    /**
     * @param maxRedemptions null for any number
     * @param redeemBy from this instant on nobody can redeem it; null for never
     */
    public record CouponView(
            Coupon coupon,
            @Nullable Integer maxRedemptions,
            int redemptions,
            @Nullable Instant redeemBy,
            Instant createdAt,
            @Nullable Instant archivedAt) {}

    /** Newest first. */
    public Page<CouponView> list(Page.Request page) {
        List<CouponView> found = sql.query(
                "SELECT * FROM coupons ORDER BY created_at DESC, code LIMIT ? OFFSET ?",
                Coupons::view,
                page.pageSize(),
                page.offset());
        long total = sql.queryOne("SELECT count(*) FROM coupons", row -> row.getLong(1))
                .orElse(0L);
        return new Page<>(found, total, page.page(), page.pageSize());
    }

    /**
     * @param maxRedemptions null for any number
     * @param redeemBy from this instant on nobody can redeem it; null for never
     * @throws Problem INVALID; CONFLICT ({@code code_taken})
     */
    public CouponView add(Coupon wanted, @Nullable Integer maxRedemptions, @Nullable Instant redeemBy) {
        Coupon coupon = wanted.checked();
        if (maxRedemptions != null && maxRedemptions < 1) {
            throw Problem.invalid("max_redemptions", "out_of_range", "max_redemptions must be at least 1");
        }
        Instant now = clock.system();
        Set<String> known =
                plans.onSale(now).stream().map(plan -> plan.tier().code()).collect(Collectors.toSet());
        if (!known.containsAll(coupon.plans())) {
            throw Problem.invalid("plans", "unknown_plan", "one of plans is no plan");
        }
        int made = sql.update(
                """
                INSERT INTO coupons (code, name, percent, amount_cents, currency, periods, plans, kinds, priority,
                    keeps_rest, max_redemptions, redeem_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
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
                maxRedemptions,
                redeemBy,
                now);
        if (made == 0) {
            throw refused("code_taken", "There is a coupon of that code, or was one.");
        }
        CouponView view = find(coupon.code()).orElseThrow();
        audit.record(null, "coupon.created", coupon.code(), null, words(view));
        return view;
    }

    /** Nobody can redeem it from now on. Doing it again changes nothing. @throws Problem NOT_FOUND */
    public CouponView archive(String code) {
        CouponView before = find(Coupon.code(code)).orElseThrow(() -> Problem.notFound("coupon"));
        if (sql.update(
                        "UPDATE coupons SET archived_at = ? WHERE code = ? AND archived_at IS NULL",
                        clock.system(),
                        before.coupon().code())
                > 0) {
            audit.record(null, "coupon.archived", before.coupon().code(), words(before), null);
        }
        return find(before.coupon().code()).orElseThrow();
    }

    private Optional<CouponView> find(String code) {
        return sql.queryOne("SELECT * FROM coupons WHERE code = ?", Coupons::view, code);
    }

    static CouponView view(ResultSet row) throws SQLException {
        return new CouponView(
                coupon(row),
                row.getObject("max_redemptions", Integer.class),
                row.getInt("redemptions"),
                Sql.instant(row, "redeem_by"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "archived_at"));
    }

    static Coupon coupon(ResultSet row) throws SQLException {
        BigDecimal percent = row.getBigDecimal("percent");
        return new Coupon(
                row.getString("code"),
                row.getString("name"),
                percent == null ? null : Sql.plain(percent),
                row.getObject("amount_cents", Long.class),
                row.getString("currency"),
                row.getObject("periods", Integer.class),
                words(row, "plans"),
                words(row, "kinds"),
                row.getInt("priority"),
                row.getBoolean("keeps_rest"));
    }

    static Problem refused(String code, String detail) {
        return new Problem(Problem.Kind.CONFLICT, code, detail, List.of(new Problem.FieldError("/code", code, detail)));
    }

    private static Set<String> words(ResultSet row, String column) throws SQLException {
        return Set.copyOf(Arrays.asList((String[]) row.getArray(column).getArray()));
    }

    private static Map<String, @Nullable Object> words(CouponView view) {
        Coupon coupon = view.coupon();
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        words.put("name", coupon.name());
        words.put("percent", coupon.percent());
        words.put("amount_cents", coupon.amountCents());
        words.put("currency", coupon.currency());
        words.put("periods", coupon.periods());
        words.put("plans", coupon.planCodes());
        words.put("kinds", coupon.kindCodes());
        words.put("priority", coupon.priority());
        words.put("keeps_rest", coupon.keepsRest());
        words.put("max_redemptions", view.maxRedemptions());
        words.put("redeem_by", view.redeemBy());
        return words;
    }
}
