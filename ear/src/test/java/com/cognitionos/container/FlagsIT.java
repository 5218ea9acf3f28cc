package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.entitlement.entity.Entitlement.Reason;
import com.cognitionos.flag.boundary.FeatureFlags.Change;
import com.cognitionos.flag.boundary.FeatureFlags.FlagView;
import com.cognitionos.kernel.Problem.Kind;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Feature flags")
class FlagsIT extends InContainer {

    private static final Change NOBODY = new Change(false, Set.of(), Set.of(), 0);

    @Inject
    private Rights rights;

    @Test
    @DisplayName("FLG-6: five flags are there from the start, each on for its plans")
    void seeded() {
        Company free = world.open(Tier.FREE, "2026-01-31");
        Company pro = world.open(Tier.PRO, "2026-01-31");
        Company team = world.open(Tier.TEAM, "2026-01-31");

        assertThat(List.of(on(free, "plugins_enabled"), on(pro, "plugins_enabled"), on(team, "plugins_enabled")))
                .containsExactly(false, true, true);
        assertThat(List.of(on(free, "custom_models"), on(pro, "custom_models"), on(team, "custom_models")))
                .containsExactly(false, false, true);
        assertThat(List.of(on(free, "api_v4"), on(team, "api_v4"))).containsExactly(false, false);
        assertThat(on(pro, "nobody_made_it")).isFalse();
        assertThat(World.OPERATOR.call(rights.featureFlags::list))
                .extracting(view -> view.flag().key())
                .contains("advanced_analytics", "api_v4", "custom_models", "plugins_enabled", "priority_execution");
    }

    @Test
    @DisplayName("FLG-1, FLG-2: a flag is on at once for everybody, by plan, by name and by share")
    void evaluation() {
        Company a = world.open(Tier.FREE, "2026-01-31");
        Company b = world.open(Tier.PRO, "2026-01-31");
        String key = key();
        assertThat(set(key, NOBODY).flag().version()).isEqualTo(1);
        assertThat(List.of(on(a, key), on(b, key))).containsExactly(false, false);

        set(key, new Change(false, Set.of(), Set.of(a.id()), 0));
        assertThat(List.of(on(a, key), on(b, key))).containsExactly(true, false);
        set(key, new Change(false, Set.of(Tier.PRO), Set.of(), 0));
        assertThat(List.of(on(a, key), on(b, key))).containsExactly(false, true);
        set(key, new Change(false, Set.of(), Set.of(), 100));
        assertThat(List.of(on(a, key), on(b, key))).containsExactly(true, true);
        set(key, new Change(true, Set.of(), Set.of(), 0));
        assertThat(List.of(on(a, key), on(b, key))).containsExactly(true, true);
        assertThat(rights.of(a, key).reason()).isEqualTo(Reason.SWITCHED_ON);
    }

    @Test
    @DisplayName("FLG-4: a change names the version it was made from; of eight at once one wins")
    void versions() {
        String key = key();
        set(key, NOBODY);

        long won = crowd
                .atOnce(
                        8,
                        i -> () -> World.OPERATOR.call(
                                () -> rights.featureFlags.set(key, new Change(false, Set.of(), Set.of(), i), 1L)))
                .stream()
                .filter(Crowd.Outcome::succeeded)
                .count();

        assertThat(won).isEqualTo(1);
        World.OPERATOR.run(() -> {
            assertThat(problemOf(() -> rights.featureFlags.set(key, NOBODY, 1L)).code())
                    .isEqualTo("stale_version");
            assertRefused(Kind.NOT_FOUND, () -> rights.featureFlags.set(key(), NOBODY, 1L));
            assertRefused(Kind.INVALID, () -> rights.featureFlags.set("Not A Key", NOBODY, null));
            assertRefused(
                    Kind.INVALID, () -> rights.featureFlags.set(key, new Change(false, Set.of(), Set.of(), 101), null));
            assertRefused(
                    Kind.INVALID,
                    () -> rights.featureFlags.set(
                            key, new Change(false, Set.of(), Set.of(UUID.randomUUID()), 0), null));
        });
    }

    @Test
    @DisplayName("ENT-3: the plan sells and the flag releases; a flag that is on for nobody stops what was sold")
    void killSwitch() {
        Company team = world.open(Tier.TEAM, "2026-01-31");
        FlagView before = World.OPERATOR.call(rights.featureFlags::list).stream()
                .filter(view -> view.flag().key().equals("advanced_analytics"))
                .findFirst()
                .orElseThrow();
        assertThat(rights.of(team, "advanced_analytics").allowed()).isTrue();
        try {
            set("advanced_analytics", NOBODY);
            assertThat(rights.of(team, "advanced_analytics").reason()).isEqualTo(Reason.SWITCHED_OFF);
            set("advanced_analytics", new Change(true, Set.of(), Set.of(), 0));
            assertThat(rights.of(team, "advanced_analytics").allowed()).isTrue();
            assertThat(rights.of(world.open(Tier.PRO, "2026-01-31"), "advanced_analytics")
                            .reason())
                    .as("released to all, sold to few")
                    .isEqualTo(Reason.NOT_IN_PLAN);
        } finally {
            set("advanced_analytics", new Change(false, before.flag().enabledTiers(), Set.of(), 0));
        }
    }

    @Test
    @DisplayName("FLG-5: a tenant can neither change a flag nor see who else is named")
    void tenantsOnlyLook() {
        Company a = world.open(Tier.FREE, "2026-01-31");
        Company b = world.open(Tier.FREE, "2026-01-31");
        String key = key();
        set(key, new Change(false, Set.of(), Set.of(a.id(), b.id()), 0));

        assertThat(a.as(() -> probe.look("SELECT 1 FROM feature_flag_tenants WHERE flag = ?", key)))
                .isEqualTo("rows:1");
        assertThat(a.as(() -> probe.attempt("UPDATE feature_flags SET enabled_globally = true")))
                .isEqualTo("42501");
        assertThat(catchThrowable(() -> a.as(() -> rights.featureFlags.set(key, NOBODY, null))))
                .isNotNull();
        assertThat(on(a, key)).isTrue();
    }

    private boolean on(Company company, String key) {
        return company.as(() -> rights.flags.isOn(key));
    }

    private FlagView set(String key, Change change) {
        return World.OPERATOR.call(() -> rights.featureFlags.set(key, change, null));
    }

    private static String key() {
        return World.unique("f").replace('-', '_');
    }
}
