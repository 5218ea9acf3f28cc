package com.cognitionos.subscription.rest;

import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.rest.InvoiceReply;
import java.time.Instant;
import java.util.List;

/** What a change would make; {@code netCents} is negative where more is given back than charged. */
public record PreviewReply(List<InvoiceReply.Line> lines, long netCents, String currency, Instant effectiveAt) {

    static PreviewReply of(Billing.Preview preview) {
        return new PreviewReply(
                preview.lines().stream().map(InvoiceReply.Line::of).toList(),
                preview.netCents(),
                preview.currency(),
                preview.effectiveAt());
    }
}
