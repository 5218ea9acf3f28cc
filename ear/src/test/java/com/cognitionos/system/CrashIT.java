package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** kill -9 of launcher, server and database at one blow, and a restart. */
@OwnProduct
class CrashIT {

    private static final int TENANTS = Integer.getInteger("crash.tenants");
    private static final String AS_OF = "2026-05-01";
    private static final int THREADS = 4;
    private static final int CALLS = 200;

    private static Product product;

    @BeforeAll
    static void start() {
        product = Product.startLean("crash", Map.of("COGNITIONOS_DEMO", "false"));
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    @Test
    @DisplayName("The invoices of a run that was killed in its middle are those of an undisturbed one")
    void aRunThatWasKilledEndsAsOneThatWasNot() {
        Api operator = product.api();
        Map<Integer, String> calm = tenants(operator, "calm");
        Map<Integer, String> killed = tenants(operator, "killed");

        JsonObject undisturbed = operator.run(order(calm));
        assertThat(undisturbed.get("invoices").getAsLong()).isEqualTo(3L * TENANTS);

        String run = operator.post("/v3/finance/invoice-runs", order(killed))
                .expect(202)
                .json()
                .get("run_id")
                .getAsString();
        Await.until("the run to be in its middle", 120, () -> done(operator, run) >= TENANTS / 5);
        product.kill();
        product.start();
        assertThat(done(operator, run)).as("killed in the middle").isLessThan(TENANTS);
        operator.post("/v3/finance/invoice-runs/" + run + "/restart", "{}").expect(202);

        JsonObject end = operator.awaitRun(run);
        assertThat(end.get("status").getAsString()).isEqualTo("completed");
        assertThat(end.get("tenants_done").getAsInt()).isEqualTo(TENANTS);
        assertThat(end.get("failed").getAsInt()).isZero();
        assertThat(end.get("invoices").getAsLong())
                .isEqualTo(undisturbed.get("invoices").getAsLong());
        assertThat(end.get("amount_cents").getAsLong())
                .isEqualTo(undisturbed.get("amount_cents").getAsLong());

        TreeSet<String> numbers = new TreeSet<>();
        for (int n = 0; n < TENANTS; n++) {
            List<JsonObject> expected = operator.forTenant(calm.get(n)).invoices();
            List<JsonObject> found = operator.forTenant(killed.get(n)).invoices();
            assertThat(content(found)).as("tenant %s", n).isEqualTo(content(expected));
            expected.forEach(invoice -> numbers.add(invoice.get("number").getAsString()));
            found.forEach(invoice -> numbers.add(invoice.get("number").getAsString()));
        }
        assertThat(numbers).as("one series without gaps").hasSize(6 * TENANTS);
        assertThat(numbers.first()).isEqualTo("TEST-2026-000001");
        assertThat(numbers.last()).isEqualTo("TEST-2026-%06d".formatted(6 * TENANTS));

        JsonObject again = operator.run(order(killed));
        assertThat(again.get("invoices").getAsLong())
                .as("a second run of the same date")
                .isZero();
        Integrity.holds(operator);
    }

    @Test
    @DisplayName("MET-11: each API call that was answered is counted")
    void anAnsweredCallIsCounted() {
        Api operator = product.api();
        String tenant = operator.testTenant("calls", "pro", "2026-01-31T00:00:00Z");
        operator.withoutRateLimit(tenant);
        Api key = operator.keyFor(tenant, "usage:read");
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        IntStream.range(0, THREADS).parallel().forEach(thread -> {
            for (int i = 0; i < CALLS; i++) {
                sent.incrementAndGet();
                try {
                    key.get("/v3/usage?meter=plugin_calls").expect(200);
                } catch (RuntimeException cutOff) {
                    return;
                }
                if (answered.incrementAndGet() == THREADS * CALLS / 4) {
                    product.kill();
                }
            }
        });
        product.start();

        assertThat(answered.get()).as("killed among them").isLessThan(THREADS * CALLS);
        assertThat(counted(operator.forTenant(tenant))).isBetween(answered.get(), sent.get());
        Integrity.holds(product.api());
    }

    private static int counted(Api api) {
        int sum = 0;
        for (JsonElement point : api.get("/v3/usage?meter=api_calls&from=2026-01-31&to=2026-01-31")
                .expect(200)
                .json()
                .getAsJsonArray("series")) {
            sum += point.getAsJsonObject().get("quantity").getAsInt();
        }
        return sum;
    }

    private static Map<Integer, String> tenants(Api operator, String name) {
        Map<Integer, String> ids = new ConcurrentHashMap<>();
        IntStream.range(0, TENANTS).parallel().forEach(n -> {
            String id = operator.testTenant(name + "-" + n, "pro", "2026-01-31T00:00:00Z");
            operator.forTenant(id)
                    .post("/v3/usage/events", """
                            {"events": [
                             {"id": "e", "meter": "executions", "quantity": %d, "timestamp": "2026-01-31T00:10:00Z"},
                             {"id": "t", "meter": "tokens", "quantity": %d, "timestamp": "2026-01-31T00:20:00Z"},
                             {"id": "s", "meter": "storage_mb", "quantity": %d, "timestamp": "2026-01-31T00:00:00Z"}]}""".formatted(9_900 + n, 9_000_000 + 7_001 * n, 9_500 + 3 * n))
                    .expect(202);
            if (n % 3 == 0) {
                operator.forTenant(id)
                        .post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}")
                        .expect(201);
            }
            ids.put(n, id);
        });
        return ids;
    }

    private static String order(Map<Integer, String> tenants) {
        JsonArray ids = new JsonArray();
        tenants.values().forEach(ids::add);
        JsonObject order = new JsonObject();
        order.addProperty("as_of", AS_OF);
        order.add("tenant_ids", ids);
        return order.toString();
    }

    private static int done(Api operator, String run) {
        return operator.runState(run).get("tenants_done").getAsInt();
    }

    /** Everything that does not differ from tenant to tenant by its nature. */
    private static List<String> content(List<JsonObject> invoices) {
        List<String> content = new ArrayList<>();
        for (JsonObject invoice : invoices) {
            JsonObject copy = invoice.deepCopy();
            for (String own :
                    List.of("id", "number", "tenant_id", "subscription_id", "pdf_url", "buyer_name", "buyer_email")) {
                copy.remove(own);
            }
            for (JsonElement line : copy.getAsJsonArray("line_items")) {
                content.add(line.toString());
            }
            content.add(copy.toString());
        }
        return content;
    }
}
