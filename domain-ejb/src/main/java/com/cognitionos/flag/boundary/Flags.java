package com.cognitionos.flag.boundary;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.flag.entity.FeatureFlag;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How flags stand for the tenant that the caller works in. */
@Stateless
@TenantWall
public class Flags {

    private static final String ALL = """
            SELECT f.key, f.enabled_globally, f.enabled_tiers, f.rollout_percentage, f.version, n.flag IS NOT NULL AS named
            FROM feature_flags f
            LEFT JOIN feature_flag_tenants n ON n.flag = f.key AND n.tenant_id = ?
            ORDER BY f.key""";

    @Inject
    private Sql sql;

    @EJB
    private Tenants tenants;

    /**
     * @param on for this tenant
     * @param offForOthers whether it is on for nobody but tenants by name
     */
    public record State(boolean on, boolean named, boolean offForOthers) {

        /** Whether nobody but others, if anybody at all, has it: the kill switch. */
        public boolean killed() {
            return offForOthers && !named;
        }
    }

    /** A flag that nobody made is off (FLG-1). */
    public boolean isOn(String key) {
        State state = states().get(key);
        return state != null && state.on();
    }

    /** All flags by key. */
    public Map<String, State> states() {
        TenantView tenant = tenants.current();
        Tier tier = Tier.of(tenant.tier());
        Map<String, State> states = new LinkedHashMap<>();
        sql.query(
                        ALL,
                        row -> {
                            FeatureFlag flag = flag(row);
                            boolean named = row.getBoolean("named");
                            return Map.entry(
                                    flag.key(),
                                    new State(flag.isOnFor(tenant.id(), tier, named), named, flag.isOffButForNamed()));
                        },
                        Caller.currentTenant())
                .forEach(entry -> states.put(entry.getKey(), entry.getValue()));
        return states;
    }

    static FeatureFlag flag(ResultSet row) throws SQLException {
        Array stored = row.getArray("enabled_tiers");
        Set<Tier> tiers =
                Arrays.stream((String[]) stored.getArray()).map(Tier::of).collect(Collectors.toSet());
        return new FeatureFlag(
                row.getString("key"),
                row.getBoolean("enabled_globally"),
                tiers,
                row.getInt("rollout_percentage"),
                row.getLong("version"));
    }
}
