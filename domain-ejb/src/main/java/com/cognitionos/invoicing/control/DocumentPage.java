package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.Buyer;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.MinorUnit;
import com.cognitionos.rating.entity.InvoiceAmounts.TaxAmount;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.text.Bidi;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A document as XHTML for paper. Whatever people wrote is escaped, and kept to the characters that XML has. */
final class DocumentPage {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

    /** A unit price has at most that many decimal places of the major unit. */
    private static final int PRICE_PLACES = 14;

    private static final String STYLE = """
            @page { size: A4; margin: 18mm 18mm 24mm;
                @bottom-left { content: "%1$s"; font: 8pt %2$s; color: #5b6472; }
                @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt %2$s; color: #5b6472; } }
            body { font: 9.5pt/1.4 %2$s; color: #1a2130; margin: 0; }
            h1 { font-size: 21pt; line-height: 1.15; font-weight: bold; margin: 0; }
            h2 { font-size: 9.5pt; font-weight: bold; margin: 0 0 1mm; }
            p { margin: 0; }
            .muted { color: #5b6472; }
            .other { font-family: %3$s; }
            .written { white-space: pre-line; overflow-wrap: break-word; word-wrap: break-word; }
            table { width: 100%%; border-collapse: collapse; }
            td, th { vertical-align: top; text-align: left; padding: 0; }
            th { font-weight: normal; color: #5b6472; }
            .n { text-align: right; white-space: nowrap; padding-left: 4mm; }
            .head td { padding-bottom: 9mm; }
            .head .seller { text-align: right; }
            .parties { table-layout: fixed; margin-bottom: 8mm; }
            .parties td { padding-right: 6mm; }
            .parties td.last { padding-right: 0; }
            .facts td, .facts th { padding: 0 0 0.6mm; }
            .facts th { width: 20mm; }
            .facts td { white-space: nowrap; }
            .lines { -fs-table-paginate: paginate; -fs-page-break-min-height: 14mm; }
            .lines th { border-bottom: 0.35mm solid #1a2130; padding-bottom: 1.4mm; vertical-align: bottom; }
            .lines td { border-bottom: 0.2mm solid #d8dce3; padding-top: 1.6mm; padding-bottom: 1.6mm; }
            .lines tr { page-break-inside: avoid; }
            .lines .period { font-size: 8.5pt; }
            .end { page-break-inside: avoid; margin-top: 6mm; }
            .half { width: 50%%; padding-right: 9mm; }
            .taxes th, .taxes td { padding-bottom: 0.8mm; }
            .taxes th { border-bottom: 0.2mm solid #d8dce3; }
            .taxes td { padding-top: 0.8mm; }
            .notes { padding-top: 4mm; }
            .totals td { padding: 0.9mm 0; }
            .totals .total td { border-top: 0.2mm solid #d8dce3; font-weight: bold; padding-top: 1.6mm; }
            .totals .due td { border-top: 0.35mm solid #1a2130; font-size: 12pt; font-weight: bold; padding-top: 2mm; }
            """;

    private final BillingDocument document;
    private final int digits;
    private final boolean discounted;
    private final boolean taxed;

    private DocumentPage(BillingDocument document) {
        this.document = document;
        this.digits = MinorUnit.decimals(document.currency());
        this.discounted =
                document.lines().stream().anyMatch(line -> line.amounts().discountCents() != 0);
        this.taxed = !document.taxes().isEmpty();
    }

    static String of(BillingDocument document) {
        return new DocumentPage(document).html();
    }

    static String title(BillingDocument document) {
        return name(document) + " " + document.number();
    }

    private static String name(BillingDocument document) {
        return document.type() == BillingDocument.Type.CREDIT_NOTE ? "Credit note" : "Invoice";
    }

    private String html() {
        return "<html lang=\"en\"><head><title>" + text(title(document)) + "</title><style>"
                + STYLE.formatted(
                        title(document).replace("\\", "").replace("\"", "").replace("<", ""),
                        DocumentFont.TEXT.forCss(),
                        DocumentFont.allForCss())
                + "</style></head><body>" + head() + parties() + lines() + "<table class='end'><tr><td class='half'>"
                + taxes()
                + notes() + "</td><td>" + totals() + "</td></tr></table></body></html>";
    }

    private String head() {
        return "<table class='head'><tr><td><h1>" + name(document) + "</h1><p class='muted'>"
                + text(document.number()) + "</p></td><td class='seller'><h2>"
                + text(document.seller().name()) + "</h2></td></tr></table>";
    }

