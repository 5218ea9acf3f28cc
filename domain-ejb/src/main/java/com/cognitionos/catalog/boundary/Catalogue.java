package com.cognitionos.catalog.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.PlanVersion.Status;
import com.cognitionos.catalog.control.VersionTable;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.PlanDocument;
import com.cognitionos.catalog.entity.StoredDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The catalogue as finance makes it; for the platform across tenants. */
@Stateless
@TenantWall
public class Catalogue {

    private static final String VERSIONS = """
            SELECT v.tier, v.version, p.position, v.status, coalesce(c.valid_from, v.valid_from) AS valid_from,
                coalesce(c.valid_to, v.valid_to) AS valid_to, coalesce(v.terms, c.terms) AS terms, c.tenant_id
            FROM plan_versions v JOIN plans p ON p.tier = v.tier
            LEFT JOIN plan_contracts c ON c.tier = v.tier AND c.version = v.version""";

    /** Room between two plans for more. */
    private static final int STEP = 100;

    /** What events of a meter can be counted to at present. */
    private static final List<String> AGGREGATIONS = Arrays.stream(Meter.Aggregation.values())
            .map(Meter.Aggregation::code)
            .toList();

    /** Of what usage is told apart or shown by. */
    private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,62}");

    private static final int MOST_DIMENSIONS = 10;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    /** By plan, then by version. */
    public List<PlanVersion> versions() {
        Map<String, Meter> meters = plans.metersByCode();
        return sql.query(VERSIONS + " ORDER BY p.position, v.version", row -> version(row, meters));
    }

    /** @throws Problem NOT_FOUND */
    public PlanVersion version(Tier tier, int version) {
        Map<String, Meter> meters = plans.metersByCode();
        return sql.queryOne(
                        VERSIONS + " WHERE v.tier = ? AND v.version = ?",
                        row -> version(row, meters),
                        tier.code(),
                        version)
                .orElseThrow(() -> Problem.notFound("version of a plan"));
    }

    private static PlanVersion version(ResultSet row, Map<String, Meter> meters) throws SQLException {
        return new PlanVersion(
                PlanDocument.read(
                        Tier.of(row.getString("tier")),
                        row.getInt("version"),
                        row.getInt("position"),
                        StoredDocument.read(row.getString("terms")),
                        meters),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                Sql.instant(row, "valid_from"),
                Sql.instant(row, "valid_to"),
                row.getObject("tenant_id", UUID.class));
    }

    /**
     * Something more that is counted.
     *
     * @param uniqueBy of a {@code unique_count} what it tells apart, null for the subject; null for all others
     * @param dimensions the properties that its usage can be shown by, at most 10
     * @throws Problem INVALID; CONFLICT ({@code meter_exists})
     */
    public Meter addMeter(
            String code,
            String name,
            String aggregation,
            String unit,
            @Nullable String uniqueBy,
            List<String> dimensions) {
        if (!Tier.isCode(code)) {
            throw Problem.invalid("code", "malformed", "a meter's code has small letters, digits and underscores");
        }
        if (!AGGREGATIONS.contains(aggregation)) {
            throw Problem.invalid(
                    "aggregation",
                    "unknown_aggregation",
                    "aggregation must be one of " + String.join(", ", AGGREGATIONS));
        }
        boolean unique = aggregation.equals(Meter.Aggregation.UNIQUE_COUNT.code());
        if (uniqueBy != null && !unique) {
            throw Problem.invalid("unique_by", "not_unique_count", "only a unique_count tells values apart");
        }
        String by = unique && uniqueBy == null ? "subject" : uniqueBy;
        if (by != null && (!FIELD.matcher(by).matches() || by.equals("key"))) {
            throw Problem.invalid("unique_by", "malformed", "unique_by is subject or the name of a property");
        }
        requireDimensions(dimensions);
        int added = sql.update("""
                INSERT INTO meters (code, name, aggregation, unit, unique_by, dimensions, position)
                SELECT ?, ?, ?, ?, ?::text, ?::text[], coalesce(max(position), 0) + 1 FROM meters
                ON CONFLICT (code) DO NOTHING""", code, name, aggregation, unit, by, new Sql.Array("text", dimensions.toArray()));
        if (added == 0) {
            throw Problem.conflict("meter_exists", "There is a meter " + code + " already.");
        }
        Map<String, @Nullable Object> after = new LinkedHashMap<>();
        after.put("name", name);
        after.put("aggregation", aggregation);
        after.put("unit", unit);
        if (by != null) {
            after.put("unique_by", by);
        }
        if (!dimensions.isEmpty()) {
            after.put("dimensions", dimensions);
        }
        audit.record(null, "meter.added", code, null, after);
        return plans.meter(code).orElseThrow();
    }

    private static void requireDimensions(List<String> dimensions) {
        if (dimensions.size() > MOST_DIMENSIONS) {
            throw Problem.invalid("dimensions", "too_many", "a meter has at most " + MOST_DIMENSIONS + " dimensions");
        }
        for (String dimension : dimensions) {
            if (dimension == null || !FIELD.matcher(dimension).matches() || Meter.COMMON.contains(dimension)) {
                throw Problem.invalid(
                        "dimensions",
                        "malformed",
                        "a dimension is the name of a property; " + String.join(", ", Meter.COMMON)
                                + " are dimensions of every meter");
            }
        }
        if (Set.copyOf(dimensions).size() < dimensions.size()) {
            throw Problem.invalid("dimensions", "repeated", "each dimension is named once");
        }
    }

    /**
     * A plan that there was none of, as a draft.
     *
     * @param position among the plans, above 0; null for the largest
     * @throws Problem INVALID; CONFLICT ({@code plan_exists})
     */
    public PlanVersion addPlan(Tier tier, @Nullable Integer position, Map<String, @Nullable Object> document) {
        if (position != null && position <= 0) {
            throw Problem.invalid("position", "out_of_range", "position must be above 0");
        }
        sql.query("SELECT pg_advisory_xact_lock(hashtextextended('plans', 0))", row -> 0);
        if (plans.tiers().contains(tier)) {
            throw Problem.conflict("plan_exists", "There is a plan " + tier + " already; make a version of it.");
        }
        int at = position == null
                ? sql.queryOne("SELECT coalesce(max(position), 0) + ? FROM plans", row -> row.getInt(1), STEP)
                        .orElseThrow()
                : position;
        if (sql.queryOne("SELECT 1 FROM plans WHERE position = ?", row -> 1, at).isPresent()) {
            throw Problem.invalid("position", "taken", "another plan is at that position");
        }
        sql.update("INSERT INTO plans (tier, position) VALUES (?, ?)", tier.code(), at);
        return addDraft(tier, at, document);
    }

    /**
     * A further version, as a draft.
     *
     * @param from the version that it is made from; null for the newest, contracts aside
     * @param changed the members of the document that differ from it
     * @throws Problem NOT_FOUND, INVALID
     */
    public PlanVersion addVersion(Tier tier, @Nullable Integer from, Map<String, @Nullable Object> changed) {
        table().lock(tier.code());
        int model = from == null
                ? sql.queryOne(
                                "SELECT max(version) FROM plan_versions WHERE tier = ? AND status <> 'contract'",
                                row -> row.getInt(1),
                                tier.code())
                        .orElseThrow()
                : from;
        Plan base = sql.queryOne(
                        VERSIONS + " WHERE v.tier = ? AND v.version = ?",
                        row -> version(row, plans.metersByCode()),
                        tier.code(),
                        model)
                .orElseThrow(() -> Problem.invalid("from_version", "unknown_version", "there is no such version"))
                .plan();
        return addDraft(tier, base.position(), changed(base, changed));
    }

    private static Map<String, @Nullable Object> changed(Plan base, Map<String, @Nullable Object> changed) {
        Map<String, @Nullable Object> document = PlanDocument.write(base);
        changed.forEach((name, value) -> {
            if (value != null && document.containsKey(name)) {
                document.put(name, value);
            }
        });
        return document;
    }

    private PlanVersion addDraft(Tier tier, int position, Map<String, @Nullable Object> document) {
        int version = nextVersion(tier);
        Plan plan = PlanDocument.read(tier, version, position, document, plans.metersByCode());
        table().addDraft(tier.code(), version, StoredDocument.write(PlanDocument.write(plan)));
        audit.record(null, "plan_version.drafted", target(plan), null, PlanDocument.write(plan));
        return version(tier, version);
    }

    private VersionTable table() {
        return VersionTable.ofPlans(sql);
    }

    private int nextVersion(Tier tier) {
        return table().newest(tier.code()) + 1;
    }

    /** @throws Problem NOT_FOUND, INVALID; CONFLICT ({@code not_a_draft}) */
    public PlanVersion change(Tier tier, int version, Map<String, @Nullable Object> document) {
        table().lock(tier.code());
        PlanVersion before = require(tier, version, Status.DRAFT, "not_a_draft", "Only a draft can be changed");
        Plan plan = PlanDocument.read(tier, version, before.plan().position(), document, plans.metersByCode());
        table().change(tier.code(), version, StoredDocument.write(PlanDocument.write(plan)));
        audit.record(
                null,
                "plan_version.changed",
                target(plan),
                PlanDocument.write(before.plan()),
                PlanDocument.write(plan));
        return version(tier, version);
    }

    /**
     * From {@code validFrom} on it is sold, in the place of an earlier version without an end, which ends there.
     *
     * @param validFrom null for now
     * @param validTo null for open
     * @throws Problem NOT_FOUND, INVALID ({@code validity_overlap}); CONFLICT ({@code not_a_draft})
     */
    public PlanVersion publish(Tier tier, int version, @Nullable Instant validFrom, @Nullable Instant validTo) {
        table().lock(tier.code());
        Plan plan = require(tier, version, Status.DRAFT, "not_a_draft", "Only a draft can be published")
                .plan();
        Instant from = validFrom == null ? clock.system() : validFrom;
        table().publish(tier.code(), version, from, validTo);
        keepFeatures(plan);
        Map<String, @Nullable Object> after = new LinkedHashMap<>(PlanDocument.write(plan));
        after.put("valid_from", from);
        after.put("valid_to", validTo);
        audit.record(null, "plan_version.published", target(plan), null, after);
        return version(tier, version);
    }

    private void keepFeatures(Plan plan) {
        plan.features()
                .forEach((name, feature) ->
                        sql.update("""
                        INSERT INTO plan_features (tier, version, feature, enabled, amount)
                        VALUES (?, ?, ?, ?::boolean, ?::bigint)""", plan.tier().code(), plan.version(), name, feature.enabled(), feature.amount()));
    }

    /** It is sold no more; who has it keeps it. @throws Problem NOT_FOUND; CONFLICT ({@code wrong_state}) */
    public PlanVersion archive(Tier tier, int version) {
        table().lock(tier.code());
        Plan plan = require(tier, version, Status.PUBLISHED, "wrong_state", "Only what is published can be archived")
                .plan();
        table().archive(tier.code(), version);
        audit.record(null, "plan_version.archived", target(plan), null, null);
        return version(tier, version);
    }

    /**
     * What one tenant has agreed on, from when (its present when null) to when. At its end the tenant goes on with the
     * version that is sold then.
     */
    public record Contract(
            UUID tenant,
            Tier tier,
            int basedOn,
            Map<String, @Nullable Object> changed,
            @Nullable Instant validFrom,
            @Nullable Instant validTo) {}

    /** A version for one tenant, which stands as it is made. @throws Problem NOT_FOUND, INVALID */
    public PlanVersion agree(Contract contract) {
        Tier tier = contract.tier();
        Map<String, Meter> meters = plans.metersByCode();
        PlanVersion base = sql.queryOne(
                        VERSIONS + " WHERE v.tier = ? AND v.version = ?",
                        row -> version(row, meters),
                        tier.code(),
                        contract.basedOn())
                .orElseThrow(Catalogue::notSold);
        if (base.status() == Status.DRAFT
                || base.tenant() != null && !base.tenant().equals(contract.tenant())) {
            throw notSold();
        }
        table().lock(tier.code());
        if (sql.queryOne("SELECT 1 FROM tenants WHERE id = ?", row -> 1, contract.tenant())
                .isEmpty()) {
            throw Problem.invalid("tenant_id", "unknown_tenant", "tenant_id is no tenant");
        }
        Instant from = contract.validFrom() == null ? clock.now(contract.tenant()) : contract.validFrom();
        VersionTable.requireSpan(from, contract.validTo());
        Plan plan = PlanDocument.read(
                tier, nextVersion(tier), base.plan().position(), changed(base.plan(), contract.changed()), meters);
        sql.update(
                "INSERT INTO plan_versions (tier, version, status) VALUES (?, ?, 'contract')",
                tier.code(),
                plan.version());
        sql.update(
                """
                INSERT INTO plan_contracts (tenant_id, tier, version, valid_from, valid_to, terms, created_at)
                VALUES (?, ?, ?, ?, ?::timestamptz, ?::jsonb, ?)""",
                contract.tenant(),
                tier.code(),
                plan.version(),
                from,
                contract.validTo(),
                StoredDocument.write(PlanDocument.write(plan)),
                clock.system());
        keepFeatures(plan);
        Map<String, @Nullable Object> after = new LinkedHashMap<>(PlanDocument.write(plan));
        after.put("valid_from", from);
        after.put("valid_to", contract.validTo());
        audit.record(contract.tenant(), "plan_contract.agreed", target(plan), null, after);
        after.put("tenant_id", contract.tenant());
        audit.record(null, "plan_contract.agreed", target(plan), null, after);
        return version(tier, plan.version());
    }

    private static Problem notSold() {
        return Problem.invalid("based_on", "unknown_version", "a contract is based on a version that is sold");
    }

    /** For the platform's log: subscriptions were moved onto a version; each stands in its tenant's log too. */
    public void noteMoves(Tier tier, int version, Map<String, ?> what) {
        audit.record(null, "plan_version.moved_onto", tier + "/" + version, null, what);
    }

    private PlanVersion require(Tier tier, int version, Status wanted, String code, String rule) {
        PlanVersion found = version(tier, version);
        if (found.status() != wanted) {
            throw Problem.conflict(
                    code, rule + "; this version is " + found.status().name().toLowerCase(Locale.ROOT) + ".");
        }
        return found;
    }

    private static String target(Plan plan) {
        return plan.tier() + "/" + plan.version();
    }
}
