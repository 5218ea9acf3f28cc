package com.cognitionos.container;

import static com.cognitionos.container.Company.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.metering.boundary.IngestResult;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.entity.Setting;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Metering")
class MeteringIT extends InContainer {

    private static final List<String> SUMMED = List.of("executions", "tokens", "api_calls");

    @Test
    @DisplayName(
            "MET-1, MET-2, MET-3: each event of a batch is judged alone, and the whole batch again changes nothing")
    void mixedBatch() {
        Company company = world.open(Tier.PRO, "2026-01-15").on("2026-03-10");
        Instant now = Dates.at("2026-03-10");
        company.sends(event("known", "tokens", "5", now), event("taken", "tokens", "5", now));
        UsageEvent[] batch = {
            event("good", "tokens", "1.5", now),
            event("known", "tokens", "5.0", now),
            event("known", "tokens", "6", now),
            event("late", "tokens", "1", now.minus(35, ChronoUnit.DAYS).minusMillis(1)),
            event("early", "tokens", "1", now.plus(1, ChronoUnit.HOURS).plusMillis(1)),
            event("odd", "bananas", "1", now),
            event("absurd", "tokens", "1000000000001", now),
            event("fine", "tokens", "0.0000001", now),
            event("negative", "tokens", "-1", now),
            event(" ", "tokens", "1", now),
            event("x".repeat(256), "tokens", "1", now),
            event("oldest", "tokens", "10", now.minus(35, ChronoUnit.DAYS)),
            event("newest", "tokens", "100", now.plus(1, ChronoUnit.HOURS)),
            event("good", "tokens", "1.50", now),
            event("good", "tokens", "2", now),
            event("zero", "tokens", "0", now),
            event("taken", "tokens", "5.1", now),
        };

        IngestResult first = company.sends(batch);

        assertThat(first.accepted()).isEqualTo(4);
        assertThat(first.duplicates()).isEqualTo(2);
        assertThat(first.rejected())
                .extracting(Rejection::index, Rejection::code)
                .containsExactly(
                        tuple(2, "id_conflict"),
                        tuple(3, "too_late"),
                        tuple(4, "timestamp_in_future"),
                        tuple(5, "unknown_meter"),
                        tuple(6, "invalid_quantity"),
                        tuple(7, "invalid_quantity"),
                        tuple(8, "invalid_quantity"),
                        tuple(9, "invalid_id"),
                        tuple(10, "invalid_id"),
                        tuple(14, "id_conflict"),
                        tuple(16, "id_conflict"));
        assertThat(company.usage("tokens", "2026-01-15", "2026-04-15")).isEqualByComparingTo("121.5");

        IngestResult again = company.sends(batch);

        assertThat(again.accepted()).isZero();
        assertThat(again.duplicates()).isEqualTo(6);
        assertThat(again.rejected()).isEqualTo(first.rejected());
        assertThat(company.usage("tokens", "2026-01-15", "2026-04-15")).isEqualByComparingTo("121.5");
    }

    @Test
    @DisplayName("MET-1: what is too old to come for the first time is still a duplicate the second time")
    void lateRetryIsADuplicate() {
        Company company = world.open(Tier.PRO, "2026-01-15");
        UsageEvent event = event("once", "tokens", "5", Dates.at("2026-01-15"));
        assertThat(company.sends(event).accepted()).isEqualTo(1);

        assertThat(company.on("2026-04-01").sends(event)).isEqualTo(new IngestResult(0, 1, List.of()));
    }

    @Test
    @DisplayName("MET-1: the same ids from eight threads at once count once")
    void concurrentDuplicates() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        Instant now = Dates.at("2026-01-31");
        List<UsageEvent> events = IntStream.range(0, 200)
                .mapToObj(i -> event("e" + i, SUMMED.get(i % 3), "1", now.plusSeconds(i)))
                .toList();

        List<IngestResult> results = crowd.allAtOnce(8, i -> () -> {
            List<UsageEvent> shuffled = new ArrayList<>(events);
            Collections.shuffle(shuffled, new Random(i));
            return company.sends(shuffled.toArray(UsageEvent[]::new));
        });

