package com.cognitionos.invoicing.entity;

import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.catalog.entity.Plan.OveragePrice;
import com.cognitionos.invoicing.entity.BillingFacts.Agreement;
import com.cognitionos.invoicing.entity.BillingFacts.Month;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Movement;
import com.cognitionos.rating.entity.Recurring;
import com.cognitionos.rating.entity.Timeline;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one pure function from history to invoice lines (INV-1). It has no clock, no database and no state: the same
 * facts always give the same lines.
 */
public final class InvoiceCalculator {

    private static final int UNIT_PRICE_SCALE = 12;
    private static final Duration LAST_DAY = Duration.ofDays(2);

    private InvoiceCalculator() {}

    /**
     * What is invoiced at an instant: the recurring prices that fall due or are given back there, the overage of the month
     * that ends, and adjustments for late usage.
     */
    public static List<InvoiceLine> lines(BillingFacts facts) {
        List<InvoiceLine> lines = new ArrayList<>(recurring(facts));
        Month month = facts.month();
        if (month != null && !month.terms().trial()) {
            for (MeteredAllowance allowance : month.terms().plan().meters()) {
                InvoiceLine line = overage(month, allowance);
                if (line.amountCents() != 0) {
                    lines.add(line);
                }
            }
        }
        facts.reopened().forEach(reopened -> lines.addAll(adjustments(reopened)));
        return List.copyOf(lines);
    }

    private static List<InvoiceLine> recurring(BillingFacts facts) {
        Agreement agreement = facts.agreement();
        // After the end only the rest of its last day can still fall due.
        Instant until = facts.last() ? facts.at().plus(LAST_DAY) : facts.at();
        return Timeline.through(agreement.history(), agreement.grain(), until).stream()
                .filter(movement -> !movement.at().isBefore(facts.at()) && movement.entry() >= facts.since())
                .map(movement ->
                        line(movement, agreement.plans().get(movement.price().item())))
                .toList();
    }

    private static InvoiceLine line(Movement movement, @Nullable Plan plan) {
        Recurring price = movement.price();
        String what = (plan == null ? price.item() : plan.name() + " plan")
                + (price.cadence().equals(Cadence.YEAR) ? ", a year" : ", a month");
        String description = movement.isCredit()
                ? "Unused time of the " + what
                : movement.isProration() ? what + ", part of the period" : what;
        return new InvoiceLine(
                InvoiceLine.Kind.PLAN,
                description,
                null,
                price.item(),
                price.quantity(),
                BigDecimal.valueOf(price.cents()),
                movement.cents(),
                movement.span(),
                movement.isProration());
    }

    public static long subtotalCents(List<InvoiceLine> lines) {
        return lines.stream().mapToLong(InvoiceLine::amountCents).reduce(0, Math::addExact);
    }

    /** An invoice is never negative: what it gives back beyond what it charges goes to the customer's balance (INV-8). */
    public static List<InvoiceLine> settled(List<InvoiceLine> lines) {
        long subtotal = subtotalCents(lines);
        if (subtotal >= 0) {
            return lines;
        }
        List<InvoiceLine> settled = new ArrayList<>(lines);
        InvoiceLine last = lines.get(lines.size() - 1);
        settled.add(new InvoiceLine(
                InvoiceLine.Kind.BALANCE,
                "Credited to your balance",
                null,
                last.plan(),
                BigDecimal.ONE,
                BigDecimal.valueOf(-subtotal),
                -subtotal,
                last.period(),
                false));
        return List.copyOf(settled);
    }

    private static InvoiceLine overage(Month month, MeteredAllowance allowance) {
        String meter = allowance.meter().code();
        BigDecimal used = month.usage().getOrDefault(meter, BigDecimal.ZERO);
        BigDecimal excess = allowance.excess(used);
        OveragePrice price = allowance.overage();
        return new InvoiceLine(
                InvoiceLine.Kind.OVERAGE,
                plural(allowance) + ": " + figure(excess) + " above the "
                        + figure(allowance.included()) + " included"
                        + (price == null ? "" : ", " + priceText(price)),
                meter,
                month.terms().plan().tier().code(),
                excess,
                unitPrice(price),
                allowance.overageCents(used),
                month.period(),
                false);
    }

    private static List<InvoiceLine> adjustments(Reopened reopened) {
        List<InvoiceLine> lines = new ArrayList<>();
        Month month = reopened.month();
        if (month.terms().trial()) {
            return lines;
        }
        for (MeteredAllowance allowance : month.terms().plan().meters()) {
            String meter = allowance.meter().code();
            InvoiceLine now = overage(month, allowance);
            long difference = Math.subtractExact(
                    now.amountCents(), reopened.invoicedCents().getOrDefault(meter, 0L));
            if (difference != 0) {
                lines.add(new InvoiceLine(
                        InvoiceLine.Kind.ADJUSTMENT,
                        "Late usage of an invoiced month. " + now.description() + ": " + now.amountCents()
                                + " cents, of which " + (now.amountCents() - difference) + " were invoiced",
                        meter,
                        now.plan(),
                        now.quantity(),
                        now.unitPrice(),
                        difference,
                        month.period(),
                        false));
            }
        }
        return lines;
    }

    private static BigDecimal unitPrice(@Nullable OveragePrice price) {
        return price == null
                ? BigDecimal.ZERO
                : price.cents()
                        .divide(price.per(), UNIT_PRICE_SCALE, RoundingMode.HALF_UP)
                        .stripTrailingZeros();
    }

    private static String plural(MeteredAllowance allowance) {
        String unit = allowance.meter().unit();
        String word = allowance.meter().code().equals("storage_mb") ? "Storage, MB on average" : unit + "s";
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String priceText(OveragePrice price) {
        String per = price.per().compareTo(BigDecimal.ONE) == 0 ? "each" : "per " + figure(price.per());
        return figure(price.cents()) + " cents " + per;
    }

    private static String figure(@Nullable BigDecimal value) {
        if (value == null) {
            return "unlimited";
        }
        NumberFormat format = NumberFormat.getNumberInstance(Locale.ROOT);
        format.setMaximumFractionDigits(6);
        return format.format(value);
    }
}
