package com.cognitionos.subscription.rest;

import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.rest.InvoiceReply;
import com.cognitionos.rating.entity.InvoiceAmounts;
import java.time.Instant;
import java.util.List;

/**
 * What a change would make.
 *
 * @param netCents of the lines, before discounts and tax; negative where more is given back than charged
 * @param totalCents of the invoice, from 0
 * @param creditToBalanceCents what of it goes to the balance, where more is given back than charged
 * @param amountDueCents what is left to pay in money
 */
public record PreviewReply(
        List<InvoiceReply.Line> lines,
        long netCents,
        long discountCents,
        long taxCents,
        long totalCents,
        long creditToBalanceCents,
        long amountDueCents,
        String currency,
        Instant effectiveAt) {

    public static PreviewReply of(Billing.Preview preview) {
        InvoiceAmounts amounts = preview.amounts();
        return new PreviewReply(
                InvoiceReply.Line.of(preview.lines(), amounts.lines()),
                preview.netCents(),
                amounts.discountCents(),
                amounts.taxCents(),
                amounts.totalCents(),
                amounts.creditToBalanceCents(),
                amounts.amountDueCents(),
                preview.currency(),
                preview.effectiveAt());
    }
}
