package com.cognitionos.container;

import static com.cognitionos.container.Company.event;
import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.container.Crowd.Outcome;
import com.cognitionos.entitlement.entity.Entitlement;
import com.cognitionos.entitlement.entity.Entitlement.Reason;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.IngestResult;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.boundary.Reservation;
import com.cognitionos.metering.boundary.Usage.Granularity;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.entity.Setting;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Entitlements")
class EntitlementIT extends InContainer {

    private static final String REFUSED = "entitlement_exceeded";

    @Inject
    private Rights rights;

    @Inject
    private Workshop workshop;

    @EJB
    private TransactionalWorkshop transactional;

    // Reservations

    @Test
    @DisplayName("MET-8: of 500 callers at once on a limit of 100 exactly 100 get their reservation")
    void fiveHundredAtOnce() {
        Company company = world.open(Tier.FREE, "2026-01-31");

        List<Outcome<Reservation>> outcomes = crowd.atOnce(500, i -> () -> rights.reserve(company, "executions", 1));

        assertThat(outcomes.stream().filter(Outcome::succeeded)).hasSize(100);
        assertThat(outcomes.stream().filter(outcome -> !outcome.succeeded()).map(Outcome::thrown))
                .allSatisfy(thrown -> assertThat(((Problem) thrown).code()).isEqualTo(REFUSED));
        assertThat(rights.of(company, "executions"))
                .satisfies(e -> assertThat(e.allowed()).isFalse())
                .satisfies(e -> assertThat(e.reserved()).isEqualByComparingTo("100"));
    }

    @Test
    @DisplayName("MET-8: reservations, events and a rollup together never get past a limit, and reach it")
    void everyWayIn() {
        Company company = world.open(Tier.FREE, "2026-01-31");

        crowd.allAtOnce(9, i -> () -> {
            for (int n = 0; n < 20; n++) {
                if (i == 0) {
                    company.rollsUp();
                } else if (i % 2 == 0) {
                    company.sends(event(i + "-" + n, "executions", "1", Dates.at("2026-01-31")));
                } else {
                    try {
                        Reservation held = rights.reserve(company, "executions", 1);
                        company.does(() -> rights.entitlements.commit("executions", held.id(), null));
                    } catch (Problem full) {
                        assertThat(full.code()).isEqualTo(REFUSED);
                    }
                }
            }
            return null;
        });

        assertThat(company.usage("executions", "2026-01-31", "2026-02-28")).isEqualByComparingTo("100");
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName("MET-8: a reservation is committed once, in whole or in part, and the rest is free again")
    void commitOnce() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        Reservation held = rights.reserve(company, "executions", 60);

        company.does(() -> {
            assertRefused(Kind.PAYMENT_REQUIRED, () -> rights.reserve(company, "executions", 41));
            assertRefused(Kind.INVALID, () -> rights.entitlements.commit("executions", held.id(), decimal("60.1")));
            assertRefused(Kind.INVALID, () -> rights.entitlements.commit("executions", held.id(), decimal("-1")));
            assertRefused(Kind.NOT_FOUND, () -> rights.entitlements.commit("tokens", held.id(), null));
            assertRefused(Kind.NOT_FOUND, () -> rights.entitlements.release("executions", UUID.randomUUID()));

            Reservation done = rights.entitlements.commit("executions", held.id(), decimal("20"));

            assertThat(done.state()).isEqualTo("committed");
            assertThat(done.committed()).isEqualByComparingTo("20");
            assertThat(rights.entitlements.commit("executions", held.id(), decimal("20.0")))
                    .isEqualTo(done);
            assertRefused(Kind.CONFLICT, () -> rights.entitlements.commit("executions", held.id(), null));
            assertRefused(Kind.CONFLICT, () -> rights.entitlements.release("executions", held.id()));
        });
        assertThat(company.usage("executions", "2026-01-31", "2026-02-28")).isEqualByComparingTo("20");
        assertThat(rights.of(company, "executions").remaining()).isEqualByComparingTo("80");
        assertThat(company.sends(event(held.id().toString(), "executions", "1", Dates.at("2026-01-31")))
                        .rejected())
                .as("the reservation's id is a usage event's")
                .extracting(Rejection::code)
                .containsExactly("id_conflict");
    }

    @Test
    @DisplayName("MET-8: eight commits of one reservation at once count once")
    void concurrentCommits() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        Reservation held = rights.reserve(company, "executions", 5);

        crowd.allAtOnce(8, i -> () -> company.as(() -> rights.entitlements.commit("executions", held.id(), null)));

