package com.cognitionos.catalog.boundary;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.PlanDocument;
import com.cognitionos.catalog.entity.StoredDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The catalogue as it is read. */
@Stateless
@TenantWall
public class Plans {

    // What was sold once never changes (CAT-2), so every node may keep it for as long as it lives; drafts are not kept.
    private static final Map<Known, Plan> KNOWN = new ConcurrentHashMap<>();

    /** @param tenant whose contract it is; null for what everybody may know */
    private record Known(Tier tier, int version, @Nullable UUID tenant) {}

    private record Version(Tier tier, int version) {}

    private record Stored(
            int position, String status, @Nullable String terms) {}

    @Inject
    private Sql sql;

    /** The version of each plan that is sold at the instant, smallest plan first. */
    public List<Plan> onSale(Instant at) {
        return sql
                .query("""
                        SELECT v.tier, v.version FROM plan_versions v JOIN plans p ON p.tier = v.tier
                        WHERE v.status = 'published' AND v.valid_from <= ? AND (v.valid_to IS NULL OR v.valid_to > ?)
                        ORDER BY p.position""", row -> new Version(Tier.of(row.getString("tier")), row.getInt("version")), at, at)
                .stream()
                .map(found -> version(found.tier(), found.version()))
                .toList();
    }

    /** The version of one plan that is sold at the instant. @throws Problem INVALID ({@code unknown_tier}) for none */
    public Plan onSale(Tier tier, Instant at) {
        List<Plan> sold = onSale(at);
        return sold.stream()
                .filter(plan -> plan.tier().equals(tier))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        "tier",
                        "unknown_tier",
                        "tier must be one of "
                                + sold.stream().map(plan -> plan.tier().code()).collect(Collectors.joining(", "))));
    }

    /** The version of a plan that can be had at the instant in a cycle and currency. */
    public Optional<Plan> sold(Tier tier, BillingCycle cycle, String currency, Instant at) {
        return onSale(at).stream()
                .filter(plan -> plan.tier().equals(tier) && plan.isSoldIn(cycle, currency))
                .findFirst();
    }

    /** What a tenant falls back to: the free plan that is sold at the instant, else the last one that was. */
    public Plan fallback(Instant at) {
        return onSale(at).stream()
                .filter(plan -> plan.tier().equals(Tier.FREE))
                .findFirst()
                .orElseGet(() -> version(
                        Tier.FREE,
                        sql.queryOne("""
                                        SELECT max(version) AS version FROM plan_versions
                                        WHERE tier = ? AND status IN ('published', 'archived')""", row -> row.getInt("version"), Tier.FREE.code())
                                .orElseThrow()));
    }

    /** Every plan that there is, smallest first, on sale or not. */
    public List<Tier> tiers() {
        return sql.query("SELECT tier FROM plans ORDER BY position", row -> Tier.of(row.getString("tier")));
    }

    /** @throws IllegalStateException when the caller's tenant cannot have it: there is none, a draft, another's contract */
    public Plan version(Tier tier, int version) {
        return find(tier, version)
                .orElseThrow(() -> new IllegalStateException("no version " + version + " of the plan " + tier));
    }

    /** As {@link #version}. */
    public Optional<Plan> find(Tier tier, int version) {
        return find(tier, version, Caller.current().tenant());
    }

    /** As {@link #version}, as that tenant has it; for the platform, or the tenant itself. */
    public Plan version(Tier tier, int version, UUID tenant) {
        UUID own = Caller.current().tenant();
        if (own != null && !own.equals(tenant)) {
            throw new IllegalArgumentException("a tenant knows its own contracts");
        }
        return find(tier, version, tenant)
                .orElseThrow(() -> new IllegalStateException("no version " + version + " of the plan " + tier));
    }

    private Optional<Plan> find(Tier tier, int version, @Nullable UUID tenant) {
        Plan known = KNOWN.get(new Known(tier, version, null));
        if (known == null && tenant != null) {
            known = KNOWN.get(new Known(tier, version, tenant));
        }
        return known == null ? load(tier, version, tenant) : Optional.of(known);
    }

    private Optional<Plan> load(Tier tier, int version, @Nullable UUID tenant) {
        Stored stored = sql.queryOne(
                        """
                        SELECT p.position, v.status, coalesce(v.terms, c.terms) AS terms
                        FROM plan_versions v JOIN plans p ON p.tier = v.tier
                        LEFT JOIN plan_contracts c ON c.tier = v.tier AND c.version = v.version
                            AND c.tenant_id = coalesce(?::uuid, c.tenant_id)
                        WHERE v.tier = ? AND v.version = ? AND v.status <> 'draft'""",
                        row -> new Stored(row.getInt("position"), row.getString("status"), row.getString("terms")),
                        tenant,
                        tier.code(),
                        version)
                .orElse(null);
        if (stored == null || stored.terms() == null) {
            return Optional.empty();
        }
        Plan plan = PlanDocument.read(
                tier, version, stored.position(), StoredDocument.read(stored.terms()), metersByCode());
        boolean contract = stored.status().equals("contract");
        if (!contract || tenant != null) {
            KNOWN.put(new Known(tier, version, contract ? tenant : null), plan);
        }
        return Optional.of(plan);
    }

    /** Until when a version's terms hold for who has it: the end of the caller's tenant's contract; empty for ever. */
    public Optional<Instant> termsEnd(Tier tier, int version) {
        return sql.queryOne(
                "SELECT valid_to FROM plan_contracts WHERE tenant_id = ? AND tier = ? AND version = ? AND valid_to IS NOT NULL",
                row -> Sql.instant(row, "valid_to"),
                Caller.currentTenant(),
                tier.code(),
                version);
    }

    public List<Meter> meters() {
        return sql.query(
                "SELECT code, name, aggregation, unit, unique_by, dimensions FROM meters ORDER BY position",
                row -> new Meter(
                        row.getString("code"),
                        row.getString("name"),
                        Meter.Aggregation.valueOf(row.getString("aggregation").toUpperCase(Locale.ROOT)),
                        row.getString("unit"),
                        row.getString("unique_by"),
                        List.of((String[]) row.getArray("dimensions").getArray())));
    }

    public Optional<Meter> meter(String code) {
        return meters().stream().filter(meter -> meter.code().equals(code)).findFirst();
    }

    /** The same by code. */
    public Map<String, Meter> metersByCode() {
        return meters().stream()
                .collect(Collectors.toMap(Meter::code, Function.identity(), (one, other) -> one, LinkedHashMap::new));
    }
}
