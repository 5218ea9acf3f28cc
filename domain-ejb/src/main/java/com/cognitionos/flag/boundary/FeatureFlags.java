package com.cognitionos.flag.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.flag.entity.FeatureFlag;
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
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The flags as the platform keeps them; for the platform across tenants (FLG-4). */
@Stateless
@TenantWall
public class FeatureFlags {

    public static final int MAX_NAMED = 1000;

    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private static final String VIEW = """
            SELECT f.key, f.enabled_globally, f.enabled_tiers, f.rollout_percentage, f.updated_at, f.version,
                ARRAY(SELECT n.tenant_id::text FROM feature_flag_tenants n WHERE n.flag = f.key ORDER BY 1) AS tenants
            FROM feature_flags f""";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    /** A flag as operators see it. */
    public record FlagView(FeatureFlag flag, List<UUID> enabledTenantIds, Instant updatedAt) {}

    /** For whom it shall be on. */
    public record Change(
            boolean enabledGlobally, Set<Tier> enabledTiers, Set<UUID> enabledTenantIds, int rolloutPercentage) {}

    /** By key. */
    public List<FlagView> list() {
        return sql.query(VIEW + " ORDER BY f.key", FeatureFlags::view);
    }

    /**
     * Sets a flag, one that is not there yet too.
     *
     * @param expectedVersion the version the change was made from; null takes the present one
     * @throws Problem INVALID; CONFLICT ({@code stale_version}); NOT_FOUND when a version of a flag is named that is not
     *     there
     */
    public FlagView set(String key, Change change, @Nullable Long expectedVersion) {
        check(key, change);
        if (!plans.tiers().containsAll(change.enabledTiers())) {
            throw Problem.invalid("enabled_tiers", "unknown_tier", "one of enabled_tiers is no plan");
        }
        FlagView before = find(key, true);
        if (before == null && expectedVersion != null) {
            throw Problem.notFound("feature flag");
        }
        if (before != null
                && expectedVersion != null
                && expectedVersion != before.flag().version()) {
            throw Problem.conflict(
                    "stale_version",
                    "The flag was changed meanwhile; its version is now "
                            + before.flag().version() + ".");
        }
        sql.update(
                """
                INSERT INTO feature_flags (key, enabled_globally, enabled_tiers, rollout_percentage, updated_at, version)
                VALUES (?, ?, ?, ?, ?, 1)
                ON CONFLICT (key) DO UPDATE SET enabled_globally = excluded.enabled_globally,
                    enabled_tiers = excluded.enabled_tiers, rollout_percentage = excluded.rollout_percentage,
                    updated_at = excluded.updated_at, version = feature_flags.version + 1""",
                key,
                change.enabledGlobally(),
                new Sql.Array(
                        "text",
                        change.enabledTiers().stream().map(Tier::code).sorted().toArray()),
                change.rolloutPercentage(),
                clock.system());
        name(key, change.enabledTenantIds());
        FlagView after = find(key, false);
        audit.record(null, "feature_flag.changed", key, before == null ? null : words(before), words(after));
        return after;
    }

    private void name(String key, Set<UUID> tenants) {
        Sql.Array ids =
                new Sql.Array("uuid", tenants.stream().map(UUID::toString).toArray());
        sql.update("DELETE FROM feature_flag_tenants WHERE flag = ? AND tenant_id <> ALL (?)", key, ids);
        sql.update("""
                INSERT INTO feature_flag_tenants (tenant_id, flag)
                SELECT t.id, ? FROM tenants t WHERE t.id = ANY (?) ON CONFLICT DO NOTHING""", key, ids);
        long named = sql.queryOne(
                        "SELECT count(*) FROM feature_flag_tenants WHERE flag = ?", row -> row.getLong(1), key)
                .orElse(0L);
        if (named != tenants.size()) {
            throw Problem.invalid("enabled_tenant_ids", "unknown_tenant", "one of enabled_tenant_ids is no tenant");
        }
    }

    private static void check(String key, Change change) {
        if (!KEY.matcher(key).matches()) {
            throw Problem.invalid("key", "malformed", "a flag's key is " + KEY.pattern());
        }
        if (change.rolloutPercentage() < 0 || change.rolloutPercentage() > 100) {
            throw Problem.invalid("rollout_percentage", "out_of_range", "rollout_percentage must be from 0 to 100");
        }
        if (change.enabledTenantIds().size() > MAX_NAMED) {
            throw Problem.invalid("enabled_tenant_ids", "length", "enabled_tenant_ids has at most " + MAX_NAMED);
        }
    }

    private @Nullable FlagView find(String key, boolean toChange) {
        return sql.queryOne(VIEW + " WHERE f.key = ?" + (toChange ? " FOR UPDATE OF f" : ""), FeatureFlags::view, key)
                .orElse(null);
    }

    private static FlagView view(ResultSet row) throws SQLException {
        return new FlagView(
                Flags.flag(row),
                Arrays.stream((String[]) row.getArray("tenants").getArray())
                        .map(UUID::fromString)
                        .toList(),
                Sql.instant(row, "updated_at"));
    }

    private static Map<String, Object> words(FlagView view) {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("enabled_globally", view.flag().enabledGlobally());
        words.put(
                "enabled_tiers",
                view.flag().enabledTiers().stream().map(Tier::code).sorted().toList());
        words.put(
                "enabled_tenant_ids",
                view.enabledTenantIds().stream().map(UUID::toString).toList());
        words.put("rollout_percentage", view.flag().rolloutPercentage());
        words.put("version", view.flag().version());
        return words;
    }
}