        assertThat(company.usage("executions", "2026-01-31", "2026-02-28")).isEqualByComparingTo("5");
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName("MET-8: what is released is free again, and cannot be committed")
    void release() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        Reservation held = rights.reserve(company, "executions", 100);

        company.does(() -> {
            assertThat(rights.entitlements.release("executions", held.id()).state())
                    .isEqualTo("released");
            assertThat(rights.entitlements.release("executions", held.id()).state())
                    .isEqualTo("released");
            assertRefused(Kind.CONFLICT, () -> rights.entitlements.commit("executions", held.id(), null));
        });
        assertThat(rights.reserve(company, "executions", 100).state()).isEqualTo("held");
    }

    @Test
    @DisplayName(
            "MET-8: a crashed caller's reservation expires: for the next caller at once, for the rest by the timer")
    void expiry() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        Company idle = world.open(Tier.FREE, "2026-01-31");
        Reservation held = rights.reserve(company, "executions", 100);
        rights.reserve(idle, "tokens", 100_000);
        assertRefused(Kind.PAYMENT_REQUIRED, () -> rights.reserve(company, "executions", 1));
        for (Company each : List.of(company, idle)) {
            owner.update(
                    "UPDATE usage_reservations SET expires_at = ? WHERE tenant_id = ?",
                    Instant.now().minusSeconds(1),
                    each.id());
        }

        assertThat(company.sends(event("e", "executions", "60", Dates.at("2026-01-31")))
                        .accepted())
                .isEqualTo(1);
        assertThat(rights.reserve(company, "executions", 40).state()).isEqualTo("held");
        company.does(
                () -> assertRefused(Kind.CONFLICT, () -> rights.entitlements.commit("executions", held.id(), null)));
        Await.until(
                "the timer to give back",
                () -> owner.count("SELECT sum(reserved)::bigint FROM usage_counters WHERE tenant_id = ?", idle.id()),
                reserved -> reserved == 0);
    }

    @Test
    @DisplayName("MET-8: a quantity that was reserved before the month ended counts in that month")
    void commitAfterTheMonth() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-02-27");
        company.uses("executions", 10_000);
        Reservation held = rights.reserve(company, "executions", 7);
        company.on("2026-03-01");

        company.does(() -> rights.entitlements.commit("executions", held.id(), null));

        assertThat(company.usage("executions", "2026-01-31", "2026-02-28")).isEqualByComparingTo("10007");
        assertThat(company.on("2026-04-01").totals()).containsExactly(4_900L, 4_970L);
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName("KER-2: another tenant's reservation is not there")
    void reservationsAreOnesOwn() {
        Reservation theirs = rights.reserve(world.open(Tier.FREE, "2026-01-31"), "executions", 1);
        Company other = world.open(Tier.FREE, "2026-01-31");

        other.does(() -> {
            assertRefused(Kind.NOT_FOUND, () -> rights.entitlements.commit("executions", theirs.id(), null));
            assertRefused(Kind.NOT_FOUND, () -> rights.entitlements.release("executions", theirs.id()));
        });
    }

    @Test
    @DisplayName("MET-8: bounds of quantity and time, and what cannot be reserved")
    void bounds() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        company.does(() -> {
            for (String quantity : List.of("0", "-1", "0.0000001", "1000000000000001")) {
                assertRefused(
                        Kind.INVALID,
                        () -> rights.entitlements.reserve("executions", decimal(quantity), Duration.ofSeconds(60)));
            }
            for (long ttl : new long[] {0, 86_401}) {
                assertRefused(
                        Kind.INVALID,
                        () -> rights.entitlements.reserve("executions", BigDecimal.ONE, Duration.ofSeconds(ttl)));
            }
            for (String feature : List.of("storage_mb", "seats", "plugins", "api_v4")) {
                assertRefused(Kind.INVALID, () -> rights.reserve(company, feature, 1));
            }
            assertRefused(Kind.NOT_FOUND, () -> rights.reserve(company, "bananas", 1));
            assertRefused(Kind.NOT_FOUND, () -> rights.of(company, "bananas"));
        });
    }

    // Limits

    @Test
    @DisplayName("MET-6: a tenant's own limits are enforced, below the plan's and above it, and shown as such")
    void settingsAreLimits() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        set(company, Setting.MAX_EXECUTIONS_PER_MONTH, 50L);
        set(company, Setting.MAX_STORAGE_GB, 2L);
        Instant now = Dates.at("2026-01-31");

        IngestResult result = company.sends(
                event("a", "executions", "50", now),
                event("b", "executions", "1", now),
                event("c", "storage_mb", "2000", now),
                event("d", "storage_mb", "2001", now));

        assertThat(result.accepted()).isEqualTo(2);
        assertThat(result.rejected()).extracting(Rejection::code).containsExactly(REFUSED, REFUSED);
        assertThat(result.rejected().get(0).detail())
                .isEqualTo("The tenant's settings allow 50 executions a month and this would make it 51.");
        assertThat(rights.of(company, "executions"))
                .satisfies(e -> assertThat(e.limit()).isEqualByComparingTo("50"))
                .satisfies(e -> assertThat(e.hardLimit()).isTrue())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.LIMIT_REACHED))
                .satisfies(e -> assertThat(e.resetAt()).isEqualTo(Dates.at("2026-02-28")));
        World.OPERATOR
                .in(company.id())
                .run(() -> world.settings.change(
                        new TenantSettings.Change(Map.of(Setting.MAX_EXECUTIONS_PER_MONTH, 20_000L), Map.of())));
        assertThat(company.uses("executions", 19_950).usage("executions", "2026-01-31", "2026-02-28"))
                .isEqualByComparingTo("20000");
        assertThat(company.sends(event("e", "executions", "1", now)).accepted()).isZero();
    }

    @Test
    @DisplayName("MET-6: the usage page's limit is the one that is enforced")
    void shownLimit() {
        Company company = world.open(Tier.PRO, "2026-01-31").uses("executions", 25);
        set(company, Setting.MAX_EXECUTIONS_PER_MONTH, 50L);

        assertThat(company.as(rights.totals::current).metrics())
                .filteredOn(metric -> metric.meter().equals("executions"))
                .singleElement()
                .satisfies(metric -> {
                    assertThat(metric.limit()).isEqualByComparingTo("50");
                    assertThat(metric.percentage()).isEqualByComparingTo("50");
                    assertThat(metric.hardLimit()).isTrue();
                });
    }

    @Test
    @DisplayName("ENT-1: seats, keys and switches show what the plan and the settings give")
    void otherFeatures() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        company.does(() -> world.keys.issue("k", List.of("usage:write"), null, null));

        assertThat(rights.of(company, "api_keys"))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Entitlement.Kind.STATIC))
                .satisfies(e -> assertThat(e.currentUsage()).isEqualByComparingTo("1"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.LIMIT_REACHED));
        assertThat(rights.of(company, "agents").remaining()).isEqualByComparingTo("2");
        assertThat(rights.of(company, "plugins").reason()).isEqualTo(Reason.NOT_IN_PLAN);
        set(company, Setting.ENABLE_PLUGINS, true);
        assertThat(rights.of(company, "plugins").allowed())
                .as("by the operator")
                .isTrue();
        set(company, Setting.MAX_AGENTS, 0L);
        assertThat(rights.of(company, "agents").allowed()).isFalse();
        assertThat(company.as(rights.entitlements::all))
                .extracting(Entitlement::feature)
                .contains("executions", "storage_mb", "seats", "sso", "api_v4")
                .doesNotContain("plugins_enabled")
                .doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("MET-10: past due goes on for 7 days, then nothing is allowed; without a subscription nothing either")
    void notEntitled() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.FAILING).on("2026-03-01");
        assertThat(company.subscription().status()).isEqualTo("past_due");
        Instant since = owner.query(
                        "SELECT past_due_since FROM subscriptions WHERE tenant_id = ?",
                        row -> Sql.instant(row, "past_due_since"),
                        company.id())
                .get(0);
        assertThat(rights.of(company, "executions").allowed()).isTrue();
        owner.update(
                "UPDATE test_clocks SET now = ? WHERE tenant_id = ?", since.plus(7, ChronoUnit.DAYS), company.id());

        assertThat(rights.of(company, "executions"))
                .satisfies(e -> assertThat(e.allowed()).isFalse())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PAST_DUE));
        assertThat(rights.of(company, "plugins").allowed()).isFalse();
        assertRefused(Kind.PAYMENT_REQUIRED, () -> rights.reserve(company, "executions", 1));
        assertThat(company.sends(
                                event("late", "executions", "1", since),
                                event("now", "executions", "1", since.plus(7, ChronoUnit.DAYS)))
                        .rejected())
                .as("what was used within the grace still counts")
                .extracting(Rejection::index)
                .containsExactly(1);

        company.does(() -> world.settlement.cancelNow(null));
        assertThat(rights.of(company, "executions").reason()).isEqualTo(Reason.NO_SUBSCRIPTION);
        assertThat(rights.of(company, "seats").allowed()).isFalse();
        assertRefused(Kind.PAYMENT_REQUIRED, () -> rights.reserve(company, "executions", 1));
    }

    // The spending cap

    @Test
    @DisplayName("MET-9: eight threads on two meters never spend more than the cap, and the invoice says so")
    void capUnderConcurrency() {
        Company company = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        company.uses("executions", 10_000).uses("tokens", 10_000_000);
        rights.cap(company, 105L);

        crowd.allAtOnce(8, i -> () -> {
            for (int n = 0; n < 10; n++) {
                boolean tokens = (i + n) % 2 == 0;
                if (i < 6) {
                    company.sends(event(
                            i + "-" + n,
                            tokens ? "tokens" : "executions",
                            tokens ? "2500" : "1",
                            Dates.at("2026-01-31")));
                } else {
                    try {
                        rights.reserve(company, "executions", 1);
                    } catch (Problem full) {
                        assertThat(full.code()).isEqualTo(REFUSED);
                    }
                }
            }
            return null;
        });

        assertThat(company.as(rights.entitlements::spendingCap).spentCents()).isBetween(96L, 105L);
        assertThat(rights.of(company, "executions").reason()).isIn(Reason.SPENDING_CAP_REACHED, Reason.OVERAGE);
        long overage = company.on("2026-03-01").totals().get(0) - 4_900;
        assertThat(overage).isBetween(1L, 105L);
    }

    @Test
    @DisplayName("MET-8, MET-9: under a cap those who reserve of several meters do not wait for each other in a ring")
    void capOnReservationsOfSeveralMeters() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        rights.cap(company, 100_000L);
        List<String> reserved = List.of("executions", "tokens", "plugin_calls");
        reserved.forEach(meter -> rights.reserve(company, meter, 1));
        for (int round = 0; round < 3; round++) {
            assertThat(crowd.jammedAt("usage_counters", 6, i -> () -> rights.reserve(company, reserved.get(i % 3), 1)))
                    .allSatisfy(outcome -> assertThat(outcome.thrown()).isNull());
        }
    }

    @Test
    @DisplayName("MET-9: at the cap usage that costs is refused, what is included goes on; lifted it flows again")
    void capAndBack() {
        Company company = world.open(Tier.PRO, "2026-01-31").uses("executions", 10_000);
        rights.cap(company, 20L);
        Instant now = Dates.at("2026-01-31");

        IngestResult result = company.sends(
                event("a", "executions", "2", now),
                event("b", "executions", "1", now),
                event("c", "tokens", "10000000", now),
                event("d", "tokens", "500", now),
                event("e", "plugin_calls", "7", now));

        assertThat(result.rejected()).extracting(Rejection::index).containsExactly(1, 3);
        assertThat(result.rejected().get(0).detail())
                .isEqualTo("The spending cap is 20 cents of overage a month and this would make it 30.");
        assertThat(rights.of(company, "executions").reason()).isEqualTo(Reason.SPENDING_CAP_REACHED);
        rights.cap(company, null);
        assertThat(company.sends(event("b", "executions", "1", now)).accepted()).isEqualTo(1);
        assertRefused(Kind.INVALID, () -> rights.cap(company, -1L));
    }

    @Test
    @DisplayName("MET-9: a level counts to the month's end, so a cap holds without a further event")
    void capOnALevel() {
        // 28 days; 10000 MB are included and 1024 MB above them cost 50 cents a month
        Company company = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        rights.cap(company, 50L);
        Instant start = Dates.at("2026-01-31");

        assertThat(company.sends(event("too much", "storage_mb", "11100", start))
                        .accepted())
                .isZero();
        assertThat(company.sends(event("fits", "storage_mb", "11024", start)).accepted())
                .isEqualTo(1);
        company.on("2026-02-14");
        assertThat(company.sends(event("more", "storage_mb", "11124", Dates.at("2026-02-14")))
                        .accepted())
                .isZero();
        assertThat(company.sends(event("less", "storage_mb", "5000", Dates.at("2026-02-14")))
                        .accepted())
                .isEqualTo(1);
        assertThat(company.sends(event("x", "executions", "10002", Dates.at("2026-02-14")))
                        .accepted())
                .as("a level that fell has made room")
                .isEqualTo(1);
        assertThat(company.on("2026-03-01").totals()).containsExactly(4_920L);
    }

    @Test
    @DisplayName("MET-9: API calls stop at the cap too")
    void capOnCalls() {
        Company company = world.open(Tier.PRO, "2026-01-31").uses("api_calls", 99_995);
        rights.cap(company, 1L);
        // 0.1 cents each: 14 above the included ones are 1.4, rounded to the cap; one more would be 1.5
        List<Outcome<Object>> calls = crowd.atOnce(24, i -> () -> {
            rights.call(company, "cog_aaaaaaaa");
            return null;
        });

        assertThat(calls.stream().filter(Outcome::succeeded)).hasSize(19);
        assertThat(company.usage("api_calls", "2026-01-31", "2026-02-28")).isEqualByComparingTo("100014");
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName("MET-9: a cap binds calls at once, those before it included; taken away, it does not")
    void capWhileCalling() {
        Company company = world.open(Tier.PRO, "2026-01-31").uses("api_calls", 99_990);
        rights.call(company, "cog_aaaaaaaa");
        rights.call(company, "cog_aaaaaaaa");

        rights.cap(company, 0L);
        // 4 above the included ones are 0.4 cents, which round to nothing.
        assertThat(crowd
                        .atOnce(24, i -> () -> {
                            rights.call(company, "cog_aaaaaaaa");
                            return null;
                        })
                        .stream()
                        .filter(Outcome::succeeded))
                .hasSize(12);
        rights.cap(company, null);
        rights.call(company, "cog_aaaaaaaa");

        assertThat(company.usage("api_calls", "2026-01-31", "2026-02-28")).isEqualByComparingTo("100005");
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName("INV-9: a forecast knows no pace before a day has passed")
    void forecastOfAFirstHour() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").on("2026-01-31T00:01").uses("executions", 1_000);
        assertThat(company.as(rights.totals::current).projectedCents())
                .as("28 days of 1,000, of which 10,000 are included")
                .isEqualTo(4_900 + 18_000 * 10);
    }

    // API calls

    @Test
    @DisplayName("MET-11: of 60 calls at once where 30 are left exactly 30 pass, beside rollups and readers")
    void hardLimitedCalls() {
        Company company = world.open(Tier.FREE, "2026-01-31").uses("api_calls", 970);

        List<Outcome<Object>> calls = crowd.atOnce(60, i -> () -> {
            rights.call(company, "cog_" + i % 2);
            if (i % 7 == 0) {
                company.usage("api_calls", "2026-01-31", "2026-02-28");
            }
            return null;
        });

        assertThat(calls.stream().filter(Outcome::succeeded)).hasSize(30);
        assertThat(calls.stream().filter(call -> !call.succeeded()).map(Outcome::thrown))
                .allSatisfy(thrown -> assertThat(((Problem) thrown).code()).isEqualTo(REFUSED));
        assertThat(problemOf(() -> rights.call(company, "cog_1")).getMessage())
                .isEqualTo("The plan free includes 1000 api_calls a month and this would make it 1001.");
        assertThat(company.usage("api_calls", "2026-01-31", "2026-02-28")).isEqualByComparingTo("1000");
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName("MET-11: a call shows at once, under its key, and belongs to the month it was made in")
    void callsAreUsage() {
        Company company = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        company.uses("api_calls", 100_000);
        for (int i = 0; i < 20; i++) {
            rights.call(company, i < 15 ? "cog_aaaaaaaa" : "cog_bbbbbbbb");
        }

        assertThat(company.as(() -> world.usage.series(
                                "api_calls",
                                Dates.at("2026-01-31"),
                                Dates.at("2026-02-01"),
                                Granularity.DAY,
                                "subject"))
                        .points())
                .filteredOn(point -> point.group().startsWith("cog_"))
                .extracting(point -> point.group() + " " + point.quantity())
                .containsExactly("cog_aaaaaaaa 15", "cog_bbbbbbbb 5");
        for (int i = 0; i < 30; i++) {
            rights.call(company, "cog_aaaaaaaa");
        }
        assertThat(company.on("2026-03-01").totals())
                .as("50 calls above the included ones are 5 cents")
                .containsExactly(4_905L);
        rights.call(company, "cog_aaaaaaaa");
        assertThat(company.usage("api_calls", "2026-02-28", "2026-03-31")).isEqualByComparingTo("1");
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName("MET-11: the timer makes records of calls that nobody asks about")
    void callsAreFlushed() {
        Company company = world.open(Tier.ENTERPRISE, "2026-01-31");
        rights.call(company, "cog_aaaaaaaa");

        Await.until(
                "the tail to be empty",
                () -> owner.count("SELECT count(*) FROM usage_records WHERE tenant_id = ?", company.id())
                        - owner.count("SELECT count(*) FROM api_call_tail WHERE tenant_id = ?", company.id()),
                records -> records == 1);
    }

    @Test
    @DisplayName("MET-11: calls, readers and the end of months at once: each call is in one month, none late")
    void callsWhileMonthsEnd() {
        Company company = world.open(Tier.TEAM, "2026-01-31").withCard(Company.VISA);
        List<String> months = List.of("2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31");

        crowd.allAtOnce(6, i -> () -> {
            if (i == 0) {
                months.forEach(company::on);
            } else {
                for (int n = 0; n < 40; n++) {
                    rights.call(company, "cog_" + i);
                }
            }
            return null;
        });

        assertThat(company.usage("api_calls", "2026-01-31", "2026-06-30")).isEqualByComparingTo("200");
        assertThat(owner.count("SELECT count(*) FROM late_usage WHERE tenant_id = ?", company.id()))
                .isZero();
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName("MET-11: without a live subscription calls are open and not counted")
    void callsWithoutSubscription() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-10");
        company.does(() -> world.settlement.cancelNow(null));

        rights.call(company, "cog_aaaaaaaa");

        assertThat(owner.count("SELECT count(*) FROM api_call_tail WHERE tenant_id = ?", company.id()))
                .isZero();
    }

    // The counters

    @ParameterizedTest(name = "history {0}")
    @ValueSource(longs = {4, 5, 6, 7, 8, 9, 10})
    @Tag("nightly")
    @DisplayName("MET-12: after more histories every counter equals the records of its month")
    void countersAreSumsForLong(long seed) {
        countersAreSums(seed);
    }

    @ParameterizedTest(name = "history {0}")
    @ValueSource(longs = {1, 2, 3})
    @DisplayName("MET-12: after any history every counter equals the records of its month")
    void countersAreSums(long seed) {
        Random random = new Random(seed);
        Tier tier = List.of(Tier.PRO, Tier.TEAM, Tier.FREE).get(random.nextInt(3));
        Company company = world.open(
                tier,
                random.nextBoolean() ? BillingCycle.MONTHLY : BillingCycle.YEARLY,
                random.nextInt(3) == 0 ? 0 : 14,
                "2026-01-31T10:15:30");
        if (random.nextBoolean()) {
            company.withCard(Company.VISA);
        }
        Instant now = Dates.at("2026-01-31T10:15:30");
        List<UsageEvent> sent = new ArrayList<>();
        List<Reservation> held = new ArrayList<>();
        for (int step = 0; step < 25; step++) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    now = now.plus(random.nextInt(9 * 24 * 60), ChronoUnit.MINUTES);
                    Instant to = now;
                    World.OPERATOR.in(company.id()).run(() -> world.settlement.carryTo(to, null));
                }
                case 1, 2 -> {
                    UsageEvent[] batch = new UsageEvent[1 + random.nextInt(8)];
                    for (int i = 0; i < batch.length; i++) {
                        batch[i] = !sent.isEmpty() && random.nextInt(4) == 0
                                ? sent.get(random.nextInt(sent.size()))
                                : event(
                                        World.unique("e"),
                                        List.of("executions", "tokens", "api_calls", "storage_mb")
                                                .get(random.nextInt(4)),
                                        random.nextInt(40) + "." + random.nextInt(1_000_000),
                                        now.minus(random.nextInt(34 * 24 * 60) - 59L, ChronoUnit.MINUTES));
                        sent.add(batch[i]);
                    }
                    company.sends(batch);
                }
                case 3 -> rights.call(company, "cog_" + random.nextInt(3));
                case 4 -> {
                    try {
                        held.add(rights.reserve(company, "executions", 1 + random.nextInt(9)));
                    } catch (Problem full) {
                        assertThat(full.code()).isEqualTo(REFUSED);
                    }
                }
                default -> {
                    if (!held.isEmpty()) {
                        Reservation one = held.remove(random.nextInt(held.size()));
                        company.does(() -> {
                            if (random.nextBoolean()) {
                                rights.entitlements.commit("executions", one.id(), BigDecimal.ONE);
                            } else {
                                rights.entitlements.release("executions", one.id());
                            }
                        });
                    }
                }
            }
            assertCountersEqualRecords(company);
        }
        assertThat(owner.count("SELECT count(*) FROM usage_counters WHERE tenant_id = ?", company.id()))
                .isPositive();
    }

    private record Counted(String meter, Period month, BigDecimal used, BigDecimal reserved) {}

    private void assertCountersEqualRecords(Company company) {
        company.as(() -> world.usage.inPeriod(new Period(Dates.at("2026-01-01"), Dates.at("2026-01-02"))));
        List<Counted> counters = owner.query(
                "SELECT * FROM usage_counters WHERE tenant_id = ? ORDER BY meter, period_start",
                row -> new Counted(
                        row.getString("meter"),
                        new Period(Sql.instant(row, "period_start"), Sql.instant(row, "period_end")),
                        row.getBigDecimal("used"),
                        row.getBigDecimal("reserved")),
                company.id());
        Map<Period, Map<String, BigDecimal>> sums = new HashMap<>();
        assertThat(counters)
                .allSatisfy(counter -> assertThat(counter.used())
                        .as("%s in %s", counter.meter(), counter.month())
                        .isEqualByComparingTo(sums.computeIfAbsent(
                                        counter.month(), month -> company.as(() -> world.usage.inPeriod(month)))
                                .getOrDefault(counter.meter(), BigDecimal.ZERO)));
        assertThat(counters.stream().map(Counted::reserved).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(owner.query(
                                "SELECT coalesce(sum(quantity), 0) FROM usage_reservations WHERE tenant_id = ? AND state = 'held'",
                                row -> row.getBigDecimal(1),
                                company.id())
                        .get(0));
    }

    @ParameterizedTest(name = "seed {0}")
    @DisplayName("MET-16: what is kept of a tenant says what a transaction finds, whatever changes, and holds as much")
    @ValueSource(longs = {1, 2, 3})
    void keptStandings(long seed) {
        Random random = new Random(seed);
        Tier tier = seed == 1 ? Tier.FREE : Tier.PRO;
        Company company = world.open(tier, BillingCycle.MONTHLY, seed == 2 ? 14 : 0, "2026-01-31")
                .withCard(Company.VISA);
        rights.of(company, "executions");
        assertThat(company.as(() -> rights.allowances.lookAtOnce("executions", BigDecimal.ONE)))
                .as("there is something to compare")
                .isPresent();
        assertThat(company.as(() -> rights.allowances.reserveAtOnce("executions", BigDecimal.ONE, Duration.ofHours(1))))
                .isPresent();
        assertThat(company.as(() -> probe.together(() -> rights.allowances.lookAtOnce("executions", BigDecimal.ONE))))
                .as("what a transaction has done nobody else sees")
                .isEmpty();
        Instant now = Dates.at("2026-01-31");
        for (int step = 0; step < 40; step++) {
            boolean before = isKept(company);
            int kind = random.nextInt(8);
            switch (kind) {
                case 0 -> {
                    now = now.plus(random.nextInt(12 * 24 * 60), ChronoUnit.MINUTES);
                    Instant to = now;
                    World.OPERATOR.in(company.id()).run(() -> world.settlement.carryTo(to, null));
                }
                case 1 -> set(company, Setting.MAX_EXECUTIONS_PER_MONTH, 1L + random.nextInt(30));
                case 2 -> set(company, Setting.MAX_STORAGE_GB, 1L + random.nextInt(2));
                case 3 -> rights.cap(company, random.nextBoolean() ? null : (long) random.nextInt(2_000));
                case 4 ->
                    tries(() -> company.does(() -> world.settlement.amend(
                            new Amendment.ToPlan(
                                    random.nextBoolean() ? Tier.TEAM : Tier.PRO, BillingCycle.MONTHLY, null),
                            Amendment.Effective.NOW)));
                case 5 -> {
                    tries(() -> company.does(() -> world.settlement.pause(null)));
                    assertSameKept(company, random);
                    tries(() -> company.does(() -> world.settlement.resume()));
                }
                default -> company.sends(event(World.unique("e"), "executions", "" + random.nextInt(5), now));
            }
            assertSameKept(company, random);
            if (before && (kind == 1 || kind == 2 || kind > 5)) {
                assertThat(isKept(company))
                        .as("read again after other limits or more usage")
                        .isTrue();
            }
        }
    }

    private boolean isKept(Company company) {
        return company.as(() -> rights.allowances.lookAtOnce("executions", BigDecimal.ONE))
                .isPresent();
    }

    @Test
    @DisplayName("MET-16: what is kept of a month says nothing of another one, and holds nothing for it")
    void keptIsOfItsMonth() {
        Company full = world.open(Tier.FREE, "2026-01-31").uses("executions", 100);
        rights.of(full, "executions");
        assertThat(isKept(full)).isTrue();
        assertThat(rights.of(full, "executions").allowed()).isFalse();
        setClock(full, "2026-03-01");
        assertThat(rights.of(full, "executions"))
                .isEqualTo(full.as(() -> probe.together(() -> rights.of(full, "executions"))))
                .satisfies(next -> assertThat(next.allowed()).isTrue())
                .satisfies(next -> assertThat(next.currentUsage()).isZero());

        Company company = world.open(Tier.FREE, "2026-01-31").on("2026-03-05").uses("executions", 1);
        rights.reserve(company, "executions", 1);
        assertThat(isKept(company)).isTrue();
        for (String outside : List.of("2026-02-20", "2026-04-01")) {
            setClock(company, outside);
            company.as(() -> catchThrowable(() -> rights.reserve(company, "executions", 1)));
            assertThat(owner.count(
                            "SELECT sum(reserved)::bigint FROM usage_counters WHERE tenant_id = ? AND period_start = ?",
                            company.id(),
                            Dates.at("2026-02-28")))
                    .as(outside)
                    .isEqualTo(1);
        }
    }

    private void setClock(Company company, String day) {
        owner.update("UPDATE test_clocks SET now = ? WHERE tenant_id = ?", Dates.at(day), company.id());
    }

    private static void tries(Runnable change) {
        try {
            change.run();
        } catch (Problem refused) {
            assertThat(refused.kind()).isEqualTo(Kind.CONFLICT);
        }
    }

    private void assertSameKept(Company company, Random random) {
        // Holds first: a look would let go of what does not hold any more.
        boolean allowed = company.as(() -> probe.together(() -> rights.of(company, "executions")))
                .allowed();
        assertThat(catchThrowable(() -> rights.reserve(company, "executions", 1)) == null)
                .as("reserved")
                .isEqualTo(allowed);
        BigDecimal quantity = new BigDecimal(random.nextInt(8) + ".5");
        // The first again: its first look may have to read what the second one goes by.
        for (String meter : List.of("executions", "storage_mb", "tokens", "executions")) {
            Entitlement found = company.as(() -> probe.together(() -> rights.entitlements.check(meter, quantity)));
            assertThat(company.as(() -> rights.entitlements.check(meter, quantity)))
                    .as(meter)
                    .isEqualTo(found);
        }
    }

    // In Java

    @Test
    @DisplayName("ENT-6: around a method the quantity is reserved, then committed, or released when it throws")
    void aroundAMethod() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        company.does(() -> {
            assertThat(workshop.executes(() -> rights.of(company, "executions").reserved()))
                    .isEqualByComparingTo("3");
            assertThat(rights.of(company, "executions").currentUsage()).isEqualByComparingTo("3");

            assertThatThrownBy(() -> workshop.executes(() -> {
                        throw new IllegalArgumentException("in the work");
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("in the work");
            assertThat(rights.of(company, "executions"))
                    .satisfies(e -> assertThat(e.reserved()).isZero())
                    .satisfies(e -> assertThat(e.currentUsage()).isEqualByComparingTo("3"));
        });
        company.uses("executions", 95);
        boolean[] ran = {false};
        company.does(() -> assertRefused(Kind.PAYMENT_REQUIRED, () -> workshop.executes(() -> ran[0] = true)));
        assertThat(ran[0]).isFalse();
    }

    @Test
    @DisplayName("ENT-6: in a transaction the quantity is used when it commits, and not when it fails")
    void aroundATransaction() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        company.does(() -> {
            transactional.executes(() -> null);
            assertThat(catchThrowable(() -> transactional.executes(() -> {
                        throw new IllegalArgumentException("in the work");
                    })))
                    .isNotNull();
            assertThat(rights.of(company, "executions"))
                    .satisfies(e -> assertThat(e.reserved()).isZero())
                    .satisfies(e -> assertThat(e.currentUsage()).isEqualByComparingTo("3"));
            probe.inVain(() -> transactional.executes(() -> null));
            assertThat(rights.of(company, "executions").currentUsage()).isEqualByComparingTo("3");
        });
    }

    @Test
    @DisplayName("ENT-6: a feature that the plan lacks is refused; one that nobody has heard of is a fault of ours")
    void aroundOtherFeatures() {
        Company free = world.open(Tier.FREE, "2026-01-31");
        Company pro = world.open(Tier.PRO, "2026-01-31");

        free.does(() -> assertRefused(Kind.PAYMENT_REQUIRED, workshop::plugs));
        pro.does(() -> assertThat(workshop.plugs()).isEqualTo("plugged"));
        pro.does(() -> assertThatThrownBy(workshop::peels)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bananas"));
    }

    @Test
    @DisplayName("ENT-5: the invoice is the judge: what the cap counts is what is charged")
    void capEqualsInvoice() {
        Company company = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        company.uses("executions", 10_003).uses("tokens", 10_001_250).uses("api_calls", 100_026);
        company.uses("storage_mb", 12_000);
        long spent = company.as(rights.entitlements::spendingCap).spentCents();

        InvoiceView invoice = company.on("2026-03-01").lastInvoice();

        assertThat(spent).isPositive().isEqualTo(invoice.totalCents() - 4_900);
    }

    private void set(Company company, Setting setting, Object value) {
        World.OPERATOR
                .in(company.id())
                .run(() -> world.settings.change(new TenantSettings.Change(Map.of(setting, value), Map.of())));
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }
}
