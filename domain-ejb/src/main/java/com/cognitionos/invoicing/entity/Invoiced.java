package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoicedLine;
import java.util.List;
import java.util.UUID;

/**
 * A line as it was invoiced, with what has happened to it since.
 *
 * @param amounts with what discounts took off it
 * @param isVoid whether it was never owed
 * @param noted what notes have taken off it, with the sign of the line
 * @param gives of a credit line what it was written down to give back, in the order in which it was
 */
public record Invoiced(
        Place place,
        InvoiceLine line,
        InvoicedLine amounts,
        boolean isVoid,
        List<CreditedLine> noted,
        List<Given> gives) {

    /** Where a line stands. @param position from 1 */
    public record Place(UUID invoice, int position) {

        private Place of(UUID made) {
            return invoice.equals(CreditedCharges.DRAFT) ? new Place(made, position) : this;
        }
    }

    /**
     * What a credit line gives back of one charge. It is written down as the later of both is finalised, and stays.
     *
     * @param ordinal from 1, of the credit
     * @param cents from 1, before discounts
     * @param discountCents what of them a discount had taken off, from 0 to the cents
     * @param ahead whether the charge was not invoiced before: no discount was granted on that part of it
     */
    public record Given(Place credit, int ordinal, Place charge, long cents, long discountCents, boolean ahead) {

        /** Once the invoice is made that {@link CreditedCharges#DRAFT} stands for. */
        public Given of(UUID made) {
            return new Given(credit.of(made), ordinal, charge.of(made), cents, discountCents, ahead);
        }

        boolean onOneInvoice() {
            return credit.invoice().equals(charge.invoice());
        }
    }

    public Invoiced {
        noted = List.copyOf(noted);
        gives = List.copyOf(gives);
    }

    /** Nothing has happened to it since. */
    public Invoiced(Place place, InvoiceLine line, InvoicedLine amounts) {
        this(place, line, amounts, false, List.of(), List.of());
    }

    long notedCents() {
        return noted.stream().mapToLong(CreditedLine::cents).reduce(0, Math::addExact);
    }

    long notedDiscountCents() {
        return noted.stream().mapToLong(CreditedLine::discountCents).reduce(0, Math::addExact);
    }
}
