package com.cognitionos.metering.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.Caller;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.control.IngestCounts;
import com.cognitionos.metering.control.UsageQueue;
import com.cognitionos.metering.control.UsageStatement.Outcome;
import com.cognitionos.metering.control.UsageStatement.Request;
import com.cognitionos.metering.entity.UsageEvent;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** MET-16: what grants cover needs no decision, also where it has to wait for one. */
class UsageEventsTest {

    private final List<String> steps = new ArrayList<>();
    private Outcome[] atOnce = {};
    private Outcome[] inItsTurn = {};

    @Test
    void whatIsHeldIsTriedAgainInItsTurn() {
        atOnce = new Outcome[] {Outcome.HELD, Outcome.HELD};
        inItsTurn = new Outcome[] {Outcome.STORED, Outcome.DUPLICATE};

        IngestResult result = ingested("a", "b");

        assertThat(steps).containsExactly("store", "turn", "alone");
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.duplicates()).isEqualTo(1);
    }

    @Test
    void onlyWhatIsStillHeldOrUncoveredThenIsDecidedOn() {
        atOnce = new Outcome[] {Outcome.HELD, Outcome.HELD, Outcome.HELD};
        inItsTurn = new Outcome[] {Outcome.CONFLICT, Outcome.UNDECIDED, Outcome.STORED};

        IngestResult result = ingested("a", "b", "c");

        assertThat(steps).containsExactly("store", "turn", "alone", "decide [1]");
        assertThat(result.accepted()).isEqualTo(2);
        assertThat(result.rejected()).extracting(Rejection::index).containsExactly(0);
    }

    @Test
    void whatNoGrantCoversIsDecidedOnAtOnce() {
        atOnce = new Outcome[] {Outcome.STORED, Outcome.UNDECIDED};

        IngestResult result = ingested("a", "b");

        assertThat(steps).containsExactly("store", "turn", "decide [1]");
        assertThat(result.accepted()).isEqualTo(2);
    }

    @Test
    void whatCannotBeStoredAsItIsGoesToTheDecision() {
        ingested("");

        assertThat(steps).containsExactly("turn", "decide [0]");
    }

    private IngestResult ingested(String... ids) {
        SortedMap<Integer, UsageEvent> sent = new TreeMap<>();
        for (String id : ids) {
            sent.put(sent.size(), new UsageEvent(id, "tokens", BigDecimal.ONE, null, null, null));
        }
        UsageEvents events = new UsageEvents();
        set(events, "queue", new Queue());
        set(events, "counts", new IngestCounts());
        set(
                events,
                "transaction",
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {TransactionSynchronizationRegistry.class},
                        (proxy, method, arguments) -> Status.STATUS_NO_TRANSACTION));
        set(events, "self", new UsageEvents() {
            @Override
            public IngestResult decide(SortedMap<Integer, UsageEvent> some) {
                steps.add("decide " + some.keySet());
                return new IngestResult(some.size(), 0, List.of());
            }
        });
        return new Caller("key:cog_01234567", false, new UUID(1, 2), Caller.ALL).call(() -> events.ingest(sent));
    }

    private final class Queue extends UsageQueue {
        Queue() {
            super(new IngestCounts());
        }

        @Override
        public Outcome[] store(Request request) {
            steps.add("store");
            return atOnce;
        }

        @Override
        public Outcome[] alone(Request request) {
            steps.add("alone");
            return inItsTurn;
        }

        @Override
        public <T> T inTurn(UUID tenant, Supplier<T> decision) {
            steps.add("turn");
            return decision.get();
        }
    }

    private static void set(UsageEvents events, String name, Object value) {
        try {
            Field field = UsageEvents.class.getDeclaredField(name);
            field.setAccessible(true);
            field.set(events, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
