package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of an invoice.
 *
 * @param plan whose price it is, by code; of an add-on's line the add-on's
 * @param quantity in the meter's unit above what is included; 1 for a plan's price
 * @param unitPrice cents for one of the quantity, an exact decimal of up to 12 places
 * @param amountCents quantity times unit price (or its part of the period), rounded once, half up
 */
public record InvoiceLine(
        Kind kind,
        String description,
        @Nullable String meter,
        String plan,
        BigDecimal quantity,
        BigDecimal unitPrice,
        long amountCents,
        Period period,
        boolean proration) {

    public InvoiceLine {
        // As they are written and read again, so that a preview is equal to its invoice.
        quantity = plain(quantity);
        unitPrice = plain(unitPrice);
    }

    /** The same for another amount. */
    public InvoiceLine of(long cents) {
        return new InvoiceLine(kind, description, meter, plan, quantity, unitPrice, cents, period, proration);
    }

    private static BigDecimal plain(BigDecimal value) {
        return value.scale() < 0 ? value.setScale(0, RoundingMode.UNNECESSARY) : value;
    }

    /** What a line charges for. */
    public enum Kind {
        PLAN,
        /** The recurring price of an add-on. */
        ADD_ON,
        OVERAGE,
        /** Makes up for usage that came after its month was invoiced. */
        ADJUSTMENT,
        /** Keeps a month to the least or the most that was agreed. */
        COMMITMENT,
        /** What was added once, for no usage and no plan. */
        CHARGE,
        /** Carries what the invoice gives back over to the customer's balance. */
        BALANCE;

        /** Whether it is a price for a time, of which what is unused is given back. */
        public boolean isRecurring() {
            return this == PLAN || this == ADD_ON;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }
}
