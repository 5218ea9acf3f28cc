package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.Scope;
import com.cognitionos.system.AccessPolicy.Row;
import com.cognitionos.system.Http.Reply;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two tenants do at random whatever the API has, with ids and names of their own and of each other, at the same time. A
 * model knows whose each thing is. A failure prints the seed; {@code -Dcognitionos.random.seed} repeats it.
 */
@SharedProduct
@DisplayName("Two tenants at random")
class RandomCallsIT {

    private static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TEMPLATE = Pattern.compile("\\{(\\w+)}");
    private static final int THREADS_EACH = 2;
    private static final int KEYS_EACH = 12;

    private final List<Row> rows = AccessPolicy.rows().values().stream()
            .filter(row -> row.door().equals("api")
                    && row.allows("owner")
                    && !row.scope().equals("public")
                    // Paused, a tenant's own events would be refused, and rightly.
                    && !row.path().endsWith("/pause"))
            .toList();
    /** Whose each id is, by who was first told of it. */
    private final Map<String, Tenant> owners = new ConcurrentHashMap<>();

    private Http http;

    /** One of the two, and what the model knows of it. */
    private static final class Tenant {
        private final String slug = "random-" + UUID.randomUUID().toString().substring(0, 12);
        private final String mark = "mark-of-" + slug;
        private final List<String> ids = new CopyOnWriteArrayList<>();
        private final AtomicLong tokens = new AtomicLong();
        private final AtomicLong serial = new AtomicLong();
        private final AtomicLong keys = new AtomicLong();
        private String id = "";
        private String key = "";
        private String keyId = "";
        private Tenant other = this;
    }

    @Test
    @DisplayName("In two thousand calls nothing of one shows to the other")
    void someThousandCalls() {
        run(2_000);
    }

    @Test
    @Tag("nightly")
    @DisplayName("In a hundred thousand calls nothing of one shows to the other")
    void aNightOfCalls() {
        run(100_000);
    }

