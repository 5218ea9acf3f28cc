package com.cognitionos.rating.entity;

import java.util.List;

/**
 * A line of an invoice with its shares of discounts and taxes. All amounts have the sign of the line.
 *
 * @param cents the charge, or below 0 the credit, before discounts; with inclusive taxes in it, without exclusive ones
 */
public record InvoicedLine(String id, long cents, List<DiscountShare> discounts, List<TaxShare> taxes) {

    /** @param cents what it took off a charge, or below 0 what a credit took back of it */
    public record DiscountShare(String discountId, long cents) {}

    public record TaxShare(Tax tax, long cents) {}

    public InvoicedLine {
        discounts = List.copyOf(discounts);
        taxes = List.copyOf(taxes);
    }

    public long discountCents() {
        return Cents.sum(discounts, DiscountShare::cents);
    }

    /** Without any tax. */
    public long netCents() {
        return discountedCents() - Cents.sum(taxes, share -> share.tax().inclusive() ? share.cents() : 0);
    }

    public long taxCents() {
        return Cents.sum(taxes, TaxShare::cents);
    }

    /** With all taxes. */
    public long grossCents() {
        return Math.addExact(discountedCents(), exclusiveTaxCents());
    }

    long discountedCents() {
        return Math.subtractExact(cents, discountCents());
    }

    long exclusiveTaxCents() {
        return Cents.sum(taxes, share -> share.tax().inclusive() ? 0 : share.cents());
    }

    /**
     * The exact tax on a part of the line, after discounts. An exclusive tax is on what is left once the inclusive ones
     * are taken out.
     */
    static Ratio exactTax(long discountedCents, Tax tax, List<Tax> all) {
        Ratio contained = all.stream().filter(Tax::inclusive).map(Tax::fraction).reduce(Ratio.ONE, Ratio::plus);
        return Ratio.of(discountedCents).dividedBy(contained).times(tax.fraction());
    }
}
