package com.cognitionos.entitlement.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.entitlement.entity.Entitlement.Reason;
import com.cognitionos.flag.boundary.Flags.State;
import org.junit.jupiter.api.Test;

/** ENT-3: the plan sells, the flag releases. */
class FeaturesTest {

    private static final State ON = new State(true, false, false);
    private static final State OFF_HERE = new State(false, false, false);
    private static final State OFF_FOR_ALL = new State(false, false, true);
    private static final State NAMED_ALONE = new State(true, true, true);

    @Test
    void bothMustSayYes() {
        assertThat(Features.reason(true, true, ON)).isEqualTo(Reason.INCLUDED);
        assertThat(Features.reason(true, true, OFF_HERE)).isEqualTo(Reason.SWITCHED_OFF);
        assertThat(Features.reason(true, true, null)).as("no flag").isEqualTo(Reason.INCLUDED);
        assertThat(Features.reason(false, false, ON)).isEqualTo(Reason.NOT_IN_PLAN);
        assertThat(Features.reason(true, false, ON))
                .as("switched off in the settings")
                .isEqualTo(Reason.NOT_IN_PLAN);
    }

    @Test
    void anOverrideStandsForThePlanInTheFlag() {
        assertThat(Features.reason(false, true, OFF_HERE)).isEqualTo(Reason.INCLUDED);
    }

    @Test
    void aFlagThatIsOnForNobodyStopsTheFeatureForEverybody() {
        assertThat(Features.reason(true, true, OFF_FOR_ALL)).isEqualTo(Reason.SWITCHED_OFF);
        assertThat(Features.reason(false, true, OFF_FOR_ALL)).isEqualTo(Reason.SWITCHED_OFF);
        assertThat(Features.reason(false, true, NAMED_ALONE)).isEqualTo(Reason.INCLUDED);
    }
}
