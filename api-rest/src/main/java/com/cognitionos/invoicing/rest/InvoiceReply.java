package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Page;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An invoice; {@code pdfUrl} is null for a draft, which has no document yet. */
public record InvoiceReply(
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
        Instant periodStart,
        Instant periodEnd,
        @Nullable Instant finalizedAt,
        @Nullable Instant dueDate,
        @Nullable Instant paidAt,
        Instant createdAt,
        List<Line> lineItems,
        @Nullable String pdfUrl) {

    /** @param unitPrice in cents, a decimal */
    public record Line(
            String description,
            String kind,
            @Nullable String meter,
            @Nullable String plan,
            BigDecimal quantity,
            BigDecimal unitPrice,
            long amountCents,
            Instant periodStart,
            Instant periodEnd,
            boolean proration) {

        public static Line of(InvoiceLine line) {
            return new Line(
                    line.description(),
                    line.kind().code(),
                    line.meter(),
                    line.plan(),
                    line.quantity(),
                    line.unitPrice(),
                    line.amountCents(),
                    line.period().start(),
                    line.period().end(),
                    line.proration());
        }
    }

    /** One page of them. */
    public record InvoicePage(List<InvoiceReply> invoices, long total, int page, int pageSize) {
        public static InvoicePage of(Page<InvoiceView> page, UriInfo uri) {
            return new InvoicePage(
                    page.items().stream()
                            .map(invoice -> InvoiceReply.of(invoice, uri))
                            .toList(),
                    page.total(),
                    page.page(),
                    page.pageSize());
        }
    }

    static InvoiceReply of(InvoiceView i, UriInfo uri) {
        return new InvoiceReply(
                i.id(),
                i.number(),
                i.tenantId(),
                i.subscriptionId(),
                i.kind(),
                i.status(),
                i.currency(),
                i.subtotalCents(),
                i.discountCents(),
                i.taxCents(),
                i.totalCents(),
                i.amountPaidCents(),
                i.amountDueCents(),
                i.balanceAppliedCents(),
                i.period().start(),
                i.period().end(),
                i.finalizedAt(),
                i.dueDate(),
                i.paidAt(),
                i.createdAt(),
                i.lines().stream().map(Line::of).toList(),
                i.number() == null ? null : pdfUrl(i.id(), uri));
    }

    private static String pdfUrl(UUID id, UriInfo uri) {
        return uri.getBaseUriBuilder()
                .path("invoices")
                .path(id.toString())
                .path("pdf")
                .build()
                .toString();
    }
}
