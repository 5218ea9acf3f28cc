package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
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
    void aChangeHoldsFromTheInstantThatIsNamed() {
        Api key = key(halfway("plan-instants", "pro"));
        JsonObject ahead = key.post(
                        "/v3/subscriptions/upgrade",
                        "{\"tier\": \"team\", \"effective_at\": \"2026-02-21T01:00:00+01:00\"}")
                .expect(200)
                .json();
        assertThat(ahead.get("tier").getAsString()).isEqualTo("pro");
        assertThat(ahead.getAsJsonObject("pending_change").toString())
                .isEqualTo("{\"type\":\"change\",\"tier\":\"team\",\"billing_cycle\":\"monthly\",\"anchor\":null,"
                        + "\"add_ons\":[],\"effective_at\":\"2026-02-21T00:00:00Z\"}");
        JsonObject end = key.post("/v3/subscriptions/cancel", "{\"effective_at\": \"2026-02-22T00:00:00Z\"}")
                .expect(200)
                .json();
        assertThat(end.getAsJsonObject("pending_change").get("type").getAsString())
                .isEqualTo("cancel");
        assertThat(end.get("cancel_at_period_end").getAsBoolean()).isFalse();

        JsonObject preview = key.post(
                        "/v3/subscriptions/preview", "{\"tier\": \"team\", \"effective_at\": \"2026-02-07T00:00:00Z\"}")
                .expect(200)
                .json();
        assertThat(preview.get("net_cents").getAsLong()).isEqualTo(11_250);
        key.post("/v3/subscriptions/upgrade", "{\"tier\": \"team\", \"effective_at\": \"2026-02-07T00:00:00Z\"}")
                .expect(200);
        assertThat(key.invoices().get(0).getAsJsonArray("line_items")).isEqualTo(preview.getAsJsonArray("lines"));

        Api.Reply closed = key.post(
                "/v3/subscriptions/downgrade", "{\"tier\": \"pro\", \"effective_at\": \"2026-01-30T00:00:00Z\"}");
        assertThat(closed.expect(422).text()).contains("\"/effective_at\"", "period_closed", "2026-02-07T00:00:00Z");
    }

    @Test
    void theCalendarMovesAndEveryActionHasItsPreview() {
        Api key = key(halfway("plan-anchor", "pro"));
        JsonObject moving = key.post(
                        "/v3/subscriptions/current/preview", "{\"action\": \"anchor\", \"anchor_day\": 21}")
                .expect(200)
                .json();
        JsonObject moved = key.post("/v3/subscriptions/anchor", "{\"anchor_day\": 21, \"effective\": \"now\"}")
                .expect(200)
                .json();
        assertThat(moved.get("current_period_end").getAsString()).isEqualTo("2026-02-21T00:00:00Z");
        assertThat(key.invoices().get(0).getAsJsonArray("line_items")).isEqualTo(moving.getAsJsonArray("lines"));
        JsonObject waiting = key.post("/v3/subscriptions/current/anchor", "{\"anchor\": \"2020-05-05T12:00:00Z\"}")
                .expect(200)
                .json();
        assertThat(waiting.getAsJsonObject("pending_change").get("type").getAsString())
                .isEqualTo("anchor");
        for (String action : List.of("cancel", "pause")) {
            JsonObject preview = key.post("/v3/subscriptions/preview", "{\"action\": \"" + action + "\"}")
                    .expect(200)
                    .json();
            assertThat(preview.get("net_cents").getAsLong()).as(action).isNegative();
        }
        assertThat(code(key.post("/v3/subscriptions/preview", "{\"action\": \"resume\"}"), 409))
                .isEqualTo("wrong_state");
        for (String nonsense : List.of(
                "{\"action\": \"dance\"}",
                "{\"action\": \"anchor\"}",
                "{\"action\": \"anchor\", \"anchor_day\": 32}",
                "{\"action\": \"anchor\", \"anchor_day\": 3, \"anchor\": \"2020-05-05T12:00:00Z\"}",
                "{\"action\": \"cancel\", \"effective\": \"now\", \"effective_at\": \"2026-02-20T12:00:00Z\"}",
                "{}")) {
            assertThat(code(key.post("/v3/subscriptions/preview", nonsense), 422))
                    .as(nonsense)
                    .isEqualTo("validation_failed");
        }
    }

    @Test
    void aClockGoesTenYearsInOneStep() {
        String tenant =
                OPERATOR.post("/v3/tenants", """
                        {"name": "Ten", "slug": "ten-years", "owner_email": "o@ten.example", "tier": "pro", "test_mode": true,
                         "billing_email": "b@ten.example", "test_clock_start": "2024-01-31T00:00:00-05:00",
                         "time_zone": "America/New_York"}""").expect(201).json().get("id").getAsString();
        Api key = key(tenant);
        JsonObject clock = OPERATOR.put("/v3/tenants/" + tenant + "/test-clock", "{\"now\": \"2034-02-01T00:00:00Z\"}")
                .expect(202)
                .json();
        assertThat(clock.get("status").getAsString()).isEqualTo("advancing");
        OPERATOR.moveClock(tenant, "2034-02-01T00:00:00Z");
        int finalised = 0;
        for (int page = 1; page <= 2; page++) {
            for (JsonElement invoice : key.get("/v3/subscriptions/invoices?page_size=100&page=" + page)
                    .expect(200)
                    .json()
                    .getAsJsonArray("invoices")) {
                finalised += invoice.getAsJsonObject().get("number").isJsonNull() ? 0 : 1;
            }
        }
        assertThat(finalised).isEqualTo(120);
        assertThat(key.get("/v3/subscriptions/current")
                        .expect(200)
                        .json()
                        .get("current_period_start")
                        .getAsString())
                .isEqualTo("2034-01-31T05:00:00Z");
        assertThat(OPERATOR.post("/v3/tenants", """
                        {"name": "Nowhere", "slug": "nowhere-zone", "owner_email": "o@no.example",
                         "billing_email": "b@no.example", "time_zone": "Mars/Olympus"}""").expect(422).text()).contains("/time_zone", "unknown_zone");
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
