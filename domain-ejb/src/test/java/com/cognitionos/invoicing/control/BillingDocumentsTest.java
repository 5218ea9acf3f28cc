package com.cognitionos.invoicing.control;

import static com.cognitionos.invoicing.control.SampleDocument.AMERICAN;
import static com.cognitionos.invoicing.control.SampleDocument.BRITISH;
import static com.cognitionos.invoicing.control.SampleDocument.CONSUMPTION;
import static com.cognitionos.invoicing.control.SampleDocument.FRENCH;
import static com.cognitionos.invoicing.control.SampleDocument.GERMAN;
import static com.cognitionos.invoicing.control.SampleDocument.GST;
import static com.cognitionos.invoicing.control.SampleDocument.QST;
import static com.cognitionos.invoicing.control.SampleDocument.UNKNOWN;
import static com.cognitionos.invoicing.control.SampleDocument.VAT;
import static com.cognitionos.invoicing.control.SampleDocument.VAT_IN_PRICES;
import static com.cognitionos.invoicing.control.SampleDocument.from;
import static com.cognitionos.invoicing.control.SampleDocument.tax;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.BillingDocument.By;
import com.cognitionos.invoicing.entity.Buyer;
import com.cognitionos.rating.entity.Taxes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mustangproject.validator.ZUGFeRDValidator;
import org.w3c.dom.Document;

class BillingDocumentsTest {

    private static final String MANY_SCRIPTS =
            "Łukasz Ελληνικά Кириллица Հայ ქართ 東京株式会社 한국 中文 שלום مرحبا 😀 👨‍👩‍👧 ไทย \u0001<&\">";

    static Stream<Arguments> documents() {
        return Stream.of(
                arguments(
                        "no tax, buyer without an address",
                        from(AMERICAN, UNKNOWN, "USD")
                                .line("Pro plan, a month", "period", "1", "4900", 4900)
                                .line("Executions: 50 above the 10,000 included", "execution", "50", "10", 500)
                                .document()),
                arguments(
                        "tax, discount, part of a period given back, prepaid, more to collect",
                        from(GERMAN, FRENCH, "EUR")
                                .line("Pro plan, a month", "period", "1", "4900", 4900, 490, tax(VAT, 838))
                                .line("Unused time of the Starter plan", "period", "1", "1900", -933, tax(VAT, -177))
                                .line("Tokens", "token", "1234567", "0.002", 2469, tax(VAT, 469))
                                .settled(By.PREPAID_CREDIT, 1000)
                                .settled(By.BALANCE, -250)
                                .document()),
                arguments(
                        "reverse charge",
                        from(GERMAN, FRENCH, "EUR")
                                .treatment(Taxes.Treatment.REVERSE_CHARGE)
                                .line("Pro plan, a month", "period", "1", "4900", 4900)
                                .document()),
                arguments(
                        "exempt",
                        from(GERMAN, FRENCH, "EUR")
                                .treatment(Taxes.Treatment.EXEMPT)
                                .line("Pro plan, a month", "period", "1", "4900", 4900, 100)
                                .settled(By.BALANCE, 4000)
                                .settled(By.CARRIED_OVER, 800)
                                .document()),
                arguments(
                        "tax in the prices",
                        from(GERMAN, FRENCH, "EUR")
                                .line("Pro plan", "period", "1", "4900", 4900, 490, tax(VAT_IN_PRICES, 704))
                                .document()),
                arguments(
                        "no decimals",
                        from(GERMAN, FRENCH, "JPY")
                                .in("Asia/Tokyo")
                                .line("Pro plan", "period", "1", "1235", 1235, tax(CONSUMPTION, 124))
                                .document()),
                arguments(
                        "two taxes on a line, none on another",
                        from(GERMAN, FRENCH, "EUR")
                                .line("Pro plan", "period", "1", "4900", 4900, tax(GST, 245), tax(QST, 489))
                                .line("Postage", "period", "1", "1000", 1000)
                                .document()),
                arguments(
                        "below 0",
                        from(GERMAN, FRENCH, "EUR")
                                .line("Unused time", "period", "1", "4900", -4900, -490, tax(VAT, -838))
                                .settled(By.CREDITED_TO_BALANCE, -5248)
                                .document()),
                arguments("credit note", creditNote()),
                arguments(
                        "credit note without tax, in part, to the balance",
                        from(AMERICAN, UNKNOWN, "USD")
                                .creditNoteOn("INV-2026-000007", "Łukasz <asked> & got")
                                .line("Pro plan, a month", "part", "1", "2000", 2000)
                                .line("Unused time", "period", "1", "4900", -1000)
                                .settled(By.CREDITED_TO_BALANCE, 1000)
                                .document()),
                arguments(
                        "credit note by a seller with a tax number that is no VAT number",
                        from(BRITISH, FRENCH, "EUR")
                                .creditNoteOn("INV-2026-000007", "a reason")
                                .line("Pro plan", "period", "1", "4900", 4900, 490, tax(VAT_IN_PRICES, 704))
                                .settled(By.REDUCED_DUE, 4410)
                                .document()),
                arguments(
                        "a seller of whom all is known, to an exempt buyer",
                        from(BRITISH, FRENCH, "GBP")
                                .treatment(Taxes.Treatment.EXEMPT)
                                .line("Pro plan", "period", "1", "4900", 4900)
                                .document()),
                arguments("many pages in many scripts", manyPages()));
    }

