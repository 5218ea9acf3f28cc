package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
