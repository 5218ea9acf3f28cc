package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.entity.CreditNote;
import com.cognitionos.invoicing.entity.CreditNoteNews;
import com.cognitionos.kernel.Inlined;
import com.cognitionos.kernel.Page;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A credit note; it is issued once and never changes.
 *
 * @param taxIncludedCents what of the tax the prices include: total = subtotal - discount + tax - that
 * @param refundStatus processing, succeeded, or failed: then it went to the balance; null without a refund
 */
public record CreditNoteReply(
        @Inlined CreditNoteNews news,
        long taxIncludedCents,
        String taxTreatment,
        @Nullable String refundStatus,
        List<Line> lineItems,
        String pdfUrl) {

    /**
     * A part of a line of the invoice.
     *
     * @param position of the line on the invoice
     * @param amountCents before discount and exclusive tax
     * @param totalCents with all taxes
     */
    public record Line(
            int position,
            String description,
            String kind,
            @Nullable String meter,
            @Nullable String plan,
            long amountCents,
            long discountCents,
            long taxCents,
            long totalCents,
            List<Tax> taxes,
            Instant periodStart,
            Instant periodEnd) {

        static Line of(CreditNoteView.Line line) {
            return new Line(
                    line.position(),
                    line.line().description(),
                    line.line().kind().code(),
                    line.line().meter(),
                    line.line().plan(),
                    line.credited().cents(),
                    line.credited().discountCents(),
                    line.credited().taxCents(),
                    line.credited().grossCents(),
                    line.credited().taxes().stream()
                            .map(share -> new Tax(
                                    share.tax().code(),
                                    share.tax().percent(),
                                    share.tax().inclusive(),
                                    share.cents()))
                            .toList(),
                    line.line().period().start(),
                    line.line().period().end());
        }
    }

    public record Tax(String code, BigDecimal percent, boolean inclusive, long taxCents) {}

    /** One page of them. */
    public record CreditNotePage(List<CreditNoteReply> creditNotes, long total, int page, int pageSize) {
        static CreditNotePage of(Page<CreditNoteView> page, Map<UUID, String> refunds, UriInfo uri) {
            return new CreditNotePage(
                    page.items().stream()
                            .map(view -> CreditNoteReply.of(view, refunds, uri))
                            .toList(),
                    page.total(),
                    page.page(),
                    page.pageSize());
        }
    }

    /** @param refunds their state, by the note */
    static CreditNoteReply of(CreditNoteView view, Map<UUID, String> refunds, UriInfo uri) {
        CreditNote note = view.note();
        return new CreditNoteReply(
                CreditNoteNews.of(note, view.invoiceNumber()),
                note.taxIncludedCents(),
                view.taxTreatment().name().toLowerCase(Locale.ROOT),
                refunds.get(note.id()),
                view.lines().stream().map(Line::of).toList(),
                uri.getBaseUriBuilder()
                        .path("credit-notes")
                        .path(note.id().toString())
                        .path("pdf")
                        .build()
                        .toString());
    }
}
