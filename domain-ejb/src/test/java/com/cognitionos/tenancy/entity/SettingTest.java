package com.cognitionos.tenancy.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Grain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** TEN-4: a tenant stays inside its plan, the operator need not. */
class SettingTest {

    private static final Plan PLAN =
            new Plan(Tier.PRO, 1, 1, "Pro", false, Grain.SECOND, List.of(), List.of(), Map.of(), features());

    private static Map<String, Plan.Feature> features() {
        Map<String, Plan.Feature> features = new HashMap<>();
        features.put("seats", new Plan.Feature(null, 10L));
        features.put("agents", new Plan.Feature(null, null));
        features.put("plugins", new Plan.Feature(true, null));
        features.put("custom_models", new Plan.Feature(false, null));
        return features;
    }

    @Test
    void aTenantMayLowerButNotRaise() {
        assertThatCode(() -> Setting.MAX_USERS.check(10L, null, PLAN, false)).doesNotThrowAnyException();
        refused(() -> Setting.MAX_USERS.check(11L, null, PLAN, false));
        refused(() -> Setting.ENABLE_CUSTOM_MODELS.check(true, null, PLAN, false));
        assertThatCode(() -> Setting.ENABLE_PLUGINS.check(false, null, PLAN, false))
                .doesNotThrowAnyException();
    }

    @Test
    void theOperatorMayGoAboveAndItStays() {
        assertThatCode(() -> Setting.MAX_USERS.check(500L, null, PLAN, true)).doesNotThrowAnyException();
        assertThatCode(() -> Setting.MAX_USERS.check(500L, 500L, PLAN, false))
                .as("what the operator granted may be sent back")
                .doesNotThrowAnyException();
        refused(() -> Setting.MAX_USERS.check(501L, 500L, PLAN, false));
    }

    @Test
    void unlimitedHasNoLimitAndNothingIsNegative() {
        assertThatCode(() -> Setting.MAX_AGENTS.check(1_000_000L, null, PLAN, false))
                .doesNotThrowAnyException();
        refused(() -> Setting.MAX_AGENTS.check(-1L, null, PLAN, true));
        assertThat(Setting.MAX_AGENTS.fromPlan(PLAN)).isNull();
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable change) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(change)
                .matches(problem -> problem.kind() == Problem.Kind.INVALID);
    }
}
