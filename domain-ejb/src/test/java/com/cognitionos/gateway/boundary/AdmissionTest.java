package com.cognitionos.gateway.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.gateway.boundary.Admission.Quota;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** GAT-9: what the verdict means for who waits. */
class AdmissionTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.250Z");

    private static Admission refused(Quota... quotas) {
        return new Admission(null, null, List.of(quotas), 0, NOW);
    }

    @Test
    void theWaitIsRoundedUpToWholeSeconds() {
        assertThat(refused(new Quota("tenant", 1, 0, NOW.plusNanos(1))).retryAfterSeconds())
                .isEqualTo(1);
        assertThat(refused(new Quota("tenant", 1, 0, NOW.plusMillis(1_000))).retryAfterSeconds())
                .isEqualTo(1);
        assertThat(refused(new Quota("tenant", 1, 0, NOW.plusMillis(1_001))).retryAfterSeconds())
                .isEqualTo(2);
        assertThat(refused(new Quota("tenant", 1, 0, NOW)).retryAfterSeconds()).isEqualTo(1);
    }

    @Test
    void allThatAreFullMustHaveAPlaceOthersDoNotMatter() {
        Admission refused = refused(
                new Quota("key", 1, 0, NOW.plusSeconds(20)),
                new Quota("tenant", 9, 3, NOW.plusSeconds(50)),
                new Quota("other", 1, 0, NOW.plusSeconds(30)));
        assertThat(refused.nextChance()).isEqualTo(NOW.plusSeconds(30));
        assertThat(refused.tightest().policy()).isEqualTo("key");
    }

    @Test
    void aQuotaThatNobodyUsesIsFreeNow() {
        assertThat(new Quota("tenant", 9, 9, null).secondsUntilFree(NOW)).isZero();
    }
}
