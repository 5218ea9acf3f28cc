package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@SharedProduct
@DisplayName("Idempotency-Key at the REST door")
class IdempotencyRestIT {

    private static final Api OPERATOR = Product.shared().api();

    /** A POST, made ready to be sent. */
    private record Prepared(Api caller, String path, String type, String body) {
        Prepared(Api caller, String path, String body) {
            this(caller, path, "application/json", body);
        }

        Api.Reply send(String key) {
            return caller.with("Idempotency-Key", key).post(path, type, body);
        }
    }

    private static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 13);
    }

    private static String tenant() {
        return OPERATOR.testTenant(unique("idp"), "pro", "2026-01-31T00:00:00Z");
    }

    private static Prepared inTenant(String tenant, String path, String body) {
        return new Prepared(OPERATOR.forTenant(tenant), path, body);
    }

    private static String id(Api.Reply reply, String field) {
        return reply.json().get(field).getAsString();
    }

    /** Each POST of the API, as the document names it. One that is missing here fails the test below. */
    private static Map<String, Callable<Prepared>> posts() {
        Map<String, Callable<Prepared>> posts = new LinkedHashMap<>();
        posts.put("/v3/tenants", () -> {
            String slug = unique("idp");
            return new Prepared(OPERATOR, "/v3/tenants", """
                    {"name": "%1$s", "slug": "%1$s", "owner_email": "o@example.org", "billing_email": "b@example.org",
                     "tier": "pro", "test_mode": true}""".formatted(slug));
        });
        posts.put("/v3/tenants/{tenant}/suspend", () -> {
            String tenant = tenant();
            return inTenant(tenant, "/v3/tenants/" + tenant + "/suspend", "{\"reason\": \"a reason\"}");
        });
        posts.put("/v3/tenants/{tenant}/reactivate", () -> {
            String tenant = tenant();
            OPERATOR.post("/v3/tenants/" + tenant + "/suspend", "{\"reason\": \"a reason\"}")
                    .expect(200);
            return inTenant(tenant, "/v3/tenants/" + tenant + "/reactivate", "");
        });
        posts.put("/v3/subscriptions", () -> {
            String tenant = tenant();
            OPERATOR.forTenant(tenant)
                    .post("/v3/subscriptions/current/cancel", "{\"immediate\": true}")
                    .expect(200);
            return inTenant(tenant, "/v3/subscriptions", "{\"tier\": \"team\", \"billing_cycle\": \"yearly\"}");
        });
        for (String subscription : List.of("/v3/subscriptions", "/v3/subscriptions/current")) {
            posts.put(subscription + "/cancel", () -> inTenant(tenant(), subscription + "/cancel", "{}"));
            posts.put(
                    subscription + "/preview",
                    () -> inTenant(tenant(), subscription + "/preview", "{\"tier\": \"team\"}"));
            posts.put(
                    subscription + "/upgrade",
                    () -> inTenant(tenant(), subscription + "/upgrade", "{\"tier\": \"team\"}"));
            posts.put(
                    subscription + "/downgrade",
                    () -> inTenant(tenant(), subscription + "/downgrade", "{\"tier\": \"free\"}"));
            posts.put(
                    subscription + "/anchor",
                    () -> inTenant(tenant(), subscription + "/anchor", "{\"anchor\": \"2026-01-15T03:07:00Z\"}"));
            posts.put(
                    subscription + "/coupons",
                    () -> inTenant(tenant(), subscription + "/coupons", "{\"code\": \"" + coupon() + "\"}"));
            posts.put(subscription + "/pause", () -> inTenant(tenant(), subscription + "/pause", "{}"));
            posts.put(subscription + "/resume", () -> {
                String tenant = tenant();
                OPERATOR.forTenant(tenant)
                        .post("/v3/subscriptions/current/pause", "{}")
                        .expect(200);
                return inTenant(tenant, subscription + "/resume", "");
            });
            posts.put(subscription + "/reactivate", () -> {
                String tenant = tenant();
                OPERATOR.forTenant(tenant)
                        .post("/v3/subscriptions/current/cancel", "{}")
                        .expect(200);
                return inTenant(tenant, subscription + "/reactivate", "");
            });
        }
        posts.put("/v3/usage/events", () -> inTenant(tenant(), "/v3/usage/events", events(1_000)));
        posts.put("/v3/usage/events/{id}/retract", () -> {
            String tenant = tenant();
            OPERATOR.forTenant(tenant)
                    .post("/v3/usage/events", "{\"id\": \"e\", \"meter\": \"tokens\", \"quantity\": 1}")
                    .expect(202);
            return inTenant(tenant, "/v3/usage/events/e/retract", "");
        });
        uploads(posts);
        posts.put(
                "/v3/api-keys",
                () -> inTenant(tenant(), "/v3/api-keys", "{\"name\": \"k\", \"scopes\": [\"usage:read\"]}"));
        posts.put("/v3/api-keys/{id}/rotate", () -> {
            String tenant = tenant();
            String key = id(
                    OPERATOR.forTenant(tenant)
                            .post("/v3/api-keys", "{\"name\": \"k\", \"scopes\": [\"usage:read\"]}")
                            .expect(201),
                    "id");
            return inTenant(tenant, "/v3/api-keys/" + key + "/rotate", "{}");
        });
        webhooks(posts);
        posts.put(
                "/v3/platform-keys",
                () -> new Prepared(OPERATOR, "/v3/platform-keys", "{\"name\": \"k\", \"scopes\": [\"finance:read\"]}"));
        posts.put("/v3/platform-keys/{id}/rotate", () -> {
            String key = id(
                    OPERATOR.post("/v3/platform-keys", "{\"name\": \"k\", \"scopes\": [\"finance:read\"]}")
                            .expect(201),
                    "id");
            return new Prepared(OPERATOR, "/v3/platform-keys/" + key + "/rotate", "{}");
        });
        posts.put(
                "/v3/invitations",
                () -> inTenant(
                        tenant(),
                        "/v3/invitations",
                        "{\"email\": \"%s@example.org\", \"role\": \"viewer\"}".formatted(unique("p"))));
        posts.put(
                "/v3/staff/invitations",
                () -> new Prepared(
                        OPERATOR,
                        "/v3/staff/invitations",
                        "{\"email\": \"%s@example.org\", \"role\": \"finance\"}".formatted(unique("p"))));
        posts.put(
                "/v3/payment-methods",
                () -> inTenant(tenant(), "/v3/payment-methods", "{\"token\": \"pm_card_visa\"}"));
        posts.put("/v3/invoices/{id}/pay", () -> {
            String tenant = tenant();
            return inTenant(tenant, "/v3/invoices/" + openInvoice(tenant) + "/pay", "");
        });
        posts.put("/v3/finance/dunning-cases/{id}/retry", () -> {
            String tenant = tenant();
            String dunning = dunningCase(tenant);
            OPERATOR.forTenant(tenant)
                    .post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}")
                    .expect(201);
            return inTenant(tenant, "/v3/finance/dunning-cases/" + dunning + "/retry", "");
        });
        posts.put("/v3/finance/dunning-cases/{id}/stop", () -> {
            String tenant = tenant();
            return inTenant(tenant, "/v3/finance/dunning-cases/" + dunningCase(tenant) + "/stop", "");
        });
        posts.put("/v3/finance/credit-notes", () -> {
            String tenant = tenant();
            String invoice = openInvoice(tenant);
            return inTenant(tenant, "/v3/finance/credit-notes", """
                    {"tenant_id": "%s", "invoice_id": "%s", "lines": [{"position": 1, "amount_cents": 900}],
                     "reason": "a reason", "payout": "refund"}""".formatted(tenant, invoice));
        });
        posts.put("/v3/finance/credit-notes/estimate", () -> {
            String tenant = tenant();
            return inTenant(
                    tenant,
                    "/v3/finance/credit-notes/estimate",
                    "{\"tenant_id\": \"%s\", \"invoice_id\": \"%s\"}".formatted(tenant, openInvoice(tenant)));
        });
        for (String end : List.of("/void", "/mark-uncollectible")) {
            posts.put("/v3/finance/invoices/{id}" + end, () -> {
                String tenant = tenant();
                return inTenant(
                        tenant,
                        "/v3/finance/invoices/" + openInvoice(tenant) + end,
                        "{\"tenant_id\": \"" + tenant + "\", \"reason\": \"a reason\"}");
            });
        }
        posts.put("/v3/budgets", () -> inTenant(tenant(), "/v3/budgets", "{\"name\": \"b\", \"amount_cents\": 1}"));
        posts.put("/v3/usage/alerts/{id}/acknowledge", () -> {
            String tenant = tenant();
            String alert = UUID.randomUUID().toString();
            new DatabaseOwner(Product.shared()).update("""
                    INSERT INTO alerts (tenant_id, id, kind, subject, meter, name, period_start, period_end, threshold, bound,
                        value, triggered_at, created_at, mailed_to)
                    VALUES (?, ?, 'usage', 'tokens', 'tokens', 'Tokens', now() - interval '1 day', now(), 50, 10, 5, now(),
                        now(), '{}')""", tenant, alert);
            return inTenant(tenant, "/v3/usage/alerts/" + alert + "/acknowledge", "");
        });
        String reservations = "/v3/entitlements/{feature}/reservations";
        String executions = "/v3/entitlements/executions/reservations";
        posts.put(reservations, () -> inTenant(tenant(), executions, "{\"quantity\": 1}"));
        for (String end : List.of("/commit", "/release")) {
            posts.put(reservations + "/{id}" + end, () -> {
                String tenant = tenant();
                String reservation = id(
                        OPERATOR.forTenant(tenant)
                                .post(executions, "{\"quantity\": 1}")
                                .expect(201),
                        "id");
                return inTenant(tenant, executions + "/" + reservation + end, "{}");
            });
        }
        posts.put("/v3/finance/prepaid-credits", () -> {
            String tenant = tenant();
            return inTenant(tenant, "/v3/finance/prepaid-credits", credit(tenant));
        });
        posts.put("/v3/finance/prepaid-credits/{id}/void", () -> {
            String tenant = tenant();
            String id = id(
                    OPERATOR.post("/v3/finance/prepaid-credits", credit(tenant)).expect(201), "id");
            return inTenant(tenant, "/v3/finance/prepaid-credits/" + id + "/void", "");
        });
        posts.put("/v3/finance/tax-rates", () -> new Prepared(OPERATOR, "/v3/finance/tax-rates", rate()));
        posts.put("/v3/finance/tax-rates/{id}/end", () -> {
            String id = id(OPERATOR.post("/v3/finance/tax-rates", rate()).expect(201), "id");
            return new Prepared(OPERATOR, "/v3/finance/tax-rates/" + id + "/end", "{\"valid_to\": \"2026-07-01\"}");
        });
        posts.put("/v3/finance/coupons", () -> new Prepared(OPERATOR, "/v3/finance/coupons", offer(unique("C"))));
        posts.put(
                "/v3/finance/coupons/{code}/archive",
                () -> new Prepared(OPERATOR, "/v3/finance/coupons/" + coupon() + "/archive", ""));
        posts.put("/v3/finance/usage-rollups", () -> new Prepared(OPERATOR, "/v3/finance/usage-rollups", ""));
        posts.put(
                "/v3/finance/invoice-runs",
                () -> new Prepared(OPERATOR, "/v3/finance/invoice-runs", run(tenant(), "2026-05-01")));
        posts.put("/v3/finance/invoice-runs/{id}/restart", () -> {
            JsonObject run = OPERATOR.run(run(tenant(), "2026-05-01"));
            return new Prepared(
                    OPERATOR, "/v3/finance/invoice-runs/" + run.get("id").getAsString() + "/restart", "");
        });
        posts.put("/v3/finance/invoice-runs/{id}/stop", () -> {
            // So far ahead that it is still at work when it is told to stop.
            String run = id(
                    OPERATOR.post("/v3/finance/invoice-runs", run(tenant(), "2100-01-01"))
                            .expect(202),
                    "run_id");
            return new Prepared(OPERATOR, "/v3/finance/invoice-runs/" + run + "/stop", "");
        });
        provider(posts);
        catalogue(posts);
        posts.put("/v3/finance/charges", () -> {
            String tenant = tenant();
            return inTenant(
                    tenant,
                    "/v3/finance/charges",
                    "{\"tenant_id\": \"%s\", \"description\": \"Set-up\", \"amount_cents\": 5}".formatted(tenant));
        });
        return posts;
    }

    private static String credit(String tenant) {
        return "{\"tenant_id\": \"%s\", \"currency\": \"USD\", \"amount_cents\": 100, \"kind\": \"paid\"}"
                .formatted(tenant);
    }

    private static void uploads(Map<String, Callable<Prepared>> posts) {
        String uploads = "/v3/usage/uploads";
        String file = "id,meter,quantity\na,tokens,1\n";
        posts.put(uploads, () -> new Prepared(OPERATOR.forTenant(tenant()), uploads, "text/csv", file));
        posts.put(uploads + "/{id}/start", () -> {
            String tenant = tenant();
            String id = id(
                    OPERATOR.forTenant(tenant).post(uploads, "text/csv", file).expect(201), "id");
            return inTenant(tenant, uploads + "/" + id + "/start", "");
        });
        posts.put(uploads + "/{id}/stop", () -> {
            String tenant = tenant();
            // Nobody is to take it in before it is told to stop.
            new DatabaseOwner(Product.shared())
                    .update(
                            "INSERT INTO leases (name, holder, until) VALUES (?, 'held', now() + interval '1 h')",
                            "usage-upload:" + tenant);
            String id = id(
                    OPERATOR.forTenant(tenant)
                            .post(uploads + "?start=true", "text/csv", file)
                            .expect(201),
                    "id");
            return inTenant(tenant, uploads + "/" + id + "/stop", "");
        });
    }

    private static void webhooks(Map<String, Callable<Prepared>> posts) {
        String endpoints = "/v3/webhook-endpoints";
        posts.put(endpoints, () -> inTenant(tenant(), endpoints, NOWHERE));
        for (String verb : List.of("/rotate-secret", "/test")) {
            posts.put(endpoints + "/{id}" + verb, () -> {
                String tenant = tenant();
                String endpoint =
                        id(OPERATOR.forTenant(tenant).post(endpoints, NOWHERE).expect(201), "id");
                return inTenant(tenant, endpoints + "/" + endpoint + verb, "{}");
            });
        }
        posts.put("/v3/webhook-deliveries/{id}/resend", () -> {
            String tenant = tenant();
            Api at = OPERATOR.forTenant(tenant);
            String endpoint = id(at.post(endpoints, NOWHERE).expect(201), "id");
            String delivery =
                    id(at.post(endpoints + "/" + endpoint + "/test", "").expect(202), "id");
            return inTenant(tenant, "/v3/webhook-deliveries/" + delivery + "/resend", "");
        });
    }

    /** Where nobody listens. */
    private static final String NOWHERE = "{\"url\": \"http://localhost:1/\"}";

    /** In force where nobody is. */
    private static String rate() {
        return "{\"code\": \"%s\", \"percent\": 7.5, \"country\": \"AQ\", \"valid_from\": \"2026-01-01\"}"
                .formatted(unique("t"));
    }

    private static String offer(String code) {
        return "{\"code\": \"%s\", \"name\": \"Off\", \"percent\": 10, \"duration\": \"once\"}".formatted(code);
    }

    /** @return the code of a new one */
    private static String coupon() {
        return id(OPERATOR.post("/v3/finance/coupons", offer(unique("C"))).expect(201), "code");
    }

    private static void catalogue(Map<String, Callable<Prepared>> posts) {
        posts.put(
                "/v3/catalog/meters",
                () -> new Prepared(
                        OPERATOR,
                        "/v3/catalog/meters",
                        "{\"code\": \"%s\", \"name\": \"Things\", \"aggregation\": \"sum\", \"unit\": \"thing\"}"
                                .formatted(code())));
        posts.put(
                "/v3/catalog/plans",
                () -> new Prepared(OPERATOR, "/v3/catalog/plans", CatalogRestIT.plan(code(), 100)));
        posts.put(
                "/v3/catalog/plans/{tier}/versions",
                () -> new Prepared(OPERATOR, CatalogRestIT.plans(drafted()) + "/versions", "{\"name\": \"Other\"}"));
        String version = "/v3/catalog/plans/{tier}/versions/{version}";
        posts.put(
                version + "/publish",
                () -> new Prepared(OPERATOR, CatalogRestIT.plans(drafted()) + "/versions/1/publish", ENDED));
        posts.put(version + "/archive", () -> {
            String plan = CatalogRestIT.plans(drafted());
            OPERATOR.post(plan + "/versions/1/publish", ENDED).expect(200);
            return new Prepared(OPERATOR, plan + "/versions/1/archive", "");
        });
        posts.put(version + "/moves", () -> {
            String plan = CatalogRestIT.plans(drafted());
            OPERATOR.post(plan + "/versions/1/publish", ENDED).expect(200);
            return new Prepared(OPERATOR, plan + "/versions/1/moves", "{\"tenant_ids\": [\"%s\"]}".formatted(tenant()));
        });
        posts.put(
                "/v3/catalog/add-ons",
                () -> new Prepared(OPERATOR, "/v3/catalog/add-ons", CatalogRestIT.addOn(code(), "pro")));
        posts.put(
                "/v3/catalog/add-ons/{code}/versions",
                () -> new Prepared(OPERATOR, addOn(false) + "/versions", "{\"name\": \"Other\"}"));
        posts.put(
                "/v3/catalog/add-ons/{code}/versions/{version}/publish",
                () -> new Prepared(OPERATOR, addOn(false) + "/versions/1/publish", ENDED));
        posts.put(
                "/v3/catalog/add-ons/{code}/versions/{version}/archive",
                () -> new Prepared(OPERATOR, addOn(true) + "/versions/1/archive", ""));
        posts.put("/v3/subscriptions/current/add-ons", () -> {
            String addOn = addOn(true);
            return inTenant(
                    tenant(),
                    "/v3/subscriptions/current/add-ons",
                    "{\"code\": \"%s\"}".formatted(addOn.substring(addOn.lastIndexOf('/') + 1)));
        });
        posts.put(
                "/v3/catalog/contracts",
                () -> new Prepared(
                        OPERATOR,
                        "/v3/catalog/contracts",
                        "{\"tenant_id\": \"%s\", \"based_on\": {\"tier\": \"pro\", \"version\": 1}}"
                                .formatted(tenant())));
    }

    /** Sold in the past alone, so that nobody else meets it. */
    private static final String ENDED =
            "{\"valid_from\": \"2021-01-01T00:00:00Z\", \"valid_to\": \"2021-02-01T00:00:00Z\"}";

    private static String code() {
        return unique("idp").replace('-', '_');
    }

    private static String addOn(boolean published) {
        String code = code();
        OPERATOR.post("/v3/catalog/add-ons", CatalogRestIT.addOn(code, "pro")).expect(201);
        String addOn = "/v3/catalog/add-ons/" + code;
        if (published) {
            OPERATOR.post(addOn + "/versions/1/publish", ADDED).expect(200);
        }
        return addOn;
    }

    /** For the day that the tenants begin on. */
    private static final String ADDED =
            "{\"valid_from\": \"2026-01-31T00:00:00Z\", \"valid_to\": \"2026-02-01T00:00:00Z\"}";

    private static String drafted() {
        String code = code();
        OPERATOR.post("/v3/catalog/plans", CatalogRestIT.plan(code, 100)).expect(201);
        return code;
    }

    private static String run(String tenant, String asOf) {
        return "{\"as_of\": \"%s\", \"dry_run\": %s, \"tenant_ids\": [\"%s\"]}"
                .formatted(asOf, asOf.startsWith("21"), tenant);
    }

    private static String dunningCase(String tenant) {
        OPERATOR.forTenant(tenant)
                .post("/v3/payment-methods", "{\"token\": \"pm_card_chargeCustomerFail\"}")
                .expect(201);
        OPERATOR.moveClock(tenant, "2026-03-01T00:00:00Z");
        for (JsonElement one : OPERATOR.get("/v3/finance/dunning-cases?page_size=100")
                .expect(200)
                .json()
                .getAsJsonArray("dunning_cases")) {
            if (one.getAsJsonObject().get("tenant_id").getAsString().equals(tenant)) {
                return one.getAsJsonObject().get("id").getAsString();
            }
        }
        throw new AssertionError("no dunning case of " + tenant);
    }

    private static String openInvoice(String tenant) {
        OPERATOR.moveClock(tenant, "2026-03-01T00:00:00Z");
        OPERATOR.forTenant(tenant)
                .post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}")
                .expect(201);
        return OPERATOR.forTenant(tenant).invoices().get(0).get("id").getAsString();
    }

    private static String events(int number) {
        JsonArray events = new JsonArray();
        for (int n = 0; n < number; n++) {
            JsonObject event = new JsonObject();
            event.addProperty("id", "e" + n);
            event.addProperty("meter", "api_calls");
            event.addProperty("quantity", 1);
            event.addProperty("timestamp", "2026-01-31T00:00:00Z");
            events.add(event);
        }
        JsonObject body = new JsonObject();
        body.add("events", events);
        return body.toString();
    }

    /** The number of acts that the log of the caller's tenant, or the platform's, has, and of tenants. */
    private static long acts(Api caller) {
        return total(caller, "/v3/audit") + total(OPERATOR, "/v3/tenants");
    }

    private static long total(Api caller, String list) {
        return caller.get(list + "?page_size=1").expect(200).json().get("total").getAsLong();
    }

    @Test
    @DisplayName("RES-6: every POST of the API, sent twice, has one effect and the same reply")
    void everyPostTwice() throws Exception {
        Map<String, Callable<Prepared>> known = posts();
        Set<String> tried = new TreeSet<>();
        Set<String> missing = new TreeSet<>();
        for (String path : postsOfTheDocument()) {
            if (REFUSED_BY_THE_MOCK.contains(path)) {
                continue;
            }
            if (!known.containsKey(path)) {
                missing.add(path);
                continue;
            }
            Prepared request = known.get(path).call();
            Api log = request.caller().headers().isEmpty() ? OPERATOR : request.caller();
            String key = unique("key");
            long before = acts(log);

            Api.Reply first = request.send(key);
            assertThat(first.status()).as(path + ": " + first.text()).isBetween(200, 299);
            assertThat(first.header("Idempotency-Replayed")).as(path).isEmpty();
            long after = acts(log);
            Api.Reply again = request.send(key);

            assertThat(again.status()).as(path).isEqualTo(first.status());
            assertThat(again.text()).as(path).isEqualTo(first.text());
            assertThat(again.header("Content-Type")).as(path).isEqualTo(first.header("Content-Type"));
            assertThat(again.header("Location")).as(path).isEqualTo(first.header("Location"));
            assertThat(again.header("Idempotency-Replayed")).as(path).isEqualTo("true");
            assertThat(again.header("Cache-Control")).as(path).isEqualTo("no-store");
            assertThat(acts(log)).as("acts of " + path).isEqualTo(after);
            if (!UNAUDITED.contains(path)) {
                assertThat(after).as("acts of " + path).isGreaterThan(before);
            }
            tried.add(path);
        }
        assertThat(missing).as("POSTs that posts() does not know").isEmpty();
        assertThat(tried).hasSizeGreaterThanOrEqualTo(17);
    }

    /** What leaves no entry in the log; the tests of its own component say that it is done once. */
    private static final Set<String> UNAUDITED = Set.of(
            "/v3/usage/events",
            "/v3/usage/uploads",
            "/v3/subscriptions/preview",
            "/v3/subscriptions/current/preview",
            "/v3/finance/usage-rollups",
            "/v3/finance/credit-notes/estimate",
            "/v3/entitlements/{feature}/reservations",
            "/v3/entitlements/{feature}/reservations/{id}/commit",
            "/v3/entitlements/{feature}/reservations/{id}/release");

    /** Pages of a provider that has some, and what it signs. */
    private static final Set<String> REFUSED_BY_THE_MOCK =
            Set.of("/v3/payment-methods/setup-session", "/v3/payment-methods/portal-session", "/v3/webhooks/stripe");

    /** What no call of the API makes, but the provider. */
    private static void provider(Map<String, Callable<Prepared>> posts) {
        DatabaseOwner owner = new DatabaseOwner(Product.shared());
        posts.put("/v3/operator/integrity-checks", () -> new Prepared(OPERATOR, "/v3/operator/integrity-checks", ""));
        posts.put("/v3/finance/reconciliations", () -> new Prepared(OPERATOR, "/v3/finance/reconciliations", ""));
        posts.put("/v3/finance/provider-events/{id}/replay", () -> {
            String id = UUID.randomUUID().toString();
            owner.update("""
                    INSERT INTO provider_events (id, provider, event_ref, type, object_ref, subject, payload, happened_at,
                        received_at, status, next_attempt_at, settled_at)
                    VALUES (?::uuid, 'mock', ?, 'invoice.paid', 'in_1', 'in_1', '{}', now(), now(), 'parked', now(), now())""", id, id);
            return new Prepared(OPERATOR, "/v3/finance/provider-events/" + id + "/replay", "");
        });
        posts.put("/v3/finance/differences/{id}/remedy", () -> {
            String id = UUID.randomUUID().toString();
            owner.update("""
                    INSERT INTO provider_differences (id, provider, kind, reference, their_state, their_cents, their_currency,
                        happened_at, found_at, seen_at, state)
                    VALUES (?::uuid, 'mock', 'payment_unknown_here', ?, 'succeeded', 1, 'USD', now() - interval '1 year', now(),
                        now(), 'open')""", id, id);
            return new Prepared(
                    OPERATOR,
                    "/v3/finance/differences/" + id + "/remedy",
                    "{\"action\": \"acknowledge\", \"reason\": \"a test\"}");
        });
    }

    private static Set<String> postsOfTheDocument() {
        JsonObject paths = new Api(OPERATOR.base(), "")
                .with("Accept", "application/json")
                .get("/openapi")
                .expect(200)
                .json()
                .getAsJsonObject("paths");
        Set<String> posts = new TreeSet<>();
        paths.entrySet().forEach(entry -> {
            if (entry.getValue().getAsJsonObject().has("post")) {
                posts.add(entry.getKey().replaceFirst("^/api", ""));
            }
        });
        assertThat(posts).contains("/v3/tenants", "/v3/invoices/{id}/pay");
        return posts;
    }

    @Test
    @DisplayName("IDP-1: a replayed reply shows the secret of its first time, and there is one API key")
    void anApiKeyOnce() {
        String tenant = tenant();
        Prepared request = inTenant(tenant, "/v3/api-keys", "{\"name\": \"k\", \"scopes\": [\"usage:read\"]}");
        String key = unique("key");
        String shown = id(request.send(key).expect(201), "key");
        assertThat(id(request.send(key).expect(201), "key")).isEqualTo(shown);
        assertThat(OPERATOR.forTenant(tenant).get("/v3/api-keys").json().getAsJsonArray("api_keys"))
                .hasSize(1);
    }

    @Test
    @DisplayName("IDP-1: a thousand events are counted once and committed when they are answered")
    void aThousandEvents() {
        String tenant = tenant();
        Prepared request = inTenant(tenant, "/v3/usage/events", events(1_000));
        String key = unique("key");
        for (int n = 0; n < 2; n++) {
            JsonObject result = request.send(key).expect(202).json();
            assertThat(result.get("accepted").getAsInt()).isEqualTo(1_000);
            assertThat(result.get("duplicates").getAsInt()).isZero();
        }
        assertThat(request.send(unique("key"))
                        .expect(202)
                        .json()
                        .get("duplicates")
                        .getAsInt())
                .isEqualTo(1_000);
    }

    @Test
    @DisplayName(
            "IDP-4: another body, path, query, tenant or media type under the same key is refused; white space is not")
    void reused() {
        String tenant = tenant();
        Api caller = OPERATOR.forTenant(tenant).with("Idempotency-Key", unique("key"));
        String body = "{\"name\": \"k\", \"scopes\": [\"usage:read\"]}";
        caller.post("/v3/api-keys", body).expect(201);

        assertProblem(caller.post("/v3/api-keys", body.replace("usage", "keys")), 422, "idempotency_key_reused");
        assertProblem(caller.post("/v3/payment-methods", body), 422, "idempotency_key_reused");
        assertProblem(caller.post("/v3/api-keys?x=y", body), 422, "idempotency_key_reused");
        assertProblem(caller.post("/v3/api-keys", "text/plain", body), 422, "idempotency_key_reused");
        assertProblem(caller.with("X-Tenant-ID", tenant()).post("/v3/api-keys", body), 422, "idempotency_key_reused");
        assertProblem(caller.post("/v3/api-keys", "{"), 422, "idempotency_key_reused");
        assertThat(caller.post("/v3/api-keys", "{ \"scopes\":[\"usage:read\"],\n \"name\":\"k\" }")
                        .expect(201)
                        .header("Idempotency-Replayed"))
                .isEqualTo("true");
    }

    @Test
    @DisplayName("IDP-5: two principals of one tenant may use the same key")
    void principals() {
        String tenant = tenant();
        String key = unique("key");
        Set<String> made = new TreeSet<>();
        for (int n = 0; n < 2; n++) {
            Api own = OPERATOR.keyFor(tenant, "keys:write", "usage:read");
            made.add(id(
                    own.with("Idempotency-Key", key)
                            .post("/v3/api-keys", "{\"name\": \"k\", \"scopes\": [\"usage:read\"]}")
                            .expect(201),
                    "id"));
        }
        assertThat(made).hasSize(2);
    }

    @Test
    @DisplayName("IDP-6: what was refused may be tried again under its key")
    void refused() {
        String tenant = tenant();
        OPERATOR.moveClock(tenant, "2026-03-01T00:00:00Z");
        Api caller = OPERATOR.forTenant(tenant);
        String invoice = caller.invoices().get(0).get("id").getAsString();
        Prepared pay = inTenant(tenant, "/v3/invoices/" + invoice + "/pay", "");
        String key = unique("key");

        assertProblem(pay.send(key), 409, "no_payment_method");
        caller.post("/v3/payment-methods", "{\"token\": \"pm_card_chargeCustomerFail\"}")
                .expect(201);
        assertProblem(pay.send(key), 402, "card_declined");
        caller.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        assertThat(id(pay.send(key).expect(200), "status")).isEqualTo("paid");
        assertThat(id(pay.send(key).expect(200), "status")).isEqualTo("paid");

        String other = unique("key");
        Api keys = caller.with("Idempotency-Key", other);
        assertProblem(keys.post("/v3/api-keys", "{"), 400, "malformed_json");
        assertProblem(keys.post("/v3/api-keys", "{}"), 422, "validation_failed");
        assertProblem(keys.post("/v3/nowhere", "{}"), 404, "not_found");
        keys.post("/v3/api-keys", "{\"name\": \"k\", \"scopes\": [\"usage:read\"]}")
                .expect(201);
    }

    @Test
    @DisplayName("IDP-4: a malformed key is refused; where no key counts it is not looked at")
    void malformed() {
        String tenant = tenant();
        Api caller = OPERATOR.forTenant(tenant);
        assertProblem(
                caller.with("Idempotency-Key", "k".repeat(256)).post("/v3/api-keys", "{}"),
                400,
                "idempotency_key_malformed");
        assertProblem(caller.with("Idempotency-Key", "").post("/v3/api-keys", "{}"), 400, "idempotency_key_malformed");
        caller.with("Idempotency-Key", "k".repeat(256)).get("/v3/api-keys").expect(200);
        assertProblem(OPERATOR.as("").with("Idempotency-Key", "k").post("/v3/api-keys", "{}"), 401, "unauthenticated");
        assertProblem(
                OPERATOR.keyFor(tenant, "usage:read")
                        .with("Idempotency-Key", "k")
                        .post("/v3/api-keys", "{}"),
                403,
                "insufficient_scope");
    }

    @Test
    @DisplayName("IDP-3: twenty twins at once make one key, one payment, one run")
    void twins() throws Exception {
        String tenant = tenant();
        Prepared apiKey = inTenant(tenant, "/v3/api-keys", "{\"name\": \"k\", \"scopes\": [\"usage:read\"]}");
        long replayed = twenty(apiKey, 201);
        assertThat(OPERATOR.forTenant(tenant).get("/v3/api-keys").json().getAsJsonArray("api_keys"))
                .as("%s replayed", replayed)
                .hasSize(1);

        Prepared pay = inTenant(tenant, "/v3/invoices/" + openInvoice(tenant) + "/pay", "");
        twenty(pay, 200);
        assertThat(OPERATOR.forTenant(tenant)
                        .get("/v3/audit?action=payment.succeeded")
                        .json()
                        .get("total")
                        .getAsInt())
                .isEqualTo(1);

        long before = OPERATOR.get("/v3/audit?action=invoice_run.started")
                .json()
                .get("total")
                .getAsLong();
        twenty(new Prepared(OPERATOR, "/v3/finance/invoice-runs", run(tenant, "2026-05-01")), 202);
        assertThat(OPERATOR.get("/v3/audit?action=invoice_run.started")
                        .json()
                        .get("total")
                        .getAsLong())
                .isEqualTo(before + 1);
    }

    /** @return how many of the twins got a replayed reply */
    private static long twenty(Prepared request, int status) throws Exception {
        int people = 20;
        String key = unique("key");
        CyclicBarrier start = new CyclicBarrier(people);
        ExecutorService threads = Executors.newFixedThreadPool(people);
        try {
            List<Future<Api.Reply>> sent = new ArrayList<>();
            for (int n = 0; n < people; n++) {
                sent.add(threads.submit(() -> {
                    start.await();
                    return request.send(key);
                }));
            }
            Map<Integer, List<Api.Reply>> replies = new TreeMap<>();
            for (Future<Api.Reply> one : sent) {
                Api.Reply reply = one.get();
                replies.computeIfAbsent(reply.status(), any -> new ArrayList<>())
                        .add(reply);
            }
            assertThat(Set.of(status, 409)).containsAll(replies.keySet());
            assertThat(replies.get(status).stream().map(Api.Reply::text).collect(Collectors.toSet()))
                    .hasSize(1);
            replies.getOrDefault(409, List.of()).forEach(reply -> {
                assertProblem(reply, 409, "idempotency_in_progress");
                assertThat(reply.header("Retry-After")).isEqualTo("1");
            });
            long replayed = replies.get(status).stream()
                    .filter(reply -> !reply.header("Idempotency-Replayed").isEmpty())
                    .count();
            assertThat(replies.get(status)).hasSize((int) replayed + 1);
            return replayed;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("IDP-1: a run that is asked for with a key is really run")
    void aRunWithAKey() {
        String tenant = tenant();
        String run = id(
                new Prepared(OPERATOR, "/v3/finance/invoice-runs", run(tenant, "2026-05-01"))
                        .send(unique("key"))
                        .expect(202),
                "run_id");
        JsonObject end = OPERATOR.awaitRun(run);
        assertThat(end.get("status").getAsString()).isEqualTo("completed");
        assertThat(end.get("invoices").getAsInt()).isEqualTo(3);
    }

    @Test
    @DisplayName("AUD-3, AUD-6: the log is read, verified and taken away over REST")
    void audit() {
        String tenant = tenant();
        Api own = OPERATOR.keyFor(tenant, "audit:read", "tenants:write");
        own.put("/v3/tenants/" + tenant, "{\"name\": \"=cmd|' /C calc'!A0\"}").expect(200);

        JsonObject page = own.get("/v3/audit?action=tenant.changed").expect(200).json();
        JsonObject entry = page.getAsJsonArray("entries").get(0).getAsJsonObject();
        assertThat(page.get("total").getAsInt()).isEqualTo(1);
        assertThat(entry.get("actor").getAsString()).startsWith("key:cog_");
        assertThat(entry.getAsJsonObject("after").get("name").getAsString()).startsWith("=cmd");
        assertThat(own.get("/v3/audit/verify").expect(200).json().get("ok").getAsBoolean())
                .isTrue();
        assertThat(OPERATOR.get("/v3/audit/verify").expect(200).json().get("ok").getAsBoolean())
                .isTrue();

        List<String> lines =
                own.get("/v3/audit/export").expect(200).text().lines().toList();
        long total = total(own, "/v3/audit");
        assertThat(lines).hasSize((int) total).allMatch(line -> line.startsWith("{\"seq\":"));
        Api.Reply csv = own.get("/v3/audit/export?format=csv&action=tenant.").expect(200);
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.header("Content-Disposition")).contains("audit.csv");
        assertThat(csv.text().split("\r\n")).hasSize(3).allMatch(line -> !line.startsWith("="));

        assertProblem(own.get("/v3/audit/export?format=xls"), 422, "validation_failed");
        assertProblem(own.get("/v3/audit?from=yesterday"), 422, "validation_failed");
        assertProblem(OPERATOR.keyFor(tenant, "usage:read").get("/v3/audit"), 403, "insufficient_scope");
    }

    private static void assertProblem(Api.Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.code()).isEqualTo(code);
    }
}
