package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Coupons, taxes, credits and whom invoices are made out to, at the REST door. */
@SharedProduct
class InvoiceTermsRestIT {

    private static final Api OPERATOR = Product.shared().api();

    private static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Where no other tenant is. */
    private static String region() {
        return UUID.randomUUID().toString().substring(0, 3).toUpperCase(java.util.Locale.ROOT);
    }

    private static List<String> fields(Api.Reply reply) {
        return StreamSupport.stream(reply.json().getAsJsonArray("errors").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(error -> error.get("pointer").getAsString())
                .toList();
    }

    @Test
    @DisplayName("A tenant's way from its coupon and profile to an invoice that has both, as the preview told")
    void fromCouponToInvoice() {
        String slug = unique("terms");
        String tenant = OPERATOR.testTenant(slug, "pro", "2026-01-31T00:00:00Z");
        Api key =
                OPERATOR.keyFor(tenant, "subscriptions:read", "subscriptions:write", "invoices:read", "invoices:write");
        String region = region();
        String rate = "{\"code\": \"vat\", \"percent\": 19, \"country\": \"FR\", \"region\": \"" + region
                + "\", \"valid_from\": \"2026-01-01\"}";
        JsonObject made =
                OPERATOR.post("/v3/finance/tax-rates", rate).expect(201).json();
        assertThat(made.get("valid_to").isJsonNull()).isTrue();
        Api.Reply overlap = OPERATOR.post("/v3/finance/tax-rates", rate).expect(409);
        assertThat(overlap.code()).isEqualTo("validity_overlap");
        assertThat(fields(overlap)).containsExactly("/valid_from");

        Api.Reply malformed = key.put(
                        "/v3/billing-profile",
                        "{\"country\": \"FR\", \"tax_number\": \"FR1\", \"region\": \"TOO-LONG\"}")
                .expect(422);
        assertThat(fields(malformed)).contains("/region");
        assertThat(fields(key.put("/v3/billing-profile", "{\"country\": \"FR\", \"tax_number\": \"FR1\"}")
                        .expect(422)))
                .containsExactly("/tax_number");
        JsonObject profile = key.put(
                        "/v3/billing-profile",
                        "{\"legal_name\": \"Acheteur SARL\", \"address_line1\": \"1 rue\", \"city\": \"Paris\","
                                + " \"country\": \"fr\", \"region\": \"" + region + "\"}")
                .expect(200)
                .json();
        assertThat(profile.get("country").getAsString()).isEqualTo("FR");
        assertThat(profile.get("version").getAsLong()).isEqualTo(1);
        assertThat(key.put("/v3/billing-profile", "{\"version\": 0}")
                        .expect(409)
                        .code())
                .isEqualTo("stale_version");
        assertThat(key.put("/v3/billing-profile", "{\"tax_exempt\": true}")
                        .expect(403)
                        .code())
                .isEqualTo("platform_only");

        String code = unique("OFF").toUpperCase(java.util.Locale.ROOT);
        OPERATOR.post(
                        "/v3/finance/coupons",
                        "{\"code\": \"" + code + "\", \"name\": \"Half\", \"percent\": 50, \"duration\": \"repeating\","
                                + " \"periods\": 3, \"max_redemptions\": 1}")
                .expect(201);
        JsonObject redeemed = key.post("/v3/subscriptions/current/coupons", "{\"code\": \"" + code + "\"}")
                .expect(201)
                .json();
        assertThat(redeemed.get("duration").getAsString()).isEqualTo("repeating");
        String other = OPERATOR.testTenant(unique("terms"), "pro", "2026-01-31T00:00:00Z");
        Api.Reply usedUp = OPERATOR.forTenant(other)
                .post("/v3/subscriptions/coupons", "{\"code\": \"" + code + "\"}")
                .expect(409);
        assertThat(usedUp.code()).isEqualTo("coupon_used_up");
        assertThat(fields(usedUp)).containsExactly("/code");
        assertThat(key.post("/v3/subscriptions/coupons", "{\"code\": \"NOBODY-KNOWS\"}")
                        .expect(422)
                        .code())
                .isEqualTo("coupon_unknown");

        OPERATOR.moveClock(tenant, "2026-02-14T00:00:00Z");
        JsonObject preview = key.post("/v3/subscriptions/preview", "{\"tier\": \"team\"}")
                .expect(200)
                .json();
        key.post("/v3/subscriptions/upgrade", "{\"tier\": \"team\"}").expect(200);
        JsonObject invoice = key.invoices().stream()
                .filter(one -> one.get("finalized_at") != null
                        && !one.get("finalized_at").isJsonNull())
                .findFirst()
                .orElseThrow();
        assertThat(invoice.getAsJsonArray("line_items")).isEqualTo(preview.getAsJsonArray("lines"));
        for (String field : List.of("discount_cents", "tax_cents", "total_cents", "amount_due_cents")) {
            assertThat(invoice.get(field)).as(field).isEqualTo(preview.get(field));
        }
        // Half of 9,950, less the 2,450 of the unused Pro, which is invoiced as the month ends.
        assertThat(invoice.get("discount_cents").getAsLong()).isEqualTo(4_975);
        assertThat(invoice.get("tax_cents").getAsLong()).isEqualTo(Math.round(2_525 * 0.19));

        String id = redeemed.get("id").getAsString();
        key.delete("/v3/subscriptions/current/coupons/" + id).expect(204);
        key.delete("/v3/subscriptions/coupons/" + id).expect(404);
        assertThat(key.get("/v3/subscriptions/coupons").expect(200).json().getAsJsonArray("coupons"))
                .isEmpty();
        JsonObject ended = OPERATOR.post(
                        "/v3/finance/tax-rates/" + made.get("id").getAsString() + "/end",
                        "{\"valid_to\": \"2026-07-01\"}")
                .expect(200)
                .json();
        assertThat(ended.get("valid_to").getAsString()).isEqualTo("2026-07-01");
        OPERATOR.post(
                        "/v3/finance/tax-rates/" + made.get("id").getAsString() + "/end",
                        "{\"valid_to\": \"2026-08-01\"}")
                .expect(409);
    }

    @Test
    @DisplayName("Finance grants credit, the tenant sees what is left of it, and finance voids the rest")
    void credits() {
        String tenant = OPERATOR.testTenant(unique("credits"), "pro", "2026-01-31T00:00:00Z");
        Api key = OPERATOR.keyFor(tenant, "invoices:read");
        String grant = "{\"tenant_id\": \"%s\", \"currency\": \"USD\", \"amount_cents\": %d, \"kind\": \"%s\"}";
        String id = OPERATOR.post("/v3/finance/prepaid-credits", grant.formatted(tenant, 6_000, "paid"))
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        assertThat(fields(OPERATOR.post("/v3/finance/prepaid-credits", grant.formatted(tenant, 0, "paid"))
                        .expect(422)))
                .containsExactly("/amount_cents");
        assertThat(fields(OPERATOR.post("/v3/finance/prepaid-credits", grant.formatted(tenant, Long.MAX_VALUE, "paid"))
                        .expect(422)))
                .containsExactly("/amount_cents");
        assertThat(fields(OPERATOR.post("/v3/finance/prepaid-credits", grant.formatted(tenant, 1, "given"))
                        .expect(422)))
                .containsExactly("/kind");
        assertThat(fields(OPERATOR.post("/v3/finance/prepaid-credits", grant.formatted(UUID.randomUUID(), 1, "paid"))
                        .expect(422)))
                .containsExactly("/tenant_id");

        OPERATOR.moveClock(tenant, "2026-03-01T00:00:00Z");
        JsonObject credit = key.get("/v3/prepaid-credits")
                .expect(200)
                .json()
                .getAsJsonArray("prepaid_credits")
                .get(0)
                .getAsJsonObject();
        assertThat(credit.get("id").getAsString()).isEqualTo(id);
        assertThat(credit.get("remaining_cents").getAsLong()).isEqualTo(1_100);
        assertThat(credit.getAsJsonArray("uses")).hasSize(1);
        JsonObject voided = OPERATOR.post("/v3/finance/prepaid-credits/" + id + "/void", "")
                .expect(200)
                .json();
        assertThat(voided.get("ended_as").getAsString()).isEqualTo("voided");
        assertThat(voided.get("ended_cents").getAsLong()).isEqualTo(1_100);
        OPERATOR.post("/v3/finance/prepaid-credits/" + id + "/void", "").expect(409);
        OPERATOR.post("/v3/finance/prepaid-credits/" + UUID.randomUUID() + "/void", "")
                .expect(404);

        JsonObject balance = key.get("/v3/balance?page_size=1").expect(200).json();
        assertThat(balance.getAsJsonArray("balances")).isEmpty();
        assertThat(balance.get("total").getAsLong()).isZero();
        OPERATOR.put("/v3/finance/collection-minimums/XPF", "{\"cents\": 5}").expect(200);
        assertThat(OPERATOR.get("/v3/finance/collection-minimums").expect(200).text())
                .contains("\"XPF\"");
        assertThat(fields(OPERATOR.put("/v3/finance/collection-minimums/XPF", "{\"cents\": " + Long.MAX_VALUE + "}")
                        .expect(422)))
                .containsExactly("/cents");
        assertThat(fields(OPERATOR.put("/v3/finance/collection-minimums/XXX1", "{\"cents\": 5}")
                        .expect(422)))
                .containsExactly("/currency");
    }
}
