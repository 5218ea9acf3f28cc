package com.cognitionos.rating.entity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What an invoice comes to, in the order charges, coupons, tax, prepaid credits and balance. The order in which its
 * lines are given changes no total.
 *
 * <p>Always: {@code subtotal - discount + exclusive tax = total - credit to the balance}, where the total or that
 * credit is 0; every total is the sum over the lines; {@code amount due = total - credits applied - balance applied -
 * carried over}, from 0.
 *
 * <p><b>A credit gives back no more than was paid.</b> A credit line says how much discount its part of the original
 * charge had been granted. That share is taken back, so that the line is worth only what was paid. The same cents may
 * be granted again on the same invoice, to the lines that the discount covers, even if its duration is over: a customer
 * who exchanges a discounted item keeps the discount that was granted for it, and gets no more of it. A percentage
 * whose duration still runs reduces the new charges anyway, and grants nothing twice. Where the discount is not among
 * the draft's discounts, it applies no longer, and its share is only taken back.
 *
 * @param lines in the order given
 * @param discounts in the order of application; each with the state that the next invoice will find
 * @param taxes each rounded once, half up, over all lines that bear it; by code, then rate
 * @param balanceAppliedCents above 0 what the customer's credit paid; below 0 what an earlier invoice left to be
 *     collected here
 * @param carriedOverCents what was left to pay, where it was below the minimum: the next invoice collects it
 */
