package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** INV-11: documents at the REST door. */
@SharedProduct
@DisplayName("Invoices as documents over REST")
class InvoiceDocumentsIT {

    private static final Api OPERATOR = Product.shared().api();

    private static Api key;
    private static List<byte[]> asked;

    @BeforeAll
    static void aMonth() {
        String tenant =
                OPERATOR.post("/v3/tenants", """
                        {"name": "東京 <&> Łukasz", "slug": "documents", "owner_email": "owner@documents.example",
                         "billing_email": "billing@documents.example", "tier": "pro", "test_mode": true,
                         "test_clock_start": "2026-01-31T00:00:00Z"}""").expect(201).json().get("id").getAsString();
        key = OPERATOR.keyFor(tenant, "invoices:read", "invoices:write", "subscriptions:read", "subscriptions:write");
        OPERATOR.moveClock(tenant, "2026-03-01T00:00:00Z");
        JsonObject invoice = key.invoices().get(0);
        List<CompletableFuture<byte[]>> atOnce = Stream.of("pdf", "pdf", "pdf", "pdf")
                .map(form -> CompletableFuture.supplyAsync(() -> get(invoice, form)))
                .toList();
        asked = atOnce.stream().map(CompletableFuture::join).toList();
    }

    private static String path(JsonObject invoice, String form) {
        return "/v3/invoices/" + invoice.get("id").getAsString() + "/" + form;
    }

    private static byte[] get(JsonObject invoice, String form) {
        return key.get(path(invoice, form)).expect(200).raw().body();
    }

    @Test
    @DisplayName("First asked for by several at once, then before and after the payment: always the same bytes")
    void sameBytes() {
        JsonObject invoice = key.invoices().get(0);
        byte[] pdf = asked.get(0);
        assertThat(asked).allSatisfy(other -> assertThat(other).isEqualTo(pdf));
        byte[] ubl = get(invoice, "ubl");

        key.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        assertThat(key.post(path(invoice, "pay"), "{}")
                        .expect(200)
                        .json()
                        .get("status")
                        .getAsString())
                .isEqualTo("paid");

        assertThat(get(invoice, "pdf")).isEqualTo(pdf);
        assertThat(get(invoice, "ubl")).isEqualTo(ubl);
        assertThat(Pdf.text(pdf))
                .contains("東京 <&> Łukasz", "billing@documents.example", "Amount due, USD 49.00", "Page 1 of 1")
                .contains(invoice.get("number").getAsString())
                .doesNotContainIgnoringCase("paid");
    }