    private static BillingDocument creditNote() {
        return from(GERMAN, FRENCH, "EUR")
                .creditNoteOn("INV-2026-000007", "The service was down for a week")
                .line("Pro plan", "period", "1", "4900", 4900, 490, tax(VAT, 838))
                .settled(By.REDUCED_DUE, 1248)
                .settled(By.REFUND, 4000)
                .document();
    }

    private static BillingDocument manyPages() {
        SampleDocument sample =
                from(GERMAN, new Buyer(MANY_SCRIPTS, "x@example.org", "北京市\nشارع ١٢\n3\n4", "CN", "BJ", null), "EUR");
        for (int i = 1; i <= 40; i++) {
            String description = "Line " + i + ": "
                    + switch (i % 10) {
                        case 3 -> "a long description that goes on, ".repeat(8);
                        case 5 -> "W".repeat(200);
                        case 7 -> MANY_SCRIPTS;
                        default -> "Überschuss";
                    };
            sample.line(description, "execution", "1", "100", 100, 10, tax(VAT, 17));
        }
        return sample.document();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    @DisplayName("INV-12: PDF/A-3, Factur-X and UBL are valid by Mustang's validator, with the document's amounts")
    void valid(String name, BillingDocument document) throws Exception {
        ElectronicInvoice invoice = ElectronicInvoice.of(document).orElseThrow();
        byte[] cii = CrossIndustryInvoice.of(invoice);
        byte[] ubl = UblDocument.of(invoice);
        byte[] pdf = DocumentPdf.of(document, cii);

        assertValid(pdf, "i.pdf");
        assertValid(ubl, "i.xml");
        assertThat(embedded(pdf)).isEqualTo(cii);
        assertThat(DocumentPdf.of(document, cii)).isEqualTo(pdf);

        List<String> amounts = Stream.of(
                        document.netCents(),
                        document.taxCents(),
                        document.totalCents(),
                        document.settledCents(),
                        document.dueCents())
                .map(invoice::amount)
                .toList();
        assertThat(texts(
                        cii,
                        "//*[local-name()='SpecifiedTradeSettlementHeaderMonetarySummation']/*",
                        "TaxBasisTotalAmount",
                        "TaxTotalAmount",
                        "GrandTotalAmount",
                        "TotalPrepaidAmount",
                        "DuePayableAmount"))
                .isEqualTo(amounts);
        assertThat(texts(
                        ubl,
                        "/*/*[local-name()='LegalMonetaryTotal' or local-name()='TaxTotal']/*",
                        "TaxExclusiveAmount",
                        "TaxAmount",
                        "TaxInclusiveAmount",
                        "PrepaidAmount",
                        "PayableAmount"))
                .isEqualTo(amounts);
        assertThat(text(pdf, 1, 99))
                .contains(DocumentPage.title(document), document.buyer().email());
    }

    @Test
    @DisplayName(
            "A document of many pages: its table has its head on each, all pages are numbered, nothing leaves them")
    void pages() throws IOException {
        byte[] pdf = DocumentPdf.of(manyPages(), null);
        try (PDDocument document = Loader.loadPDF(pdf)) {
            int pages = document.getNumberOfPages();
            assertThat(pages).isGreaterThan(3);
            for (int page = 1; page <= pages; page++) {
                String text = text(pdf, page, page);
                assertThat(text).containsOnlyOnce("Page " + page + " of " + pages);
                if (page < pages) {
                    assertThat(text).containsOnlyOnce("Description Quantity Unit price Discount Tax Amount");
                }
            }
            float width = document.getPage(0).getMediaBox().getWidth();
            assertThat(rightmost(document)).isGreaterThan(width * 0.8f).isLessThan(width - 45);
            assertThat(text(pdf, 1, pages).replaceAll("\\s+", " "))
                    .contains(
                            "Łukasz Ελληνικά Кириллица Հայ ქართ 東京株式会社 한국 中文",
                            "שלום",
                            "😀",
                            "□□□",
                            "<&\">",
                            "北京市",
                            "BJ, China");
        }
    }

    @Test
    @DisplayName("Money has the currency's decimals")
    void decimals() throws IOException {
        BillingDocument yen = from(GERMAN, FRENCH, "JPY")
                .line("Plan", "period", "1", "123456", 123456)
                .line("Tokens", "token", "2000", "0.002", 4)
                .document();
        assertThat(text(DocumentPdf.of(yen, null), 1, 1))
                .contains("1 period 123,456 123,456", "2,000 tokens 0.002 4", "Amount due, JPY 123,460");
        BillingDocument dinar = from(GERMAN, FRENCH, "KWD")
                .line("Plan", "period", "1", "1234567", 1234567)
                .document();
        assertThat(text(DocumentPdf.of(dinar, null), 1, 1)).contains("1 period 1,234.567 1,234.567");
    }

    @Test
    @DisplayName("What EN 16931 has no place for is said on paper alone")
    void notRepresentable() {
        assertThat(ElectronicInvoice.of(from(GERMAN, FRENCH, "KWD")
                        .line("Plan", "period", "1", "1234567", 1234567)
                        .document()))
                .isEmpty();
        assertThat(ElectronicInvoice.of(from(GERMAN, FRENCH, "KWD")
                        .line("Plan", "period", "1", "1234560", 1234560)
                        .document()))
                .hasValueSatisfying(
                        invoice -> assertThat(invoice.amount(1234560)).isEqualTo("1234.56"));
    }

    @Test
    @DisplayName("BR-S-02: there is no valid XML of a seller who charges tax without a tax number, but there is paper")
    void taxWithoutATaxNumber() {
        BillingDocument taxed = from(AMERICAN, FRENCH, "EUR")
                .line("Plan", "period", "1", "4900", 4900, tax(VAT, 931))
                .document();
        assertThat(ElectronicInvoice.of(taxed)).isEmpty();
        assertThat(ElectronicInvoice.refusal(taxed))
                .hasValueSatisfying(problem -> assertThat(problem.code()).isEqualTo("seller_without_tax_number"));
        for (Taxes.Treatment treatment : List.of(Taxes.Treatment.EXEMPT, Taxes.Treatment.REVERSE_CHARGE)) {
            assertThat(ElectronicInvoice.of(from(AMERICAN, FRENCH, "EUR")
                            .treatment(treatment)
                            .line("Plan", "period", "1", "4900", 4900)
                            .document()))
                    .as(treatment.name())
                    .isEmpty();
        }
        assertThat(DocumentPdf.of(taxed, null)).isNotEmpty();
    }

    @Test
    @DisplayName("An invoice says where and how to pay and who to ask; a credit note asks for no payment")
    void payment() throws Exception {
        BillingDocument invoice = from(GERMAN, FRENCH, "EUR")
                .line("Plan", "period", "1", "4900", 4900, tax(VAT, 931))
                .document();
        assertThat(text(DocumentPdf.of(invoice, null), 1, 1))
                .contains("IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX", "By the day above, without deduction.")
                .contains("Registered as HRB 12345 B", "invoices@cognitionos.example");
        ElectronicInvoice said = ElectronicInvoice.of(invoice).orElseThrow();
        assertThat(texts(CrossIndustryInvoice.of(said), "//*", "IBANID", "BICID", "TypeCode"))
                .startsWith("DE89370400440532013000", "COBADEFFXXX");
        assertThat(texts(UblDocument.of(said), "//*[local-name()='PayeeFinancialAccount']/*", "ID"))
                .containsExactly("DE89370400440532013000");

        byte[] note = CrossIndustryInvoice.of(ElectronicInvoice.of(creditNote()).orElseThrow());
        assertThat(texts(note, "//*", "IBANID", "SpecifiedTradePaymentTerms")).containsExactly("", "");
        assertThat(text(DocumentPdf.of(creditNote(), null), 1, 1)).doesNotContain("IBAN", "without deduction");
    }

    @Test
    @DisplayName("A price that does not make the amount is not the line's price")
    void prices() {
        ElectronicInvoice invoice = ElectronicInvoice.of(from(GERMAN, FRENCH, "EUR")
                        .line("Whole", "token", "3", "1.5", 5)
                        .line("Part", "period", "1", "4900", 2345)
                        .line("Given back", "period", "1", "4900", -4900)
                        .line("Tiers", "execution", "150", "10", 900)
                        .document())
                .orElseThrow();
        assertThat(invoice.items())
                .extracting(
                        item -> item.quantity().toPlainString(),
                        item -> item.price().toPlainString(),
                        ElectronicInvoice.Item::detail)
                .containsExactly(
                        tuple("3", "0.015", null),
                        tuple("1", "23.45", null),
                        tuple("-1", "49.00", null),
                        tuple("1", "9.00", "150 execution"));
    }

    @Test
    @DisplayName("A credit note says what it corrects and why, and what became of it")
    void creditNotes() throws Exception {
        BillingDocument note = creditNote();
        assertThat(text(DocumentPdf.of(note, null), 1, 1))
                .contains("Credit note CN-2026-000001", "INV-2026-000007", "The service was down for a week")
                .contains("Off the amount due on the invoice 12.48", "Paid back 40.00")
                .doesNotContain("Amount due,");
        byte[] ubl = UblDocument.of(ElectronicInvoice.of(note).orElseThrow());
        assertThat(texts(ubl, "/*[local-name()='CreditNote']//*", "CreditNoteTypeCode", "Note"))
                .containsExactly("381", "The service was down for a week");
        assertThat(texts(ubl, "//*[local-name()='InvoiceDocumentReference']/*", "ID", "IssueDate"))
                .containsExactly("INV-2026-000007", "2026-01-05");
        byte[] cii = CrossIndustryInvoice.of(ElectronicInvoice.of(note).orElseThrow());
        assertThat(texts(cii, "//*[local-name()='ExchangedDocument']/*", "TypeCode"))
                .containsExactly("381");
        assertThat(texts(
                        cii,
                        "//*[local-name()='InvoiceReferencedDocument']/*",
                        "IssuerAssignedID",
                        "FormattedIssueDateTime"))
                .containsExactly("INV-2026-000007", "20260105");
    }

    private static void assertValid(byte[] content, String name) {
        String report = new ZUGFeRDValidator().validate(content, name);
        assertThat(report)
                .contains("<summary status=\"valid\"/>")
                .doesNotContain("status=\"invalid\"")
                .doesNotContain("<error");
        if (name.endsWith(".pdf")) {
            assertThat(report).contains("flavour=3u", "isCompliant=true");
        }
    }

    private static byte[] embedded(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return document.getDocumentCatalog()
                    .getNames()
                    .getEmbeddedFiles()
                    .getNames()
                    .get("factur-x.xml")
                    .getEmbeddedFile()
                    .toByteArray();
        }
    }

    private static String text(byte[] pdf, int first, int last) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setStartPage(first);
            stripper.setEndPage(last);
            // What is drawn twice at one place must be seen.
            stripper.setSuppressDuplicateOverlappingText(false);
            return stripper.getText(document).replace('\u00A0', ' ');
        }
    }

    private static float rightmost(PDDocument document) throws IOException {
        List<Float> ends = new ArrayList<>();
        new PDFTextStripper() {
            @Override
            protected void processTextPosition(TextPosition position) {
                if (!position.getUnicode().isBlank()) {
                    ends.add(position.getX() + position.getWidth());
                }
            }
        }.getText(document);
        return ends.stream().max(Float::compare).orElseThrow();
    }

    /** The texts of elements by local name, in the order of the names. */
    private static List<String> texts(byte[] xml, String within, String... names) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
        XPath path = XPathFactory.newDefaultInstance().newXPath();
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            texts.add(path.evaluate(within + "[local-name()='" + name + "']", document));
        }
        return texts;
    }
}
