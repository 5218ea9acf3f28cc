package com.cognitionos.system;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls the API as one principal. */
record Api(String base, String key, Map<String, String> headers) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    Api(String base, String key) {
        this(base, key, Map.of());
    }

    /** A reply; {@code json} is null unless there was a JSON body. */
    record Reply(int status, HttpResponse<byte[]> raw) {
        JsonObject json() {
            return element().getAsJsonObject();
        }

        JsonElement element() {
            return JsonParser.parseString(text());
        }

        String text() {
            return new String(raw.body(), StandardCharsets.UTF_8);
        }

        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }

        /** The stable code of a problem reply. */
        String code() {
            return json().get("code").getAsString();
        }

        Reply expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError(raw.request().method() + " " + raw.uri() + ": " + status + " instead of "
                        + wanted + ": " + text());
            }
            return this;
        }
    }

    Api with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Api(base, key, more);
    }

    Api as(String otherKey) {
        return new Api(base, otherKey);
    }

    /** The operator at work in a tenant. */
    Api forTenant(String tenantId) {
        return with("X-Tenant-ID", tenantId);
    }

    Reply get(String path) {
        return send(request(path).GET());
    }

    Reply post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)), "application/json");
    }

    Reply post(String path, String type, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)), type);
    }

    Reply post(String path, String type, byte[] body) {
        return send(request(path).POST(BodyPublishers.ofByteArray(body)), type);
    }

    Reply put(String path, String body) {
        return send(request(path).PUT(BodyPublishers.ofString(body)), "application/json");
    }

    Reply patch(String path, String body) {
        return send(request(path).method("PATCH", BodyPublishers.ofString(body)), "application/json");
    }

    Reply delete(String path) {
        return send(request(path).DELETE());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(base + (path.startsWith("/v3") ? "/api" : "") + path));
        if (!key.isEmpty()) {
            builder.header("Authorization", "Bearer " + key);
        }
        headers.forEach(builder::header);
        return builder;
    }

    private static Reply send(HttpRequest.Builder request, String type) {
        return send(request.header("Content-Type", type));
    }

    private static Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            Reply reply = new Reply(response.statusCode(), response);
            if (!response.headers().firstValue("Content-Type").orElse("").startsWith("application/pdf")) {
                Leaks.refuseIn(response.request().method() + " " + response.uri(), reply.text());
            }
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    // What the scenarios do again and again.

    /** A test tenant; the operator makes it. @return its id */
    String testTenant(String slug, String tier, String clockStart) {
        return post("/v3/tenants", """
                        {"name": "%1$s", "slug": "%1$s", "owner_email": "owner@%1$s.example",
                         "billing_email": "billing@%1$s.example", "tier": "%2$s", "test_mode": true,
                         "test_clock_start": "%3$s"}""".formatted(slug, tier, clockStart))
                .expect(201)
                .json()
                .get("id")
                .getAsString();
    }

    /** Lets the tenant call as often as it likes; the operator does. */
    void withoutRateLimit(String tenantId) {
        put("/v3/tenants/" + tenantId + "/settings", "{\"api_rate_limit_per_minute\": 1000000}")
                .expect(200);
    }

    /** A key of the tenant; the operator makes it. */
    Api keyFor(String tenantId, String... scopes) {
        JsonArray list = new JsonArray();
        List.of(scopes).forEach(list::add);
        JsonObject body = new JsonObject();
        body.addProperty("name", "test");
        body.add("scopes", list);
        return as(forTenant(tenantId)
                .post("/v3/api-keys", body.toString())
                .expect(201)
                .json()
                .get("key")
                .getAsString());
    }

    /** Moves a test clock and waits until all that fell due on the way is done. */
    void moveClock(String tenantId, String to) {
        put("/v3/tenants/" + tenantId + "/test-clock", "{\"now\": \"" + to + "\"}")
                .expect(202);
        Await.until(
                "the test clock of " + tenantId,
                120,
                () -> get("/v3/tenants/" + tenantId + "/test-clock")
                        .expect(200)
                        .json()
                        .get("status")
                        .getAsString()
                        .equals("ready"));
    }

    /** Starts an invoice run and waits for its end. @return its last state */
    JsonObject run(String body) {
        String id = post("/v3/finance/invoice-runs", body)
                .expect(202)
                .json()
                .get("run_id")
                .getAsString();
        return awaitRun(id);
    }

    JsonObject awaitRun(String id) {
        Await.until(
                "invoice run " + id,
                240,
                () -> !List.of("queued", "running")
                        .contains(runState(id).get("status").getAsString()));
        return runState(id);
    }

    JsonObject runState(String id) {
        return get("/v3/finance/invoice-runs/" + id).expect(200).json();
    }

    /** All finalised invoices of the principal's tenant, oldest first. */
    List<JsonObject> invoices() {
        List<JsonObject> found = new ArrayList<>();
        get("/v3/subscriptions/invoices?page_size=100")
                .expect(200)
                .json()
                .getAsJsonArray("invoices")
                .forEach(invoice -> found.add(0, invoice.getAsJsonObject()));
        found.removeIf(invoice -> invoice.get("status").getAsString().equals("draft"));
        return found;
    }
}
