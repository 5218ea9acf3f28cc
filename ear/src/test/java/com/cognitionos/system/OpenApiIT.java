package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RES-9: the document says what every operation takes and answers. */
@SharedProduct
@DisplayName("The OpenAPI document")
class OpenApiIT {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    /** What the caller chooses freely, or is no JSON. */
    private static final List<String> FREE = List.of(
            "AuditEntryReply/properties/before",
            "AuditEntryReply/properties/after",
            "DeliveryDetails/properties/payload",
            "EffectiveSettings/properties/metadata",
            "Event/properties/properties",
            "PlanOnSale/properties/features/additionalProperties",
            "PlanTerms/properties/features/additionalProperties",
            "VersionReply/properties/features",
            "Allowance/properties/prices/items/additionalProperties",
            "content/application/x-ndjson",
            "content/text/csv",
            "content/application/pdf",
            "content/application/xml");

    private static JsonObject document;
    private static final List<Operation> operations = new ArrayList<>();

    private record Operation(String method, String path, JsonObject json) {
        List<JsonObject> parameters() {
            List<JsonObject> found = new ArrayList<>();
            JsonArray array = json.getAsJsonArray("parameters");
            if (array != null) {
                array.forEach(parameter -> found.add(resolved(parameter.getAsJsonObject())));
            }
            return found;
        }

        JsonObject replies() {
            return json.getAsJsonObject("responses");
        }

