package com.cognitionos.container;

import static com.cognitionos.container.Company.event;
import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.alert.boundary.Budgets.BudgetView;
import com.cognitionos.alert.boundary.Budgets.Wanted;
import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.alert.entity.Anomaly;
import com.cognitionos.alert.entity.AnomalySettings;
import com.cognitionos.alert.entity.AnomalySettings.Sensitivity;
import com.cognitionos.alert.entity.Budget.Basis;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.entity.Setting;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** On the plan Pro, which includes 10,000 executions a month and 10,000 MB; each further execution costs 10 cents. */
@DisplayName("Alerts and budgets")
class AlertIT extends InContainer {

    private static final Thresholds NEVER = new Thresholds(List.of());

    private static AlertSettings chosen(Thresholds usual, Map<String, Thresholds> meters, List<String> recipients) {
        return new AlertSettings(usual, meters, recipients, AnomalySettings.USUAL);
    }

    private Company pro() {
        return world.open(Tier.PRO, "2026-01-31").on("2026-02-10");
    }

    private int looks(Company company) {
        return World.OPERATOR.in(company.id()).call(() -> world.alertWatch.look());
    }

    /** Oldest first. */
    private List<Alert> alerts(Company company) {
        List<Alert> all = new ArrayList<>(company.as(() -> world.alerts.list(false, new Page.Request(1, 100)))
                .items());
        Collections.reverse(all);
        return all;
    }

    private List<Integer> shares(Company company) {
        return alerts(company).stream().map(Alert::threshold).toList();
    }

    /** What the billing address was told, in order. */
    private List<String> mails(Company company) {
        return owner.query(
                "SELECT subject FROM mails WHERE recipient = ? AND subject LIKE '%\\%%' ORDER BY created_at, id",
                row -> row.getString(1), company.as(world.tenants::current).billingEmail());
    }

    private BudgetView budget(Company company, Basis basis, String meter, long cents) {
        return company.as(() ->
                world.budgets.create(new Wanted("Budget of " + basis.code(), basis, meter, cents, Thresholds.USUAL)));
    }

    @Test
    @DisplayName("ALR-1, ALR-3, ALR-6: each share once a month and a mail for all at once; anew in the next month")
    void oncePerPeriod() {
        Company company = pro().uses("executions", 4_999);
        looks(company);
        assertThat(alerts(company)).isEmpty();
        company.uses("executions", 1);
        looks(company);
        assertThat(shares(company)).containsExactly(50);
        assertThat(looks(company)).isZero();

        company.uses("executions", 4_500).on("2026-02-11");
        assertThat(shares(company)).containsExactly(50, 75, 90);
        assertThat(mails(company)).containsExactly("[Test] Executions: 50 % used", "[Test] Executions: 90 % used");
        Alert last = alerts(company).get(2);
        assertThat(last.bound()).isEqualByComparingTo("10000");
        assertThat(last.value()).isEqualByComparingTo("9500");
        assertThat(last.period().start()).isEqualTo(Dates.at("2026-01-31"));
        assertThat(last.mailedTo())
                .as("the billing address and the owner")
                .hasSize(2)
                .contains(company.as(world.tenants::current).billingEmail());

        company.sends(event("taken-back", "executions", "600", Dates.at("2026-02-11")));
        looks(company);
        company.does(() -> world.retractions.retract("taken-back"));
        looks(company);
        company.uses("executions", 700);
        assertThat(looks(company)).as("told before something was taken back").isZero();
        assertThat(shares(company)).containsExactly(50, 75, 90, 100);

        company.on("2026-02-28").used("executions", 9_000, "2026-02-27");
        assertThat(looks(company)).as("a late event is not the new month's").isZero();
        company.uses("executions", 5_000).on("2026-03-01");
        assertThat(shares(company)).containsExactly(50, 75, 90, 100, 50);
    }

