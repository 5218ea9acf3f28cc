package com.cognitionos.metering.boundary;

import static com.cognitionos.metering.boundary.UsageTenant.METERS;
import static com.cognitionos.metering.boundary.UsageTenant.MONTH;
import static com.cognitionos.metering.boundary.UsageTenant.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Meter.Aggregation;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.NaiveUsage.Stored;
import com.cognitionos.metering.boundary.Usage.Granularity;
import com.cognitionos.metering.boundary.Usage.Point;
import com.cognitionos.metering.control.PeriodUsage;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares figures of a tenant, drawn at random, with what its events come to. */
final class UsageChecks {

    private static final List<String> WORDS = List.of("a", "b", "c", "d\u00e9", "'");
    private static final Duration SOME_DAYS = Duration.ofHours(75);

    private final UsageTenant tenant;
    private final Random random;
    /** How many counters were compared. */
    int counted;

    UsageChecks(UsageTenant tenant, Random random) {
        this.tenant = tenant;
        this.random = random;
    }

    String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    Instant instant() {
        Instant at = START.plus(random.nextLong(SOME_DAYS.toNanos() / 1000), ChronoUnit.MICROS);
        return switch (random.nextInt(5)) {
            case 0 -> later(at.truncatedTo(ChronoUnit.HOURS));
            case 1 -> later(at.truncatedTo(ChronoUnit.DAYS));
            case 2 -> later(at.truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.MICROS));
            default -> at;
        };
    }

    private static Instant later(Instant at) {
        return at.isBefore(START) ? START : at;
    }

    void check() {
        PeriodUsage periods = tenant.database.bean(PeriodUsage.class);
        for (int n = 0; n < 4; n++) {
            Instant one = instant();
            Instant other = instant();
            if (one.equals(other)) {
                continue;
            }
            Period span = one.isBefore(other) ? new Period(one, other) : new Period(other, one);
            Instant present = random.nextBoolean() ? span.end() : instant();
            Map<String, BigDecimal> found = tenant.as(null, () -> periods.of(span, present));
            for (String meter : METERS) {
                assertThat(found.getOrDefault(meter, BigDecimal.ZERO))
                        .as("%s in %s at %s", meter, span, present)
                        .isEqualByComparingTo(naive(meter, span, present, stored -> true));
            }
        }
        sharesMakeTheWhole();
        countersAgree();
        for (int n = 0; n < 6; n++) {
            seriesAgrees();
        }
    }

    private void sharesMakeTheWhole() {
        Instant cut = instant();
        if (!cut.isAfter(START)) {
            return;
        }
        PeriodUsage periods = tenant.database.bean(PeriodUsage.class);
        Map<String, BigDecimal> sum =
                new HashMap<>(tenant.as(null, () -> periods.share(new Period(START, cut), MONTH, MONTH.end())));
        tenant.as(null, () -> periods.share(new Period(cut, MONTH.end()), MONTH, MONTH.end()))
                .forEach((meter, quantity) -> sum.merge(meter, quantity, BigDecimal::add));
        for (String meter : METERS) {
            // The two shares of a mean are rounded by themselves.
            assertThat(sum.getOrDefault(meter, BigDecimal.ZERO)
                            .subtract(naive(meter, MONTH, MONTH.end(), stored -> true))
                            .abs())
                    .as("both parts of %s at %s", meter, cut)
                    .isLessThanOrEqualTo(meter.equals("storage_mb") ? new BigDecimal("0.000002") : BigDecimal.ZERO);
        }
    }

    private void countersAgree() {
        Map<String, BigDecimal> counters = tenant.as(
                null,
                () -> tenant
                        .database
                        .bean(Sql.class)
                        .query(
                                "SELECT meter, used FROM usage_counters",
                                row -> Map.entry(row.getString("meter"), row.getBigDecimal("used")))
                        .stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        counters.forEach((meter, used) -> {
            if (METERS.contains(meter)) {
                counted++;
                assertThat(used)
                        .as("the counter of %s", meter)
                        .isEqualByComparingTo(naive(meter, MONTH, MONTH.end(), stored -> true));
            }
        });
    }

    private void seriesAgrees() {
        Meter meter = tenant.meters.get(METERS.get(random.nextInt(METERS.size())));
        Granularity step = Granularity.values()[random.nextInt(3)];
        Instant from = instant();
        Instant to = from.plus(1 + random.nextInt(3000), ChronoUnit.MINUTES);
        List<String> groups = meter.groups();
        String by = groups.isEmpty() || random.nextInt(3) == 0 ? null : groups.get(random.nextInt(groups.size()));
        String only = by == null || random.nextBoolean() ? null : random.nextInt(4) == 0 ? "" : word();
        boolean grouped = by != null && (only == null || random.nextBoolean());
        String onlyBy =
                only != null && grouped && random.nextBoolean() ? groups.get(random.nextInt(groups.size())) : by;
        int most = 1 + random.nextInt(6);
        String what = meter.code() + " from " + from + " to " + to + ", " + step + " by " + by + ", only " + onlyBy
                + ":" + only + ", most " + most;
        Usage.Series series = tenant.as(
                null,
                () -> tenant.database
                        .bean(Usage.class)
                        .series(new Usage.Wanted(
                                meter.code(),
                                from,
                                to,
                                step,
                                grouped ? by : null,
                                most,
                                only == null ? null : new Usage.Filter(Objects.requireNonNull(onlyBy), only))));
        Function<Stored, String> group = stored -> group(by, stored);
        Predicate<Stored> wanted =
                stored -> only == null || group(onlyBy, stored).equals(only);
        if (!grouped) {
            for (Point point : series.points()) {
                assertThat(point.quantity())
                        .as("%s at %s", what, point.start())
                        .isEqualByComparingTo(
                                naive(meter.code(), new Period(point.start(), point.end()), tenant.now, wanted));
            }
            return;
        }
        Map<String, BigDecimal> found = new TreeMap<>();
        series.points()
                .forEach(point -> found.put(
                        point.start() + "/" + (point.others() ? "others" : "=" + point.group()), point.quantity()));
        Map<String, BigDecimal> expected = new TreeMap<>();
        for (Instant at = step.floor(from); at.isBefore(to); at = step.next(at)) {
            Period span = new Period(at, step.next(at));
            Map<String, List<Stored>> shown = tenant.accepted.values().stream()
                    .filter(stored -> stored.event().meter().equals(meter.code()) && span.contains(stored.at()))
                    .filter(wanted)
                    .collect(Collectors.groupingBy(stored ->
                            series.groups().contains(group.apply(stored)) ? "=" + group.apply(stored) : "others"));
            for (Map.Entry<String, List<Stored>> entry : shown.entrySet()) {
                if (!entry.getKey().equals("others") || meter.aggregation() != Aggregation.LATEST) {
                    expected.put(
                            at + "/" + entry.getKey(),
                            naive(meter.code(), span, tenant.now, entry.getValue()::contains));
                }
            }
        }
        assertThat(found.keySet()).as(what).isEqualTo(expected.keySet());
        expected.forEach((point, quantity) ->
                assertThat(found.get(point)).as("%s at %s", what, point).isEqualByComparingTo(quantity));
    }

    private BigDecimal naive(String code, Period span, Instant present, Predicate<Stored> wanted) {
        return new NaiveUsage(tenant.meters, tenant.accepted.values()).of(code, span, present, wanted);
    }

    private static String group(@Nullable String by, Stored stored) {
        return by == null ? "" : NaiveUsage.group(by, stored);
    }
}
