package com.cognitionos.ledger.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.rating.entity.Period;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** LED-5 and LED-7 over random periods, amounts and moments of recognition. */
class RevenueSchedulePropertiesTest {

    private static final Instant EPOCH = Instant.parse("2023-11-20T00:00:00Z");
    private static final Duration FOUR_YEARS = Duration.ofDays(4 * 365);

    /** When something is done about a line, and how much of it is then credited, in per mille of what is left. */
    record Moment(Instant at, int credited) {}

    @Property
    void partsSumToTheAmountWithinTheirMonths(@ForAll("plans") StraightLine plan) {
        List<StraightLine.Part> parts =
                plan.parts(plan.period().start(), plan.period().end());

        assertThat(parts.stream().mapToLong(StraightLine.Part::cents).sum()).isEqualTo(plan.cents());
        Instant end = plan.period().start();
        for (StraightLine.Part part : parts) {
            assertThat(part.of().start()).isEqualTo(end);
            end = part.of().end();
            assertThat(Long.signum(part.cents())).isIn(0, Long.signum(plan.cents()));
            assertThat(part.of().contains(part.date())).isTrue();
            assertThat(month(part.date())).isEqualTo(month(part.of().start()));
        }
        assertThat(end).isEqualTo(plan.period().end());
    }

    @Property
    void whatIsEarnedOnlyGrowsAndIsExactToHalfACent(
            @ForAll("plans") StraightLine plan, @ForAll("instants") Instant one, @ForAll("instants") Instant other) {
        Instant earlier = one.isBefore(other) ? one : other;
        Instant later = one.isBefore(other) ? other : one;
        assertThat(Math.abs(plan.earnedBefore(later))).isGreaterThanOrEqualTo(Math.abs(plan.earnedBefore(earlier)));
        if (plan.period().contains(one)) {
            BigInteger length = micros(plan.period().length());
            BigInteger exact = BigInteger.valueOf(plan.cents())
                    .multiply(micros(Duration.between(plan.period().start(), one)));
            BigInteger off =
                    BigInteger.valueOf(plan.earnedBefore(one)).multiply(length).subtract(exact);
            assertThat(off.abs().shiftLeft(1)).isLessThanOrEqualTo(length);
        }
    }

    @Property
    void aCreditMirrorsItsCharge(@ForAll("plans") StraightLine plan, @ForAll("instants") Instant upTo) {
        StraightLine credit = new StraightLine(plan.period(), -plan.cents());
        assertThat(credit.earnedBefore(upTo)).isEqualTo(-plan.earnedBefore(upTo));
        assertThat(credit.parts(plan.period().start(), upTo))
                .extracting(StraightLine.Part::cents)
                .isEqualTo(plan.parts(plan.period().start(), upTo).stream()
                        .map(part -> -part.cents())
                        .toList());
    }

    @Property
    void itDoesNotMatterWhenRevenueIsRecognised(
            @ForAll("plans") StraightLine plan,
            @ForAll("instants") Instant invoicedAt,
            @ForAll("moments") List<Moment> moments) {
        RevenueSchedule schedule = RevenueSchedule.of(plan.period(), plan.cents(), invoicedAt);
        long deferred = schedule.restCents();
        assertThat(deferred).isEqualTo(plan.cents() - plan.earnedBefore(plan.lastCut(invoicedAt)));
        Instant end = plan.period().end();
        List<StraightLine.Part> inOneGo = schedule.due(end);
        List<StraightLine.Part> bit = new ArrayList<>();

        for (Moment moment : moments) {
            bit.addAll(schedule.due(moment.at()));
            schedule = schedule.earned(moment.at());
            assertThat(schedule.due(moment.at())).as("a second time").isEmpty();
            Instant next = schedule.nextAt();
            assertThat(next == null || next.isAfter(moment.at())).isTrue();
        }
        bit.addAll(schedule.due(end));

        assertThat(bit).isEqualTo(inOneGo);
        assertThat(bit.stream().mapToLong(StraightLine.Part::cents).sum()).isEqualTo(deferred);
        assertThat(schedule.earned(end).restCents()).isZero();
        assertThat(schedule.earned(end).nextAt()).isNull();
    }

    @Property
    void whatIsCreditedAndWhatIsEarnedIsTheLine(
            @ForAll("plans") StraightLine plan, @ForAll("moments") List<Moment> moments) {
        RevenueSchedule schedule =
                RevenueSchedule.of(plan.period(), plan.cents(), plan.period().start());
        long deferred = plan.cents();
        long revenue = 0;
        long left = plan.cents();

        for (Moment moment : moments) {
            revenue += sum(schedule.due(moment.at()));
            deferred -= sum(schedule.due(moment.at()));
            schedule = schedule.earned(moment.at());
            long credit = left * moment.credited() / 1000;
            RevenueSchedule.Released released = RevenueSchedule.split(credit, schedule.restCents());
            assertThat(released.fromDeferredCents() + released.fromRevenueCents())
                    .isEqualTo(credit);
            assertThat(Math.abs(released.fromDeferredCents()))
                    .isBetween(0L, Math.min(Math.abs(credit), Math.abs(schedule.restCents())));
            assertThat(released.fromRevenueCents() == 0 || schedule.restCents() == released.fromDeferredCents())
                    .as("what is not earned goes first")
                    .isTrue();
            schedule = schedule.without(released.fromDeferredCents());
            deferred -= released.fromDeferredCents();
            revenue -= released.fromRevenueCents();
            left -= credit;
            assertThat(schedule.restCents()).isEqualTo(deferred);
        }
        Instant end = plan.period().end();
        assertThat(revenue + sum(schedule.due(end))).isEqualTo(left);
        assertThat(schedule.earned(end).restCents()).isZero();
    }

    private static long sum(List<StraightLine.Part> parts) {
        return parts.stream().mapToLong(StraightLine.Part::cents).sum();
    }

    private static BigInteger micros(Duration span) {
        return BigInteger.valueOf(span.toSeconds() * 1_000_000 + span.toNanosPart() / 1_000);
    }

    private static String month(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate().toString().substring(0, 7);
    }

    @Provide
    Arbitrary<StraightLine> plans() {
        return Combinators.combine(
                        instants(),
                        Arbitraries.oneOf(
                                Arbitraries.of(28L, 30L, 31L, 365L, 366L, 1096L).map(days -> days * 86_400_000_000L),
                                Arbitraries.longs().between(1_000_000, FOUR_YEARS.toSeconds() * 1_000_000)),
                        Arbitraries.oneOf(
                                Arbitraries.longs().between(-20, 20),
                                Arbitraries.longs().between(-100_000_000_000L, 100_000_000_000L)))
                .as((start, micros, cents) ->
                        new StraightLine(new Period(start, start.plusNanos(micros * 1_000)), cents));
    }

    @Provide
    Arbitrary<Instant> instants() {
        return Arbitraries.oneOf(
                Arbitraries.integers()
                        .between(0, 60)
                        .map(n -> EPOCH.atZone(ZoneOffset.UTC)
                                .withDayOfMonth(1)
                                .plusMonths(n)
                                .toInstant()),
                Arbitraries.longs().between(0, FOUR_YEARS.toSeconds()).map(EPOCH::plusSeconds));
    }

    @Provide
    Arbitrary<List<Moment>> moments() {
        return Combinators.combine(
                        instants(),
                        Arbitraries.oneOf(
                                Arbitraries.just(0), Arbitraries.integers().between(1, 1000)))
                .as(Moment::new)
                .list()
                .ofMaxSize(6)
                .map(some ->
                        some.stream().sorted(Comparator.comparing(Moment::at)).toList());
    }
}
