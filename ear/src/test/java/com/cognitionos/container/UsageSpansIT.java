package com.cognitionos.container;

import static com.cognitionos.container.Company.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.metering.boundary.Usage.Granularity;
import com.cognitionos.metering.boundary.Usage.Point;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Usage in a span of time")
class UsageSpansIT extends InContainer {

    private static final List<String> SUMMED = List.of("executions", "tokens", "api_calls");

    @Test
    @DisplayName("MET-7: any span of time sums up to what the records say, before, during and after the rollup")
    void spansAreExact() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Instant start = Dates.at("2026-01-31T10:17");
        Instant now = Dates.at("2026-03-05T03:03");
        Company company = world.open(Tier.ENTERPRISE, "2026-01-31T10:17").on("2026-03-05T03:03");
        List<Instant> instants = new ArrayList<>(List.of(Dates.at("2026-02-14"), Dates.at("2026-02-28T23:59")));
        while (instants.size() < 200) {
            instants.add(start.plus(random.nextLong(ChronoUnit.MICROS.between(start, now)), ChronoUnit.MICROS));
        }
        for (int round = 0; round < 3; round++) {
            int first = round * 200;
            company.sends(IntStream.range(0, 200)
                    .mapToObj(i -> event(
                            "e" + (first + i),
                            SUMMED.get(random.nextInt(3)),
                            BigDecimal.valueOf(random.nextInt(5_000_000), 6).toPlainString(),
                            instants.get(i)))
                    .toArray(UsageEvent[]::new));
            spansAgree(company, random, instants, "seed " + seed + ", not rolled up, round " + round);
            if (round < 2) {
                company.rollsUp();
                spansAgree(company, random, instants, "seed " + seed + ", rolled up, round " + round);
            }
        }
        assertThat(owner.count("SELECT count(*) FROM usage_rollups WHERE tenant_id = ?", company.id()))
                .isPositive();
    }

    private void spansAgree(Company company, Random random, List<Instant> instants, String when) {
        for (int n = 0; n < 25; n++) {
            Instant one = edge(random, instants);
            Instant other = edge(random, instants);
            if (one.equals(other)) {
                continue;
            }
            Period span = one.isBefore(other) ? new Period(one, other) : new Period(other, one);
            for (String meter : SUMMED) {
                assertThat(company.usage(meter, span))
                        .as("%s: %s in %s", when, meter, span)
                        .isEqualByComparingTo(naive(company, meter, span.start(), span.end()));
            }
        }
        BigDecimal series = company
                .as(() -> world.usage.series(
                        "tokens", Dates.at("2026-01-31"), Dates.at("2026-03-06"), Granularity.DAY, null))
                .points()
                .stream()
                .map(Point::quantity)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(series)
                .as(when)
                .isEqualByComparingTo(naive(company, "tokens", Dates.at("2026-01-31"), Dates.at("2026-03-06")));
    }

    /** An event's own instant, a midnight near one, or the next microsecond: where a span's edge is easiest to get wrong. */
    private static Instant edge(Random random, List<Instant> instants) {
        Instant instant = instants.get(random.nextInt(instants.size()));
        return switch (random.nextInt(3)) {
            case 0 -> instant;
            case 1 -> instant.plus(1, ChronoUnit.MICROS);
            default -> instant.truncatedTo(ChronoUnit.DAYS);
        };
    }

    private BigDecimal naive(Company company, String meter, Instant from, Instant to) {
        return owner.query("""
                        SELECT coalesce(sum(quantity), 0) FROM usage_records
                        WHERE tenant_id = ? AND meter = ? AND counted_at >= ? AND counted_at < ?""", row -> row.getBigDecimal(1), company.id(), meter, from, to)
                .get(0);
    }

    @Test
    @DisplayName("A level is averaged over time, holds on until the next reading, and is charged by its mean")
    void levelIsAveragedOverTime() {
        Company company = world.open(Tier.PRO, "2026-02-01");
        company.uses("storage_mb", 7_000)
                .on("2026-02-11")
                .uses("storage_mb", 21_000)
                .on("2026-02-21")
                .uses("storage_mb", 0);

        // (10 days × 7,000 + 10 × 21,000 + 8 × 0) / 28
        assertThat(company.on("2026-03-01").usage("storage_mb", "2026-02-01", "2026-03-01"))
                .isEqualByComparingTo("10000");
        assertThat(company.lastInvoice().lines()).extracting(InvoiceLine::meter).containsOnlyNulls();

        company.used("storage_mb", 14_096, "2026-03-01T00:00").on("2026-03-11");
        assertThat(company.usage("storage_mb", "2026-03-01", "2026-04-01"))
                .as("so far")
                .isEqualByComparingTo("14096");
        // 4,096 MB above the 10,000 included at 50 cents per 1,024
        assertThat(company.on("2026-04-01").lastInvoice().lines())
                .filteredOn(line -> line.kind() == InvoiceLine.Kind.OVERAGE)
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.meter()).isEqualTo("storage_mb");
                    assertThat(line.amountCents()).isEqualTo(200);
                });
        company.on("2026-05-01");
        assertThat(company.usage("storage_mb", "2026-04-01", "2026-05-01"))
                .as("without a reading")
                .isEqualByComparingTo("14096");
    }

    @Test
    @DisplayName("MET-4: what was used before the start of the subscription counts at its start")
    void usageBeforeTheStart() {
        Company company = world.open(Tier.PRO, "2026-01-31").used("tokens", 11, "2026-01-20");

        assertThat(company.usage("tokens", "2026-01-01", "2026-01-31")).isZero();
        assertThat(company.usage(
                        "tokens",
                        new Period(
                                Dates.at("2026-01-31"), Dates.at("2026-01-31").plusNanos(1_000))))
                .isEqualByComparingTo("11");
        assertThat(owner.query(
                        "SELECT occurred_at FROM usage_records WHERE tenant_id = ?",
                        row -> row.getTimestamp(1).toInstant(),
                        company.id()))
                .as("when it really was")
                .containsExactly(Dates.at("2026-01-20"));
    }
}
