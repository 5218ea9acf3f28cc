package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@SharedProduct
@DisplayName("Drafts, credit notes, void invoices and usage taken back, at the REST door")
class CorrectionsRestIT {

    private static final Api OPERATOR = Product.shared().api();

    private static String tenant() {
        return OPERATOR.testTenant(
                "corr-" + UUID.randomUUID().toString().substring(0, 12), "pro", "2026-01-31T00:00:00Z");
    }

    private static Api key(String tenant) {
        return OPERATOR.keyFor(
                tenant, "invoices:read", "invoices:write", "usage:write", "usage:read", "subscriptions:read");
    }

    private static Api.Reply credit(String tenant, String invoice, String more) {
        return OPERATOR.post("/v3/finance/credit-notes", """
                {"tenant_id": "%s", "invoice_id": "%s", "reason": "a reason"%s}""".formatted(tenant, invoice, more));
    }

    private static String last(Api key) {
        return key.invoices().get(key.invoices().size() - 1).get("id").getAsString();
    }

    @Test
    void aDraftShowsWhatTheMonthComesTo() {
        String tenant = tenant();
        Api key = key(tenant);
        OPERATOR.moveClock(tenant, "2026-03-10T00:00:00Z");

        for (String path : new String[] {"/v3/invoices", "/v3/subscriptions/current/invoices"}) {
            JsonObject page = key.get(path).expect(200).json();
            assertThat(page.get("total").getAsLong()).isEqualTo(2);
            JsonObject draft = page.getAsJsonArray("invoices").get(0).getAsJsonObject();
            assertThat(draft.get("status").getAsString()).isEqualTo("draft");
            assertThat(draft.get("number").isJsonNull()).isTrue();
            assertThat(draft.get("pdf_url").isJsonNull()).isTrue();
            assertThat(draft.get("total_cents").getAsLong()).isEqualTo(4_900);
            assertThat(draft.get("period_start").getAsString()).isEqualTo("2026-02-28T00:00:00Z");
            String id = draft.get("id").getAsString();
            assertThat(key.get("/v3/invoices/" + id).expect(200).json()).isEqualTo(draft);
            assertThat(key.get("/v3/invoices/" + id + "/pdf").expect(409).code())
                    .isEqualTo("wrong_state");
        }
    }

    @Test
    void aPaidInvoiceIsCreditedByLineAndInFull() {
        String tenant = tenant();
        Api key = key(tenant);
        key.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        OPERATOR.moveClock(tenant, "2026-03-10T00:00:00Z");
        String invoice = last(key);

        JsonObject note = credit(
                        tenant,
                        invoice,
                        ", \"lines\": [{\"position\": 1, \"amount_cents\": 900}], \"payout\": \"refund\"")
                .expect(201)
                .json();

        assertThat(note.get("number").getAsString()).startsWith("TEST-CN-2026-");
        assertThat(note.get("total_cents").getAsLong()).isEqualTo(900);
        assertThat(note.get("refund_cents").getAsLong()).isEqualTo(900);
        assertThat(note.get("refund_status").getAsString()).isEqualTo("succeeded");
        assertThat(note.getAsJsonArray("line_items")).hasSize(1);
        assertThat(key.get("/v3/credit-notes/" + note.get("id").getAsString())
                        .expect(200)
                        .json())
                .isEqualTo(note);
        assertThat(credit(tenant, invoice, "")
                        .expect(201)
                        .json()
                        .get("to_balance_cents")
                        .getAsLong())
                .isEqualTo(4_000);
        JsonObject page = key.get("/v3/credit-notes?page_size=1").expect(200).json();
        assertThat(page.get("total").getAsLong()).isEqualTo(2);
        assertThat(page.getAsJsonArray("credit_notes")).hasSize(1);
        assertThat(key.get("/v3/credit-notes?invoice_id=" + UUID.randomUUID())
                        .expect(200)
                        .json()
                        .getAsJsonArray("credit_notes"))
                .isEmpty();
        Api.Reply exceeds = credit(tenant, invoice, ", \"lines\": [{\"position\": 1, \"amount_cents\": 1}]")
                .expect(422);
        assertThat(exceeds.code()).isEqualTo("exceeds_invoice");
        assertThat(exceeds.text()).contains("/lines/0/amount_cents");
        assertThat(credit(tenant, invoice, ", \"payout\": \"cheque\"")
                        .expect(422)
                        .text())
                .contains("/payout");
        assertThat(credit(tenant, invoice, ", \"lines\": [{\"position\": \"x\"}]")
                        .expect(422)
                        .text())
                .contains("/lines/0/position", "/lines/0/amount_cents");
        credit(tenant, UUID.randomUUID().toString(), "").expect(404);
        credit(UUID.randomUUID().toString(), invoice, "").expect(404);
        key.post("/v3/finance/credit-notes", "{}").expect(403);
        assertThat(key.get("/v3/credit-notes?invoice_id=x").expect(422).text()).contains("invoice_id");
    }

