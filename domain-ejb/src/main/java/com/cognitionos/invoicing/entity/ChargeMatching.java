package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** Which charges a credit line can be for. */
final class ChargeMatching {

    /** With an hour for daylight saving. */
    private static final Duration LONGEST_MONTH = Duration.ofDays(31).plusHours(1);

    private ChargeMatching() {}

    /** Whether it gives back that charge, or a part of it. */
    static boolean gives(InvoiceLine credit, InvoiceLine charge) {
        return switch (credit.kind()) {
            case ADJUSTMENT ->
                isUsage(charge)
                        && Objects.equals(credit.meter(), charge.meter())
                        && contains(credit.period(), charge.period());
            case COMMITMENT -> isUsage(charge) && contains(credit.period(), charge.period());
            default ->
                charge.kind() == credit.kind()
                        && Objects.equals(charge.plan(), credit.plan())
                        && charge.unitPrice().compareTo(credit.unitPrice()) == 0
                        && charge.quantity().compareTo(credit.quantity()) == 0
                        && contains(charge.period(), credit.period());
        };
    }

    /**
     * Whether both are of one month, of which the credit is for all that was charged, or both correct what was above its
     * maximum: usage of one meter takes the place of another's, or of what was taken off them all.
     */
    static boolean isOfMonth(InvoiceLine credit, InvoiceLine charge) {
        if (credit.kind() == InvoiceLine.Kind.ADJUSTMENT && credit.meter() != null) {
            return charge.kind() == InvoiceLine.Kind.ADJUSTMENT && contains(credit.period(), charge.period());
        }
        boolean ofPlan = charge.kind().isRecurring()
                && charge.period().start().isBefore(credit.period().end())
                && charge.period().end().isAfter(credit.period().start());
        return isOfAll(credit) && (ofPlan || isUsage(charge) && contains(credit.period(), charge.period()));
    }

    /** What a month has of a charge that goes on for longer, by time, rounded up; of another one all. */
    static long inMonthCents(InvoiceLine month, InvoiceLine charge) {
        Period whole = charge.period();
        if (!isOfAll(month) || whole.length().compareTo(LONGEST_MONTH) <= 0) {
            return charge.amountCents();
        }
        Instant from = later(whole.start(), month.period().start());
        Instant to = earlier(whole.end(), month.period().end());
        return BigDecimal.valueOf(charge.amountCents())
                .multiply(BigDecimal.valueOf(Duration.between(from, to).toSeconds()))
                .divide(BigDecimal.valueOf(whole.length().toSeconds()), 0, RoundingMode.UP)
                .longValueExact();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    static boolean isUnusedTime(InvoiceLine line) {
        return line.kind().isRecurring() && line.amountCents() < 0;
    }

    static boolean isUsage(InvoiceLine line) {
        return switch (line.kind()) {
            case OVERAGE, ADJUSTMENT, COMMITMENT -> true;
            case PLAN, ADD_ON, CHARGE, BALANCE -> false;
        };
    }

    static boolean contains(Period outer, Period inner) {
        return !inner.start().isBefore(outer.start()) && !inner.end().isAfter(outer.end());
    }

    /** Whether a line is for a month as a whole. */
    private static boolean isOfAll(InvoiceLine line) {
        return line.kind() == InvoiceLine.Kind.COMMITMENT
                || line.kind() == InvoiceLine.Kind.ADJUSTMENT && line.meter() == null;
    }
}
