package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.InvoiceNews;
import com.cognitionos.kernel.Inlined;
import com.cognitionos.kernel.Page;
import com.cognitionos.rating.entity.InvoiceAmounts.TaxAmount;
import com.cognitionos.rating.entity.InvoicedLine;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An invoice; {@code pdfUrl} is null for a draft, which has no document yet.
 *
 * @param taxIncludedCents what of the tax the prices include: total = subtotal - discount + tax - that
 * @param prepaidAppliedCents what of {@code balanceAppliedCents} came from prepaid credits
 * @param carriedOverCents what of it the next invoice collects
 */
public record InvoiceReply(
        @Inlined InvoiceNews news,
        long taxIncludedCents,
        String taxTreatment,
        List<TaxSum> taxes,
        long prepaidAppliedCents,
        long carriedOverCents,
        List<Line> lineItems,
        @Nullable String pdfUrl) {

    /** @param taxableCents what the tax is on, without any tax in it */
    public record TaxSum(String code, BigDecimal percent, boolean inclusive, long taxableCents, long taxCents) {
        static TaxSum of(TaxAmount amount) {
            return new TaxSum(
                    amount.tax().code(),
                    amount.tax().percent(),
                    amount.tax().inclusive(),
                    amount.taxableCents(),
                    amount.cents());
        }
    }

    /**
     * @param position from 1; what a credit note names it by
     * @param unitPrice in cents, a decimal
     * @param amountCents before discount and tax
     */
    public record Line(
            int position,
            String description,
            String kind,
            @Nullable String meter,
            @Nullable String plan,
            BigDecimal quantity,
            BigDecimal unitPrice,
            long amountCents,
            long discountCents,
            long taxCents,
            Instant periodStart,
            Instant periodEnd,
            boolean proration) {

        /** @param amounts of the lines, in their order */
        public static List<Line> of(List<InvoiceLine> lines, List<InvoicedLine> amounts) {
            return IntStream.range(0, lines.size())
                    .mapToObj(i -> of(i + 1, lines.get(i), amounts.get(i)))
                    .toList();
        }

        private static Line of(int position, InvoiceLine line, InvoicedLine amounts) {
            return new Line(
                    position,
                    line.description(),
                    line.kind().code(),
                    line.meter(),
                    line.plan(),
                    line.quantity(),
                    line.unitPrice(),
                    line.amountCents(),
                    amounts.discountCents(),
                    amounts.taxCents(),
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
                i.news(),
                i.taxIncludedCents(),
                i.taxTreatment().name().toLowerCase(Locale.ROOT),
                i.taxes().stream().map(TaxSum::of).toList(),
                i.prepaidAppliedCents(),
                i.carriedOverCents(),
                Line.of(i.lines(), i.amounts()),
                i.number() == null ? null : pdfUrl(i.id(), uri));
    }

    private static String pdfUrl(UUID id, UriInfo uri) {
        // Nothing in it is to be encoded, and a builder for each invoice of a list costs more than the rest of its
        // reply.
        String base = uri.getBaseUri().toString();
        return base + (base.endsWith("/") ? "" : "/") + "invoices/" + id + "/pdf";
    }
}
