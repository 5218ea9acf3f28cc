package com.cognitionos.invoicing.entity;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.catalog.entity.Plan.OveragePrice;
import com.cognitionos.catalog.entity.Plan.Price;
import com.cognitionos.catalog.entity.Plan.Timing;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one pure function from history to invoice lines (INV-1). It has no clock, no database and no state: the same
 * facts always give the same lines.
 */
public final class InvoiceCalculator {

    private static final int UNIT_PRICE_SCALE = 12;

    private InvoiceCalculator() {}

    /**
     * What is invoiced as a month ends: the plan's price where it falls due there, the overage of the month, and
     * adjustments for late usage.
     */
    public static List<InvoiceLine> monthEnd(BillingFacts facts) {
        List<InvoiceLine> lines = new ArrayList<>();
        Terms terms = facts.terms();
        if (!terms.trial()) {
            planLine(facts).ifPresent(lines::add);
            for (MeteredAllowance allowance : terms.plan().meters()) {
                InvoiceLine line = overage(terms, facts.month(), allowance, facts.usage());
                if (line.amountCents() != 0) {
                    lines.add(line);
                }
            }
        }
        facts.reopened().forEach(reopened -> lines.addAll(adjustments(reopened)));
        return List.copyOf(lines);
    }

    /** What is invoiced as a subscription starts: the price of the first period where it is due in advance. */
    public static List<InvoiceLine> start(Terms terms, Instant at) {
        Price price = price(terms);
        if (terms.trial() || price.timing() == Timing.IN_ARREARS || price.amountCents() == 0) {
            return List.of();
        }
        Period covered = terms.anchor().periodAround(at, terms.cycle().cadence());
        return List.of(whole(terms, price, covered));
    }

    public static long subtotalCents(List<InvoiceLine> lines) {
        return lines.stream().mapToLong(InvoiceLine::amountCents).reduce(0, Math::addExact);
    }

    /**
     * An invoice cannot be negative. Where late usage lowers an invoiced month by more than this invoice charges, the
     * lowering is left off; it comes out again with the next month's facts.
     */
    public static List<InvoiceLine> withoutCreditThatDoesNotFit(List<InvoiceLine> lines) {
        return subtotalCents(lines) > 0
                ? lines
                : lines.stream().filter(line -> line.amountCents() >= 0).toList();
    }

    private static Optional<InvoiceLine> planLine(BillingFacts facts) {
        Terms terms = facts.terms();
        Price price = price(terms);
        if (price.amountCents() == 0) {
            return Optional.empty();
        }
        Anchor anchor = terms.anchor();
        Cadence cadence = terms.cycle().cadence();
        if (price.timing() == Timing.IN_ARREARS) {
            Period covered = anchor.periodAround(facts.month().start(), cadence);
            if (facts.endedAt() != null && !facts.endedAt().isAfter(covered.start())) {
                return Optional.empty();
            }
            if (facts.endedAt() != null && facts.endedAt().isBefore(covered.end())) {
                return Optional.of(part(terms, price, covered, facts.endedAt()));
            }
            return facts.month().end().equals(covered.end())
                    ? Optional.of(whole(terms, price, covered))
                    : Optional.empty();
        }
        Period next = anchor.periodAround(facts.month().end(), cadence);
        boolean begins = next.start().equals(facts.month().end());
        return begins && facts.endedAt() == null ? Optional.of(whole(terms, price, next)) : Optional.empty();
    }

    private static Price price(Terms terms) {
        return terms.plan().price(terms.cycle(), terms.currency());
    }

    private static InvoiceLine whole(Terms terms, Price price, Period covered) {
        return new InvoiceLine(
                InvoiceLine.Kind.PLAN,
                planDescription(terms),
                null,
                terms.plan().tier().code(),
                BigDecimal.ONE,
                BigDecimal.valueOf(price.amountCents()),
                price.amountCents(),
                covered,
                false);
    }

    /** The share of the price up to {@code end}, by the second. */
    private static InvoiceLine part(Terms terms, Price price, Period covered, Instant end) {
        Period used = new Period(covered.start(), end);
        return new InvoiceLine(
                InvoiceLine.Kind.PLAN,
                planDescription(terms) + ", part of the period",
                null,
                terms.plan().tier().code(),
                BigDecimal.ONE,
                BigDecimal.valueOf(price.amountCents()),
                prorate(price.amountCents(), used.length(), covered.length()),
                used,
                true);
    }

    /**
     * {@code round_half_up(cents × used / whole)} by seconds (SPEC section 3, grain {@code second}).
     *
     * @param cents from 0
     * @param used from 0 to {@code whole}
     */
    static long prorate(long cents, Duration used, Duration whole) {
        return BigDecimal.valueOf(cents)
                .multiply(seconds(used))
                .divide(seconds(whole), 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private static BigDecimal seconds(Duration duration) {
        BigInteger nanos = BigInteger.valueOf(duration.getSeconds())
                .multiply(BigInteger.valueOf(1_000_000_000))
                .add(BigInteger.valueOf(duration.getNano()));
        return new BigDecimal(nanos, 9);
    }

    private static String planDescription(Terms terms) {
        return terms.plan().name() + " plan, " + (terms.cycle() == BillingCycle.YEARLY ? "a year" : "a month");
    }

    private static InvoiceLine overage(
            Terms terms, Period month, MeteredAllowance allowance, Map<String, BigDecimal> usage) {
        String meter = allowance.meter().code();
        BigDecimal used = usage.getOrDefault(meter, BigDecimal.ZERO);
        BigDecimal excess = allowance.excess(used);
        OveragePrice price = allowance.overage();
        return new InvoiceLine(
                InvoiceLine.Kind.OVERAGE,
                plural(allowance) + ": " + figure(excess) + " above the "
                        + figure(allowance.included()) + " included"
                        + (price == null ? "" : ", " + priceText(price)),
                meter,
                terms.plan().tier().code(),
                excess,
                unitPrice(price),
                allowance.overageCents(used),
                month,
                false);
    }

    private static List<InvoiceLine> adjustments(Reopened reopened) {
        List<InvoiceLine> lines = new ArrayList<>();
        if (reopened.terms().trial()) {
            return lines;
        }
        for (MeteredAllowance allowance : reopened.terms().plan().meters()) {
            String meter = allowance.meter().code();
            InvoiceLine now = overage(reopened.terms(), reopened.month(), allowance, reopened.usage());
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
                        reopened.month(),
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
