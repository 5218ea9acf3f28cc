package com.cognitionos.alert.entity;

import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that was told, once.
 *
 * @param meter whose allowance, overage or day it is; null for a budget of all meters
 * @param budget null for what is no budget's
 * @param name as the meter or the budget was called then
 * @param currency of a budget; null for quantities
 * @param period the usage month; of an anomaly the day, by UTC
 * @param threshold percent of the bound; 0 for an anomaly
 * @param bound in the meter's units, or the currency's minor unit; of an anomaly what it went above or below
 * @param value how far it was, in the same measure
 * @param triggeredAt by the tenant's clock
 * @param mailedTo none where nobody wanted a mail
 * @param acknowledgedBy who took note; null while nobody has
 * @param anomaly null for all other kinds
 */
public record Alert(
        UUID id,
        Kind kind,
        @Nullable String meter,
        @Nullable UUID budget,
        String name,
        @Nullable String currency,
        Period period,
        int threshold,
        BigDecimal bound,
        BigDecimal value,
        Instant triggeredAt,
        List<String> mailedTo,
        @Nullable Instant acknowledgedAt,
        @Nullable String acknowledgedBy,
        @Nullable Anomaly anomaly) {

    /** What it is about. */
    public enum Kind {
        USAGE,
        BUDGET,
        /** A day that is unlike the tenant's own history (ALR-7). */
        ANOMALY;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    public Alert {
        mailedTo = List.copyOf(mailedTo);
    }

    /** What it is told of only once a period and bound. */
    public String subject() {
        return budget == null ? String.valueOf(meter) : budget.toString();
    }

    /** How much of the bound was reached, of an anomaly how much of the usual, with one decimal. */
    public BigDecimal percent() {
        return value.movePointRight(2).divide(anomaly == null ? bound : anomaly.usual(), 1, RoundingMode.DOWN);
    }
}