    private void run(int calls) {
        long seed = Long.getLong("cognitionos.random.seed", System.nanoTime());
        http = new Http(Product.shared().url());
        Tenant a = settle();
        Tenant b = settle();
        a.other = b;
        b.other = a;
        ExecutorService pool = Executors.newFixedThreadPool(2 * THREADS_EACH);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 2 * THREADS_EACH; thread++) {
                Random random = new Random(seed + thread);
                Tenant who = thread % 2 == 0 ? a : b;
                running.add(pool.submit(() -> {
                    for (int i = 0; i < calls / (2 * THREADS_EACH); i++) {
                        step(who, random);
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
            figuresAreOnesOwn(a);
            figuresAreOnesOwn(b);
        } catch (ExecutionException e) {
            throw new AssertionError("seed " + seed + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            pool.shutdownNow();
        }
    }

    private Tenant settle() {
        Tenant tenant = new Tenant();
        Api operator = Product.shared().api();
        tenant.id = operator.testTenant(tenant.slug, "team", "2026-01-31T00:00:00Z");
        operator.withoutRateLimit(tenant.id);
        JsonObject body = new JsonObject();
        body.addProperty("name", tenant.mark);
        JsonArray scopes = new JsonArray();
        Scope.ofTenants().forEach(scopes::add);
        body.add("scopes", scopes);
        Api at = operator.forTenant(tenant.id);
        JsonObject key = at.post("/v3/api-keys", body.toString()).expect(201).json();
        tenant.key = key.get("key").getAsString();
        tenant.keyId = key.get("id").getAsString();
        at.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        operator.moveClock(tenant.id, "2026-03-05T00:00:00Z");
        owners.put(tenant.id, tenant);
        return tenant;
    }

    private void step(Tenant who, Random random) {
        switch (random.nextInt(10)) {
            case 0 -> ingest(who, random);
            case 1 -> plant(who, random);
            case 2 -> figuresOrKeys(who, random);
            default -> anything(who, random);
        }
    }

    /** Any endpoint, with ids and headers of its own, of the other, or of nobody. */
    private void anything(Tenant who, Random random) {
        Row row = rows.get(random.nextInt(rows.size()));
        boolean foreign = false;
        Map<String, String> ids = new LinkedHashMap<>();
        Matcher names = TEMPLATE.matcher(row.path());
        while (names.find()) {
            String name = names.group(1);
            Tenant whose = random.nextInt(3) == 0 ? who.other : who;
            String source = row.ids().getOrDefault(name, "");
            String id = source.startsWith("'")
                    ? source.replace("'", "")
                    : source.equals("tenants.id") ? whose.id : anyOf(whose, random);
            // Without its key the tenant could not go on.
            if (id.equals(who.keyId) && !row.method().equals("GET")) {
                return;
            }
            foreign |= owners.get(id) == who.other;
            ids.put(name, id);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (random.nextInt(4) == 0) {
            Tenant named = random.nextBoolean() ? who : who.other;
            headers.put(random.nextBoolean() ? "X-Tenant-ID" : "X-Tenant-Slug", "");
            headers.replaceAll((name, value) -> name.equals("X-Tenant-ID") ? named.id : named.slug);
            foreign |= named == who.other;
        }
        Reply reply = call(who, row.method(), row.with(ids), headers, random.nextBoolean() ? "{}" : "[]");
        if (foreign && reply.status() < 400) {
            throw new AssertionError(row.name() + " with " + ids + " and " + headers
                    + " does something for another tenant: " + reply.status() + " " + reply.text());
        }
    }

    private static String anyOf(Tenant whose, Random random) {
        return whose.ids.isEmpty() || random.nextInt(10) == 0
                ? new UUID(random.nextLong(), random.nextLong()).toString()
                : whose.ids.get(random.nextInt(whose.ids.size()));
    }

    private void ingest(Tenant who, Random random) {
        long quantity = 1 + random.nextInt(1000);
        // The same ids in both tenants: an id is the tenant's own.
        String body = String.format(
                "{\"id\": \"e-%d\", \"meter\": \"tokens\", \"quantity\": %d, \"subject\": \"%s\"}",
                who.serial.incrementAndGet(), quantity, who.mark);
        Reply reply = call(who, "POST", "/api/v3/usage/events", Map.of(), body);
        if (reply.status() == 202 && reply.text().contains("\"accepted\":1")) {
            who.tokens.addAndGet(quantity);
        } else {
            throw new AssertionError("An event of its own was not taken: " + reply.text());
        }
    }

    private void plant(Tenant who, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> {
                if (who.keys.incrementAndGet() <= KEYS_EACH) {
                    call(
                            who,
                            "POST",
                            "/api/v3/api-keys",
                            Map.of(),
                            "{\"name\": \"" + who.mark + "\", \"scopes\": [\"usage:read\"]}");
                }
            }
            case 1 ->
                call(
                        who,
                        "PUT",
                        "/api/v3/tenants/" + who.id + "/settings",
                        Map.of(),
                        "{\"metadata\": {\"note\": \"" + who.mark + "\"}}");
            default -> call(who, "POST", "/api/v3/payment-methods", Map.of(), "{\"token\": \"pm_card_visa\"}");
        }
    }

    private void figuresOrKeys(Tenant who, Random random) {
        if (random.nextBoolean()) {
            Reply keys = call(who, "GET", "/api/v3/api-keys", Map.of(), null);
            assertThat(keys.text()).contains(who.keyId);
        } else {
            assertThat(tokens(who))
                    .isLessThanOrEqualTo(BigDecimal.valueOf(who.tokens.get()).add(BigDecimal.valueOf(2_000L)));
        }
    }

    private void figuresAreOnesOwn(Tenant who) {
        assertThat(tokens(who)).as("tokens of " + who.slug).isEqualByComparingTo(BigDecimal.valueOf(who.tokens.get()));
    }

    private BigDecimal tokens(Tenant who) {
        Reply reply = call(
                who, "GET", "/api/v3/usage?meter=tokens&from=2026-03-05&to=2026-03-06&granularity=day", Map.of(), null);
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonElement point :
                JsonParser.parseString(reply.text()).getAsJsonObject().getAsJsonArray("series")) {
            sum = sum.add(point.getAsJsonObject().get("quantity").getAsBigDecimal());
        }
        return sum;
    }

    /** Sends it, and looks at whatever comes back for something of the other tenant. */
    private Reply call(Tenant who, String method, String path, Map<String, String> headers, String body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Authorization", "Bearer " + who.key);
        boolean bodiless = method.equals("GET") || method.equals("DELETE");
        Reply reply = http.send(method, path, all, "application/json", bodiless ? null : body);
        if (reply.status() >= 500 || reply.status() == 401 || reply.status() == 429) {
            throw new AssertionError(
                    method + " " + path + " of " + who.slug + ": " + reply.status() + " " + reply.text());
        }
        // Where it was asked for comes back in a refusal.
        String text = reply.text().replace(path, "");
        for (String theirs : List.of(who.other.id, who.other.slug, who.other.mark)) {
            if (text.contains(theirs)) {
                throw new AssertionError(
                        method + " " + path + " shows " + theirs + " to " + who.slug + ": " + reply.text());
            }
        }
        if (reply.status() < 300) {
            Matcher ids = UUIDS.matcher(text);
            while (ids.find()) {
                Tenant first = owners.putIfAbsent(ids.group(), who);
                if (first == null) {
                    who.ids.add(ids.group());
                } else if (first != who) {
                    throw new AssertionError(method + " " + path + " tells " + who.slug + " of " + ids.group()
                            + ", which is the other's: " + reply.text());
                }
            }
        }
        return reply;
    }
}