    private String parties() {
        Seller seller = document.seller();
        Buyer buyer = document.buyer();
        BillingDocument.Reference corrects = document.corrects();
        Period period = document.period();
        return "<table class='parties'><tr><td><p class='muted'>From</p><h2>" + text(seller.name()) + "</h2>"
                + written(seller.address()) + paragraph(place(null, seller.country())) + paragraph(seller.email())
                + taxNumber(seller.taxNumber())
                + (seller.registrationNumber() == null ? "" : paragraph("Registered as " + seller.registrationNumber()))
                + "</td><td><p class='muted'>To</p>" + element("h2", buyer.name())
                + written(buyer.address())
                + paragraph(place(buyer.region(), buyer.country())) + paragraph(buyer.email())
                + taxNumber(buyer.taxNumber()) + "</td><td class='last'><table class='facts'>"
                + fact("Date", day(document.issuedAt()))
                + (document.dueAt() == null ? "" : fact("Payable by", day(document.dueAt())))
                + (corrects == null
                        ? ""
                        : fact("For invoice", text(corrects.number()) + "<br/>of " + day(corrects.issuedAt())))
                + (period == null ? "" : fact("Period", span(period).replace(" – ", " –<br/>")))
                + fact("Currency", text(document.currency())) + "</table></td></tr></table>";
    }

    private String lines() {
        StringBuilder rows = new StringBuilder();
        for (BillingDocument.Line line : document.lines()) {
            rows.append("<tr><td class='written'>")
                    .append(text(line.description()))
                    .append("<div class='muted period'>")
                    .append(span(line.period()))
                    .append("</div></td>")
                    .append(cell(figure(line.quantity(), 0, 6) + " " + text(units(line))))
                    .append(cell(figure(line.unitPrice().movePointLeft(digits), digits, PRICE_PLACES)))
                    .append(discounted ? cell(discount(line.amounts().discountCents())) : "")
                    .append(taxed ? cell(rates(line)) : "")
                    .append(cell(money(line.amounts().cents())))
                    .append("</tr>");
        }
        return "<table class='lines'><thead><tr><th>Description</th><th class='n'>Quantity</th>"
                + "<th class='n'>Unit price</th>" + (discounted ? "<th class='n'>Discount</th>" : "")
                + (taxed ? "<th class='n'>Tax</th>" : "") + "<th class='n'>Amount</th></tr></thead><tbody>" + rows
                + "</tbody></table>";
    }

    private String taxes() {
        if (!taxed) {
            return "";
        }
        StringBuilder rows = new StringBuilder();
        for (TaxAmount amount : document.taxes()) {
            rows.append("<tr><td>")
                    .append(text(amount.tax().code().toUpperCase(Locale.ROOT)))
                    .append(amount.tax().inclusive() ? " <span class='muted'>included in the prices</span>" : "")
                    .append("</td>")
                    .append(cell(percent(amount.tax().percent())))
                    .append(cell(money(amount.taxableCents())))
                    .append(cell(money(amount.cents())))
                    .append("</tr>");
        }
        return "<table class='taxes'><tr><th>Tax</th><th class='n'>Rate</th><th class='n'>Net amount</th>"
                + "<th class='n'>Tax</th></tr>" + rows + "</table>";
    }

    private String notes() {
        String treatment = switch (document.treatment()) {
            case REVERSE_CHARGE -> "Reverse charge: the customer accounts for the tax.";
            case EXEMPT -> "Exempt from tax.";
            case STANDARD -> taxed ? "" : "No tax is charged.";
        };
        return "<div class='notes'>"
                + paragraph(treatment)
                + (document.reason() == null ? "" : paragraph("Reason: " + document.reason()))
                + payment()
                + (document.zone().normalized().equals(ZoneOffset.UTC)
                        ? ""
                        : "<p class='muted'>Periods are in days of "
                                + text(document.zone().getId()) + ".</p>")
                + "</div>";
    }

    private String payment() {
        Seller seller = document.seller();
        if (document.type() == BillingDocument.Type.CREDIT_NOTE) {
            return "";
        }
        String account = seller.iban() == null
                ? ""
                : paragraph("IBAN " + seller.iban().replaceAll(".{4}(?!$)", "$0 ")
                        + (seller.bic() == null ? "" : ", BIC " + seller.bic()));
        return written(seller.paymentTerms()) + account;
    }

