package com.cognitionos.alert.control;

import com.cognitionos.alert.entity.Anomaly;
import com.cognitionos.alert.entity.AnomalySettings;
import com.cognitionos.alert.entity.UsualDay;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rating.entity.Period;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Date;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares the last days of the caller's tenant with what its own history makes them expect (ALR-7). */
@ApplicationScoped
public class DayWatch {

    /** So long after its end a day may still get what others upload once a day. */
    private static final Duration SETTLED = Duration.ofHours(12);

    /** Over which the tenants are spread, so that they are not all looked at in the same second. */
    private static final Duration SPREAD = Duration.ofMinutes(60);

    // What was never used of late is not asked for.
    private static final String IN_USE = """
            SELECT meter FROM usage_rollups WHERE tenant_id = ? AND day >= ?
            UNION SELECT meter FROM usage_pending WHERE tenant_id = ? ORDER BY 1""";

    @Inject
    private Sql sql;

    @EJB
    private Usage usage;

    @EJB
    private Plans plans;

    /** A day that is unlike others. @param quantity so far */
    public record Unlike(Meter meter, Period day, BigDecimal quantity, Anomaly anomaly) {}

    /**
     * What a look at the days has found.
     *
     * @param left by meter how much more of today would be an anomaly; of a meter that is not there nothing would
     * @param next when to look again; null for not before somebody uses something
     */
    public record Found(
            List<Unlike> unlike,
            Map<String, BigDecimal> left,
            @Nullable Instant next) {}

    /** @param test whether it is a test tenant, which is looked at on the hour */
    public Found look(AnomalySettings settings, Instant now, boolean test) {
        Look look = new Look(settings, now, test ? Duration.ZERO : delay(Caller.currentTenant()));
        sql
                .query(
                        IN_USE,
                        row -> row.getString("meter"),
                        Caller.currentTenant(),
                        Date.valueOf(look.today().minusDays(UsualDay.HISTORY)),
                        Caller.currentTenant())
                .stream()
                .map(plans::meter)
                .flatMap(Optional::stream)
                .forEach(look::at);
        return new Found(look.unlike, look.left, look.next);
    }

    private static Duration delay(UUID tenant) {
        return Duration.ofSeconds(Math.floorMod(tenant.hashCode(), SPREAD.toSeconds()));
    }

    private final class Look {

        private final AnomalySettings settings;
        private final Instant now;
        private final Instant start;
        private final Duration delay;
        private final List<Unlike> unlike = new ArrayList<>();
        private final Map<String, BigDecimal> left = new HashMap<>();
        private @Nullable Instant next;

        private Look(AnomalySettings settings, Instant now, Duration delay) {
            this.settings = settings;
            this.now = now;
            this.start = now.truncatedTo(ChronoUnit.DAYS);
            this.delay = delay;
        }

        private LocalDate today() {
            return LocalDate.ofInstant(start, ZoneOffset.UTC);
        }

        private void at(Meter meter) {
            if (!settings.watches(meter.code())) {
                return;
            }
            List<BigDecimal> days = days(meter);
            int today = days.size() - 1;
            if (today < 0 || !isAwake(meter, days)) {
                left.put(meter.code(), BigDecimal.ZERO);
                return;
            }
            if (today < UsualDay.FEWEST) {
                again(start.plus(UsualDay.FEWEST - today, ChronoUnit.DAYS));
                return;
            }
            Instant settled = start.plus(SETTLED);
            again(now.isBefore(settled.plus(delay)) ? settled : start.plus(1, ChronoUnit.DAYS));
            judge(meter, days.subList(0, today), start.minus(1, ChronoUnit.DAYS), !now.isBefore(settled));
            judge(meter, days, start, false).ifPresent(usual -> {
                BigDecimal more = usual.high().subtract(days.get(today));
                if (more.signum() >= 0) {
                    left.put(meter.code(), more);
                }
            });
        }

        /**
         * Oldest first, from the first that has something, up to today. Where the last quantity counts that is the day's, and 0 of a
         * day on which nothing was reported, as it would be of a month.
         */
        private List<BigDecimal> days(Meter meter) {
            List<BigDecimal> days = usage
                    .series(
                            meter.code(),
                            start.minus(UsualDay.HISTORY, ChronoUnit.DAYS),
                            now.plusMillis(1),
                            Usage.Granularity.DAY,
                            null)
                    .points()
                    .stream()
                    .map(Usage.Point::quantity)
                    .limit(UsualDay.HISTORY + 1L)
                    .toList();
            return days.stream().dropWhile(day -> day.signum() == 0).toList();
        }

        /** A level that stays has nothing to tell, and what stands still since a week was told. */
        private boolean isAwake(Meter meter, List<BigDecimal> days) {
            int today = days.size() - 1;
            Stream<BigDecimal> latest = days.subList(Math.max(0, today - 7), days.size()).stream();
            return meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED
                    ? latest.distinct().count() > 1
                    : latest.anyMatch(day -> day.signum() > 0);
        }

        private Optional<UsualDay> judge(Meter meter, List<BigDecimal> days, Instant day, boolean over) {
            BigDecimal quantity = days.get(days.size() - 1);
            List<BigDecimal> before = days.subList(0, days.size() - 1);
            Optional<UsualDay> usual = UsualDay.of(before, settings.sensitivity());
            usual.flatMap(expected -> expected.judge(quantity, over)
                            .map(direction -> new Anomaly(
                                    direction,
                                    expected.usual(),
                                    expected.low() == null ? BigDecimal.ZERO : expected.low(),
                                    expected.high(),
                                    before.subList(Math.max(0, before.size() - Anomaly.DAYS), before.size()))))
                    .ifPresent(anomaly -> unlike.add(
                            new Unlike(meter, new Period(day, day.plus(1, ChronoUnit.DAYS)), quantity, anomaly)));
            return usual;
        }

        private void again(Instant at) {
            Instant delayed = at.plus(delay);
            next = next == null || delayed.isBefore(next) ? delayed : next;
        }
    }
}
