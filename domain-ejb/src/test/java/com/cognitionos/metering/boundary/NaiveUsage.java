package com.cognitionos.metering.boundary;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What accepted events come to, looked at one by one: the definition of each kind of meter. */
record NaiveUsage(Map<String, Meter> meters, Collection<Stored> accepted) {

    private static final Comparator<Stored> ORDER = Comparator.comparing(Stored::at)
            .thenComparing(Stored::receivedAt)
            .thenComparing(stored -> stored.event().id());

    /** An accepted event, and when and by whom it came. */
    record Stored(
            UsageEvent event, Instant receivedAt, @Nullable String key) {
        Instant at() {
            return Objects.requireNonNull(event.timestamp());
        }
    }

    BigDecimal of(String code, Period span, Instant present, Predicate<Stored> wanted) {
        Meter meter = meters.get(code);
        List<Stored> all = accepted.stream()
                .filter(stored -> stored.event().meter().equals(code))
                .filter(wanted)
                .sorted(ORDER)
                .toList();
        List<Stored> inside =
                all.stream().filter(stored -> span.contains(stored.at())).toList();
        List<BigDecimal> quantities =
                inside.stream().map(stored -> stored.event().quantity()).toList();
        return switch (meter.aggregation()) {
            case SUM -> quantities.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            case COUNT -> BigDecimal.valueOf(inside.size());
            case MAX -> quantities.stream().reduce(BigDecimal.ZERO, BigDecimal::max);
            case UNIQUE_COUNT ->
                BigDecimal.valueOf(inside.stream()
                        .map(stored -> code.equals("people")
                                ? stored.event().subject()
                                : stored.event().properties().replaceAll(".*\"team\":", ""))
                        .distinct()
                        .count());
            case LATEST -> quantities.isEmpty() ? BigDecimal.ZERO : quantities.get(quantities.size() - 1);
            case TIME_WEIGHTED -> mean(all, span, present);
        };
    }

    private static BigDecimal mean(List<Stored> all, Period span, Instant present) {
        Instant end = present.isBefore(span.end()) ? present : span.end();
        if (!span.start().isBefore(end)) {
            return BigDecimal.ZERO;
        }
        BigDecimal integral = BigDecimal.ZERO;
        BigDecimal level = BigDecimal.ZERO;
        Instant since = span.start();
        for (Stored stored : all) {
            if (!stored.at().isBefore(end)) {
                break;
            }
            if (stored.at().isAfter(since)) {
                integral = integral.add(level.multiply(micros(since, stored.at())));
                since = stored.at();
            }
            level = stored.event().quantity();
        }
        return integral.add(level.multiply(micros(since, end)))
                .divide(micros(span.start(), end), MathContext.DECIMAL128)
                .setScale(6, RoundingMode.HALF_UP);
    }

    private static BigDecimal micros(Instant from, Instant to) {
        return BigDecimal.valueOf(Duration.between(from, to).toNanos() / 1000);
    }

    static String group(String by, Stored stored) {
        String value = switch (by) {
            case "subject" -> stored.event().subject();
            case "key" -> stored.key();
            default -> property(stored, by);
        };
        return value == null ? "" : value;
    }

    private static @Nullable String property(Stored stored, String name) {
        String quoted = "\"" + name + "\":\"";
        String all = Objects.requireNonNull(stored.event().properties());
        int at = all.indexOf(quoted);
        return at < 0 ? null : all.substring(at + quoted.length(), all.indexOf('"', at + quoted.length()));
    }
}
