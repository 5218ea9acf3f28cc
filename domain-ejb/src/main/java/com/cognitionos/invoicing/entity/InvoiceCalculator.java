package com.cognitionos.invoicing.entity;

import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.invoicing.entity.BillingFacts.Agreement;
import com.cognitionos.invoicing.entity.BillingFacts.Month;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Commitment;
import com.cognitionos.rating.entity.Movement;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Price;
import com.cognitionos.rating.entity.Recurring;
import com.cognitionos.rating.entity.Step;
import com.cognitionos.rating.entity.Timeline;
import com.cognitionos.rating.entity.Usage;
import com.cognitionos.rating.entity.UsageRating;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one pure function from history to invoice lines (INV-1). It has no clock, no database and no state: the same
 * facts always give the same lines.
 */
public final class InvoiceCalculator {

    private static final int UNIT_PRICE_SCALE = 12;

    private static final Duration A_YEAR_AHEAD = Duration.ofDays(367);

    private InvoiceCalculator() {}

    /**
     * What is invoiced at an instant: the recurring prices that fall due or are given back there, the usage of the month
     * that ends with what was committed to, and adjustments for late usage.
     */
    public static List<InvoiceLine> lines(BillingFacts facts) {
        List<InvoiceLine> lines = new ArrayList<>(recurring(facts));
        if (facts.month() != null) {
            List<InvoiceLine> usage = overage(facts.month()).values().stream()
                    .flatMap(List::stream)
                    .toList();
            Stream.concat(
                            usage.stream(),
                            commitment(facts.agreement(), facts.month(), facts.until(), subtotalCents(usage)).stream())
                    .filter(line -> line.amountCents() != 0)
                    .forEach(lines::add);
        }
        facts.reopened().forEach(reopened -> lines.addAll(adjustments(facts.agreement(), reopened, facts.until())));
        facts.charges().forEach(charge -> lines.add(line(charge, facts)));
        return List.copyOf(lines);
    }

    private static InvoiceLine line(BillingFacts.OneOff charge, BillingFacts facts) {
        return new InvoiceLine(
                InvoiceLine.Kind.CHARGE,
                charge.description(),
                null,
                charge.plan(),
                BigDecimal.ONE,
                BigDecimal.valueOf(charge.cents()),
                charge.cents(),
                new Period(facts.at(), facts.at().plus(1, ChronoUnit.MICROS)),
                false);
    }

    private static List<InvoiceLine> recurring(BillingFacts facts) {
        Agreement agreement = facts.agreement();
        return Timeline.through(agreement.history(), agreement.grain(), facts.until()).stream()
                .filter(movement -> !movement.at().isBefore(facts.at()) && movement.entry() >= facts.since())
                .map(movement -> line(movement, agreement))
                .toList();
    }

    /**
     * What the change that {@code facts} are of has made and that waits for the end of the period: given back, and charged
     * instead, for time up to there.
     */
    public static List<InvoiceLine> waiting(BillingFacts facts, Instant periodEnd) {
        Agreement agreement = facts.agreement();
        return Timeline.through(agreement.history(), agreement.grain(), periodEnd).stream()
                .filter(movement -> movement.at().isAfter(facts.until()) && movement.entry() >= facts.since())
                .filter(movement -> !movement.span().end().isAfter(periodEnd))
                .map(movement -> line(movement, agreement))
                .toList();
    }

    private static InvoiceLine line(Movement movement, Agreement agreement) {
        return line(
                movement,
                agreement
                        .names()
                        .getOrDefault(movement.price(), movement.price().item()));
    }

    private static InvoiceLine line(Movement movement, String name) {
        Recurring price = movement.price();
        String what = name + (price.cadence().equals(Cadence.YEAR) ? ", a year" : ", a month");
        String description = movement.isCredit()
                ? "Unused time of the " + what
                : movement.isProration() ? what + ", part of the period" : what;
        String addOn = AddOn.codeOf(price).orElse(null);
        return new InvoiceLine(
                addOn == null ? InvoiceLine.Kind.PLAN : InvoiceLine.Kind.ADD_ON,
                description,
                null,
                addOn == null ? price.item() : addOn,
                price.quantity(),
                unitPrice(price),
                movement.cents(),
                movement.span(),
                movement.isProration());
    }

    private static BigDecimal unitPrice(Recurring price) {
        BigDecimal cents = BigDecimal.valueOf(price.cents());
        return price.quantity().signum() == 0
                ? cents
                : cents.divide(price.quantity(), UNIT_PRICE_SCALE, RoundingMode.HALF_UP)
                        .stripTrailingZeros();
    }

