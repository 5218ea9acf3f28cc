package com.cognitionos.metering.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.Caller;
import java.lang.reflect.Field;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MET-16: for how long and of how many tenants something is kept. */
class KeptStandingsTest {

    private long nanos;
    private final KeptStandings kept = new KeptStandings(() -> nanos);

    @BeforeEach
    void noneKeeps() throws ReflectiveOperationException {
        Field field = KeptStandings.class.getDeclaredField("standings");
        field.setAccessible(true);
        field.set(kept, new Standings() {
            @Override
            public Optional<Resting> resting() {
                return Optional.empty();
            }
        });
    }

    @Test
    void whatDoesNotKeepIsReadAgainAfterAWhile() {
        assertThat(isUnread(1)).isTrue();
        read(1);
        assertThat(isUnread(1)).isFalse();
        nanos += KeptStandings.AGAIN_AFTER.toNanos() - 1;
        assertThat(isUnread(1)).isFalse();
        nanos++;
        assertThat(isUnread(1)).isTrue();
        read(1);
        assertThat(isUnread(1)).isFalse();
    }

    @Test
    void whoWasNotAskedForLongestGoesFirst() {
        for (int tenant = 0; tenant < KeptStandings.MOST_KEPT; tenant++) {
            read(tenant);
        }
        assertThat(isUnread(0)).isFalse();
        read(KeptStandings.MOST_KEPT);
        assertThat(isUnread(1)).isTrue();
        assertThat(isUnread(0)).isFalse();
        assertThat(isUnread(KeptStandings.MOST_KEPT)).isFalse();
    }

    private void read(int tenant) {
        as(tenant).run(kept::read);
    }

    private boolean isUnread(int tenant) {
        return as(tenant).call(kept::isUnread);
    }

    private static Caller as(int tenant) {
        return new Caller("job:test", true, new UUID(1, tenant), Caller.ALL);
    }
}
