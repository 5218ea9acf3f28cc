package com.cognitionos.flag.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** FLG-1, FLG-3: whom a flag reaches. */
class RolloutTest {

    @Property
    void aGrowingPercentageOnlyAdds(
            @ForAll long high,
            @ForAll long low,
            @ForAll @IntRange(max = 100) int percentage,
            @ForAll @IntRange(max = 100) int larger) {
        UUID tenant = new UUID(high, low);
        if (Rollout.reaches("api_v4", tenant, Math.min(percentage, larger))) {
            assertThat(Rollout.reaches("api_v4", tenant, Math.max(percentage, larger)))
                    .isTrue();
        }
        assertThat(Rollout.reaches("api_v4", tenant, 0)).isFalse();
        assertThat(Rollout.reaches("api_v4", tenant, 100)).isTrue();
    }

    /** Places that were given out must never move: a tenant would lose what it had. */
    @Test
    void aPlaceIsForEver() {
        assertThat(Rollout.place("api_v4", UUID.fromString("00000000-0000-0000-0000-000000000000")))
                .isEqualTo(85);
        assertThat(Rollout.place("custom_models", UUID.fromString("01980000-0000-7000-8000-000000000001")))
                .isEqualTo(94);
    }

    @Test
    void aPercentageReachesAboutThatManyAndFlagsChooseIndependently() {
        List<UUID> tenants =
                LongStream.range(0, 10_000).mapToObj(n -> new UUID(7, n)).toList();
        long a = tenants.stream().filter(t -> Rollout.reaches("a", t, 30)).count();
        long both = tenants.stream()
                .filter(t -> Rollout.reaches("a", t, 30) && Rollout.reaches("b", t, 30))
                .count();
        assertThat(a).isBetween(2_800L, 3_200L);
        assertThat(both).as("0.3 × 0.3").isBetween(780L, 1_020L);
    }

    @Test
    void aFlagIsOnForEverybodyForPlansByNameOrByShare() {
        UUID tenant = new UUID(1, 1);
        assertThat(flag(false, Set.of(), 0).isOnFor(tenant, Tier.PRO, false)).isFalse();
        assertThat(flag(true, Set.of(), 0).isOnFor(tenant, Tier.PRO, false)).isTrue();
        assertThat(flag(false, Set.of(Tier.PRO), 0).isOnFor(tenant, Tier.PRO, false))
                .isTrue();
        assertThat(flag(false, Set.of(Tier.TEAM), 0).isOnFor(tenant, Tier.PRO, false))
                .isFalse();
        assertThat(flag(false, Set.of(), 0).isOnFor(tenant, Tier.PRO, true)).isTrue();
        assertThat(flag(false, Set.of(), 100).isOnFor(tenant, Tier.PRO, false)).isTrue();
    }

    private static FeatureFlag flag(boolean globally, Set<Tier> tiers, int percentage) {
        return new FeatureFlag("f", globally, tiers, percentage, 1);
    }
}
