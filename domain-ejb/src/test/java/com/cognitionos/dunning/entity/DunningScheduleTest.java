package com.cognitionos.dunning.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.dunning.entity.DunningCase.Next;
import com.cognitionos.dunning.entity.DunningCase.State;
import com.cognitionos.kernel.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** DUN-1 and DUN-3: when the steps come. */
class DunningScheduleTest {

    private static final Instant BEGAN = Instant.parse("2026-02-28T10:30:00Z");
    private static final DunningPolicy USUAL = new DunningPolicy(List.of(1, 3, 5, 7), 7, true, false);

    private static DunningCase begun(DunningPolicy policy) {
        return new DunningCase(
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                1,
                policy,
                State.ACTIVE,
                0,
                BEGAN,
                policy.next(BEGAN, 0, BEGAN),
                null,
                null,
                null,
                "card_declined",
                null);
    }

    private static Instant day(int days) {
        return BEGAN.plus(Duration.ofDays(days));
    }

    @Example
    void retriesComeOnTheirDaysThenTheSuspension() {
        DunningCase it = begun(USUAL);
        List<Instant> steps = new ArrayList<>();
        while (it.next() == Next.RETRY) {
            steps.add(it.nextAt());
            assertThat(it.unpaidAt()).isNull();
            it = it.passed(it.nextAt());
        }
        assertThat(steps).containsExactly(day(1), day(3), day(5), day(7));
        assertThat(it.unpaidAt()).isEqualTo(day(7));
        assertThat(it.next()).isEqualTo(Next.SUSPEND);
        assertThat(it.nextAt()).isEqualTo(day(14));
        assertThat(it.isDue(day(14).minusMillis(1))).isFalse();
        assertThat(it.isDue(day(14))).isTrue();
    }

    @Example
    void withoutSuspensionItIsExhaustedWithTheLastRetry() {
        DunningCase it = begun(new DunningPolicy(List.of(2), 0, false, false));
        DunningCase over = it.passed(day(2));
        assertThat(over.state()).isEqualTo(State.EXHAUSTED);
        assertThat(over.unpaidAt()).isEqualTo(day(2));
        assertThat(over.next()).isEqualTo(Next.NOTHING);
        assertThat(over.isDue(day(1_000))).isFalse();
    }

    @Example
    void whatEndsIsNeverDueAgain() {
        for (State state : List.of(State.RECOVERED, State.CLOSED, State.EXHAUSTED)) {
            DunningCase over = begun(USUAL).ended(state, day(2));
            assertThat(over.next()).isEqualTo(Next.NOTHING);
            assertThat(over.isDue(day(1_000))).isFalse();
            assertThat(over.endedAt() != null).isEqualTo(!state.isOpen());
        }
    }

    @Example
    void aLateStepDoesNotCallTheNextOnesAtOnce() {
        DunningCase late = begun(USUAL).passed(day(6));
        assertThat(late.nextAt()).isEqualTo(day(7));
        assertThat(late.passed(day(20)).nextAt()).isEqualTo(day(21));
    }

    /** However late each step comes, they come in order, a day apart at least, never before their day, none twice. */
    @Property
    void stepsAreInOrderAndNeverTwice(
            @ForAll("policies") DunningPolicy policy,
            @ForAll @Size(15) List<@IntRange(max = 5_000_000) Integer> secondsLate) {
        DunningCase it = begun(policy);
        Instant before = BEGAN;
        int retries = 0;
        for (int late : secondsLate) {
            if (it.next() == Next.NOTHING) {
                break;
            }
            Instant due = it.nextAt();
            assertThat(due).isNotNull();
            Instant done = due.plusSeconds(late);
            if (it.next() == Next.SUSPEND) {
                assertThat(due).isEqualTo(it.unpaidAt().plus(Duration.ofDays(policy.graceDays())));
                it = it.ended(State.EXHAUSTED, done);
            } else {
                assertThat(it.step()).isEqualTo(retries);
                assertThat(due).isAfterOrEqualTo(day(policy.retryDays().get(retries)));
                assertThat(Duration.between(before, due)).isGreaterThanOrEqualTo(Duration.ofDays(1));
                before = done;
                it = it.passed(done);
                retries++;
            }
        }
        assertThat(it.state()).isEqualTo(State.EXHAUSTED);
        assertThat(retries).isEqualTo(policy.retries());
        assertThat(it.step()).isEqualTo(retries);
    }

    /** Who is never late keeps to the days exactly. */
    @Property
    void inTimeMeansOnTheDay(@ForAll("policies") DunningPolicy policy) {
        DunningCase it = begun(policy);
        for (int day : policy.retryDays()) {
            assertThat(it.nextAt()).isEqualTo(day(day));
            it = it.passed(it.nextAt());
        }
        assertThat(it.unpaidAt()).isEqualTo(day(policy.retryDays().get(policy.retries() - 1)));
    }

    @Provide
    Arbitrary<DunningPolicy> policies() {
        Arbitrary<List<Integer>> days = Arbitraries.integers()
                .between(1, 60)
                .set()
                .ofMinSize(1)
                .ofMaxSize(10)
                .map(set -> List.copyOf(new TreeSet<>(set)));
        return Combinators.combine(days, Arbitraries.integers().between(0, 90), Arbitraries.of(true, false))
                .as((retries, grace, suspend) -> new DunningPolicy(retries, grace, suspend, false).checked());
    }

    @Example
    void policiesThatMakeNoScheduleAreRefused() {
        for (List<Integer> days :
                List.of(List.<Integer>of(), List.of(0), List.of(3, 1), List.of(2, 2), List.of(61), List.of(-1, 2))) {
            assertThatThrownBy(() -> new DunningPolicy(days, 7, true, false).checked())
                    .as("%s", days)
                    .isInstanceOf(Problem.class);
        }
        for (int grace : new int[] {-1, 91}) {
            assertThatThrownBy(() -> new DunningPolicy(List.of(1), grace, true, false).checked())
                    .isInstanceOf(Problem.class);
        }
        assertThat(USUAL.checked()).isEqualTo(USUAL);
    }
}
