package com.cognitionos.invoicing.boundary;

import com.cognitionos.invoicing.entity.Buyer;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.InvoiceNews;
import com.cognitionos.rating.entity.InvoiceAmounts.TaxAmount;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Taxes;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invoice as the doors show it; amounts in the currency's minor unit.
 *
 * @param taxIncludedCents what of the tax the prices include
 * @param balanceAppliedCents all of the total that is not to be paid in money; below 0 where more is collected
 * @param prepaidAppliedCents what of that came from prepaid credits
 * @param carriedOverCents what of that the next invoice collects
 * @param creditedCents what credit notes took off the amount due
 * @param amounts the discounts and taxes of each line, in the order of the lines
 */
public record InvoiceView(
        UUID id,
        @Nullable String number,
        UUID tenantId,
        UUID subscriptionId,
        String kind,
        String status,
        String currency,
        long subtotalCents,
        long discountCents,
        long taxCents,
        long taxIncludedCents,
        Taxes.Treatment taxTreatment,
        long totalCents,
        long amountPaidCents,
        long amountDueCents,
        long balanceAppliedCents,
        long prepaidAppliedCents,
        long carriedOverCents,
        long creditedCents,
        Period period,
        Buyer buyer,
        @Nullable Instant finalizedAt,
        @Nullable Instant dueDate,
        @Nullable Instant paidAt,
        Instant createdAt,
        List<InvoiceLine> lines,
        List<InvoicedLine> amounts) {

    public InvoiceView {
        lines = List.copyOf(lines);
        amounts = List.copyOf(amounts);
    }

    static InvoiceView of(Invoice invoice, List<InvoiceLine> lines, List<InvoicedLine> amounts) {
        return new InvoiceView(
                invoice.id(),
                invoice.number(),
                invoice.tenantId(),
                invoice.subscriptionId(),
                invoice.kind().code(),
                invoice.status().code(),
                invoice.currency(),
                invoice.subtotalCents(),
                invoice.discountCents(),
                invoice.taxCents(),
                invoice.taxIncludedCents(),
                invoice.taxTreatment(),
                invoice.totalCents(),
                invoice.amountPaidCents(),
                invoice.amountDueCents(),
                invoice.balanceAppliedCents(),
                invoice.prepaidAppliedCents(),
                invoice.carriedOverCents(),
                invoice.creditedCents(),
                invoice.period(),
                invoice.buyer(),
                invoice.finalizedAt(),
                invoice.dueDate(),
                invoice.paidAt(),
                invoice.createdAt(),
                lines,
                amounts);
    }

    /** What is told of an invoice that has changed. */
    public static InvoiceNews newsOf(Invoice invoice) {
        return of(invoice, List.of(), List.of()).news();
    }

    /** As programs are told of it. */
    public InvoiceNews news() {
        return new InvoiceNews(
                id,
                number,
                tenantId,
                subscriptionId,
                kind,
                status,
                currency,
                subtotalCents,
                discountCents,
                taxCents,
                totalCents,
                amountPaidCents,
                amountDueCents,
                balanceAppliedCents,
                creditedCents,
                period.start(),
                period.end(),
                finalizedAt,
                dueDate,
                paidAt,
                createdAt);
    }

    /** What each tax comes to on the invoice; by code, then rate. */
    public List<TaxAmount> taxes() {
        return TaxAmount.sums(amounts);
    }

    public boolean isOverdue(Instant now) {
        return status.equals("open") && dueDate != null && dueDate.isBefore(now);
    }
}