        boolean has(String in, String name) {
            return parameters().stream()
                    .anyMatch(parameter -> parameter.get("in").getAsString().equals(in)
                            && parameter.get("name").getAsString().equals(name));
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static JsonObject resolved(JsonObject object) {
        if (!object.has("$ref")) {
            return object;
        }
        JsonElement at = document;
        for (String step : object.get("$ref").getAsString().substring(2).split("/")) {
            at = at.getAsJsonObject().get(step);
            assertThat(at).as("leads nowhere: %s", object).isNotNull();
        }
        return at.getAsJsonObject();
    }

    @BeforeAll
    static void read() {
        document = new Api(Product.shared().url(), "")
                .get("/openapi?format=JSON")
                .expect(200)
                .json();
        document.getAsJsonObject("paths").entrySet().forEach(path -> {
            for (Map.Entry<String, JsonElement> method :
                    path.getValue().getAsJsonObject().entrySet()) {
                if (METHODS.contains(method.getKey())) {
                    operations.add(new Operation(
                            method.getKey(), path.getKey(), method.getValue().getAsJsonObject()));
                }
            }
        });
        assertThat(operations).hasSizeGreaterThan(60);
    }

    private static final Set<String> PUBLIC = Set.of("/v3/plans", "/v3/webhooks/stripe");

    @Test
    @DisplayName("Each POST, and nothing else, takes an Idempotency-Key and says when a reply is a replayed one")
    void idempotencyKeys() {
        assertThat(operations).allSatisfy(operation -> {
            boolean post = operation.method().equals("post");
            assertThat(operation.has("header", "Idempotency-Key")).isEqualTo(post);
            operation.replies().entrySet().stream()
                    .filter(reply -> reply.getKey().startsWith("2"))
                    .forEach(reply -> assertThat(headers(reply.getValue()).contains("Idempotency-Replayed"))
                            .isEqualTo(post));
        });
    }

    @Test
    @DisplayName("No parameter is named twice: what all operations share is added once, when the document is made")
    void nothingTwice() {
        assertThat(operations)
                .allSatisfy(operation -> assertThat(operation.parameters())
                        .extracting(parameter -> parameter.get("in") + " " + parameter.get("name"))
                        .doesNotHaveDuplicates());
    }

    @Test
    @DisplayName("Each reply tells what is left of the rate, and failures are problem documents")
    void repliesSayWhatIsLeft() {
        assertThat(operations).allSatisfy(operation -> {
            operation.replies().entrySet().forEach(reply -> {
                assertThat(headers(reply.getValue()))
                        .contains("RateLimit-Policy", "RateLimit", "X-RateLimit-Remaining");
                if (!reply.getKey().startsWith("2")) {
                    JsonObject content =
                            resolved(reply.getValue().getAsJsonObject()).getAsJsonObject("content");
                    assertThat(content.keySet()).containsExactly("application/problem+json");
                    assertThat(resolved(content.getAsJsonObject("application/problem+json")
                                            .getAsJsonObject("schema"))
                                    .getAsJsonObject("properties")
                                    .keySet())
                            .contains("type", "title", "status", "detail", "instance", "code", "trace_id", "errors");
                }
            });
            assertThat(operation.replies().keySet()).contains("429", "default");
            assertThat(operation.replies().has("401")).isEqualTo(!PUBLIC.contains(operation.path()));
        });
    }

    @Test
    @DisplayName("Each name in a path is a parameter; the platform can name the tenant wherever one is worked in")
    void tenants() {
        assertThat(operations).allSatisfy(operation -> {
            for (String piece : operation.path().split("/")) {
                if (piece.startsWith("{")) {
                    assertThat(operation.has("path", piece.substring(1, piece.length() - 1)))
                            .isTrue();
                }
            }
            if (operation.path().startsWith("/v3/invoices")
                    || operation.path().startsWith("/v3/usage")
                    || operation.path().startsWith("/v3/api-keys")) {
                assertThat(operation.has("header", "X-Tenant-ID")).isTrue();
            }
            if (operation.path().contains("{tenant}") || operation.path().startsWith("/v3/platform-keys")) {
                assertThat(operation.has("header", "X-Tenant-ID")).isFalse();
            }
        });
    }

    @Test
    @DisplayName("Each body has its fields; none is just an object")
    void bodiesHaveFields() {
        List<String> bare = new ArrayList<>();
        look(document.getAsJsonObject("paths"), "paths", bare);
        look(document.getAsJsonObject("components"), "components", bare);
        assertThat(bare).isEmpty();
    }

    @Test
    @DisplayName("What a reply has in common with an event stands in it, not below it")
    void repliesAreFlat() {
        JsonObject schemas = document.getAsJsonObject("components").getAsJsonObject("schemas");
        Map.of(
                        "InvoiceReply", "InvoiceNews",
                        "CreditNoteReply", "CreditNoteNews",
                        "SubscriptionReply", "SubscriptionNews",
                        "CreditReply", "PrepaidCreditNews",
                        "CaseReply", "DunningCaseNews")
                .forEach((reply, news) -> {
                    JsonObject properties = schemas.getAsJsonObject(reply).getAsJsonObject("properties");
                    assertThat(properties.keySet())
                            .containsAll(schemas.getAsJsonObject(news)
                                    .getAsJsonObject("properties")
                                    .keySet())
                            .doesNotContain("news");
                });
    }

    private static void look(JsonElement element, String path, List<String> bare) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(each -> look(each, path, bare));
        } else if (element.isJsonObject()) {
            JsonObject object = element.getAsJsonObject();
            boolean plain = object.has("type")
                    && object.get("type").isJsonPrimitive()
                    && object.get("type").getAsString().equals("object")
                    && !object.has("properties")
                    && !object.has("additionalProperties");
            if ((plain || object.keySet().isEmpty()) && FREE.stream().noneMatch(path::endsWith)) {
                bare.add(path);
            }
            object.entrySet().forEach(entry -> look(entry.getValue(), path + "/" + entry.getKey(), bare));
        }
    }

    private static Set<String> headers(JsonElement reply) {
        JsonObject headers = resolved(reply.getAsJsonObject()).getAsJsonObject("headers");
        if (headers == null) {
            return Set.of();
        }
        headers.entrySet().forEach(header -> resolved(header.getValue().getAsJsonObject()));
        return headers.keySet();
    }
}
