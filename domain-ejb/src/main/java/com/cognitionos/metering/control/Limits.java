package com.cognitionos.metering.control;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.metering.control.Counters.Key;
import com.cognitionos.metering.entity.Allowance;
import com.cognitionos.metering.entity.Refusal;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.Period;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Decides whether usage fits, under the locks of the counters that it would raise (MET-6, MET-9). */
@ApplicationScoped
public class Limits {

    @Inject
    private Counters counters;

    @Inject
    private PeriodUsage usage;

    /** Locks what those events would raise until the transaction ends, and shows it. */
    public Months lock(Collection<UsageEvent> events, Map<String, Meter> meters, Standing standing) {
        Months months = new Months(standing);
        Set<Key> keys = new LinkedHashSet<>();
        Set<String> values = new LinkedHashSet<>();
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        for (UsageEvent event : events) {
            Instant at = standing.countedAt(event.timestamp());
            Period month = standing.monthOf(at);
            if (standing.capped()) {
                keys.addAll(sums(month, standing));
            }
            Meter meter = meters.get(event.meter());
            if (meter.aggregation().isCounted()) {
                keys.add(new Key(event.meter(), month));
            }
            event.value(meter).ifPresent(values::add);
            first = at.isBefore(first) ? at : first;
            last = at.isAfter(last) ? at : last;
        }
        if (keys.isEmpty()) {
            counters.shareForStoring();
            return months;
        }
        counters.ensured(keys);
        counters.shareForStoring();
        Set<String> codes = new LinkedHashSet<>();
        keys.forEach(key -> codes.add(key.meter()));
        Map<Key, Counters.Counter> locked = counters.lock(codes, first, last);
        locked.forEach((key, counter) -> months.start(key, counter.taken()));
        months.known.putAll(counters.known(locked.values(), values));
        return months;
    }

    /** A single use of a meter that adds up, at the tenant's present. */
    public Months lock(Allowance allowance, Standing standing) {
        Meter meter = allowance.meter();
        return lock(
                Set.of(new UsageEvent("", meter.code(), BigDecimal.ZERO, null, null, null)),
                Map.of(meter.code(), meter),
                standing);
    }

    /** What a month comes to when nothing else is used in it: sums with what is held, levels to the month's end. */
    public Map<String, BigDecimal> unlocked(Period month, Standing standing) {
        Months months = new Months(standing);
        counters.ensured(sums(month, standing))
                .values()
                .forEach(counter -> months.start(counter.key(), counter.taken()));
        return months.of(month);
    }

    /** The counters of a tenant's month. */
    public static List<Key> sums(Period month, Standing standing) {
        return standing.allowances().stream()
                .filter(Allowance::isCounted)
                .map(allowance -> new Key(allowance.meter().code(), month))
                .toList();
    }

    /** What a meter without a counter stands at: its level, or what its month has come to so far. */
    public BigDecimal level(Allowance allowance, Period month, Instant now) {
        String meter = allowance.meter().code();
        return allowance.meter().aggregation() == Meter.Aggregation.TIME_WEIGHTED
                ? usage.level(meter, now)
                : usage.uncounted(month).getOrDefault(meter, BigDecimal.ZERO);
    }

    /** Why a level may not become this now, as far as the spending cap goes; nothing is locked. */
    public Optional<Refusal> wouldRise(Allowance allowance, BigDecimal level, Standing standing) {
        if (!standing.capped()) {
            return Optional.empty();
        }
        Months months = new Months(standing);
        Period month = standing.monthOf(standing.now());
        months.taken.put(month, unlocked(month, standing));
        months.withLevels.add(month);
        return months.level(allowance, level, standing.now());
    }

    /** The months that are decided on, with all that was admitted so far. */
    public final class Months {

        private final Standing standing;
        private final Map<Period, Map<String, BigDecimal>> taken = new HashMap<>();
        private final Set<Period> withLevels = new LinkedHashSet<>();
        private final Map<String, NavigableMap<Instant, BigDecimal>> levels = new HashMap<>();
        private final Map<Key, Set<String>> known = new HashMap<>();
        private final Map<Key, Optional<Instant>> lasts = new HashMap<>();

        private Months(Standing standing) {
            this.standing = standing;
        }

        private void start(Key key, BigDecimal quantity) {
            taken.computeIfAbsent(key.month(), month -> new HashMap<>()).put(key.meter(), quantity);
        }