    @Test
    @DisplayName("The XML in the PDF is the one at its own address; the files are named by the invoice's number")
    void xml() {
        JsonObject invoice = key.invoices().get(0);
        String number = invoice.get("number").getAsString();
        byte[] cii = get(invoice, "xml");
        assertThat(Pdf.attachment(get(invoice, "pdf"), "factur-x.xml")).isEqualTo(cii);
        assertThat(new String(cii, StandardCharsets.UTF_8))
                .contains("<ram:ID>" + number + "</ram:ID>", "東京 &lt;&amp;")
                .contains("<ram:GrandTotalAmount>49.00<");

        assertThat(named(invoice, "pdf")).isEqualTo("application/pdf inline; filename=\"" + number + ".pdf\"");
        assertThat(named(invoice, "xml"))
                .isEqualTo("application/xml;charset=UTF-8 inline; filename=\"" + number + ".xml\"");
        assertThat(named(invoice, "ubl"))
                .isEqualTo("application/xml;charset=UTF-8 inline; filename=\"" + number + "-ubl.xml\"");
        assertThat(key.get(path(invoice, "ubl")).text())
                .contains("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "<cbc:PayableAmount");
    }

    private static String named(JsonObject invoice, String form) {
        Api.Reply reply = key.get(path(invoice, form)).expect(200);
        return reply.header("Content-Type") + " " + reply.header("Content-Disposition");
    }

    @Test
    @DisplayName("Each invoice has its documents; another's has none")
    void others() {
        assertThat(key.invoices()).isNotEmpty().allSatisfy(invoice -> {
            for (String form : List.of("pdf", "xml", "ubl")) {
                assertThat(get(invoice, form)).isNotEmpty();
            }
        });
        assertThat(key.get("/v3/invoices/00000000-0000-7000-8000-000000000000/ubl")
                        .expect(404)
                        .code())
                .isEqualTo("not_found");
    }

    private static JsonObject seller(String name, String more) {
        JsonObject present = OPERATOR.get("/v3/finance/seller").expect(200).json();
        return OPERATOR.put("/v3/finance/seller", """
                        {"legal_name": "%s", "address": "%s", "country": "US"%s, "version": %s}""".formatted(
                                name, "1 Example Street, Springfield", more, present.get("version")))
                .expect(200)
                .json();
    }

    @Test
    @DisplayName("A credit note has its documents too: type 381, on its invoice, with the seller of its day")
    void creditNotes() {
        String tenant = OPERATOR.testTenant(
                "notes-" + UUID.randomUUID().toString().substring(0, 8), "pro", "2026-01-31T00:00:00Z");
        Api notes = OPERATOR.keyFor(tenant, "invoices:read", "subscriptions:read");
        OPERATOR.moveClock(tenant, "2026-03-01T00:00:00Z");
        JsonObject invoice = notes.invoices().get(0);
        String body = """
                {"tenant_id": "%s", "invoice_id": "%s", "lines": [{"position": 1, "amount_cents": 900}]""".formatted(tenant, invoice.get("id").getAsString());
        JsonObject estimate = OPERATOR.post("/v3/finance/credit-notes/estimate", body + "}")
                .expect(200)
                .json();
        assertThat(estimate.get("total_cents").getAsLong()).isEqualTo(900);
        assertThat(estimate.get("left_cents").getAsLong()).isEqualTo(4_900);
        assertThat(estimate.getAsJsonArray("left_line_items")).hasSize(1);
        assertThat(notes.get("/v3/credit-notes").expect(200).json().get("total").getAsLong())
                .isZero();
        JsonObject note = OPERATOR.post("/v3/finance/credit-notes", body + ", \"reason\": \"Łukasz <asked> & got\"}")
                .expect(201)
                .json();
        String number = note.get("number").getAsString();
        String path = "/v3/credit-notes/" + note.get("id").getAsString();
        assertThat(note.get("pdf_url").getAsString()).endsWith("/api" + path + "/pdf");
        try {
            seller("A Later Seller", "");
            byte[] pdf = notes.get(path + "/pdf").expect(200).raw().body();
            byte[] cii = notes.get(path + "/xml").expect(200).raw().body();

            assertThat(notes.get(path + "/pdf").expect(200).raw().body()).isEqualTo(pdf);
            assertThat(notes.get(path + "/pdf").header("Content-Disposition"))
                    .isEqualTo("inline; filename=\"" + number + ".pdf\"");
            assertThat(Pdf.attachment(pdf, "factur-x.xml")).isEqualTo(cii);
            assertThat(Pdf.text(pdf))
                    .contains("Credit note", number, invoice.get("number").getAsString(), "Łukasz <asked> & got")
                    .doesNotContain("A Later Seller");
            assertThat(new String(cii, StandardCharsets.UTF_8))
                    .contains("<ram:TypeCode>381<", "<ram:GrandTotalAmount>9.00<")
                    .contains("<ram:IssuerAssignedID>" + invoice.get("number").getAsString() + "<");
            assertThat(notes.get(path + "/ubl").expect(200).text())
                    .contains("urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "<cac:BillingReference>")
                    .doesNotContain("A Later Seller");
        } finally {
            seller("CognitionOS", "");
        }
        assertThat(key.get(path + "/pdf").expect(404).code()).isEqualTo("not_found");
    }

    @Test
    @DisplayName("Tax of a seller without a tax number: warned of, invoiced, on paper, and refused as XML")
    void taxWithoutATaxNumber() {
        String region = UUID.randomUUID().toString().substring(0, 3).toUpperCase(Locale.ROOT);
        JsonObject rate = OPERATOR.post("/v3/finance/tax-rates", """
                        {"code": "gst-%s", "percent": 15, "country": "NZ", "region": "%s", "valid_from": "2020-01-01"}""".formatted(UUID.randomUUID(), region))
                .expect(201)
                .json();
        String warning = rate.getAsJsonArray("warnings")
                .get(0)
                .getAsJsonObject()
                .get("code")
                .getAsString();
        assertThat(warning).isEqualTo("seller_without_tax_number");
        assertThat(OPERATOR.get("/v3/finance/seller").expect(200).text()).contains(warning);
        assertThat(OPERATOR.get("/v3/finance/tax-rates").expect(200).text()).contains(warning);
        String tenant = OPERATOR.testTenant(
                "taxed-" + UUID.randomUUID().toString().substring(0, 8), "pro", "2026-01-31T00:00:00Z");
        Api taxed = OPERATOR.keyFor(tenant, "invoices:read", "invoices:write", "subscriptions:read");
        taxed.put("/v3/billing-profile", "{\"country\": \"NZ\", \"region\": \"" + region + "\"}")
                .expect(200);
        OPERATOR.moveClock(tenant, "2026-03-01T00:00:00Z");
        JsonObject invoice = taxed.invoices().get(0);
        assertThat(invoice.get("tax_cents").getAsLong()).isEqualTo(735);

        for (String form : List.of("xml", "ubl", "xml")) {
            assertThat(taxed.get(path(invoice, form)).expect(409).code()).isEqualTo(warning);
        }
        assertThat(Pdf.text(taxed.get(path(invoice, "pdf")).expect(200).raw().body()))
                .contains("7.35");

        try {
            JsonObject changed = seller("CognitionOS", ", \"tax_number\": \"12-3456789\"");
            assertThat(changed.getAsJsonArray("warnings")).isEmpty();
            assertThat(taxed.get(path(invoice, "xml")).expect(409).code())
                    .as("it was invoiced without")
                    .isEqualTo(warning);
            OPERATOR.moveClock(tenant, "2026-04-01T00:00:00Z");
            assertThat(taxed.get(path(taxed.invoices().get(1), "xml"))
                            .expect(200)
                            .text())
                    .contains("12-3456789");
        } finally {
            seller("CognitionOS", "");
        }
    }

    @Test
    @DisplayName("The seller is finance's, as a whole, by its version; faults are told by field")
    void seller() {
        JsonObject present = OPERATOR.get("/v3/finance/seller").expect(200).json();
        assertThat(present.get("legal_name").getAsString()).isEqualTo("CognitionOS");
        assertThat(OPERATOR.put("/v3/finance/seller", """
                        {"legal_name": "X", "address": "Y", "country": "US", "version": 0}""").expect(409).code()).isEqualTo("stale_version");
        assertThat(OPERATOR.put("/v3/finance/seller", """
                        {"legal_name": "X", "address": "Y", "country": "XX", "iban": "DE00", "email": "x"}""").expect(422).text()).contains("/country", "/iban", "/email");
        assertThat(OPERATOR.put("/v3/finance/seller", "{}").expect(422).text()).contains("/legal_name", "/address");
        key.get("/v3/finance/seller").expect(403);
        key.put("/v3/finance/seller", "{}").expect(403);
        assertThat(OPERATOR.get("/v3/finance/seller").expect(200).json()).isEqualTo(present);
    }

    @Test
    @DisplayName("Nobody changes what is in the archive, not even the database's owner")
    void appendOnly() {
        JsonObject invoice = key.invoices().get(0);
        get(invoice, "pdf");
        DatabaseOwner owner = new DatabaseOwner(Product.shared());
        assertThatThrownBy(() -> owner.update("UPDATE invoice_documents SET content = '', sha256 = sha256('')"))
                .hasStackTraceContaining("append-only");
        assertThatThrownBy(() -> owner.update("DELETE FROM invoice_documents")).hasStackTraceContaining("append-only");
    }
}