    @Test
    @DisplayName("ALR-3: eight that look at the same moment tell once")
    void concurrentLooks() {
        Company company = pro().uses("executions", 9_999);
        budget(company, Basis.OVERAGE, null, 1);

        crowd.jammedAt("alerts", 8, i -> () -> looks(company))
                .forEach(outcome -> assertThat(outcome.thrown()).isNull());

        assertThat(shares(company)).containsExactly(50, 75, 90);
        assertThat(mails(company)).containsExactly("[Test] Executions: 90 % used");
    }

    @Test
    @DisplayName("ALR-5: however far the clock jumps, each alert has the instant at which it was reached")
    void timeTravel() {
        Company company =
                pro().uses("executions", 6_000).uses("storage_mb", 20_000).withCard(Company.VISA);

        company.on("2026-06-05");

        List<Alert> all = alerts(company);
        assertThat(all)
                .filteredOn(alert -> "executions".equals(alert.meter()))
                .singleElement()
                .satisfies(alert -> assertThat(alert.triggeredAt()).isEqualTo(Dates.at("2026-02-10")));
        assertThat(all)
                .filteredOn(alert -> "storage_mb".equals(alert.meter())
                        && alert.period().start().equals(Dates.at("2026-01-31")))
                .extracting(alert -> alert.triggeredAt().truncatedTo(ChronoUnit.MINUTES))
                .as("20,000 MB since the 10th day: the mean is a half of 10,000 on day 13⅓, all of it on day 20")
                .containsExactly(
                        Dates.at("2026-02-13T08:00"),
                        Dates.at("2026-02-16"),
                        Dates.at("2026-02-18T04:21"),
                        Dates.at("2026-02-20"));
        assertThat(all)
                .filteredOn(alert -> "storage_mb".equals(alert.meter()))
                .as("four shares of each month that it stays, and those of the present one")
                .hasSize(5 * 4);
        assertThat(all).extracting(Alert::triggeredAt).isSorted();
        assertThat(mails(company)).hasSize(1 + 4 + 4);
        assertThat(company.invoices()).hasSize(4);
        Instant now = company.as(() -> world.clocks.current().now());
        assertThat(now).isEqualTo(Dates.at("2026-06-05"));
    }

    @Test
    @DisplayName("ALR-3: a larger plan in the middle of the month makes those shares news that were not reached yet")
    void planChange() {
        Company company = pro().withCard(Company.VISA).on("2026-02-14").uses("executions", 9_100);
        looks(company);
        assertThat(shares(company)).containsExactly(50, 75, 90);

        company.does(
                () -> world.settlement.changeNow(Tier.TEAM, BillingCycle.MONTHLY, SubscriptionEvent.Kind.UPGRADED));
        looks(company);
        assertThat(shares(company))
                .as("nothing of the larger allowance is reached")
                .hasSize(3);
        company.uses("executions", 50_000);
        looks(company);
        List<Alert> all = alerts(company);
        assertThat(all).hasSizeGreaterThan(3);
        assertThat(all.get(3).threshold()).isEqualTo(50);
        assertThat(all.get(3).bound()).isGreaterThan(all.get(2).bound());
        assertThat(all.get(3).period().start()).isEqualTo(all.get(2).period().start());
        assertThat(looks(company)).isZero();
    }

    @Test
    @DisplayName("ALR-1: a limit of the tenant's own counts, and on Free the present level of storage")
    void ownLimits() {
        Company company = pro().uses("executions", 95);
        looks(company);
        assertThat(alerts(company)).isEmpty();
        company.does(() -> world.settings.change(
                new TenantSettings.Change(Map.of(Setting.MAX_EXECUTIONS_PER_MONTH, 100L), Map.of())));
        Await.until("the timer to see the lower limit", () -> shares(company), shares -> !shares.isEmpty());
        assertThat(shares(company)).containsExactly(50, 75, 90);

        Company free = world.open(Tier.FREE, "2026-01-31").on("2026-02-10").uses("storage_mb", 1_000);
        looks(free);
        assertThat(shares(free)).containsExactly(50, 75, 90, 100);
    }

