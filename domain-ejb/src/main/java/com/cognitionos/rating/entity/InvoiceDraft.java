package com.cognitionos.rating.entity;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an invoice's amounts depend on.
 *
 * @param discounts also those used up, as long as the customer may be granted again what a credit takes back
 * @param credits in the draft's currency
 * @param minimumCents an amount due below it is carried over; 0 where everything is collected
 * @param at when the invoice is made: no credit that has expired by then pays it
 */
public record InvoiceDraft(
        String currency,
        List<Line> lines,
        List<Discount> discounts,
        Taxes.InForce taxes,
        List<PrepaidCredit> credits,
        CustomerBalance balance,
        long minimumCents,
        Instant at) {

    /**
     * A charge, or below 0 a credit.
     *
     * @param id unique on the invoice
     * @param cents before discounts
     * @param kind what {@link Discount.Scope} restricts by, for example {@code plan} or {@code usage}
     * @param takenBack of a credit line, by discount: the share that the credited part had been granted; from 0 each,
     *     in sum at most the credit
     * @param creditedAheadCents of a charge: what credit lines, here or on earlier invoices, have given back of it before
     *     it was invoiced, in full, from 0 to the charge. Nobody pays for that part, so it is granted no discount
     * @param taxes of a credit line those that its charge bore, which it gives back; null bears those in force
     */
    public record Line(
            String id,
            long cents,
            String kind,
            @Nullable String plan,
            String taxCategory,
            Map<String, Long> takenBack,
            long creditedAheadCents,
            @Nullable List<Tax> taxes) {

        public Line {
            takenBack = Map.copyOf(takenBack);
            taxes = taxes == null ? null : List.copyOf(taxes);
            if (creditedAheadCents < 0 || creditedAheadCents > Math.max(0, cents)) {
                throw new IllegalArgumentException(
                        "of a charge of " + cents + " cents no " + creditedAheadCents + " are given back");
            }
            if (takenBack.values().stream().anyMatch(share -> share < 0)
                    || Cents.sum(takenBack.values()) > Math.max(0, Math.negateExact(cents))) {
                throw new IllegalArgumentException(
                        "a credit of " + cents + " cents cannot take back the discounts " + takenBack);
            }
        }

        public Line(
                String id,
                long cents,
                String kind,
                @Nullable String plan,
                String taxCategory,
                Map<String, Long> takenBack) {
            this(id, cents, kind, plan, taxCategory, takenBack, 0, null);
        }

        public Line(
                String id,
                long cents,
                String kind,
                @Nullable String plan,
                String taxCategory,
                Map<String, Long> takenBack,
                long creditedAheadCents) {
            this(id, cents, kind, plan, taxCategory, takenBack, creditedAheadCents, null);
        }

        /** A credit of what bore these taxes. */
        public Line bearing(List<Tax> ofCharge) {
            return new Line(id, cents, kind, plan, taxCategory, takenBack, creditedAheadCents, ofCharge);
        }

        public static Line charge(String id, long cents, String kind, @Nullable String plan, String taxCategory) {
            return new Line(id, cents, kind, plan, taxCategory, Map.of());
        }

        /**
         * A credit for a part of an invoiced charge, at most for what is left of it, with the discount that belongs to
         * that part. The parts of a charge take back exactly its discount.
         *
         * @param wanted from 0, before discounts
         * @param earlier what credit lines (repairs), adjustments and credit notes have already credited of the invoice
         */
        public static Line credit(
                String id,
                InvoicedLine charge,
                long wanted,
                List<CreditNoteAmounts.CreditedLine> earlier,
                String kind,
                @Nullable String plan,
                String taxCategory) {
            List<CreditNoteAmounts.CreditedLine> ofCharge = earlier.stream()
                    .filter(credited -> credited.lineId().equals(charge.id()))
                    .toList();
            long before = Cents.sum(ofCharge, CreditNoteAmounts.CreditedLine::cents);
            if (wanted < 0 || before < 0 || before > charge.cents()) {
                throw new IllegalArgumentException(
                        "cannot credit " + wanted + " after " + before + " of " + charge.cents() + " cents");
            }
            long cents = Math.min(wanted, charge.cents() - before);
            Map<String, Long> takenBack = new HashMap<>();
            if (cents > 0) {
                long share = CreditNoteAmounts.CreditedLine.exactDiscount(charge, cents, ofCharge)
                        .rounded();
                List<Long> parts = Allocation.byWeight(
                        share,
                        charge.discounts().stream()
                                .map(InvoicedLine.DiscountShare::cents)
                                .toList());
                for (int i = 0; i < parts.size(); i++) {
                    takenBack.merge(charge.discounts().get(i).discountId(), parts.get(i), Math::addExact);
                }
            }
            return new Line(id, -cents, kind, plan, taxCategory, takenBack);
        }

        /** With what of it the discounts so far have left to be reduced. */
        Discount.Target target(List<InvoicedLine.DiscountShare> granted) {
            return new Discount.Target(kind, plan, after(granted) - creditedAheadCents);
        }

        long after(List<InvoicedLine.DiscountShare> granted) {
            return cents - Cents.sum(granted, InvoicedLine.DiscountShare::cents);
        }
    }

    public InvoiceDraft {
        lines = List.copyOf(lines);
        discounts = List.copyOf(discounts);
        credits = List.copyOf(credits);
        if (lines.stream().map(Line::id).distinct().count() < lines.size()) {
            throw new IllegalArgumentException("two lines of one id: " + lines);
        }
        if (discounts.stream().map(Discount::id).distinct().count() < discounts.size()) {
            throw new IllegalArgumentException("a discount is given twice: " + discounts);
        }
        if (minimumCents < 0) {
            throw new IllegalArgumentException("the minimum to collect is not negative: " + minimumCents);
        }
    }
}
