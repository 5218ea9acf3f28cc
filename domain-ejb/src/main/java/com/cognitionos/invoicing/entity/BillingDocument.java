package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.InvoiceAmounts.TaxAmount;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Taxes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All that an invoice or a credit note says, from which its PDF and its XML are made. It knows nothing of later payments.
 * Amounts are in the currency's minor unit; those of a credit note are what it gives back, above 0.
 *
 * @param corrects the invoice that a credit note is on
 * @param reason why there is a credit note
 * @param dueAt null where nothing is to be paid by a day
 * @param zone whose days the periods are shown in
 * @param settlements in the order in which they are shown
 */
public record BillingDocument(
        Type type,
        UUID id,
        String number,
        @Nullable Reference corrects,
        @Nullable String reason,
        Seller seller,
        Buyer buyer,
        Instant issuedAt,
        @Nullable Instant dueAt,
        String currency,
        @Nullable Period period,
        ZoneId zone,
        Taxes.Treatment treatment,
        List<Line> lines,
        List<Settlement> settlements) {

    /** What the document is. */
    public enum Type {
        INVOICE,
        CREDIT_NOTE
    }

    /** Another document. */
    public record Reference(String number, Instant issuedAt) {}

    /**
     * A line.
     *
     * @param unit of the quantity, in the singular
     * @param unitPrice in the minor unit, for one of the quantity
     * @param amounts what it comes to, its discounts and its taxes
     */
    public record Line(
            String description,
            String unit,
            BigDecimal quantity,
            BigDecimal unitPrice,
            Period period,
            InvoicedLine amounts) {}

    /**
     * How a part of the total is settled without a payment.
     *
     * @param cents off what is due; below 0 where it adds to it
     */
    public record Settlement(By by, long cents) {}

    /** What settles. */
    public enum By {
        PREPAID_CREDIT,
        BALANCE,
        CARRIED_OVER,
        /** A document below 0 leaves nothing to pay, but a credit on the balance. */
        CREDITED_TO_BALANCE,
        /** By a credit note: off what was due on the invoice. */
        REDUCED_DUE,
        REFUND
    }

    public BillingDocument {
        lines = List.copyOf(lines);
        settlements = settlements.stream()
                .filter(settlement -> settlement.cents() != 0)
                .toList();
    }

    /** Of the lines before discounts, with the taxes that prices include. */
    public long subtotalCents() {
        return sum(line -> line.amounts().cents());
    }

    public long discountCents() {
        return sum(line -> line.amounts().discountCents());
    }

    public long netCents() {
        return sum(line -> line.amounts().netCents());
    }

    public long taxCents() {
        return sum(line -> line.amounts().taxCents());
    }

    /** What of the tax the prices include. */
    public long includedTaxCents() {
        return subtotalCents() - discountCents() - netCents();
    }

    /** With all taxes; below 0 where an invoice gives back more than it charges. */
    public long totalCents() {
        return sum(line -> line.amounts().grossCents());
    }

    public long settledCents() {
        return settlements.stream().mapToLong(Settlement::cents).reduce(0, Math::addExact);
    }

    /** What was to be paid when the document was made. */
    public long dueCents() {
        return totalCents() - settledCents();
    }

    public List<TaxAmount> taxes() {
        return TaxAmount.sums(lines.stream().map(Line::amounts).toList());
    }

    private long sum(ToLongFunction<Line> cents) {
        return lines.stream().mapToLong(cents).reduce(0, Math::addExact);
    }
}