    @Test
    @DisplayName("ALR-8: a limit that refuses something is told of at once, unless it was far too large")
    void refused() {
        Company free = world.open(Tier.FREE, "2026-01-31").on("2026-02-10").uses("executions", 40);
        looks(free);
        assertThat(free.sends(event("too-large", "executions", "1000", Dates.at("2026-02-10")))
                        .rejected())
                .hasSize(1);
        free.uses("executions", 57);
        for (int i = 0; i < 20; i++) {
            assertThat(free.sends(event("refused-" + i, "executions", "5", Dates.at("2026-02-10")))
                            .accepted())
                    .isZero();
        }
        Await.until("it to be told", () -> shares(free), shares -> shares.contains(100));
        assertThat(alerts(free))
                .filteredOn(alert -> alert.threshold() == 100)
                .singleElement()
                .satisfies(alert -> assertThat(alert.value()).isEqualByComparingTo("97"));
        assertThat(looks(free.uses("executions", 3)))
                .as("all of it, told before")
                .isZero();
    }

    @Test
    @DisplayName("ALR-2: budgets of the overage, of one meter and of all that the month comes to")
    void budgets() {
        Company company = pro().uses("executions", 10_005);
        budget(company, Basis.OVERAGE, null, 100);
        budget(company, Basis.OVERAGE, "tokens", 100);
        BudgetView total = budget(company, Basis.TOTAL, null, 6_000);
        assertThat(total.spentCents()).isEqualTo(4_950);
        looks(company);
        assertThat(alerts(company))
                .filteredOn(alert -> alert.kind() == Alert.Kind.BUDGET)
                .extracting(alert -> alert.name() + " " + alert.threshold() + " " + alert.value())
                .containsExactly("Budget of overage 50 50", "Budget of total 50 4950", "Budget of total 75 4950");
        assertThat(mails(company)).containsExactly("[Test] Executions: 100 % used, and 2 more");

        company.does(() -> world.budgets.change(
                total.budget().id(),
                new Wanted("Less", Basis.TOTAL, null, 5_000, Thresholds.USUAL),
                total.budget().version()));
        looks(company);
        assertThat(mails(company)).endsWith("[Test] Budget Less: 90 % spent");
        assertRefused(
                Kind.CONFLICT,
                () -> company.does(() -> world.budgets.change(
                        total.budget().id(), new Wanted("Stale", Basis.TOTAL, null, 1, Thresholds.USUAL), 1L)));
        company.does(() -> world.budgets.delete(total.budget().id()));
        company.uses("executions", 10_000);
        looks(company);
        assertThat(alerts(company))
                .filteredOn(alert -> total.budget().id().equals(alert.budget()))
                .as("what it told stays known, and no more comes")
                .hasSize(3);
        assertRefused(Kind.INVALID, () -> budget(company, Basis.TOTAL, "tokens", 100));
        assertRefused(Kind.INVALID, () -> budget(company, Basis.OVERAGE, null, 0));
        assertRefused(Kind.INVALID, () -> budget(company, Basis.OVERAGE, "bananas", 1));
    }

