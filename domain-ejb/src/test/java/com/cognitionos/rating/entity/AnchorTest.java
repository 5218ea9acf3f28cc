package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** SUB-2: calendar periods. */
class AnchorTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void day31EndsShortMonthsOnTheirLastDayAndComesBack() {
        Anchor anchor = utc("2026-01-31T00:00:00Z");
        assertThat(anchor.boundary(1, Cadence.MONTH)).isEqualTo(Instant.parse("2026-02-28T00:00:00Z"));
        assertThat(anchor.boundary(2, Cadence.MONTH)).isEqualTo(Instant.parse("2026-03-31T00:00:00Z"));
        assertThat(anchor.boundary(3, Cadence.MONTH)).isEqualTo(Instant.parse("2026-04-30T00:00:00Z"));
        assertThat(anchor.boundary(25, Cadence.MONTH)).isEqualTo(Instant.parse("2028-02-29T00:00:00Z"));
    }

    @Test
    void aBoundaryBelongsToThePeriodThatItStarts() {
        Anchor anchor = utc("2026-01-31T00:00:00Z");
        assertThat(anchor.periodAround(Instant.parse("2026-02-28T00:00:00Z"), Cadence.MONTH))
                .isEqualTo(new Period(Instant.parse("2026-02-28T00:00:00Z"), Instant.parse("2026-03-31T00:00:00Z")));
        assertThat(anchor.periodAround(Instant.parse("2026-02-27T23:59:59.999999Z"), Cadence.MONTH)
                        .start())
                .isEqualTo(Instant.parse("2026-01-31T00:00:00Z"));
    }

    @Test
    void aLeapDayYearEndsOnThe28thAndComesBackToThe29th() {
        Anchor anchor = utc("2024-02-29T12:00:00Z");
        assertThat(anchor.boundary(12, Cadence.MONTH)).isEqualTo(Instant.parse("2025-02-28T12:00:00Z"));
        assertThat(anchor.boundary(48, Cadence.MONTH)).isEqualTo(Instant.parse("2028-02-29T12:00:00Z"));
        assertThat(anchor.periodAround(Instant.parse("2026-01-01T00:00:00Z"), Cadence.YEAR))
                .isEqualTo(new Period(Instant.parse("2025-02-28T12:00:00Z"), Instant.parse("2026-02-28T12:00:00Z")));
    }

    @Test
    void daylightSavingKeepsTheWallClock() {
        Anchor anchor = new Anchor(Instant.parse("2026-02-28T22:30:00Z"), BERLIN);
        assertThat(anchor.boundary(1, Cadence.MONTH))
                .as("23:30 in summer time")
                .isEqualTo(Instant.parse("2026-03-28T22:30:00Z"));
        assertThat(anchor.boundary(2, Cadence.MONTH)).isEqualTo(Instant.parse("2026-04-28T21:30:00Z"));
    }

    @Test
    void aWallClockTimeThatIsSkippedMovesForward() {
        Anchor anchor = new Anchor(Instant.parse("2026-02-28T01:30:00Z"), BERLIN);
        assertThat(new Anchor(Instant.parse("2026-01-29T01:30:00Z"), BERLIN).boundary(2, Cadence.MONTH))
                .as("2026-03-29 02:30 does not exist in Berlin")
                .isEqualTo(Instant.parse("2026-03-29T01:30:00Z"));
        assertThat(anchor.boundary(0, Cadence.MONTH)).isEqualTo(anchor.at());
    }

    /** Periods tile time: every instant is in exactly one, and each ends where the next starts. */
    @Property
    void periodsTileTime(
            @ForAll @LongRange(min = 1_577_836_800L, max = 2_524_608_000L) long anchorSecond,
            @ForAll @LongRange(min = -3_000, max = 400_000_000L) long later,
            @ForAll @IntRange(min = 0, max = 3) int zoneIndex,
            @ForAll boolean yearly) {
        ZoneId zone = new ZoneId[] {ZoneOffset.UTC, BERLIN, ZoneId.of("America/Juneau"), ZoneId.of("Pacific/Apia")}
                [zoneIndex];
        Cadence months = yearly ? Cadence.YEAR : Cadence.MONTH;
        Anchor anchor = new Anchor(Instant.ofEpochSecond(anchorSecond), zone);
        Instant instant = anchor.at().plusSeconds(later);

        Period period = anchor.periodAround(instant, months);

        assertThat(period.contains(instant)).isTrue();
        assertThat(anchor.periodAround(period.end(), months).start()).isEqualTo(period.end());
        assertThat(anchor.periodAround(period.start(), months)).isEqualTo(period);
        int day = LocalDateTime.ofInstant(period.end(), zone).getDayOfMonth();
        int anchorDay = LocalDateTime.ofInstant(anchor.at(), zone).getDayOfMonth();
        assertThat(day)
                .as("never drifts below the anchor but for a short month")
                .isGreaterThanOrEqualTo(Math.min(anchorDay, 28));
    }

    @Test
    void onAnotherDayOfTheMonth() {
        Anchor february = utc("2026-02-10T08:30:00Z");
        assertThat(february.onDay(21, Cadence.MONTH)).isEqualTo(utc("2026-02-21T08:30:00Z"));
        assertThat(february.onDay(31, Cadence.MONTH).boundary(2, Cadence.MONTH))
                .as("the day of long months")
                .isEqualTo(Instant.parse("2026-03-31T08:30:00Z"));
        assertThat(february.onDay(31, Cadence.YEAR)).as("the month of years").isEqualTo(utc("2026-02-28T08:30:00Z"));
        Anchor berlin = new Anchor(Instant.parse("2026-03-01T01:30:00Z"), BERLIN);
        assertThat(berlin.onDay(31, Cadence.MONTH).at())
                .as("half past two in summer")
                .isEqualTo("2026-03-31T00:30:00Z");
    }

    private static Anchor utc(String at) {
        return new Anchor(Instant.parse(at), ZoneOffset.UTC);
    }
}