public record InvoiceAmounts(
        List<InvoicedLine> lines,
        List<DiscountAmount> discounts,
        Taxes.Treatment treatment,
        List<TaxAmount> taxes,
        List<PrepaidCredit.Use> creditsApplied,
        long balanceAppliedCents,
        long carriedOverCents,
        CustomerBalance newBalance) {

    /**
     * @param grantedCents on this invoice's charges
     * @param takenBackCents from 0, by this invoice's credits
     * @param after its state once the invoice is final
     */
    public record DiscountAmount(Discount after, long grantedCents, long takenBackCents) {}

    /** @param taxableCents sum of what the tax is on, without any tax in it */
    public record TaxAmount(Tax tax, long taxableCents, long cents) {

        /** Over the lines of an invoice; by code, then rate. */
        public static List<TaxAmount> sums(List<InvoicedLine> lines) {
            Map<Tax, TaxAmount> amounts = new HashMap<>();
            for (InvoicedLine line : lines) {
                for (InvoicedLine.TaxShare share : line.taxes()) {
                    amounts.merge(
                            share.tax(),
                            new TaxAmount(share.tax(), line.netCents(), share.cents()),
                            (one, other) -> new TaxAmount(
                                    one.tax(),
                                    Math.addExact(one.taxableCents(), other.taxableCents()),
                                    Math.addExact(one.cents(), other.cents())));
                }
            }
            return amounts.values().stream()
                    .sorted(Comparator.comparing(
                                    (TaxAmount amount) -> amount.tax().code())
                            .thenComparing(amount -> amount.tax().percent()))
                    .toList();
        }
    }

    public InvoiceAmounts {
        lines = List.copyOf(lines);
        discounts = List.copyOf(discounts);
        taxes = List.copyOf(taxes);
        creditsApplied = List.copyOf(creditsApplied);
        if (Cents.sum(taxes, TaxAmount::cents) != Cents.sum(lines, InvoicedLine::taxCents)) {
            throw new IllegalArgumentException("the taxes of the lines are not those of the invoice");
        }
    }

    /** @throws ArithmeticException where an amount does not fit */
    public static InvoiceAmounts of(InvoiceDraft draft) {
        // Ties between lines are broken by what they are, so that the order in which they are given cannot matter.
        List<InvoiceDraft.Line> sorted = draft.lines().stream()
                .sorted(Comparator.comparing(InvoiceDraft.Line::kind)
                        .thenComparing(InvoiceDraft.Line::plan, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(InvoiceDraft.Line::taxCategory)
                        .thenComparing(InvoiceDraft.Line::cents))
                .toList();
        List<DiscountAmount> discounts = new ArrayList<>();
        List<List<InvoicedLine.DiscountShare>> shares = discount(draft, sorted, discounts);
        Map<String, InvoicedLine> invoiced = tax(draft.taxes(), sorted, shares);
        List<InvoicedLine> lines =
                draft.lines().stream().map(line -> invoiced.get(line.id())).toList();

        long value = Cents.sum(lines, InvoicedLine::grossCents);
        long total = Math.max(0, value);
        List<PrepaidCredit.Use> uses = PrepaidCredit.consume(draft.credits(), total, draft.at());
        long open = total - Cents.sum(uses, PrepaidCredit.Use::cents);
        CustomerBalance before = draft.balance().credited(total - value);
        CustomerBalance.Settlement paid = before.cents() > 0
                ? new CustomerBalance.Settlement(
                        -before.cents(), Math.addExact(open, before.cents()), CustomerBalance.ZERO)
                : before.pay(open);
        long carried = paid.dueCents() < draft.minimumCents() ? paid.dueCents() : 0;
        return new InvoiceAmounts(
                lines,
                discounts,
                draft.taxes().treatment(),
                TaxAmount.sums(lines),
                uses,
                paid.appliedCents(),
                carried,
                paid.balance().charged(carried));
    }

    public long subtotalCents() {
        return Cents.sum(lines, InvoicedLine::cents);
    }

    /** Below 0 where the credits of the invoice take back more than its charges are granted. */
    public long discountCents() {
        return Cents.sum(lines, InvoicedLine::discountCents);
    }

    /** Inclusive and exclusive. */
    public long taxCents() {
        return Cents.sum(taxes, TaxAmount::cents);
    }

    /** What is added to the prices. */
    public long exclusiveTaxCents() {
        return Cents.sum(lines, InvoicedLine::exclusiveTaxCents);
    }

    /** From 0. */
    public long totalCents() {
        return Math.max(0, Cents.sum(lines, InvoicedLine::grossCents));
    }

    /** From 0: where the credits and their tax are more than the charges, the rest goes to the customer's balance. */
    public long creditToBalanceCents() {
        return Math.max(0, Math.negateExact(Cents.sum(lines, InvoicedLine::grossCents)));
    }

    public long creditsAppliedCents() {
        return Cents.sum(creditsApplied, PrepaidCredit.Use::cents);
    }

    public long amountDueCents() {
        return totalCents() - creditsAppliedCents() - balanceAppliedCents - carriedOverCents;
    }

    public boolean isCarriedOver() {
        return carriedOverCents > 0;
    }

    private static List<List<InvoicedLine.DiscountShare>> discount(
            InvoiceDraft draft, List<InvoiceDraft.Line> lines, List<DiscountAmount> amounts) {
        List<List<InvoicedLine.DiscountShare>> shares = new ArrayList<>();
        Map<String, Long> takenBack = new HashMap<>();
        for (InvoiceDraft.Line line : lines) {
            List<InvoicedLine.DiscountShare> ofLine = new ArrayList<>();
            line.takenBack().entrySet().stream()
                    .filter(share -> share.getValue() > 0)
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(share -> {
                        ofLine.add(new InvoicedLine.DiscountShare(share.getKey(), -share.getValue()));
                        takenBack.merge(share.getKey(), share.getValue(), Math::addExact);
                    });
            shares.add(ofLine);
        }
        for (Discount discount :
                draft.discounts().stream().sorted(Discount.ORDER).toList()) {
            long back = takenBack.getOrDefault(discount.id(), 0L);
            Discount.Application applied = discount.apply(
                    IntStream.range(0, lines.size())
                            .mapToObj(i -> lines.get(i).target(shares.get(i)))
                            .toList(),
                    back,
                    draft.currency());
            for (int i = 0; i < lines.size(); i++) {
                if (applied.parts().get(i) > 0) {
                    shares.get(i)
                            .add(new InvoicedLine.DiscountShare(
                                    discount.id(), applied.parts().get(i)));
                }
            }
            amounts.add(new DiscountAmount(applied.after(), applied.cents(), back));
        }
        return shares;
    }

    private static Map<String, InvoicedLine> tax(
            Taxes.InForce inForce, List<InvoiceDraft.Line> lines, List<List<InvoicedLine.DiscountShare>> discounts) {
        List<List<Tax>> taxes = lines.stream()
                .map(line -> Objects.requireNonNullElseGet(line.taxes(), () -> inForce.on(line.taxCategory())))
                .toList();
        List<List<InvoicedLine.TaxShare>> shares = new ArrayList<>();
        lines.forEach(line -> shares.add(new ArrayList<>()));
        Set<Tax> all = new HashSet<>();
        taxes.forEach(all::addAll);
        for (Tax tax : all) {
            List<Integer> taxed = IntStream.range(0, lines.size())
                    .boxed()
                    .filter(i -> taxes.get(i).contains(tax))
                    .toList();
            List<Ratio> exact = taxed.stream()
                    .map(i -> InvoicedLine.exactTax(lines.get(i).after(discounts.get(i)), tax, taxes.get(i)))
                    .toList();
            long whole = exact.stream().reduce(Ratio.ZERO, Ratio::plus).rounded();
            List<Long> parts = Allocation.ofShares(whole, exact);
            for (int n = 0; n < taxed.size(); n++) {
                shares.get(taxed.get(n)).add(new InvoicedLine.TaxShare(tax, parts.get(n)));
            }
        }
        Map<String, InvoicedLine> invoiced = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            List<Tax> order = taxes.get(i);
            shares.get(i).sort(Comparator.comparingInt(share -> order.indexOf(share.tax())));
            InvoiceDraft.Line line = lines.get(i);
            invoiced.put(line.id(), new InvoicedLine(line.id(), line.cents(), discounts.get(i), shares.get(i)));
        }
        return invoiced;
    }
}