    @Test
    @DisplayName(
            "ALR-1, ALR-6: other shares, a meter that is off, nobody who wants a mail; what was told is taken note of")
    void settings() {
        Company company = pro();
        AlertSettings chosen = chosen(new Thresholds(List.of(80)), Map.of("tokens", NEVER), List.of());
        assertThat(company.as(() -> world.alerts.change(chosen, 0L)).version()).isEqualTo(1);
        company.uses("executions", 7_999).uses("tokens", 9_999_999);
        looks(company);
        assertThat(alerts(company)).isEmpty();
        company.uses("executions", 1_000);
        looks(company);
        assertThat(shares(company)).containsExactly(80);
        assertThat(mails(company)).isEmpty();
        assertThat(alerts(company).get(0).mailedTo()).isEmpty();

        assertRefused(Kind.CONFLICT, () -> company.as(() -> world.alerts.change(AlertSettings.USUAL, 0L)));
        assertRefused(
                Kind.INVALID,
                () -> company.as(
                        () -> world.alerts.change(chosen(Thresholds.USUAL, Map.of("bananas", NEVER), List.of()), 1L)));
        assertRefused(
                Kind.INVALID,
                () -> company.as(
                        () -> world.alerts.change(chosen(Thresholds.USUAL, Map.of(), List.of("everybody")), 1L)));
        assertRefused(
                Kind.INVALID,
                () -> company.as(() -> world.alerts.change(
                        new AlertSettings(
                                Thresholds.USUAL,
                                Map.of(),
                                List.of(),
                                new AnomalySettings(Sensitivity.LOW, List.of("bananas"))),
                        1L)));

        Alert alert = alerts(company).get(0);
        company.does(() -> world.alerts.acknowledge(alert.id()));
        Alert noted = company.as(() -> world.alerts.acknowledge(alert.id()));
        assertThat(noted.acknowledgedBy()).isEqualTo(company.member().subject());
        assertThat(company.as(() -> world.alerts.list(true, new Page.Request(1, 10)))
                        .items())
                .isEmpty();
        Company other = pro();
        assertRefused(Kind.NOT_FOUND, () -> other.as(() -> world.alerts.acknowledge(alert.id())));
    }

    @Test
    @DisplayName(
            "ALR-4: the timer finds what was reached also where it is rolled up by then, and asks for nobody in vain")
    void theTimer() {
        Company calm = pro().uses("executions", 10);
        looks(calm);
        calm.uses("executions", 10);
        assertThat(World.OPERATOR.call(() -> world.alertWatch.candidates(100_000)))
                .doesNotContain(calm.id());
        Company busy = pro().uses("executions", 10).rollsUp();
        looks(busy);

        busy.uses("executions", 5_000).rollsUp();

        Await.until("the timer to tell", () -> shares(busy), shares -> !shares.isEmpty());
        assertThat(shares(busy)).containsExactly(50);
        assertThat(alerts(calm)).isEmpty();
    }

    @Test
    @DisplayName("ALR-7: a day far above what is usual is told of at once, once, also by eight that look together")
    void unusuallyHigh() {
        Company company = steady().uses("executions", 45);
        assertThat(looks(company)).isZero();
        company.uses("executions", 200);
        crowd.jammedAt("alerts", 8, i -> () -> looks(company))
                .forEach(outcome -> assertThat(outcome.thrown()).isNull());

        Alert alert = alerts(company).get(0);
        assertThat(alerts(company)).hasSize(1);
        assertThat(alert.kind()).isEqualTo(Alert.Kind.ANOMALY);
        assertThat(alert.anomaly().direction()).isEqualTo(Anomaly.Direction.HIGH);
        assertThat(alert.value()).isEqualByComparingTo("245");
        assertThat(alert.anomaly().usual()).isBetween(new BigDecimal(38), new BigDecimal(44));
        assertThat(alert.bound())
                .isEqualTo(alert.anomaly().high())
                .isBetween(alert.anomaly().usual(), new BigDecimal(100));
        assertThat(alert.anomaly().history()).hasSize(28).endsWith(new BigDecimal(20), new BigDecimal(40));
        assertThat(alert.period().start()).isEqualTo(Dates.at("2026-03-31"));
        assertThat(told(company)).containsExactly("[Test] Executions: unusually high");

        company.uses("executions", 1000)
                .on("2026-04-01")
                .uses("executions", 1300)
                .on("2026-04-02");
        assertThat(alerts(company)).as("the same day, and a day like it").hasSize(1);
        company.uses("executions", 3000).on("2026-04-03");
        assertThat(alerts(company))
                .filteredOn(later -> later.kind() == Alert.Kind.ANOMALY)
                .as("more than half as much again")
                .hasSize(2);
    }

