package com.cognitionos.metering.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.metering.control.ApiCallQueue.Key;
import com.cognitionos.metering.control.UsageGrants.Counted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** MET-11: calls that are counted together. */
class ApiCallQueueTest {

    private static final Key KEY = new Key(UUID.randomUUID(), "cog_aaaaaaaa");
    private static final Key OTHER = new Key(KEY.tenant(), "cog_bbbbbbbb");

    private final AtomicLong now = new AtomicLong();
    private final Queue<Runnable> work = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private Runnable meanwhile = () -> {};
    private IntFunction<Counted> database = calls -> Counted.WITHOUT_CEILING;

    private final ApiCallQueue queue = new ApiCallQueue(now::get) {
        @Override
        Counted ask(Key key, int calls) {
            asked.add(key.prefix() + " " + calls);
            return database.apply(calls);
        }

        @Override
        void pause(long forNanos) {
            now.addAndGet(forNanos);
            asked.add("pause " + forNanos / 1_000_000);
            meanwhile.run();
        }
    };

    private CompletableFuture<Counted> call(Key key) {
        return queue.count(key, work::add, work::add);
    }

    private void workAll() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    @Test
    void callsThatComeMeanwhileAreCountedTogetherInTheNextStatement() {
        List<CompletableFuture<Counted>> late = new ArrayList<>();
        database = calls -> {
            if (asked.size() == 1) {
                for (int i = 0; i < 3; i++) {
                    late.add(call(KEY));
                }
                assertThat(late).noneMatch(CompletableFuture::isDone);
            }
            return Counted.BELOW_A_CEILING;
        };
        CompletableFuture<Counted> first = call(KEY);
        CompletableFuture<Counted> other = call(OTHER);
        workAll();
        assertThat(asked).containsExactly("cog_aaaaaaaa 1", "cog_bbbbbbbb 1", "cog_aaaaaaaa 3", "pause 1");
        assertThat(first).isCompletedWithValue(Counted.BELOW_A_CEILING);
        assertThat(other).isCompletedWithValue(Counted.BELOW_A_CEILING);
        assertThat(late).allMatch(CompletableFuture::isDone);

        call(KEY);
        workAll();
        assertThat(asked).endsWith("cog_aaaaaaaa 1");
    }

    @Test
    void whileCallsComeTogetherTheyAreGathered() {
        meanwhile = () -> {
            meanwhile = () -> {};
            call(KEY);
            call(KEY);
        };
        call(KEY);
        call(KEY);
        workAll();
        assertThat(asked).containsExactly("cog_aaaaaaaa 2", "pause 1", "cog_aaaaaaaa 2", "pause 1");

        call(KEY);
        workAll();
        assertThat(asked).endsWith("pause 1", "cog_aaaaaaaa 1");
    }

    @Test
    void aFailureIsThatOfItsGroupAlone() {
        database = calls -> {
            throw new IllegalStateException("no database");
        };
        CompletableFuture<Counted> failed = call(KEY);
        workAll();
        assertThatThrownBy(failed::join).hasRootCauseMessage("no database");
        database = calls -> Counted.NOT;
        CompletableFuture<Counted> next = call(KEY);
        workAll();
        assertThat(next).isCompletedWithValue(Counted.NOT);
    }

    @Test
    void aFullPoolLeavesNobodyWaiting() {
        CompletableFuture<Counted> counted = queue.count(
                KEY,
                task -> {
                    throw new RejectedExecutionException();
                },
                work::add);
        assertThat(counted).isCompletedWithValue(Counted.WITHOUT_CEILING);
    }

    @Test
    void aKeyIsUnlimitedForASecondAfterACallThatWas() {
        assertThat(queue.isUnlimited(KEY.tenant(), KEY.prefix())).isFalse();
        call(KEY);
        workAll();
        assertThat(queue.isUnlimited(KEY.tenant(), KEY.prefix())).isTrue();
        assertThat(queue.isUnlimited(OTHER.tenant(), OTHER.prefix())).isFalse();
        now.addAndGet(ApiCallQueue.KNOWN_FOR.toNanos());
        assertThat(queue.isUnlimited(KEY.tenant(), KEY.prefix())).isFalse();

        call(KEY);
        workAll();
        database = calls -> Counted.BELOW_A_CEILING;
        call(KEY);
        workAll();
        assertThat(queue.isUnlimited(KEY.tenant(), KEY.prefix())).isFalse();
    }
}
