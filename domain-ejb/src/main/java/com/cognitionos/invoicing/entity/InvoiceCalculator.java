package com.cognitionos.invoicing.entity;

import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.catalog.entity.Plan.OveragePrice;
import com.cognitionos.invoicing.entity.BillingFacts.Agreement;
import com.cognitionos.invoicing.entity.BillingFacts.Month;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Movement;
import com.cognitionos.rating.entity.Price;
import com.cognitionos.rating.entity.Recurring;
import com.cognitionos.rating.entity.Timeline;
import com.cognitionos.rating.entity.Usage;
import com.cognitionos.rating.entity.UsageRating;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        if (facts.month() != null) {
            overage(facts.month()).values().stream()
                    .flatMap(List::stream)
                    .filter(line -> line.amountCents() != 0)
                    .forEach(lines::add);
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

    /** As an invoice shows them before discounts and tax. */
    public static List<InvoiceLine> settled(List<InvoiceLine> lines) {
        return settled(lines, Math.max(0, Math.negateExact(subtotalCents(lines))));
    }

    /**
     * An invoice is never negative: what it gives back beyond what it charges goes to the customer's balance (INV-8).
     *
     * @param creditCents that much, from 0, with discounts and tax
     */
    public static List<InvoiceLine> settled(List<InvoiceLine> lines, long creditCents) {
        if (creditCents == 0) {
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
                BigDecimal.valueOf(creditCents),
                creditCents,
                last.period(),
                false));
        return List.copyOf(settled);
    }

    /** By meter, a line for each price that held, also those of 0 cents. */
    private static Map<String, List<InvoiceLine>> overage(Month month) {
        Map<String, MeteredAllowance> meters = new LinkedHashMap<>();
        month.parts()
                .forEach(part -> part.terms()
                        .plan()
                        .meters()
                        .forEach(allowance -> meters.put(allowance.meter().code(), allowance)));
        Map<String, List<InvoiceLine>> lines = new LinkedHashMap<>();
        meters.forEach((meter, allowance) -> lines.put(meter, overage(month, meter, allowance)));
        return lines;
    }

    private static List<InvoiceLine> overage(Month month, String meter, MeteredAllowance allowance) {
        List<UsageRating.Part> parts = month.parts().stream()
                .map(part -> new UsageRating.Part(
                        part.period(),
                        price(part.terms(), meter),
                        Usage.of(part.usage().getOrDefault(meter, BigDecimal.ZERO))))
                .toList();
        return UsageRating.rate(month.period(), parts).stream()
                .map(charge -> line(month, allowance, charge))
                .toList();
    }

    private static @Nullable Price price(Terms terms, String meter) {
        return terms.trial()
                ? null
                : terms.plan().allowance(meter).map(MeteredAllowance::monthly).orElse(null);
    }

    private static InvoiceLine line(Month month, MeteredAllowance allowance, UsageRating.Charge charge) {
        Plan plan = month.parts().stream()
                .filter(part -> part.period().contains(charge.period().start()))
                .findFirst()
                .orElseThrow()
                .terms()
                .plan();
        String meter = allowance.meter().code();
        OveragePrice price =
                plan.allowance(meter).map(MeteredAllowance::overage).orElse(null);
        BigDecimal excess = charge.charged().quantity();
        return new InvoiceLine(
                InvoiceLine.Kind.OVERAGE,
                plural(allowance) + ": " + figure(excess) + " above the "
                        + figure(month.parts().size() == 1 ? charge.price().included() : charge.free())
                        + (month.parts().size() == 1 ? " included" : " free of charge")
                        + (price == null ? "" : ", " + priceText(price)),
                meter,
                plan.tier().code(),
                excess,
                unitPrice(price),
                charge.amountCents(),
                charge.period(),
                false);
    }

    private static List<InvoiceLine> adjustments(Reopened reopened) {
        List<InvoiceLine> lines = new ArrayList<>();
        overage(reopened.month()).forEach((meter, now) -> {
            long cents = InvoiceCalculator.subtotalCents(now);
            long invoiced = reopened.invoicedCents().getOrDefault(meter, 0L);
            long owed = invoiced - reopened.creditedCents().getOrDefault(meter, 0L);
            // Nothing is given back a second time that a credit note has given back.
            long change = Math.max(Math.subtractExact(cents, invoiced), Math.min(0, Math.negateExact(owed)));
            if (change != 0) {
                InvoiceLine last = now.get(now.size() - 1);
                lines.add(new InvoiceLine(
                        InvoiceLine.Kind.ADJUSTMENT,
                        (change > 0 ? "Late usage" : "Corrected usage") + " of an invoiced month. " + last.description()
                                + ": " + cents + " cents, of which " + invoiced + " were invoiced",
                        meter,
                        last.plan(),
                        last.quantity(),
                        last.unitPrice(),
                        change,
                        reopened.month().period(),
                        false));
            }
        });
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
