package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes of plan at the REST door, as SPEC section 3 writes them. */
@SharedProduct
class PlanChangeRestIT {

    private static final Api OPERATOR = Product.shared().api();

    private static String halfway(String slug, String tier) {
        String tenant = OPERATOR.testTenant(slug, tier, "2026-01-31T00:00:00Z");
        OPERATOR.moveClock(tenant, "2026-02-14T00:00:00Z");
        return tenant;
    }

    private static Api key(String tenant) {
        return OPERATOR.keyFor(tenant, "subscriptions:read", "subscriptions:write", "invoices:read");
    }

    @Test
    void whatIsPreviewedIsWhatIsInvoiced() {
        Api key = key(halfway("plan-upgrade", "pro"));
        JsonObject preview = key.post(
                        "/v3/subscriptions/preview",
                        "{\"tier\": \"team\", \"billing_cycle\": \"monthly\", \"effective\": \"now\"}")
                .expect(200)
                .json();
        assertThat(preview.get("net_cents").getAsLong()).isEqualTo(7_500);
        assertThat(preview.get("effective_at").getAsString()).isEqualTo("2026-02-14T00:00:00Z");
        assertThat(preview.getAsJsonArray("lines")).hasSize(2);
        assertThat(key.invoices()).isEmpty();

        JsonObject upgraded = key.post("/v3/subscriptions/upgrade", "{\"tier\": \"team\"}")
                .expect(200)
                .json();
        assertThat(upgraded.get("tier").getAsString()).isEqualTo("team");
        assertThat(upgraded.get("amount_cents").getAsLong()).isEqualTo(19_900);

        List<JsonObject> invoices = key.invoices();
        assertThat(invoices).hasSize(1);
        assertThat(invoices.get(0).getAsJsonArray("line_items")).isEqualTo(preview.getAsJsonArray("lines"));
        assertThat(invoices.get(0).get("total_cents").getAsLong()).isEqualTo(7_500);
    }

    @Test
    void aDowngradeIsPendingUntilThePeriodEnds() {
        Api key = key(halfway("plan-downgrade", "team"));
        JsonObject pending = key.post("/v3/subscriptions/current/downgrade", "{\"tier\": \"pro\"}")
                .expect(200)
                .json();
        assertThat(pending.get("tier").getAsString()).isEqualTo("team");
        JsonObject change = pending.getAsJsonObject("pending_change");
        assertThat(change.get("tier").getAsString()).isEqualTo("pro");
        assertThat(change.get("effective_at").getAsString()).isEqualTo("2026-02-28T00:00:00Z");
        assertThat(key.post("/v3/subscriptions/reactivate", "{}")
                        .expect(200)
                        .json()
                        .get("pending_change")
                        .isJsonNull())
                .isTrue();
    }

    @Test
    void pausedNothingIsUsedUntilItGoesOn() {
        Api key = key(halfway("plan-pause", "pro"));
        assertThat(status(key.post("/v3/subscriptions/pause", "{\"reason\": \"summer\"}")))
                .isEqualTo("paused");
        assertThat(status(key.post("/v3/subscriptions/resume", "{}"))).isEqualTo("active");
    }

    private static String status(Api.Reply reply) {
        return reply.expect(200).json().get("status").getAsString();
    }

    @Test
    void whatMakesNoSenseIsRefusedWithItsReason() {
        Api key = key(halfway("plan-refusals", "pro"));
        assertThat(code(key.post("/v3/subscriptions/upgrade", "{\"tier\": \"free\"}"), 409))
                .isEqualTo("wrong_direction");
        assertThat(code(key.post("/v3/subscriptions/downgrade", "{\"tier\": \"team\"}"), 409))
                .isEqualTo("wrong_direction");
        assertThat(code(key.post("/v3/subscriptions/upgrade", "{\"tier\": \"pro\"}"), 409))
                .isEqualTo("no_change");
        assertThat(code(key.post("/v3/subscriptions/upgrade", "{}"), 422)).isEqualTo("validation_failed");
        key.post("/v3/subscriptions/upgrade", "{\"tier\": \"gold\"}").expect(422);
        key.post("/v3/subscriptions/preview", "{\"tier\": \"team\", \"effective\": \"yesterday\"}")
                .expect(422);
        assertThat(code(key.post("/v3/subscriptions/resume", "{}"), 409)).isEqualTo("wrong_state");
        Api reader = OPERATOR.keyFor(
                key.get("/v3/subscriptions/current")
                        .expect(200)
                        .json()
                        .get("tenant_id")
                        .getAsString(),
                "subscriptions:read");
        assertThat(code(reader.post("/v3/subscriptions/upgrade", "{\"tier\": \"team\"}"), 403))
                .isEqualTo("insufficient_scope");
        assertThat(key.invoices()).isEmpty();
    }

    private static String code(Api.Reply reply, int status) {
        return reply.expect(status).json().get("code").getAsString();
    }
}
