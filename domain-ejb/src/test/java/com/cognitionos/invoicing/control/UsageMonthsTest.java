package com.cognitionos.invoicing.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.subscription.entity.SubscriptionEvent.Kind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SUB-3, SUB-10: usage months tile a subscription's time. */
class UsageMonthsTest {

    private final List<SubscriptionEvent> history = new ArrayList<>();
    private ZoneId zone = ZoneOffset.UTC;

    @Test
    void monthsFollowTheAnchorAndAPlanChangeCutsNone() {
        on("2026-01-31", Kind.STARTED, BillingCycle.MONTHLY, "2026-01-31");
        on("2026-02-14", Kind.UPGRADED, BillingCycle.MONTHLY, "2026-01-31");
        assertMonth("2026-02-10", "2026-01-31", "2026-02-28");
        assertMonth("2026-02-28", "2026-02-28", "2026-03-31");
        assertMonth("2027-02-28", "2027-02-28", "2027-03-31");
    }

    @Test
    void aTrialHasNoMonthAndWhatFollowsBeginsAtItsEnd() {
        on("2026-01-31", Kind.TRIAL_STARTED, BillingCycle.MONTHLY, "2026-01-31");
        on("2026-02-14", Kind.TRIAL_CONVERTED, BillingCycle.MONTHLY, "2026-02-14");
        assertThat(UsageMonths.around(history, zone, at("2026-02-10"))).isEmpty();
        assertMonth("2026-03-13", "2026-02-14", "2026-03-14");
    }

    @Test
    void anotherCycleCutsTheMonthShortOfItsPlan() {
        on("2026-01-31", Kind.STARTED, BillingCycle.MONTHLY, "2026-01-31");
        on("2026-02-14", Kind.UPGRADED, BillingCycle.YEARLY, "2026-02-14");
        assertMonth("2026-02-13", "2026-01-31", "2026-02-14");
        assertThat(month("2026-02-13").planned()).isEqualTo(period("2026-01-31", "2026-02-28"));
        assertThat(month("2026-02-13").calendar()).isEqualTo(period("2026-01-31", "2026-02-28"));
        assertMonth("2026-02-27", "2026-02-14", "2026-03-14");
    }

    @Test
    void aMovedAnchorStretchesOrCutsTheMonthToItsNextBoundary() {
        on("2026-01-31", Kind.STARTED, BillingCycle.MONTHLY, "2026-01-31");
        on("2026-02-14", Kind.ANCHOR_MOVED, BillingCycle.MONTHLY, "2026-01-10");
        assertMonth("2026-02-01", "2026-01-31", "2026-03-10");
        assertThat(month("2026-02-01").planned()).isEqualTo(period("2026-01-31", "2026-03-10"));
        assertThat(month("2026-02-01").calendar()).isEqualTo(period("2026-02-10", "2026-03-10"));
        assertMonth("2026-03-10", "2026-03-10", "2026-04-10");

        on("2026-04-10", Kind.ANCHOR_MOVED, BillingCycle.MONTHLY, "2026-01-25");
        assertMonth("2026-04-10", "2026-04-10", "2026-04-25");
        assertThat(month("2026-04-10").calendar()).isEqualTo(period("2026-03-25", "2026-04-25"));

        on("2026-05-01", Kind.ANCHOR_MOVED, BillingCycle.MONTHLY, "2026-05-01");
        assertMonth("2026-04-30", "2026-04-25", "2026-05-01");
        assertThat(month("2026-04-30").planned()).as("its own bound").isEqualTo(period("2026-04-25", "2026-05-01"));
        assertMonth("2026-05-01", "2026-05-01", "2026-06-01");
    }

    @Test
    void twoMovesAndAChangeOfCycleInOneMonth() {
        on("2026-01-31", Kind.STARTED, BillingCycle.MONTHLY, "2026-01-31");
        on("2026-02-05", Kind.ANCHOR_MOVED, BillingCycle.MONTHLY, "2026-01-20");
        on("2026-02-06", Kind.ANCHOR_MOVED, BillingCycle.MONTHLY, "2026-01-25");
        on("2026-02-22", Kind.UPGRADED, BillingCycle.YEARLY, "2026-02-22");
        assertMonth("2026-02-01", "2026-01-31", "2026-02-22");
        assertThat(month("2026-02-01").planned()).isEqualTo(period("2026-01-31", "2026-02-25"));
        assertMonth("2026-02-23", "2026-02-22", "2026-03-22");
    }

    @Test
    void theEndCutsTheLastMonth() {
        on("2026-01-31", Kind.STARTED, BillingCycle.MONTHLY, "2026-01-31");
        on("2026-03-05", Kind.CANCELED, BillingCycle.MONTHLY, "2026-01-31");
        assertMonth("2026-03-01", "2026-02-28", "2026-03-05");
        assertThat(month("2026-03-01").planned()).isEqualTo(period("2026-02-28", "2026-03-31"));
    }

    @Test
    void monthsTileThroughDaylightSaving() {
        zone = ZoneId.of("America/New_York");
        on("2024-01-31", Kind.STARTED, BillingCycle.MONTHLY, "2024-01-31");
        Instant end = at("2024-01-31");
        for (int n = 0; n < 60; n++) {
            Period month = UsageMonths.around(history, zone, end).orElseThrow().period();
            assertThat(month.start()).isEqualTo(end);
            end = month.end();
        }
        assertThat(end).isEqualTo(at("2029-01-31"));
    }

    private void on(String day, Kind kind, BillingCycle cycle, String anchor) {
        history.add(new SubscriptionEvent(kind, at(day), at(day), Tier.PRO, 1, cycle, at(anchor), true, null));
    }

    private UsageMonths.UsageMonth month(String day) {
        return UsageMonths.around(history, zone, at(day)).orElseThrow();
    }

    private void assertMonth(String day, String start, String end) {
        assertThat(month(day).period()).isEqualTo(period(start, end));
    }

    private Period period(String start, String end) {
        return new Period(at(start), at(end));
    }

    private Instant at(String day) {
        return LocalDate.parse(day).atStartOfDay(zone).toInstant();
    }
}
