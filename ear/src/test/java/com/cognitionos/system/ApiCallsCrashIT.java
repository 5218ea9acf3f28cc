package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** MET-11: kill -9 of everything among API calls: each call that was answered is counted. */
class ApiCallsCrashIT {

    private static final int THREADS = 4;
    private static final int CALLS = 200;

    @Test
    void anAnsweredCallIsCounted() {
        try (Product product = Product.start("calls", Map.of("COGNITIONOS_DEMO", "false"))) {
            Api operator = product.api();
            String tenant = operator.testTenant("calls", "pro", "2026-01-31T00:00:00Z");
            operator.put("/v3/tenants/" + tenant + "/settings", "{\"api_rate_limit_per_minute\": 1000000}")
                    .expect(200);
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
        }
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
}
