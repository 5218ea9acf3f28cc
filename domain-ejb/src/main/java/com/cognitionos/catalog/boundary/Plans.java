package com.cognitionos.catalog.boundary;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.rating.entity.Recurring;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The catalogue as it is read. */
@Stateless
@TenantWall
public class Plans {

    // A version never changes (CAT-2), so it may be kept for the life of the server.
    private static final Map<Version, Plan> KNOWN = new ConcurrentHashMap<>();

    private record Version(Tier tier, int version) {}

    @Inject
    private Sql sql;

    /** The version of each plan that is sold at the instant, smallest plan first. */
    public List<Plan> onSale(Instant at) {
        return sql.query("""
                        SELECT DISTINCT ON (position) tier, version FROM plan_versions
                        WHERE valid_from <= ? ORDER BY position, version DESC""", row -> new Version(Tier.of(row.getString("tier")), row.getInt("version")), at).stream()
                .map(found -> version(found.tier(), found.version()))
                .toList();
    }

    /** The version of one plan that is sold at the instant. */
    public Plan onSale(Tier tier, Instant at) {
        return onSale(at).stream()
                .filter(plan -> plan.tier() == tier)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing on sale for " + tier.code()));
    }

    public Plan version(Tier tier, int version) {
        return KNOWN.computeIfAbsent(new Version(tier, version), this::load);
    }

    public List<Meter> meters() {
        return sql.query("SELECT code, aggregation, unit FROM meters ORDER BY position", Plans::meter);
    }

    public Optional<Meter> meter(String code) {
        return meters().stream().filter(meter -> meter.code().equals(code)).findFirst();
    }

    private Plan load(Version wanted) {
        Object[] key = {wanted.tier().code(), wanted.version()};
        List<Plan.Price> prices = sql.query(
                "SELECT * FROM plan_prices WHERE tier = ? AND version = ? ORDER BY currency, billing_cycle",
                row -> new Plan.Price(
                        BillingCycle.of(row.getString("billing_cycle")),
                        row.getString("currency"),
                        row.getLong("amount_cents"),
                        Recurring.Timing.valueOf(row.getString("timing").toUpperCase(Locale.ROOT))),
                key);
        List<Plan.MeteredAllowance> allowances = sql.query(
                """
                SELECT m.code, m.aggregation, m.unit, a.included, a.overage_cents, a.overage_per
                FROM plan_meters a JOIN meters m ON m.code = a.meter
                WHERE a.tier = ? AND a.version = ? ORDER BY m.position""",
                row -> new Plan.MeteredAllowance(meter(row), plain(row.getBigDecimal("included")), overage(row)),
                key);
        Map<String, Plan.Feature> features = new LinkedHashMap<>();
        sql.query(
                        "SELECT feature, enabled, amount FROM plan_features WHERE tier = ? AND version = ? ORDER BY feature",
                        row -> Map.entry(
                                row.getString("feature"),
                                new Plan.Feature(
                                        row.getObject("enabled", Boolean.class), row.getObject("amount", Long.class))),
                        key)
                .forEach(entry -> features.put(entry.getKey(), entry.getValue()));
        return sql.queryOne(
                        "SELECT name, custom FROM plan_versions WHERE tier = ? AND version = ?",
                        row -> new Plan(
                                wanted.tier(),
                                wanted.version(),
                                row.getString("name"),
                                row.getBoolean("custom"),
                                prices,
                                allowances,
                                Collections.unmodifiableMap(features)),
                        key)
                .orElseThrow(() -> new IllegalStateException("no plan " + wanted));
    }

    private static Meter meter(ResultSet row) throws SQLException {
        return new Meter(
                row.getString("code"),
                Meter.Aggregation.valueOf(row.getString("aggregation").toUpperCase(Locale.ROOT)),
                row.getString("unit"));
    }

    private static Plan.@Nullable OveragePrice overage(ResultSet row) throws SQLException {
        BigDecimal cents = plain(row.getBigDecimal("overage_cents"));
        BigDecimal per = plain(row.getBigDecimal("overage_per"));
        return cents == null || per == null ? null : new Plan.OveragePrice(cents, per);
    }

    private static @Nullable BigDecimal plain(@Nullable BigDecimal value) {
        return value == null ? null : Sql.plain(value);
    }
}