        /** Admits the event, so that the next one is decided on top of it, or says why not. */
        public Optional<Refusal> admit(UsageEvent event) {
            Instant at = standing.countedAt(event.timestamp());
            Optional<Refusal> none = standing.notEntitled(at);
            if (none.isPresent()) {
                return none;
            }
            return standing.allowance(event.meter()).flatMap(allowance -> admit(allowance, event, at));
        }

        private Optional<Refusal> admit(Allowance allowance, UsageEvent event, Instant at) {
            Meter meter = allowance.meter();
            Period month = standing.monthOf(at);
            if (meter.aggregation().adds()) {
                return add(allowance, meter.counted(event.quantity()), month);
            }
            if (!allowance.isCounted()) {
                return level(allowance, event.quantity(), at);
            }
            Set<String> counted = known.computeIfAbsent(new Key(meter.code(), month), key -> new HashSet<>());
            String value = event.value(meter).orElse(null);
            if (value == null || counted.contains(value)) {
                return Optional.empty();
            }
            Optional<Refusal> refusal = add(allowance, BigDecimal.ONE, month);
            if (refusal.isEmpty()) {
                counted.add(value);
            }
            return refusal;
        }

        private Optional<Refusal> add(Allowance allowance, BigDecimal quantity, Period month) {
            Map<String, BigDecimal> used = standing.capped() ? of(month) : sums(month);
            String meter = allowance.meter().code();
            BigDecimal after = used.getOrDefault(meter, BigDecimal.ZERO).add(quantity);
            Optional<Refusal> refusal =
                    standing.aboveLimit(allowance, after).or(() -> standing.aboveCap(allowance, used, after));
            if (refusal.isEmpty()) {
                used.put(meter, after);
            }
            return refusal;
        }

        private Optional<Refusal> level(Allowance allowance, BigDecimal level, Instant at) {
            Optional<Refusal> tooHigh = standing.aboveLimit(allowance, level);
            if (tooHigh.isPresent() || !standing.capped()) {
                return tooHigh;
            }
            String meter = allowance.meter().code();
            Period month = standing.monthOf(at);
            Map<String, BigDecimal> used = of(month);
            BigDecimal before = used.getOrDefault(meter, BigDecimal.ZERO);
            BigDecimal after = switch (allowance.meter().aggregation()) {
                case MAX -> before.max(level);
                case LATEST -> isLast(meter, at, month) ? level : before;
                default -> before.add(risen(meter, level, at, month));
            };
            Optional<Refusal> refusal = standing.aboveCap(allowance, used, after);
            if (refusal.isEmpty()) {
                used.put(meter, after);
                levels.computeIfAbsent(meter, code -> new TreeMap<>()).put(at, level);
            }
            return refusal;
        }

        private boolean isLast(String meter, Instant at, Period month) {
            NavigableMap<Instant, BigDecimal> admitted = levels.getOrDefault(meter, new TreeMap<>());
            return admitted.higherKey(at) == null
                    && lasts.computeIfAbsent(new Key(meter, month), key -> usage.last(meter, month))
                            .filter(at::isBefore)
                            .isEmpty();
        }

        /** By how much the month's mean rises at most, should the new level hold to its end. */
        private BigDecimal risen(String meter, BigDecimal level, Instant at, Period month) {
            BigDecimal before = usage.level(meter, at);
            Map.Entry<Instant, BigDecimal> admitted =
                    levels.getOrDefault(meter, new TreeMap<>()).floorEntry(at);
            if (admitted != null) {
                before = before.min(admitted.getValue());
            }
            BigDecimal rest = seconds(Duration.between(at, month.end()));
            return level.subtract(before)
                    .max(BigDecimal.ZERO)
                    .multiply(rest)
                    .divide(seconds(month.length()), MathContext.DECIMAL128)
                    .setScale(6, RoundingMode.CEILING);
        }

        private Map<String, BigDecimal> sums(Period month) {
            return taken.computeIfAbsent(month, key -> new HashMap<>());
        }

        Map<String, BigDecimal> of(Period month) {
            Map<String, BigDecimal> used = sums(month);
            if (withLevels.add(month)) {
                used.putAll(usage.uncounted(month));
            }
            return used;
        }
    }

    private static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 9);
    }
}