    @Test
    void anOpenInvoiceIsWithdrawnOrWrittenOff() {
        String tenant = tenant();
        Api key = key(tenant);
        OPERATOR.moveClock(tenant, "2026-04-10T00:00:00Z");
        String reason = "{\"tenant_id\": \"" + tenant + "\", \"reason\": \"a reason\"}";
        String first = key.invoices().get(0).get("id").getAsString();
        String second = key.invoices().get(1).get("id").getAsString();

        JsonObject voided = OPERATOR.post("/v3/finance/invoices/" + first + "/void", reason)
                .expect(200)
                .json();
        assertThat(voided.get("status").getAsString()).isEqualTo("void");
        assertThat(voided.get("amount_due_cents").getAsLong()).isZero();
        assertThat(OPERATOR.post("/v3/finance/invoices/" + first + "/void", reason)
                        .expect(409)
                        .code())
                .isEqualTo("wrong_state");
        OPERATOR.post("/v3/finance/invoices/" + second + "/void", "{\"tenant_id\": \"" + tenant + "\"}")
                .expect(422);
        assertThat(OPERATOR.post("/v3/finance/invoices/" + second + "/mark-uncollectible", reason)
                        .expect(200)
                        .json()
                        .get("status")
                        .getAsString())
                .isEqualTo("uncollectible");
        key.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        assertThat(key.post("/v3/invoices/" + second + "/pay", "")
                        .expect(200)
                        .json()
                        .get("status")
                        .getAsString())
                .isEqualTo("paid");
        assertThat(OPERATOR.post("/v3/finance/invoices/" + second + "/void", reason)
                        .expect(409)
                        .code())
                .isEqualTo("wrong_state");
    }

    @Test
    void usageIsTakenBackAndStandsInTheLateRegister() {
        String tenant = tenant();
        Api key = key(tenant);
        OPERATOR.moveClock(tenant, "2026-02-20T00:00:00Z");
        key.post(
                        "/v3/usage/events",
                        "{\"events\": [{\"id\": \"big\", \"meter\": \"executions\", \"quantity\": 10000},"
                                + " {\"id\": \"a/b c\", \"meter\": \"executions\", \"quantity\": 100}]}")
                .expect(202);
        OPERATOR.moveClock(tenant, "2026-03-05T00:00:00Z");

        JsonObject gone =
                key.post("/v3/usage/events/a%20b/retract", "").expect(404).json();
        assertThat(gone.get("code").getAsString()).isEqualTo("not_found");
        JsonObject back =
                key.post("/v3/usage/events/big/retract", "").expect(200).json();
        assertThat(back.get("status").getAsString()).isEqualTo("retracted");
        assertThat(back.get("correction").getAsString()).isEqualTo("adjustment");
        assertThat(key.post("/v3/usage/events/big/retract", "").expect(200).json())
                .isEqualTo(back);
        JsonObject register = OPERATOR.get("/v3/finance/late-usage?settled=false&tenant_id=" + tenant)
                .expect(200)
                .json();
        assertThat(register.get("total").getAsLong()).isEqualTo(1);
        JsonObject entry = register.getAsJsonArray("late_usage").get(0).getAsJsonObject();
        assertThat(entry.get("event_id").getAsString()).isEqualTo("big");
        assertThat(entry.get("kind").getAsString()).isEqualTo("retracted");
        assertThat(entry.get("settled").getAsBoolean()).isFalse();
        OPERATOR.get("/v3/finance/late-usage?settled=perhaps").expect(422);
        OPERATOR.get("/v3/finance/late-usage").expect(200);
        OPERATOR.moveClock(tenant, "2026-04-01T00:00:00Z");
        assertThat(key.invoices().get(1).get("total_cents").getAsLong()).isEqualTo(4_900 - 1_000);
        assertThat(OPERATOR.get("/v3/finance/late-usage?settled=true&tenant_id=" + tenant)
                        .expect(200)
                        .text())
                .contains(last(key));
    }
}
