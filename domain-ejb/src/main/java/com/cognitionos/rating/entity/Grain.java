package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** In which units a part of a period is weighed against the whole (SPEC section 3). Days are those of the zone. */
public enum Grain {

    /** Exact time; a period is half-open. */
    SECOND {
        @Override
        BigInteger units(Period span, ZoneId zone) {
            return BigInteger.valueOf(span.length().getSeconds())
                    .multiply(BigInteger.valueOf(1_000_000_000))
                    .add(BigInteger.valueOf(span.length().getNano()));
        }
    },

    /** Calendar days: that of the start counts, that of the end does not. */
    DAY {
        @Override
        BigInteger units(Period span, ZoneId zone) {
            return days(span, zone);
        }
    },

    /** Calendar days, where the day of a cancellation inside a period is charged still. The day of a change is the new plan's. */
    DAY_INCLUSIVE {
        @Override
        BigInteger units(Period span, ZoneId zone) {
            return days(span, zone);
        }

        @Override
        public Instant canceledFrom(Instant at, ZoneId zone) {
            return LocalDate.ofInstant(at, zone).plusDays(1).atStartOfDay(zone).toInstant();
        }
    },

    /** Every month has 30 days, a year 360. The last day of February is the 30th. */
    FIXED30 {
        @Override
        BigInteger units(Period span, ZoneId zone) {
            return BigInteger.valueOf(Math.max(0, day360(local(span.end(), zone)) - day360(local(span.start(), zone))));
        }
    };

    abstract BigInteger units(Period span, ZoneId zone);

    /** From when on nothing is charged any more after a cancellation at {@code at}. */
    public Instant canceledFrom(Instant at, ZoneId zone) {
        return at;
    }

    /**
     * {@code round_half_up(cents × part / whole)}, in units of this grain.
     *
     * @param cents of the whole period
     * @param part inside {@code whole}
     */
    public long prorate(long cents, Period part, Period whole, ZoneId zone) {
        if (part.equals(whole)) {
            return cents;
        }
        BigInteger all = units(whole, zone);
        // A part can only seem longer than the whole where short months are stretched to 30 days.
        BigInteger some = units(part, zone).min(all);
        if (all.signum() == 0) {
            return 0;
        }
        return new BigDecimal(BigInteger.valueOf(cents).multiply(some))
                .divide(new BigDecimal(all), 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is none */
    public static Grain of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    private static BigInteger days(Period span, ZoneId zone) {
        return BigInteger.valueOf(ChronoUnit.DAYS.between(local(span.start(), zone), local(span.end(), zone)));
    }

    private static LocalDate local(Instant at, ZoneId zone) {
        return LocalDate.ofInstant(at, zone);
    }

    private static long day360(LocalDate date) {
        boolean endOfFebruary = date.getMonth() == Month.FEBRUARY && date.getDayOfMonth() == date.lengthOfMonth();
        int day = endOfFebruary ? 30 : Math.min(30, date.getDayOfMonth());
        return 360L * date.getYear() + 30L * (date.getMonthValue() - 1) + day;
    }
}
