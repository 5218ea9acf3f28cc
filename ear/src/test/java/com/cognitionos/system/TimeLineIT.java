package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The main job on real input: a tenant on pro with anchor 31, two months of usage, three months of invoices. */
@SharedProduct
class TimeLineIT {

    private static final Api OPERATOR = Product.shared().api();

    @Test
    void signedUpOnThe31stMeteredAndInvoicedToTheCent() {
        String tenant = OPERATOR.testTenant("time-line", "pro", "2026-01-31T00:00:00Z");
        Api key = OPERATOR.keyFor(tenant, "usage:write", "usage:read", "subscriptions:read", "invoices:read");

        // 2026-02-20: 10,050 executions and 12,345,678 tokens so far, the third batch sent twice.
        OPERATOR.moveClock(tenant, "2026-02-20T00:00:00Z");
        int accepted = 0;
        for (int batch = 0; batch < 10; batch++) {
            accepted += send(key, events(batch * 1000, 1000, this::execution), 0);
            if (batch == 3) {
                send(key, events(batch * 1000, 1000, this::execution), 1000);
            }
        }
        accepted += send(key, events(10_000, 50, this::execution), 0);
        assertThat(accepted).isEqualTo(10_050);
        send(key, events(0, 1000, n -> event("tok-" + n, "tokens", n < 999 ? "12345" : "13023", minute(n))), 0);

        JsonObject usage = key.get("/v3/subscriptions/usage").expect(200).json();
        assertThat(metric(usage, "executions").get("current_value").getAsBigDecimal())
                .isEqualByComparingTo("10050");
        assertThat(metric(usage, "executions").get("overage_cents").getAsLong()).isEqualTo(500);
        assertThat(metric(usage, "tokens").get("current_value").getAsBigDecimal())
                .isEqualByComparingTo("12345678");
        assertThat(usage.get("total_cost_cents").getAsLong()).isEqualTo(10_091);

        // 2026-03-05: February is invoiced; seven executions of February come late, one of them twice.
        OPERATOR.moveClock(tenant, "2026-03-05T00:00:00Z");
        JsonArray late = events(20_000, 7, n -> event("late-" + n, "executions", "1", "2026-02-27T23:00:00Z"));
        assertThat(send(key, late, 0)).isEqualTo(7);
        send(key, late, 7);

        OPERATOR.moveClock(tenant, "2026-05-01T00:00:00Z");

        List<JsonObject> invoices = key.invoices();
        assertThat(invoices)
                .extracting(invoice -> day(invoice, "period_start"))
                .containsExactly("2026-01-31", "2026-02-28", "2026-03-31");
        assertThat(invoices)
                .extracting(invoice -> day(invoice, "period_end"))
                .containsExactly("2026-02-28", "2026-03-31", "2026-04-30");
        assertThat(lines(invoices.get(0)))
                .containsExactly("plan - 4900", "overage executions 500", "overage tokens 4691");
        assertThat(lines(invoices.get(1))).containsExactly("plan - 4900", "adjustment executions 70");
        assertThat(lines(invoices.get(2))).containsExactly("plan - 4900");
        assertThat(invoices)
                .extracting(invoice -> invoice.get("total_cents").getAsLong())
                .containsExactly(10_091L, 4970L, 4900L);
        assertThat(day(invoices.get(0), "due_date")).isEqualTo("2026-03-07");

        // Numbers of one tenant's three invoices rise; the series without a gap is tried in CrashIT.
        assertThat(invoices)
                .extracting(invoice -> invoice.get("number").getAsString())
                .isSorted()
                .allMatch(number -> number.matches("TEST-2026-\\d{6}"));

        JsonObject again = OPERATOR.run("{\"as_of\": \"2026-05-01\", \"tenant_ids\": [\"%s\"]}".formatted(tenant));
        assertThat(again.get("status").getAsString()).isEqualTo("completed");
        assertThat(again.get("invoices").getAsLong()).isZero();
        assertThat(key.invoices()).hasSize(3);

        JsonObject balance =
                OPERATOR.get("/v3/finance/trial-balance").expect(200).json();
        assertBalanced(balance.getAsJsonArray("totals"));
        assertBalanced(balance.getAsJsonObject("test").getAsJsonArray("totals"));

        Api.Reply pdf = key.get("/v3/invoices/" + invoices.get(0).get("id").getAsString() + "/pdf")
                .expect(200);
        assertThat(pdf.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(Pdf.text(pdf.raw().body()))
                .contains(invoices.get(0).get("number").getAsString(), "100.91", "50 above the 10,000 included");
    }

    private int send(Api key, JsonArray events, int duplicates) {
        JsonObject body = new JsonObject();
        body.add("events", events);
        JsonObject reply =
                key.post("/v3/usage/events", body.toString()).expect(202).json();
        assertThat(reply.getAsJsonArray("rejected")).isEmpty();
        assertThat(reply.get("duplicates").getAsInt()).isEqualTo(duplicates);
        return reply.get("accepted").getAsInt();
    }

    private JsonObject execution(int n) {
        return event("exec-" + n, "executions", "1", minute(n));
    }

    /** Spread over the first twenty days, some in January. */
    private static String minute(int n) {
        return Instant.parse("2026-01-31T00:00:00Z")
                .plusSeconds(n * 150L % 1_720_000)
                .toString();
    }

    private static JsonArray events(int first, int count, IntFunction<JsonObject> make) {
        JsonArray events = new JsonArray();
        for (int n = first; n < first + count; n++) {
            events.add(make.apply(n));
        }
        return events;
    }

    private static JsonObject event(String id, String meter, String quantity, String timestamp) {
        JsonObject event = new JsonObject();
        event.addProperty("id", id);
        event.addProperty("meter", meter);
        event.addProperty("quantity", new BigDecimal(quantity));
        event.addProperty("timestamp", timestamp);
        return event;
    }

    private static JsonObject metric(JsonObject usage, String name) {
        return StreamSupport.stream(usage.getAsJsonArray("metrics").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(metric -> metric.get("metric_name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(JsonObject invoice) {
        List<String> lines = new ArrayList<>();
        for (JsonElement element : invoice.getAsJsonArray("line_items")) {
            JsonObject line = element.getAsJsonObject();
            String meter =
                    line.get("meter").isJsonNull() ? "-" : line.get("meter").getAsString();
            lines.add(line.get("kind").getAsString() + " " + meter + " "
                    + line.get("amount_cents").getAsLong());
        }
        return lines;
    }

    private static String day(JsonObject invoice, String field) {
        String instant = invoice.get(field).getAsString();
        assertThat(instant).endsWith("T00:00:00Z");
        return instant.substring(0, 10);
    }

    private static void assertBalanced(JsonArray totals) {
        assertThat(totals).isNotEmpty().allSatisfy(total -> {
            JsonObject one = total.getAsJsonObject();
            assertThat(one.get("debit_cents").getAsLong())
                    .isPositive()
                    .isEqualTo(one.get("credit_cents").getAsLong());
        });
    }
}
