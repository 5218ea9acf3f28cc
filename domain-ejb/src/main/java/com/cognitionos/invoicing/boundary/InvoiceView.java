package com.cognitionos.invoicing.boundary;

import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.rating.entity.Period;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An invoice as the doors show it; amounts in the currency's minor unit, tax of 0 included. */
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
        long totalCents,
        long amountPaidCents,
        long amountDueCents,
        long balanceAppliedCents,
        Period period,
        String buyerName,
        String buyerEmail,
        @Nullable Instant finalizedAt,
        @Nullable Instant dueDate,
        @Nullable Instant paidAt,
        Instant createdAt,
        List<InvoiceLine> lines) {

    public boolean isOverdue(Instant now) {
        return status.equals("open") && dueDate != null && dueDate.isBefore(now);
    }
}
