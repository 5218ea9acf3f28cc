package com.cognitionos.subscription.rest;

import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.rest.InvoiceReply;
import com.cognitionos.rating.entity.InvoiceAmounts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a change would make.
 *
 * @param netCents of the lines, before discounts and tax; negative where more is given back than charged
 * @param totalCents of the invoice, from 0
 * @param creditToBalanceCents what of it goes to the balance, where more is given back than charged
 * @param amountDueCents what is left to pay in money
 * @param atPeriodEnd what it adds to the invoice of the period's end; null where it waits for nothing
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
        Instant effectiveAt,
        @Nullable Waiting atPeriodEnd) {

    /** @param netCents of the lines, before discounts and tax; negative where that invoice is to be smaller */
    public record Waiting(Instant at, List<WaitingLine> lines, long netCents) {}

    public record WaitingLine(String description, long amountCents, Instant periodStart, Instant periodEnd) {}

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
                preview.effectiveAt(),
                preview.waiting().isEmpty() ? null : waiting(preview));
    }

    private static Waiting waiting(Billing.Preview preview) {
        return new Waiting(
                preview.periodEnd(),
                preview.waiting().stream()
                        .map(line -> new WaitingLine(
                                line.description(),
                                line.amountCents(),
                                line.period().start(),
                                line.period().end()))
                        .toList(),
                preview.waitingCents());
    }
}