        assertThat(results.stream().mapToInt(IngestResult::accepted).sum()).isEqualTo(200);
        assertThat(results.stream().mapToInt(IngestResult::duplicates).sum()).isEqualTo(7 * 200);
        assertThat(results).allSatisfy(result -> assertThat(result.rejected()).isEmpty());
        for (String meter : SUMMED) {
            assertThat(company.usage(meter, "2026-01-31", "2026-02-28"))
                    .isBetween(BigDecimal.valueOf(66), BigDecimal.valueOf(67));
        }
    }

    @Test
    @DisplayName("MET-1: of one id with eight contents at once one is accepted and seven are conflicts")
    void concurrentConflicts() {
        Company company = world.open(Tier.PRO, "2026-01-31");

        List<IngestResult> results = crowd.allAtOnce(
                8, i -> () -> company.sends(event("same", "tokens", Integer.toString(i + 1), Dates.at("2026-01-31"))));

        assertThat(results.stream().mapToInt(IngestResult::accepted).sum()).isEqualTo(1);
        assertThat(results.stream().flatMap(result -> result.rejected().stream()))
                .hasSize(7)
                .extracting(Rejection::code)
                .containsOnly("id_conflict");
    }

    @Test
    @DisplayName("MET-6: eight threads and a rollup at work never get past a hard limit, and reach it")
    void hardLimitUnderConcurrency() {
        Company company = world.open(Tier.FREE, "2026-01-31");

        List<Integer> accepted = crowd.allAtOnce(8, i -> () -> {
            int taken = 0;
            for (int n = 0; n < 20; n++) {
                IngestResult result = company.sends(event(i + "-" + n, "executions", "1", Dates.at("2026-01-31")));
                taken += result.accepted();
                if (result.accepted() == 0) {
                    assertThat(result.rejected()).extracting(Rejection::code).containsExactly("entitlement_exceeded");
                }
                if (i == 0) {
                    company.rollsUp();
                }
            }
            return taken;
        });

        assertThat(accepted.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
        assertThat(company.usage("executions", "2026-01-31", "2026-02-28")).isEqualByComparingTo("100");
    }

    @Test
    @DisplayName(
            "MET-6: a batch is taken up to the limit, in order; a level above the limit is refused; a new month has room again")
    void hardLimitWithinABatch() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        Instant now = Dates.at("2026-01-31");

        IngestResult result = company.sends(
                event("a", "executions", "60", now),
                event("b", "executions", "41", now),
                event("c", "executions", "40", now),
                event("d", "executions", "0.000001", now),
                event("e", "storage_mb", "1000.000001", now),
                event("f", "storage_mb", "1000", now),
                event("g", "plugin_calls", "1000000", now));

        assertThat(result.accepted()).isEqualTo(4);
        assertThat(result.rejected())
                .extracting(Rejection::index, Rejection::code)
                .containsExactly(
                        tuple(1, "entitlement_exceeded"),
                        tuple(3, "entitlement_exceeded"),
                        tuple(4, "entitlement_exceeded"));
        assertThat(company.on("2026-02-28")
                        .sends(event("h", "executions", "100", Dates.at("2026-02-28")))
                        .accepted())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("Without a live subscription nothing is counted")
    void noSubscription() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-10");
        company.does(() -> world.settlement.cancelNow(null));

        assertThat(company.sends(event("e", "tokens", "1", Dates.at("2026-02-10")))
                        .rejected())
                .extracting(Rejection::code)
                .containsExactly("no_subscription");
    }

    @Test
    @DisplayName("MET-16: what was granted is void once the cap, a limit, the plan or the month is another one")
    void grantsRestOnFacts() {
        Company company = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        Instant now = Dates.at("2026-01-31");
        company.uses("executions", 9_990).uses("executions", 5);
        assertGranted(company, "executions", true);

        company.does(() -> world.allowances.capSpending(0L));
        assertThat(refused(company, event("above", "executions", "6", now))).containsExactly("entitlement_exceeded");
        company.uses("executions", 5);
        assertThat(refused(company, event("more", "executions", "1", now))).containsExactly("entitlement_exceeded");
        company.does(() -> world.allowances.capSpending(null));
        company.uses("executions", 1).uses("executions", 1);

        World.OPERATOR
                .in(company.id())
                .run(() -> world.settings.change(
                        new TenantSettings.Change(Map.of(Setting.MAX_EXECUTIONS_PER_MONTH, 10_002L), Map.of())));
        assertThat(refused(company, event("set", "executions", "1", now))).containsExactly("entitlement_exceeded");

        company.on("2026-03-01").uses("executions", 10_002);
        assertThat(refused(company, event("new", "executions", "1", Dates.at("2026-03-01"))))
                .containsExactly("entitlement_exceeded");
        company.does(() -> world.settlement.pause(null));
        assertThat(refused(company, event("paused", "tokens", "1", Dates.at("2026-03-01"))))
                .containsExactly("entitlement_exceeded");
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName(
            "MET-1, MET-12, MET-16: three companies at once, each id from eight threads in two contents: one counts")
    void crowdOfCompanies() {
        List<Company> companies = List.of(
                world.open(Tier.ENTERPRISE, "2026-01-31"),
                world.open(Tier.PRO, "2026-01-31"),
                world.open(Tier.FREE, "2026-01-31"));
        companies.forEach(company -> SUMMED.forEach(meter -> company.uses(meter, 0)));
        Instant now = Dates.at("2026-01-31");

        List<Integer> accepted = crowd.allAtOnce(8, i -> () -> {
            int taken = 0;
            for (int n = 0; n < 40; n++) {
                Company company = companies.get((n + i) % 3);
                UsageEvent[] batch = IntStream.range(n, n + 4)
                        .mapToObj(e -> event("e" + e, SUMMED.get(e % 3), e % 5 == i % 5 ? "1" : "2", now))
                        .toArray(UsageEvent[]::new);
                IngestResult result = company.sends(batch);
                assertThat(result.accepted()
                                + result.duplicates()
                                + result.rejected().size())
                        .isEqualTo(4);
                assertThat(result.rejected()).extracting(Rejection::code).allMatch("id_conflict"::equals);
                taken += result.accepted();
            }
            return taken;
        });

        assertThat(accepted.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3 * 43);
        companies.forEach(this::assertCountersEqualRecords);
    }

    @Test
    @DisplayName("MET-6, MET-16: batches of eight threads below a ceiling fill it exactly, and come no further")
    void ceilingIsExact() {
        Company company = world.open(Tier.FREE, "2026-01-31").uses("executions", 1);
        assertGranted(company, "executions", true);
        Instant now = Dates.at("2026-01-31");

        List<Integer> accepted = crowd.allAtOnce(8, i -> () -> {
            int taken = 0;
            for (int n = 0; n < 10; n++) {
                String id = i + "-" + n;
                taken += company.sends(
                                event(id + "a", "executions", "1", now),
                                event(id + "b", "executions", "2", now),
                                event(id + "c", "executions", "1", now))
                        .accepted();
            }
            return taken;
        });

        assertThat(accepted.stream().mapToInt(Integer::intValue).sum()).isPositive();
        assertThat(company.usage("executions", "2026-01-31", "2026-02-28")).isEqualByComparingTo("100");
        assertCountersEqualRecords(company);
    }

    @Test
    @DisplayName("MET-16: who is being billed, or sends what the database refuses, keeps nobody else waiting")
    void tenantsAreApart() {
        Company billed = world.open(Tier.PRO, "2026-01-31").uses("tokens", 1);
        Company other = world.open(Tier.PRO, "2026-01-31").uses("tokens", 1);
        Instant now = Dates.at("2026-01-31");

        owner.during(
                () -> {
                    for (int n = 0; n < 20; n++) {
                        other.uses("tokens", 1);
                    }
                    return null;
                },
                "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))",
                billed.id().toString());

        List<Crowd.Outcome<IngestResult>> outcomes = crowd.atOnce(
                8,
                i -> () -> i % 2 == 0
                        ? other.sends(event("good-" + i, "tokens", "1", now))
                        : billed.sends(new UsageEvent("bad-" + i, "tokens", BigDecimal.ONE, now, null, "no JSON")));
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i).succeeded()).as("request %s", i).isEqualTo(i % 2 == 0);
        }
        assertThat(other.usage("tokens", "2026-01-31", "2026-02-28")).isEqualByComparingTo("25");
        assertCountersEqualRecords(billed);
        assertCountersEqualRecords(other);
    }

    @Test
    @DisplayName("MET-16: what is stored by a grant is what is stored after a decision, to the last column")
    void storedAlike() {
        List<String> meters = List.of("executions", "tokens", "storage_mb", "plugin_calls");
        Company granted = world.open(Tier.PRO, "2026-01-31").on("2026-02-03");
        Company decided = world.open(Tier.PRO, "2026-01-31").on("2026-02-03");
        Random random = new Random(7);
        Instant now = Dates.at("2026-02-03");
        for (Company company : List.of(granted, decided)) {
            meters.forEach(meter -> company.sends(event("first-" + meter, meter, "0", now)));
        }
        for (int n = 0; n < 10; n++) {
            List<UsageEvent> batch = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                batch.add(new UsageEvent(
                        "e" + random.nextInt(200),
                        meters.get(random.nextInt(4)),
                        new BigDecimal(random.nextInt(1000)).movePointLeft(random.nextInt(7)),
                        random.nextInt(5) == 0 ? null : now.minus(random.nextInt(100_000), ChronoUnit.SECONDS),
                        random.nextBoolean() ? null : "agent \u00e9",
                        random.nextBoolean() ? null : "{\"model\":\"m" + random.nextInt(3) + "\"}"));
            }
            List<UsageEvent> own = new ArrayList<>();
            Set<String> ids = new HashSet<>();
            batch.stream().filter(event -> ids.add(event.id())).forEach(own::add);
            IngestResult one = granted.sends(own.toArray(UsageEvent[]::new));
            // An id that stands twice in a request makes all of it a matter of decision.
            own.add(own.get(0));
            IngestResult other = decided.sends(own.toArray(UsageEvent[]::new));
            assertThat(one.accepted()).isEqualTo(other.accepted());
            assertThat(one.rejected())
                    .extracting(Rejection::index, Rejection::code)
                    .containsExactlyElementsOf(other.rejected().stream()
                            .filter(rejection -> rejection.index() < own.size() - 1)
                            .map(rejection -> tuple(rejection.index(), rejection.code()))
                            .toList());
        }
        granted.rollsUp();
        decided.rollsUp();
        for (String table : List.of("usage_keys", "usage_records", "usage_rollups", "usage_counters")) {
            assertThat(rows(table, granted)).as(table).isNotEmpty().isEqualTo(rows(table, decided));
        }
    }

    private List<String> rows(String table, Company company) {
        return owner.query(
                "SELECT (to_jsonb(t) - ARRAY['tenant_id', 'id', 'rolled_up_at'])::text FROM " + table
                        + " t WHERE tenant_id = ? ORDER BY 1",
                row -> row.getString(1),
                company.id());
    }

    private static List<String> refused(Company company, UsageEvent event) {
        return company.sends(event).rejected().stream().map(Rejection::code).toList();
    }

    private void assertGranted(Company company, String meter, boolean granted) {
        assertThat(owner.count(
                        "SELECT count(*) FROM usage_grants WHERE tenant_id = ? AND meter = ?", company.id(), meter))
                .isEqualTo(granted ? 1 : 0);
    }

    private void assertCountersEqualRecords(Company company) {
        assertThat(owner.query("""
                        SELECT c.meter || ' ' || c.used FROM usage_counters c WHERE c.tenant_id = ? AND c.used <> (
                            SELECT coalesce(sum(r.quantity), 0) FROM usage_records r
                            WHERE r.tenant_id = c.tenant_id AND r.meter = c.meter
                              AND r.counted_at >= c.period_start AND r.counted_at < c.period_end)""", row -> row.getString(1), company.id())).isEmpty();
    }
}