    private String totals() {
        long exclusive = document.taxCents() - document.includedTaxCents();
        boolean invoice = document.type() == BillingDocument.Type.INVOICE;
        boolean settled = !document.settlements().isEmpty();
        String settlements = document.settlements().stream()
                .map(settlement -> total(words(settlement), invoice ? -settlement.cents() : settlement.cents()))
                .collect(Collectors.joining());
        return "<table class='totals'>" + total("Subtotal", document.subtotalCents())
                + (document.discountCents() == 0 ? "" : total("Discount", -document.discountCents()))
                + (document.includedTaxCents() == 0
                        ? ""
                        : total("Tax in the prices", document.includedTaxCents(), "muted"))
                + (exclusive == 0 && document.includedTaxCents() != 0 ? "" : total("Tax", exclusive))
                + total("Total" + (settled ? "" : ", " + text(document.currency())), document.totalCents(), "total")
                + settlements
                + (invoice ? total("Amount due, " + text(document.currency()), document.dueCents(), "due") : "")
                + "</table>";
    }

    private static String words(BillingDocument.Settlement settlement) {
        return switch (settlement.by()) {
            case PREPAID_CREDIT -> "Paid by prepaid credits";
            case BALANCE -> settlement.cents() < 0 ? "Left from earlier invoices" : "Paid from your balance";
            case CARRIED_OVER -> "Carried over to the next invoice";
            case CREDITED_TO_BALANCE -> "Credited to your balance";
            case REDUCED_DUE -> "Off the amount due on the invoice";
            case REFUND -> "Paid back";
        };
    }

    private String rates(BillingDocument.Line line) {
        return line.amounts().taxes().isEmpty()
                ? "–"
                : line.amounts().taxes().stream()
                        .map(share -> percent(share.tax().percent()))
                        .collect(Collectors.joining(" + "));
    }

    private static String units(BillingDocument.Line line) {
        String unit = line.unit();
        boolean word = Character.isLowerCase(unit.charAt(unit.length() - 1));
        return word && line.quantity().compareTo(BigDecimal.ONE) != 0 ? unit + "s" : unit;
    }

    private String discount(long cents) {
        return cents == 0 ? "–" : money(-cents);
    }

    private String total(String label, long cents) {
        return total(label, cents, "");
    }

    private String total(String label, long cents, String style) {
        return "<tr class='" + style + "'><td>" + label + "</td><td class='n'>" + money(cents) + "</td></tr>";
    }

    /** Days, both of which belong to it. */
    private String span(Period period) {
        LocalDate first = ElectronicInvoice.first(period, document.zone());
        LocalDate last = ElectronicInvoice.last(period, document.zone());
        return first.equals(last) ? DAY.format(first) : DAY.format(first) + " – " + DAY.format(last);
    }

    private static String place(@Nullable String region, @Nullable String country) {
        String name = country == null ? "" : new Locale("", country).getDisplayCountry(Locale.ENGLISH);
        return region == null || region.isBlank() ? name : region + (name.isEmpty() ? "" : ", " + name);
    }

    private static String taxNumber(@Nullable String number) {
        return number == null ? "" : paragraph("Tax number " + number);
    }

    private static String fact(String label, String value) {
        return "<tr><th>" + label + "</th><td>" + value + "</td></tr>";
    }

    private static String written(@Nullable String text) {
        return text == null ? "" : text.lines().map(DocumentPage::paragraph).collect(Collectors.joining());
    }

    private static String paragraph(@Nullable String text) {
        return text == null || text.isBlank() ? "" : element("p", text);
    }

    /** From right to left where the text begins with letters that are written so. */
    private static String element(String name, String text) {
        boolean leftToRight = new Bidi(text, Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT).baseIsLeftToRight();
        return "<" + name + " class='written'" + (leftToRight ? "" : " dir='rtl'") + ">" + text(text) + "</" + name
                + ">";
    }

    private static String cell(String content) {
        return "<td class='n'>" + content + "</td>";
    }

    private static String day(Instant instant) {
        return DAY.format(instant.atOffset(ZoneOffset.UTC));
    }

    private static String percent(BigDecimal percent) {
        return figure(percent, 0, 6) + " %";
    }

    private String money(long cents) {
        return figure(BigDecimal.valueOf(cents, digits), digits, digits);
    }

    private static String figure(BigDecimal value, int fewest, int most) {
        NumberFormat format = NumberFormat.getNumberInstance(Locale.ROOT);
        format.setMinimumFractionDigits(fewest);
        format.setMaximumFractionDigits(most);
        return format.format(value).replace('-', '−');
    }

    private static String text(String raw) {
        String shown = DocumentFont.shown(XmlText.legal(raw));
        String escaped = shown.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
        // Only where it must be: with a second font in the list, openhtmltopdf draws a repeated head of a table twice.
        return DocumentFont.TEXT.has(shown) ? escaped : "<span class='other'>" + escaped + "</span>";
    }
}
