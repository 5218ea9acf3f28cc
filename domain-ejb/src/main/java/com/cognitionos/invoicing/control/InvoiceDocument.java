package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Seller;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.jspecify.annotations.Nullable;

/** Draws an invoice as a PDF: XHTML laid out by openhtmltopdf, with a font that has Latin, Greek and Cyrillic letters. */
@ApplicationScoped
public class InvoiceDocument {

    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

    private static final String STYLE = """
            @page { size: A4; margin: 20mm 18mm 22mm; @bottom-right { content: counter(page) " / " counter(pages);
                font: 8pt 'Liberation Sans'; color: #5b6472; } }
            body { font: 9.5pt/1.45 'Liberation Sans'; color: #1a2130; }
            h1 { font-size: 20pt; font-weight: normal; margin: 0 0 1mm; }
            .muted { color: #5b6472; }
            table { width: 100%; border-collapse: collapse; -fs-table-paginate: paginate; }
            .parties td { width: 50%; vertical-align: top; padding: 6mm 0; }
            .lines th { text-align: left; font-weight: normal; color: #5b6472; border-bottom: 0.4mm solid #1a2130; padding: 1.5mm 2mm 1.5mm 0; }
            .lines td { border-bottom: 0.2mm solid #d8dce3; padding: 2.2mm 2mm 2.2mm 0; vertical-align: top; }
            .lines tr { page-break-inside: avoid; }
            .lines .n, .totals .n { text-align: right; padding-left: 4mm; padding-right: 0; white-space: nowrap; }
            .totals { width: 75mm; margin: 5mm 0 0 auto; page-break-inside: avoid; }
            .totals td { padding: 1mm 0; }
            .totals .due td { border-top: 0.4mm solid #1a2130; font-size: 12pt; padding-top: 2mm; }
            """;

    /** The same invoice in the same status gives the same bytes. */
    public byte[] of(InvoiceView invoice, Seller seller) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            PdfRendererBuilder builder = new PdfRendererBuilder();
            builder.useFont(() -> PDDocument.class.getResourceAsStream(FONT), "Liberation Sans");
            builder.withHtmlContent(html(invoice, seller), null);
            builder.withProducer("CognitionOS");
            builder.toStream(out);
            try (PdfBoxRenderer renderer = builder.buildPdfRenderer()) {
                renderer.layout();
                renderer.createPDFWithoutClosing();
                stamp(renderer.getPdfDocument(), invoice);
                renderer.getPdfDocument().save(out);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot draw invoice " + invoice.id(), e);
        }
    }

    /** Dates and ids from the invoice, not from the moment of drawing. */
    private static void stamp(PDDocument document, InvoiceView invoice) {
        Calendar date = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
        date.setTimeInMillis(
                (invoice.finalizedAt() == null ? invoice.createdAt() : invoice.finalizedAt()).toEpochMilli());
        PDDocumentInformation information = document.getDocumentInformation();
        information.setTitle("Invoice " + invoice.number());
        information.setCreationDate(date);
        information.setModificationDate(date);
        document.setDocumentId(invoice.id().getMostSignificantBits());
    }

    private static String html(InvoiceView invoice, Seller seller) {
        StringBuilder lines = new StringBuilder();
        for (InvoiceLine line : invoice.lines()) {
            lines.append("<tr><td>")
                    .append(text(line.description()))
                    .append("<br/><span class='muted'>")
                    .append(period(line.period().start(), line.period().end()))
                    .append("</span></td><td class='n'>")
                    .append(figure(line.quantity(), 0, 6))
                    .append("</td><td class='n'>")
                    .append(figure(line.unitPrice().movePointLeft(2), 2, 14))
                    .append("</td><td class='n'>")
                    .append(money(line.amountCents()))
                    .append("</td></tr>");
        }
        String currency = text(invoice.currency());
        return "<html><head><style>" + STYLE + "</style></head><body>"
                + "<h1>Invoice</h1><div class='muted'>" + text(String.valueOf(invoice.number())) + "</div>"
                + "<table class='parties'><tr><td><span class='muted'>From</span><br/>" + text(seller.name()) + "<br/>"
                + text(seller.address())
                + (seller.taxNumber() == null ? "" : "<br/>Tax number " + text(seller.taxNumber()))
                + "</td><td><span class='muted'>To</span><br/>"
                + text(invoice.buyer().name()) + "<br/>"
                + text(invoice.buyer().email()) + "</td></tr>"
                + "<tr><td><span class='muted'>Invoice date</span><br/>" + day(invoice.finalizedAt())
                + "<br/><span class='muted'>Period</span><br/>"
                + period(invoice.period().start(), invoice.period().end()) + "</td>"
                + "<td><span class='muted'>Due date</span><br/>" + day(invoice.dueDate())
                + "<br/><span class='muted'>Status</span><br/>" + text(status(invoice)) + "</td></tr></table>"
                + "<table class='lines'><thead><tr><th>Description</th><th class='n'>Quantity</th><th class='n'>Unit price, "
                + currency + "</th><th class='n'>Amount, " + currency + "</th></tr></thead><tbody>" + lines
                + "</tbody></table>"
                + "<table class='totals'>"
                + total("Subtotal", invoice.subtotalCents())
                + (invoice.discountCents() == 0 ? "" : total("Discount", -invoice.discountCents()))
                + total("Tax", invoice.taxCents())
                + total("Total", invoice.totalCents())
                + (invoice.balanceAppliedCents() == 0 ? "" : total("From your balance", -invoice.balanceAppliedCents()))
                + (invoice.amountPaidCents() == 0 ? "" : total("Paid", -invoice.amountPaidCents()))
                + "<tr class='due'><td>Amount due, " + currency + "</td><td class='n'>"
                + money(invoice.amountDueCents())
                + "</td></tr></table></body></html>";
    }

    private static String status(InvoiceView invoice) {
        return invoice.paidAt() == null ? invoice.status() : "paid on " + day(invoice.paidAt());
    }

    private static String total(String label, long cents) {
        return "<tr><td class='muted'>" + label + "</td><td class='n'>" + money(cents) + "</td></tr>";
    }

    private static String period(Instant start, Instant end) {
        return day(start) + " to " + day(end) + " (UTC, end not included)";
    }

    private static String day(@Nullable Instant instant) {
        return instant == null ? "–" : DAY.format(instant.atOffset(ZoneOffset.UTC));
    }

    private static String money(long cents) {
        NumberFormat format = NumberFormat.getNumberInstance(Locale.ROOT);
        format.setMinimumFractionDigits(2);
        return format.format(BigDecimal.valueOf(cents, 2));
    }

    private static String figure(BigDecimal value, int fewest, int most) {
        NumberFormat format = NumberFormat.getNumberInstance(Locale.ROOT);
        format.setMinimumFractionDigits(fewest);
        format.setMaximumFractionDigits(most);
        return format.format(value);
    }

    private static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
