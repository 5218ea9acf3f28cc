package com.cognitionos.ledger.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.rating.entity.Period;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("LED-5, LED-7: dated examples")
class StraightLineTest {

    private static StraightLine plan(String start, String end, long cents) {
        return new StraightLine(new Period(Instant.parse(start), Instant.parse(end)), cents);
    }

    @Test
    @DisplayName("A month from the 31st: one day in January, 27 in February")
    void anchored() {
        StraightLine pro = plan("2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z", 4_900);
        assertThat(pro.parts(pro.period().start(), pro.period().end()))
                .extracting(part -> part.date().toString(), StraightLine.Part::cents)
                .containsExactly(
                        tuple("2026-01-31T23:59:59.999999Z", 175L), tuple("2026-02-27T23:59:59.999999Z", 4_725L));
    }

    @Test
    @DisplayName("The cut is midnight in UTC, wherever the period begins")
    void exactTime() {
        StraightLine line = plan("2026-03-31T22:00:00Z", "2026-04-30T22:00:00Z", 72_000);
        assertThat(line.parts(line.period().start(), line.period().end()))
                .extracting(StraightLine.Part::cents)
                .containsExactly(200L, 71_800L);
        assertThat(line.nextCut(Instant.parse("2026-04-01T00:00:00Z"))).isEqualTo("2026-04-30T22:00:00Z");
        assertThat(line.lastCut(Instant.parse("2026-04-01T00:00:00Z"))).isEqualTo("2026-04-01T00:00:00Z");
        assertThat(line.lastCut(Instant.parse("2026-03-01T00:00:00Z"))).isEqualTo("2026-03-31T22:00:00Z");
    }

    @Test
    @DisplayName("A leap year of 366 dollars earns a dollar a day")
    void leapYear() {
        StraightLine line = plan("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z", 36_600);
        assertThat(line.parts(line.period().start(), line.period().end()))
                .extracting(StraightLine.Part::cents)
                .containsExactly(3100L, 2900L, 3100L, 3000L, 3100L, 3000L, 3100L, 3100L, 3000L, 3100L, 3000L, 3100L);
    }

    @Test
    @DisplayName("A credit takes what is not earned first, and leaves less to be earned over the rest")
    void credited() {
        RevenueSchedule schedule = RevenueSchedule.of(
                        new Period(Instant.parse("2027-01-01T00:00:00Z"), Instant.parse("2028-01-01T00:00:00Z")),
                        36_500,
                        Instant.parse("2027-01-01T00:00:00Z"))
                .earned(Instant.parse("2027-11-15T00:00:00Z"));
        assertThat(schedule.restCents()).isEqualTo(6_100);
        assertThat(RevenueSchedule.split(7_000, schedule.restCents()))
                .isEqualTo(new RevenueSchedule.Released(6_100, 900));

        RevenueSchedule smaller = schedule.without(6_039);
        assertThat(smaller.due(Instant.parse("2028-01-01T00:00:00Z")))
                .extracting(StraightLine.Part::cents)
                .containsExactly(30L, 31L);
        assertThat(schedule.without(6_100).nextAt()).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> schedule.without(6_101));
    }
}
