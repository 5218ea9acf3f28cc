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
 * @param meter whose allowance or overage it is; null for a budget of all meters
 * @param budget null for what is no budget's
 * @param name as the meter or the budget was called then
 * @param currency of a budget; null for quantities
 * @param period the usage month
 * @param threshold percent of the bound
 * @param bound in the meter's units, or the currency's minor unit
 * @param value how far it was, in the same measure
 * @param triggeredAt by the tenant's clock
 * @param mailedTo none where nobody wanted a mail
 * @param acknowledgedBy who took note; null while nobody has
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
        @Nullable String acknowledgedBy) {

    /** What it is about. */
    public enum Kind {
        USAGE,
        BUDGET;

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

    /** How much of the bound was reached, with one decimal. */
    public BigDecimal percent() {
        return value.movePointRight(2).divide(bound, 1, RoundingMode.DOWN);
    }
}
