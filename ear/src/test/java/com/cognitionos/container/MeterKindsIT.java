package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.metering.boundary.IngestResult;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.boundary.Usage.Granularity;
import com.cognitionos.metering.boundary.Usage.Point;
import com.cognitionos.metering.boundary.Usage.Wanted;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Meters that do not sum up")
class MeterKindsIT extends InContainer {

    @Inject
    private Shop shop;

    @Inject
    private Rights rights;

    private String visits = "";
    private String peak = "";
    private String people = "";
    private String sites = "";

    @BeforeEach
    void count() {
        visits = meter("count", null);
        peak = meter("max", null);
        people = meter("unique_count", "user");
        sites = meter("latest", null);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private String meter(String aggregation, @Nullable String uniqueBy) {
        String code = World.unique("m").replace('-', '_');
        World.OPERATOR.run(() ->
                shop.catalogue.addMeter(code, "Things of " + aggregation, aggregation, "thing", uniqueBy, List.of()));
        return code;
    }

    /** A plan that includes so much of each meter, in their order, and charges so many cents above; null for nothing. */
    private Tier plan(int[] included, int @Nullable [] cents) {
        StringBuilder meters = new StringBuilder();
        List<String> codes = List.of(visits, peak, people, sites);
        for (int i = 0; i < codes.size(); i++) {
            meters.append(i == 0 ? "" : ", ")
                    .append("{\"meter\": \"" + codes.get(i) + "\", \"included\": " + included[i])
                    .append(
                            cents == null
                                    ? "}"
                                    : ", \"prices\": [{\"currency\": \"USD\", \"model\": \"per_unit\", \"unit_cents\": "
                                            + cents[i] + "}]}");
        }
        return shop.open("""
                "name": "Kinds",
                "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 1000}],
                "meters": [%s]""".formatted(meters));
    }

    private static UsageEvent of(String id, String meter, String quantity, String day, @Nullable String user) {
        return new UsageEvent(
                id,
                meter,
                new BigDecimal(quantity),
                Dates.at(day),
                null,
                user == null ? null : "{\"user\":\"" + user + "\"}");
    }

    private @Nullable BigDecimal use(Company company, String meter) {
        return rights.of(company, meter).currentUsage();
    }

    private void accepts(Company company, UsageEvent... events) {
        IngestResult result = company.sends(events);
        assertThat(result.rejected()).isEmpty();
        assertThat(result.accepted()).isEqualTo(events.length);
    }

    @Test
    @DisplayName(
            "MET-14: each kind is charged by what its month comes to, and late or retracted events adjust just that")
    void onInvoices() {
        Company company = world.open(plan(new int[] {2, 5, 1, 0}, new int[] {10, 100, 50, 7}), "2026-01-31")
                .withCard(Company.VISA)
                .on("2026-02-13");
        accepts(
                company,
                of("v1", visits, "100", "2026-02-10", null),
                of("v2", visits, "0", "2026-02-10", null),
                of("v3", visits, "7.5", "2026-02-10", null),
                of("p2", peak, "9", "2026-02-11", null),
                of("p1", peak, "4", "2026-02-10", null),
                of("p3", peak, "7", "2026-02-12", null),
                of("a1", people, "1", "2026-02-10", "a"),
                of("b1", people, "5", "2026-02-10", "b"),
                of("a2", people, "1", "2026-02-12", "a"),
                of("c1", people, "1", "2026-02-12", "c"),
                of("s2", sites, "3", "2026-02-12", null),
                of("s1", sites, "5", "2026-02-10", null));
        assertThat(company.sends(of("n", people, "1", "2026-02-12", null)).rejected())
                .extracting(Rejection::code)
                .containsExactly("missing_value");
        company.rollsUp().on("2026-03-01");
        assertThat(company.lastInvoice().lines())
                .extracting(InvoiceLine::meter, InvoiceLine::amountCents)
                .containsExactly(
                        tuple(null, 1_000L),
                        tuple(visits, 10L),
                        tuple(peak, 400L),
                        tuple(people, 100L),
                        tuple(sites, 21L));

        company.on("2026-03-05");
        accepts(
                company,
                of("v4", visits, "1", "2026-02-20", null),
                of("p4", peak, "11", "2026-02-20", null),
                of("p5", peak, "10", "2026-02-21", null),
                of("s3", sites, "10", "2026-02-27", null),
                of("s4", sites, "99", "2026-02-11", null));
        company.does(() -> {
            world.retractions.retract("c1");
            world.retractions.retract("a1");
        });
        company.on("2026-04-01");
        assertThat(company.lastInvoice().lines())
                .extracting(InvoiceLine::kind, InvoiceLine::meter, InvoiceLine::amountCents)
                .containsExactlyInAnyOrder(
                        tuple(InvoiceLine.Kind.PLAN, null, 1_000L),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, visits, 10L),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, peak, 200L),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, people, -50L),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, sites, 49L));
        assertThat(World.OPERATOR
                        .in(company.id())
                        .call(() -> world.rollups.differences(
                                LocalDate.parse("2026-01-31"), LocalDate.parse("2026-04-01"), 10)))
                .as("MET-21")
                .isEmpty();
    }

    @Test
    @DisplayName("MET-15: where the plan changes in the month, its parts charge what they raised it by")
    void inAMonthOfTwoPlans() {
        Tier first = plan(new int[] {0, 0, 2, 0}, new int[] {10, 100, 50, 7});
        Tier second = plan(new int[] {0, 0, 2, 0}, new int[] {1, 10, 20, 3});
        Company company = world.open(first, "2026-01-31").withCard(Company.VISA).on("2026-02-11");
        accepts(
                company,
                of("v1", visits, "1", "2026-02-10", null),
                of("p1", peak, "5", "2026-02-10", null),
                of("a1", people, "1", "2026-02-10", "a"),
                of("b1", people, "1", "2026-02-10", "b"),
                of("c1", people, "1", "2026-02-10", "c"),
                of("s1", sites, "100", "2026-02-10", null));
        company.on("2026-02-14");
        company.does(() -> world.settlement.changeNow(second, BillingCycle.MONTHLY, SubscriptionEvent.Kind.UPGRADED));
        company.on("2026-02-20");
        accepts(
                company,
                of("v2", visits, "1", "2026-02-20", null),
                of("p2", peak, "8", "2026-02-20", null),
                of("p3", peak, "3", "2026-02-20", null),
                of("a2", people, "1", "2026-02-20", "a"),
                of("d1", people, "1", "2026-02-20", "d"),
                of("e1", people, "1", "2026-02-20", "e"),
                of("s2", sites, "4", "2026-02-20", null));
        company.on("2026-03-01");
        assertThat(company.lastInvoice().lines())
                .filteredOn(line -> line.meter() != null)
                .extracting(InvoiceLine::meter, InvoiceLine::amountCents)
                .containsExactly(
                        tuple(visits, 10L),
                        tuple(visits, 1L),
                        tuple(peak, 500L),
                        tuple(peak, 30L),
                        tuple(people, 50L),
                        tuple(people, 40L),
                        tuple(sites, 12L));
    }

    @Test
    @DisplayName("MET-19: eight threads together never get past a limit of distinct values, and reach it")
    void distinctValuesUnderConcurrency() {
        Company company =
                world.open(plan(new int[] {3, 10, 5, 10}, null), "2026-01-31").on("2026-02-10");
        List<Integer> accepted = crowd.allAtOnce(8, i -> () -> {
            int taken = 0;
            for (int n = 0; n < 20; n++) {
                IngestResult result = company.sends(of(i + "-" + n, people, "1", "2026-02-10", "u" + (n * 3 + i) % 10));
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
        assertThat(accepted.stream().mapToInt(Integer::intValue).sum())
                .as("sixteen events of each of five values")
                .isEqualTo(80);
        assertThat(company.usage(people, "2026-01-31", "2026-02-28")).isEqualByComparingTo("5");
        assertThat(use(company, people)).isEqualByComparingTo("5");

        String id = owner.query("""
                        SELECT min(event_id) FROM usage_records WHERE tenant_id = ? AND properties ->> 'user' IN (
                            SELECT properties ->> 'user' FROM usage_records WHERE tenant_id = ? LIMIT 1)""", row -> row.getString(1), company.id(), company.id())
                .get(0);
        String gone = owner.query(
                        "SELECT properties ->> 'user' FROM usage_records WHERE tenant_id = ? AND event_id = ?",
                        row -> row.getString(1),
                        company.id(),
                        id)
                .get(0);
        owner.query(
                        "SELECT event_id FROM usage_records WHERE tenant_id = ? AND properties ->> 'user' = ?",
                        row -> row.getString(1),
                        company.id(),
                        gone)
                .forEach(one -> company.does(() -> world.retractions.retract(one)));
        assertThat(use(company, people)).as("without " + gone).isEqualByComparingTo("4");
        accepts(company, of("new", people, "1", "2026-02-10", "somebody else"));
        assertThat(company.sends(of("newer", people, "1", "2026-02-10", gone)).rejected())
                .extracting(Rejection::code)
                .containsExactly("entitlement_exceeded");
    }

    @Test
    @DisplayName("MET-19: numbers of events, peaks and last quantities are held to their limits")
    void limits() {
        Company company =
                world.open(plan(new int[] {3, 10, 5, 10}, null), "2026-01-31").on("2026-02-10");
        String day = "2026-02-10";
        IngestResult result = company.sends(
                of("v1", visits, "1000", day, null),
                of("v2", visits, "1000", day, null),
                of("v3", visits, "0", day, null),
                of("v4", visits, "0", day, null),
                of("p1", peak, "10", day, null),
                of("p2", peak, "10.000001", day, null),
                of("s1", sites, "10.5", day, null),
                of("s2", sites, "10", day, null),
                of("a1", people, "1000", day, "a"),
                of("a2", people, "1000", day, "a"));
        assertThat(result.rejected())
                .extracting(Rejection::index, Rejection::code)
                .containsExactly(
                        tuple(3, "entitlement_exceeded"),
                        tuple(5, "entitlement_exceeded"),
                        tuple(6, "entitlement_exceeded"));
        assertThat(use(company, visits)).isEqualByComparingTo("3");
        assertThat(use(company, peak)).isEqualByComparingTo("10");
        assertThat(use(company, sites)).isEqualByComparingTo("10");
        assertThat(use(company, people)).isEqualByComparingTo("1");
    }

    @Test
    @DisplayName("MET-9: a spending cap counts what each kind costs, and nothing that costs no more")
    void spendingCap() {
        Company company = world.open(plan(new int[] {1, 1, 0, 1}, new int[] {10, 30, 50, 7}), "2026-01-31")
                .withCard(Company.VISA)
                .on("2026-02-10");
        company.does(() -> rights.entitlements.capSpending(100L));
        String day = "2026-02-10";
        IngestResult result = company.sends(
                of("a1", people, "1", day, "a"),
                of("p1", peak, "2", day, null),
                of("b1", people, "1", day, "b"),
                of("a2", people, "1", day, "a"),
                of("p2", peak, "2", day, null),
                of("v1", visits, "1", day, null),
                of("v2", visits, "1", day, null),
                of("s1", sites, "2", day, null),
                of("v3", visits, "1", day, null),
                of("s2", sites, "4", day, null));
        // 50 + 30 + 10 + 7 cents; another 10 would make 107, a fourth site 21 instead of 7.
        assertThat(result.rejected())
                .extracting(Rejection::index, Rejection::code)
                .containsExactly(
                        tuple(2, "entitlement_exceeded"),
                        tuple(8, "entitlement_exceeded"),
                        tuple(9, "entitlement_exceeded"));
        assertThat(company.as(() -> rights.entitlements.spendingCap().spentCents()))
                .isEqualTo(97);
    }

    @Test
    @DisplayName("MET-20: a series by group: the largest by themselves, all others as one")
    void groups() {
        Company company = world.open(Tier.ENTERPRISE, "2026-01-31").on("2026-02-10T10:30");
        Instant at = Dates.at("2026-02-10T09:15");
        for (int n = 0; n < 6; n++) {
            assertThat(company.sends(new UsageEvent(
                                    "e" + n,
                                    "tokens",
                                    BigDecimal.valueOf(1L << n),
                                    at.plusSeconds(n * 600L),
                                    null,
                                    n == 0 ? null : "{\"model\":\"m" + n % 3 + "\"}"))
                            .accepted())
                    .isEqualTo(1);
        }
        for (String when : List.of("from the records", "from the rollups")) {
            List<Point> points = company.as(() -> world.usage.series(new Wanted(
                            "tokens",
                            Dates.at("2026-02-10"),
                            Dates.at("2026-02-11"),
                            Granularity.DAY,
                            "model",
                            2,
                            null)))
                    .points();
            assertThat(points)
                    .as(when)
                    .extracting(Point::group, point -> point.quantity().intValue(), Point::others)
                    .containsExactlyInAnyOrder(tuple("m2", 36, false), tuple("m1", 18, false), tuple(null, 9, true));
            company.rollsUp();
        }
    }
}