    public static long subtotalCents(List<InvoiceLine> lines) {
        return lines.stream().mapToLong(InvoiceLine::amountCents).reduce(0, Math::addExact);
    }

    /**
     * Start of the billing period that an invoice is of, which discounts count by: the one that it charges in advance,
     * else the one that is running.
     */
    public static Instant billingPeriod(List<InvoiceLine> lines, Instant running) {
        return lines.stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.PLAN && !line.proration())
                .map(line -> line.period().start())
                .filter(running::isBefore)
                .max(Instant::compareTo)
                .orElse(running);
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
        return UsageRating.rate(month.whole(), parts).stream()
                .map(charge -> line(month, allowance, charge))
                .toList();
    }

    private static @Nullable Price price(Terms terms, String meter) {
        return terms.free() ? null : terms.plan().monthly(meter, terms.currency());
    }

    private static InvoiceLine line(Month month, MeteredAllowance allowance, UsageRating.Charge charge) {
        Terms terms = month.parts().stream()
                .filter(part -> part.period().contains(charge.period().start()))
                .findFirst()
                .orElseThrow()
                .terms();
        String meter = allowance.meter().code();
        MeterPrice price = terms.plan()
                .allowance(meter)
                .map(held -> held.price(terms.currency()))
                .orElse(null);
        MeterPrice.Quote quote = price == null ? null : price.quote();
        BigDecimal excess = charge.charged().quantity();
        // A fee that depends on no usage has no price for one unit.
        boolean once = excess.signum() == 0 && charge.amountCents() != 0;
        PriceWords words = new PriceWords(terms.currency());
        String explained = quote == null ? words.steps(charge.steps()) : words.quote(quote);
        boolean shared = month.parts().size() > 1;
        return new InvoiceLine(
                InvoiceLine.Kind.OVERAGE,
                PriceWords.title(allowance.meter())
                        + (shared ? " on " + terms.plan().name() : "") + ": "
                        + PriceWords.figure(excess) + " above the " + PriceWords.figure(charge.included())
                        + (shared ? " included in the month" : " included")
                        + (explained.isEmpty() ? "" : ", " + explained),
                meter,
                terms.plan().tier().code(),
                once ? BigDecimal.ONE : excess,
                once ? BigDecimal.valueOf(charge.amountCents()) : unitPrice(quote, charge),
                charge.amountCents(),
                charge.period(),
                false);
    }

    /** Of a price in tiers or packages the mean. */
    private static BigDecimal unitPrice(MeterPrice.@Nullable Quote quote, UsageRating.Charge charge) {
        BigDecimal cents = quote == null ? Step.sum(charge.steps()) : quote.cents();
        BigDecimal quantity = quote == null ? charge.charged().quantity() : quote.per();
        return quantity.signum() == 0
                ? BigDecimal.ZERO
                : cents.divide(quantity, UNIT_PRICE_SCALE, RoundingMode.HALF_UP).stripTrailingZeros();
    }

    /**
     * What lifts a month's charges to what was committed to, or takes them down to the most that was agreed: its usage, the
     * monthly prices of the time in it, and of yearly ones the part that lies in it.
     *
     * @param usageCents of the month
     */
    private static Optional<InvoiceLine> commitment(Agreement agreement, Month month, Instant until, long usageCents) {
        Commitment agreed = commitment(agreement, month);
        if (agreed == null) {
            return Optional.empty();
        }
        long recurring = Math.addExact(
                Timeline.through(agreement.history(), agreement.grain(), until).stream()
                        .filter(movement -> movement.price().cadence().equals(Cadence.MONTH) && isOf(month, movement))
                        .mapToLong(Movement::cents)
                        .sum(),
                // Also what is invoiced only as the year ends.
                Timeline.through(agreement.history(), agreement.grain(), until.plus(A_YEAR_AHEAD)).stream()
                        .filter(movement -> movement.price().cadence().equals(Cadence.YEAR))
                        .mapToLong(movement -> share(movement, month, zone(agreement)))
                        .sum());
        long charges = Math.max(0, Math.addExact(usageCents, recurring));
        long more = agreed.trueUpCents(charges);
        long cents = more - agreed.excessCents(charges);
        Terms terms = month.terms();
        PriceWords words = new PriceWords(terms.currency());
        return Optional.of(new InvoiceLine(
                InvoiceLine.Kind.COMMITMENT,
                more > 0
                        ? "Up to the minimum of " + words.amount(BigDecimal.valueOf(agreed.minimumCents())) + " a month"
                        : "Down to the maximum a month",
                null,
                terms.plan().tier().code(),
                BigDecimal.ONE,
                BigDecimal.valueOf(cents),
                cents,
                month.period(),
                false));
    }

    /** Where a month ends early, what is given back of it begins only there, and so does the charge of the next one. */
    private static boolean isOf(Month month, Movement movement) {
        Instant from = movement.span().start();
        Instant end = month.period().end();
        boolean givenBack = movement.isCredit()
                && movement.reference().start().isBefore(end)
                && from.isBefore(month.whole().end());
        return !from.isBefore(month.period().start()) && (from.isBefore(end) || givenBack);
    }

    /** Rounded so that the shares of all months add up to it. */
    private static long share(Movement movement, Month month, ZoneId zone) {
        return before(month.period().end(), movement, zone)
                - before(month.period().start(), movement, zone);
    }

    private static long before(Instant at, Movement movement, ZoneId zone) {
        Period span = movement.span();
        if (!at.isAfter(span.start())) {
            return 0;
        }
        Period part = at.isBefore(span.end()) ? new Period(span.start(), at) : span;
        return movement.grain().prorate(movement.cents(), part, span, zone);
    }

    private static ZoneId zone(Agreement agreement) {
        return agreement.history().get(0).terms().anchor().zone();
    }

    /** Of the plans that held in the month, each for its part; null where none has any. */
    private static @Nullable Commitment commitment(Agreement agreement, Month month) {
        long minimum = 0;
        Long maximum = 0L;
        boolean any = false;
        ZoneId zone = zone(agreement);
        for (BillingFacts.Part part : month.parts()) {
            Terms terms = part.terms();
            Commitment held = terms.free() ? null : terms.plan().commitments().get(terms.currency());
            if (held == null) {
                maximum = terms.free() ? maximum : null;
                continue;
            }
            any = true;
            Commitment share = held.forPart(terms.plan().grain(), part.period(), month.whole(), zone);
            minimum += share.minimumCents();
            maximum = maximum == null || share.maximumCents() == null
                    ? null
                    : Long.valueOf(Math.addExact(maximum, share.maximumCents()));
        }
        return any ? new Commitment(minimum, maximum) : null;
    }

    private static List<InvoiceLine> adjustments(Agreement agreement, Reopened reopened, Instant until) {
        List<InvoiceLine> lines = new ArrayList<>();
        Map<String, List<InvoiceLine>> usage = overage(reopened.month());
        usage.forEach((meter, now) -> {
            if (!now.isEmpty()) {
                InvoiceLine last = now.stream()
                        .filter(line -> line.amountCents() != 0)
                        .reduce((first, second) -> second)
                        .orElse(now.get(now.size() - 1));
                adjustment(reopened, meter, InvoiceCalculator.subtotalCents(now), last)
                        .ifPresent(lines::add);
            }
        });
        long usageCents = usage.values().stream()
                .mapToLong(InvoiceCalculator::subtotalCents)
                .sum();
        commitment(agreement, reopened.month(), until, usageCents)
                .flatMap(now -> adjustment(reopened, Reopened.COMMITMENT, now.amountCents(), now))
                .ifPresent(lines::add);
        return lines;
    }

    private static Optional<InvoiceLine> adjustment(Reopened reopened, String what, long cents, InvoiceLine last) {
        long invoiced = reopened.invoicedCents().getOrDefault(what, 0L);
        long credited = reopened.creditedCents().getOrDefault(what, 0L);
        // What a credit note has given back, or undone, is neither given back nor charged a second time.
        long owed = Math.max(Math.min(0, cents), Math.min(Math.subtractExact(cents, credited), Math.max(0, cents)));
        long change = Math.subtractExact(owed, Math.subtractExact(invoiced, credited));
        return change == 0
                ? Optional.empty()
                : Optional.of(new InvoiceLine(
                        InvoiceLine.Kind.ADJUSTMENT,
                        (change > 0 ? "Late usage" : "Corrected usage") + " of an invoiced month. " + last.description()
                                + ": " + cents + " cents, of which " + invoiced + " were invoiced",
                        last.meter(),
                        last.plan(),
                        last.quantity(),
                        last.unitPrice(),
                        change,
                        reopened.month().period(),
                        false));
    }
}