    @Test
    @DisplayName("ALR-4, ALR-7: the timer finds a high day by its counter, and asks for nobody in vain")
    void theTimerAndTheDays() {
        Company company = steady().uses("executions", 45);
        looks(company);
        company.uses("executions", 10);
        assertThat(World.OPERATOR.call(() -> world.alertWatch.candidates(100_000)))
                .doesNotContain(company.id());
        company.uses("executions", 200);
        Await.until("the timer to tell", () -> alerts(company), alerts -> !alerts.isEmpty());

        Company calm = steady();
        calm.as(() -> world.alerts.change(
                new AlertSettings(
                        Thresholds.USUAL, Map.of(), List.of(), new AnomalySettings(Sensitivity.OFF, List.of())),
                0L));
        assertThat(looks(calm.uses("executions", 1000))).isZero();
        calm.as(() -> world.alerts.change(
                new AlertSettings(
                        Thresholds.USUAL,
                        Map.of(),
                        List.of(),
                        new AnomalySettings(Sensitivity.HIGH, List.of("executions"))),
                1L));
        assertThat(looks(calm)).isZero();
        calm.as(() -> world.alerts.change(
                new AlertSettings(
                        Thresholds.USUAL,
                        Map.of(),
                        List.of(),
                        new AnomalySettings(Sensitivity.HIGH, List.of("tokens"))),
                2L));
        Await.until("somebody to look", () -> alerts(calm), alerts -> !alerts.isEmpty());
        assertThat(alerts(calm).get(0).mailedTo()).isEmpty();
    }

    @Test
    @DisplayName("ALR-5, ALR-7: a meter that stops is told of twelve hours after the day, once")
    void stopped() {
        Company company = steady().on("2026-04-24");
        reports(company, "2026-03-31", "2026-04-23");
        company.on("2026-04-29");
        assertThat(alerts(company)).singleElement().satisfies(alert -> {
            assertThat(alert.anomaly().direction()).isEqualTo(Anomaly.Direction.STOPPED);
            assertThat(alert.period().start()).isEqualTo(Dates.at("2026-04-24"));
            assertThat(alert.triggeredAt()).isEqualTo(Dates.at("2026-04-25T12:00"));
            assertThat(alert.value()).isZero();
        });
        assertThat(told(company)).containsExactly("[Test] Executions: unusually low");
    }

    @Test
    @DisplayName("ALR-7: a day without anything is told of at noon, also where the day after it was told of before")
    void theDayBefore() {
        Company company = steady().on("2026-04-24");
        reports(company, "2026-03-31", "2026-04-22");
        company.on("2026-04-24T09:00").uses("executions", 300);
        looks(company);
        company.on("2026-04-24T13:00");
        assertThat(alerts(company))
                .extracting(alert ->
                        alert.anomaly().direction() + " " + alert.period().start())
                .containsExactlyInAnyOrder("HIGH 2026-04-24T00:00:00Z", "STOPPED 2026-04-23T00:00:00Z");
    }

    private List<String> told(Company company) {
        return owner.query(
                "SELECT subject FROM mails WHERE recipient = ? AND subject LIKE '%unusually%' ORDER BY created_at, id",
                row -> row.getString(1), company.as(world.tenants::current).billingEmail());
    }

    /** On the 31st of March with some executions on each day of the month before it. */
    private Company steady() {
        Company company =
                world.open(Tier.PRO, "2026-02-28").withCard(Company.VISA).on("2026-03-31");
        reports(company, "2026-03-01", "2026-03-30");
        return company;
    }

    private static void reports(Company company, String first, String last) {
        UsageEvent[] days = LocalDate.parse(first)
                .datesUntil(LocalDate.parse(last).plusDays(1))
                .map(day -> event(
                        "day-" + day,
                        "executions",
                        String.valueOf(day.getDayOfWeek().getValue() > 5 ? 20 : 40 + day.getDayOfMonth() % 2),
                        day.atTime(12, 0).toInstant(ZoneOffset.UTC)))
                .toArray(UsageEvent[]::new);
        assertThat(company.sends(days).accepted()).isEqualTo(days.length);
    }
}
