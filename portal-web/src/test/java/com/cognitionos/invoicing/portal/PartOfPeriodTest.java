package com.cognitionos.invoicing.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartOfPeriodTest {

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static InvoiceLine line(String unitPrice, long cents, String start, String end) {
        return new InvoiceLine(
                InvoiceLine.Kind.PLAN,
                "Pro plan, a month",
                null,
                "pro",
                BigDecimal.ONE,
                new BigDecimal(unitPrice),
                cents,
                new Period(Instant.parse(start), Instant.parse(end)),
                true);
    }

    private static String words(InvoiceLine line, ZoneId zone, String... anchors) {
        return PartOfPeriod.of(
                        line, List.of(anchors).stream().map(Instant::parse).toList(), zone)
                .map(part -> part.words(zone) + " at " + part.wholeCents() + " from "
                        + part.whole().start())
                .orElse("");
    }

    @Test
    void timeUpToTheEndOfThePeriod() {
        assertThat(words(
                        line("4900", -2154, "2025-02-10T09:00:00Z", "2025-02-24T00:00:00Z"),
                        UTC,
                        "2024-10-24T00:00:00Z"))
                .isEqualTo("13 days 15 hours of 31 days at 4900 from 2025-01-24T00:00:00Z");
    }

    @Test
    void timeFromTheStartOfThePeriod() {
        assertThat(words(
                        line("3000", 100, "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"), UTC, "2026-06-01T00:00:00Z"))
                .isEqualTo("1 day of 30 days at 3000 from 2026-06-01T00:00:00Z");
    }

    @Test
    void timeInTheMiddleOfAPeriodIsFoundByTheAnchor() {
        InvoiceLine middle = line("2800", 300, "2026-02-05T00:00:00Z", "2026-02-08T00:00:00Z");
        assertThat(words(middle, UTC)).isEmpty();
        assertThat(words(middle, UTC, "2025-11-17T00:00:00Z", "2026-01-31T00:00:00Z"))
                .isEqualTo("3 days of 28 days at 2800 from 2026-01-31T00:00:00Z");
    }

    @Test
    void aMonthWithTheClocksMovedHasAnHourLess() {
        assertThat(words(
                        line("19900", -8972, "2026-04-10T00:00:00Z", "2026-04-23T23:00:00Z"),
                        BERLIN,
                        "2025-01-24T00:00:00Z"))
                .isEqualTo("13 days 23 hours of 30 days 23 hours at 19900 from 2026-03-24T00:00:00Z");
    }

    @Test
    void calendarDaysAreSaidAsDays() {
        // 2026-02-10 23:00 is a whole day of the 28: by the second it would come to 1704 cents.
        assertThat(words(
                        line("2800", 1800, "2026-02-11T23:00:00Z", "2026-03-01T00:00:00Z"),
                        UTC,
                        "2026-01-01T00:00:00Z"))
                .isEqualTo("18 days of 28 days at 2800 from 2026-02-01T00:00:00Z");
    }

    @Test
    void whatDoesNotComeToTheAmountIsNotSaid() {
        assertThat(words(
                        line("4900", -2155, "2025-02-10T09:00:00Z", "2025-02-24T00:00:00Z"),
                        UTC,
                        "2024-10-24T00:00:00Z"))
                .isEmpty();
        assertThat(words(
                        line("4900.5", -2154, "2025-02-10T09:00:00Z", "2025-02-24T00:00:00Z"),
                        UTC,
                        "2024-10-24T00:00:00Z"))
                .isEmpty();
    }
}
