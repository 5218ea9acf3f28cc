package com.cognitionos.alert.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.metering.entity.LimitRefused;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ALR-8: of a flood of refusals there is a look at once, and then one each ten seconds. */
class RefusalWatchTest {

    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);

    private record Planned(Runnable look, long afterMillis) {}

    private final RefusalWatch watch = new RefusalWatch();
    private final Deque<Planned> planned = new ArrayDeque<>();
    private final List<String> looks = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private boolean stopping;
    private boolean failing;

    @BeforeEach
    void wire() {
        set("clock", new BusinessClock() {
            @Override
            public Instant system() {
                return now;
            }
        });
        set("watch", new AlertWatch() {
            @Override
            public void refused(String meter) {
                looks.add(Caller.currentTenant().getLeastSignificantBits() + meter);
                if (failing) {
                    throw new IllegalStateException("as planned");
                }
            }
        });
        set(
                "scheduler",
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {ManagedScheduledExecutorService.class},
                        (proxy, method, arguments) -> {
                            if (stopping) {
                                throw new RejectedExecutionException();
                            }
                            planned.add(new Planned(
                                    (Runnable) arguments[0], ((TimeUnit) arguments[2]).toMillis((Long) arguments[1])));
                            return null;
                        }));
    }

    private void refused(UUID tenant, String meter, int times) {
        for (int i = 0; i < times; i++) {
            watch.refused(new LimitRefused(tenant, meter));
        }
    }

    /** The next look, when it is due. @return after how long that was */
    private long look() {
        Planned next = planned.remove();
        now = now.plusMillis(next.afterMillis());
        next.look().run();
        return next.afterMillis();
    }

    @Test
    void thereIsALookAtOnceThenOneAfterEachPause() {
        refused(A, "tokens", 20);
        assertThat(planned).hasSize(1);
        assertThat(look()).isZero();

        now = now.plusMillis(4_000);
        refused(A, "tokens", 20);
        assertThat(planned).hasSize(1);
        assertThat(look()).as("what is left of the pause").isEqualTo(6_000);
        assertThat(planned).as("nothing was refused since").isEmpty();

        now = now.plusMillis(10_000);
        refused(A, "tokens", 1);
        assertThat(look()).as("after a rest").isZero();
        assertThat(looks).containsExactly("1tokens", "1tokens", "1tokens");
    }

    @Test
    void eachTenantAndMeterHasItsOwnPause() {
        refused(A, "tokens", 1);
        look();
        refused(B, "tokens", 1);
        refused(A, "executions", 1);
        assertThat(planned).extracting(Planned::afterMillis).containsExactly(0L, 0L);
        look();
        look();
        assertThat(looks).containsExactly("1tokens", "2tokens", "1executions");
    }

    @Test
    void aLookThatFailsOrCannotBePlannedIsNoReasonToLookNoMore() {
        stopping = true;
        refused(A, "tokens", 1);
        stopping = false;
        failing = true;
        refused(A, "tokens", 1);
        look();
        refused(A, "tokens", 1);
        assertThat(look()).isEqualTo(10_000);
        assertThat(looks).hasSize(2);
    }

    @Test
    void whatIsRememberedOfFloodsIsBounded() {
        for (int i = 0; i < 10_000; i++) {
            refused(new UUID(7, i), "tokens", 1);
            look();
        }
        refused(B, "tokens", 1);
        assertThat(planned).as("the timer's turn is soon enough").isEmpty();
        now = now.plusMillis(10_001);
        refused(B, "tokens", 1);
        assertThat(planned).hasSize(1);
    }

    private void set(String name, Object value) {
        try {
            Field field = RefusalWatch.class.getDeclaredField(name);
            field.setAccessible(true);
            field.set(watch, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
