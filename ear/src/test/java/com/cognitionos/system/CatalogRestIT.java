package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The catalogue at the REST door, as finance makes it. */
@SharedProduct
class CatalogRestIT {

    private static final Api OPERATOR = Product.shared().api();

    private final List<String> sold = new ArrayList<>();

    @AfterEach
    void sellNothingMore() {
        sold.forEach(version -> OPERATOR.post(version + "/archive", "").expect(200));
    }

    private static String unique() {
        return "t" + UUID.randomUUID().toString().replace('-', '_');
    }

    static String plans(String tier) {
        return "/v3/catalog/plans/" + tier;
    }

    /** A plan's first draft: so many cents a month, tokens in packages. */
    static String plan(String tier, long cents) {
        return """
                {"tier": "%s", "name": "Gold", "grain": "day",
                 "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": %d},
                            {"billing_cycle": "monthly", "currency": "EUR", "amount_cents": %d}],
                 "meters": [{"meter": "tokens", "included": 1000, "prices": [
                    {"currency": "USD", "model": "package", "package_size": 1000, "package_cents": 25.5},
                    {"currency": "EUR", "model": "per_unit", "unit_cents": 2, "per": 1000, "minimum_cents": 7}]},
                            {"meter": "executions", "included": null}],
                 "commitments": [{"currency": "EUR", "minimum_cents": 100}],
                 "features": {"seats": 3, "agents": null, "workflows": 5, "api_requests_per_minute": 100, "api_keys": 2,
                              "sso": true}}""".formatted(tier, cents, cents);
    }

    /** An add-on's first draft to one plan: 2 dollars each, up to 50. */
    static String addOn(String code, String tier) {
        return """
                {"code": "%s", "name": "Extra", "description": "More of it", "tiers": ["%s"], "maximum_quantity": 50,
                 "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 200},
                            {"billing_cycle": "yearly", "currency": "USD", "amount_cents": 2000}]}""".formatted(code, tier);
    }

    private String publish(String tier, int version, String from) {
        String path = plans(tier) + "/versions/" + version;
        OPERATOR.post(path + "/publish", "{\"valid_from\": \"" + from + "\"}").expect(200);
        sold.add(path);
        return path;
    }

    @Test
    void aPlanIsDraftedChangedPublishedSoldAndArchived() {
        String tier = unique();
        JsonObject draft =
                OPERATOR.post("/v3/catalog/plans", plan(tier, 100)).expect(201).json();
        assertThat(draft.get("status").getAsString()).isEqualTo("draft");
        assertThat(draft.get("valid_from").isJsonNull()).isTrue();
        assertThat(draft.get("grain").getAsString()).isEqualTo("day");
        JsonObject rate = draft.getAsJsonArray("meters")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("prices")
                .get(0)
                .getAsJsonObject();
        assertThat(rate.get("currency").getAsString()).isEqualTo("EUR");
        assertThat(rate.get("unit_cents").getAsInt()).isEqualTo(2);
        assertThat(rate.get("minimum_cents").getAsInt()).isEqualTo(7);

        String first = plans(tier) + "/versions/1";
        JsonObject read = OPERATOR.get(first).expect(200).json();
        assertThat(read).isEqualTo(draft);
        assertThat(OPERATOR.put(first, read.toString()).expect(200).json())
                .as("what is read can be sent back")
                .isEqualTo(draft);
        assertThat(OPERATOR.put(first, plan(tier, 200)).expect(200).text()).contains("\"amount_cents\":200");
        assertThat(publicPlans()).doesNotContain(tier);

        publish(tier, 1, "2026-01-01T00:00:00Z");
        assertThat(publicPlans()).contains(tier);
        refused(OPERATOR.put(first, plan(tier, 300)), 409, "not_a_draft");
        String tenant =
                OPERATOR.testTenant("catalog-" + tier.substring(0, 12).replace('_', '-'), tier, "2026-01-31T00:00:00Z");
        JsonObject current = OPERATOR.forTenant(tenant)
                .get("/v3/subscriptions/current")
                .expect(200)
                .json();
        assertThat(current.get("tier").getAsString()).isEqualTo(tier);
        assertThat(current.get("amount_cents").getAsLong()).isEqualTo(200);

        JsonObject second =
                OPERATOR.post(plans(tier) + "/versions", """
                        {"prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 5000}], "commitments": []}""").expect(201).json();
        assertThat(second.get("version").getAsInt()).isEqualTo(2);
        assertThat(second.getAsJsonArray("meters")).isEqualTo(draft.getAsJsonArray("meters"));
        publish(tier, 2, "2026-02-01T00:00:00Z");
        assertThat(OPERATOR.get(first).expect(200).json().get("valid_to").getAsString())
                .isEqualTo("2026-02-01T00:00:00Z");

        JsonObject dry = move(tier, 2, "{\"tenant_ids\": [\"%s\"], \"dry_run\": true}".formatted(tenant));
        JsonObject preview =
                dry.getAsJsonArray("moves").get(0).getAsJsonObject().getAsJsonObject("preview");
        assertThat(preview.get("net_cents").getAsLong()).isZero();
        JsonObject later = preview.getAsJsonObject("at_period_end");
        assertThat(later.get("net_cents").getAsLong()).isEqualTo(4_800);
        assertThat(later.get("at").getAsString()).isEqualTo("2026-02-28T00:00:00Z");
        assertThat(later.getAsJsonArray("lines"))
                .extracting(line -> line.getAsJsonObject().get("amount_cents").getAsLong())
                .containsExactly(-200L, 5_000L);
        JsonObject moved = move(tier, 2, "{\"from_version\": 1}");
        assertThat(moved.get("more").getAsBoolean()).isFalse();
        assertThat(moved.getAsJsonArray("moves"))
                .extracting(move -> move.getAsJsonObject().get("tenant_id").getAsString(), CatalogRestIT::outcome)
                .containsExactly(tuple(tenant, "moved"));
        assertThat(OPERATOR.forTenant(tenant)
                        .get("/v3/subscriptions/current")
                        .expect(200)
                        .json()
                        .get("amount_cents")
                        .getAsLong())
                .isEqualTo(5_000);
        assertThat(OPERATOR.get("/v3/audit?page_size=100").expect(200).text())
                .contains("plan_version.published", tier + "/2", "plan_version.moved_onto");
    }

    private static String outcome(JsonElement move) {
        return move.getAsJsonObject().get("outcome").getAsString();
    }

    private static JsonObject move(String tier, int version, String body) {
        return OPERATOR.post(plans(tier) + "/versions/" + version + "/moves", body)
                .expect(200)
                .json();
    }

    private static String publicPlans() {
        return new Api(OPERATOR.base(), "").get("/v3/plans").expect(200).text();
    }

    @Test
    void anAddOnIsDraftedPublishedAttachedChangedAndArchived() {
        String tier = unique();
        OPERATOR.post("/v3/catalog/plans", plan(tier, 2_800)).expect(201);
        publish(tier, 1, "2026-01-01T00:00:00Z");
        String code = unique();
        JsonObject draft = OPERATOR.post("/v3/catalog/add-ons", addOn(code, tier))
                .expect(201)
                .json();
        assertThat(draft.get("status").getAsString()).isEqualTo("draft");
        assertThat(draft.getAsJsonArray("prices")
                        .get(0)
                        .getAsJsonObject()
                        .get("timing")
                        .getAsString())
                .isEqualTo("in_advance");
        String first = "/v3/catalog/add-ons/" + code + "/versions/1";
        assertThat(OPERATOR.put(first, draft.toString()).expect(200).json())
                .as("what is read can be sent back")
                .isEqualTo(draft);
        String tenant =
                OPERATOR.testTenant("add-on-" + code.substring(0, 12).replace('_', '-'), tier, "2026-01-31T00:00:00Z");
        Api at = OPERATOR.forTenant(tenant);
        at.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        String own = "/v3/subscriptions/current/add-ons";
        String wanted = "{\"code\": \"%s\", \"quantity\": %d}";
        fault(at.post(own, wanted.formatted(code, 3)), "/code", "unknown_add_on");

        OPERATOR.post(first + "/publish", "{\"valid_from\": \"2026-01-01T00:00:00Z\"}")
                .expect(200);
        sold.add(first);
        refused(OPERATOR.put(first, addOn(code, tier)), 409, "not_a_draft");
        assertThat(at.get(own)
                        .expect(200)
                        .json()
                        .getAsJsonArray("available")
                        .get(0)
                        .getAsJsonObject()
                        .get("unit_cents")
                        .getAsLong())
                .isEqualTo(200);
        OPERATOR.moveClock(tenant, "2026-02-14T00:00:00Z");
        JsonObject preview = at.post(
                        "/v3/subscriptions/current/preview",
                        "{\"action\": \"attach_add_on\", \"add_on\": \"%s\", \"quantity\": 3}".formatted(code))
                .expect(200)
                .json();
        assertThat(preview.get("net_cents").getAsLong()).isEqualTo(300);
        JsonObject held = at.post(own, wanted.formatted(code, 3))
                .expect(201)
                .json()
                .getAsJsonArray("add_ons")
                .get(0)
                .getAsJsonObject();
        assertThat(held.get("amount_cents").getAsLong()).isEqualTo(600);
        JsonObject line =
                at.invoices().get(0).getAsJsonArray("line_items").get(0).getAsJsonObject();
        assertThat(line).isEqualTo(preview.getAsJsonArray("lines").get(0));
        assertThat(line.get("kind").getAsString()).isEqualTo("add_on");
        assertThat(line.get("description").getAsString()).isEqualTo("Extra, a month, part of the period");
        assertThat(line.get("quantity").getAsLong()).isEqualTo(3);
        assertThat(line.get("amount_cents").getAsLong()).isEqualTo(300);
        assertThat(line.get("proration").getAsBoolean()).isTrue();

        refused(at.post(own, wanted.formatted(code, 3)), 409, "add_on_exists");
        fault(at.put(own + "/" + code, "{\"quantity\": 51}"), "/quantity", "out_of_range");
        fault(at.put(own + "/" + code, "{\"quantity\": 0}"), "/quantity", "out_of_range");
        fault(at.put(own + "/" + code, "{}"), "/quantity", "required");
        fault(at.put(own + "/" + code, "{\"version\": 9}"), "/version", "unknown_version");
        at.put(own + "/nothing", "{\"quantity\": 2}").expect(404);
        JsonObject fewer =
                at.put(own + "/" + code, "{\"quantity\": 1}").expect(200).json();
        JsonObject now = fewer.getAsJsonArray("add_ons").get(0).getAsJsonObject();
        assertThat(now.get("quantity").getAsLong())
                .as("less at the period's end")
                .isEqualTo(3);
        assertThat(now.getAsJsonObject("pending").get("quantity").getAsLong()).isEqualTo(1);
        at.delete(own + "/" + code + "?effective=now").expect(200);
        assertThat(at.get("/v3/subscriptions/current").expect(200).json().getAsJsonArray("add_ons"))
                .isEmpty();
        assertThat(at.get("/v3/subscriptions/current")
                        .expect(200)
                        .json()
                        .get("pending_change")
                        .isJsonNull())
                .isTrue();
        JsonObject one = at.post(own, "{\"code\": \"%s\"}".formatted(code))
                .expect(201)
                .json()
                .getAsJsonArray("add_ons")
                .get(0)
                .getAsJsonObject();
        assertThat(one.get("quantity").getAsInt()).as("where none is said").isEqualTo(1);
        OPERATOR.post(first + "/archive", "").expect(200);
        sold.remove(first);
        refused(OPERATOR.post(first + "/archive", ""), 409, "wrong_state");
        at.put(own + "/" + code, "{\"quantity\": 2}").expect(200);
        at.delete(own + "/" + code + "?effective=now").expect(200);
        fault(at.post(own, wanted.formatted(code, 3)), "/code", "unknown_add_on");
        assertThat(OPERATOR.get("/v3/catalog/add-ons").expect(200).text()).contains(code);
        assertThat(OPERATOR.get("/v3/audit?target=" + code + "/1").expect(200).text())
                .contains(
                        "add_on_version.drafted",
                        "add_on_version.changed",
                        "add_on_version.published",
                        "add_on_version.archived");
    }

    @Test
    void anAddOnsFaultsAreToldWhereTheyAre() {
        refused(OPERATOR.get("/v3/catalog/add-ons/nothing/versions/1"), 404, "not_found");
        fault(OPERATOR.post("/v3/catalog/add-ons", "{}"), "/code", "required");
        fault(OPERATOR.post("/v3/catalog/add-ons", addOn("No Code", "pro")), "/code", "malformed");
        fault(OPERATOR.post("/v3/catalog/add-ons", addOn(unique(), "nonsense")), "/tiers/0", "unknown_tier");
        String code = unique();
        OPERATOR.post("/v3/catalog/add-ons", addOn(code, "pro")).expect(201);
        refused(OPERATOR.post("/v3/catalog/add-ons", addOn(code, "pro")), 409, "add_on_exists");
        String draft = "/v3/catalog/add-ons/" + code + "/versions/1";
        fault(OPERATOR.put(draft, addOn(code, "pro").replace("50", "0")), "/maximum_quantity", "out_of_range");
        fault(OPERATOR.put(draft, addOn(code, "pro").replace("USD", "XYZ")), "/prices/0/currency", "unknown_currency");
        fault(OPERATOR.put(draft, addOn(code, "pro").replace("yearly", "monthly")), "/prices/1", "duplicate");
        fault(OPERATOR.post("/v3/catalog/add-ons/" + code + "/versions", "{\"tiers\": []}"), "/tiers", "required");
        refused(OPERATOR.post(draft + "/archive", ""), 409, "wrong_state");
        String quantities = "\"minimum_quantity\": %d, \"maximum_quantity\": %d";
        String most = "\"maximum_quantity\": 50";
        fault(
                OPERATOR.put(draft, addOn(code, "pro").replace(most, quantities.formatted(9, 8))),
                "/maximum_quantity",
                "out_of_range");
        fault(
                OPERATOR.put(draft, addOn(code, "pro").replace(most, quantities.formatted(0, 8))),
                "/minimum_quantity",
                "out_of_range");
        fault(
                OPERATOR.post(
                        draft + "/publish",
                        "{\"valid_from\": \"2026-02-01T00:00:00Z\", \"valid_to\": \"2026-02-01T00:00:00Z\"}"),
                "/valid_to",
                "empty_span");
        OPERATOR.post(draft + "/publish", "{\"valid_from\": \"2026-01-01T00:00:00Z\"}")
                .expect(200);
        sold.add(draft);
        refused(OPERATOR.post(draft + "/publish", "{}"), 409, "not_a_draft");
        String second = "/v3/catalog/add-ons/" + code + "/versions/2";
        OPERATOR.post("/v3/catalog/add-ons/" + code + "/versions", "{}").expect(201);
        fault(
                OPERATOR.post(second + "/publish", "{\"valid_from\": \"2025-01-01T00:00:00Z\"}"),
                "/valid_from",
                "validity_overlap");
        OPERATOR.post(second + "/publish", "{\"valid_from\": \"2026-02-01T00:00:00Z\"}")
                .expect(200);
        sold.add(second);
        assertThat(OPERATOR.get(draft).expect(200).json().get("valid_to").getAsString())
                .as("the later one takes its place")
                .isEqualTo("2026-02-01T00:00:00Z");
        OPERATOR.post("/v3/catalog/add-ons/no_such_add_on/versions", "{}").expect(404);
    }

    @Test
    void theSeededPlansReadAsBefore() {
        JsonArray plans =
                new Api(OPERATOR.base(), "").get("/v3/plans").expect(200).json().getAsJsonArray("plans");
        JsonObject pro = null;
        for (JsonElement each : plans) {
            if (each.getAsJsonObject().get("tier").getAsString().equals("pro")) {
                pro = each.getAsJsonObject();
            }
        }
        assertThat(pro).isNotNull();
        List<Tuple> overage = new ArrayList<>();
        pro.getAsJsonArray("meters").forEach(meter -> {
            JsonElement price = meter.getAsJsonObject().get("overage");
            if (price.isJsonObject()) {
                overage.add(tuple(
                        meter.getAsJsonObject().get("meter").getAsString(),
                        meter.getAsJsonObject().get("included").getAsString(),
                        price.getAsJsonObject().get("cents").getAsString(),
                        price.getAsJsonObject().get("per").getAsString()));
            }
        });
        assertThat(overage)
                .containsExactly(
                        tuple("executions", "10000", "10", "1"),
                        tuple("tokens", "10000000", "2", "1000"),
                        tuple("api_calls", "100000", "0.1", "1"),
                        tuple("storage_mb", "10000", "50", "1024"));
        assertThat(pro.getAsJsonObject("features").get("seats").getAsInt()).isEqualTo(10);
        assertThat(OPERATOR.get("/v3/catalog/plans")
                        .expect(200)
                        .json()
                        .getAsJsonArray("plans")
                        .get(0)
                        .getAsJsonObject()
                        .get("tier")
                        .getAsString())
                .isEqualTo("free");
    }

    @Test
    void meters() {
        String code = unique();
        String meter = "{\"code\": \"%s\", \"name\": \"Pages\", \"aggregation\": \"%s\", \"unit\": \"page\"}";
        assertThat(OPERATOR.post("/v3/catalog/meters", meter.formatted(code, "sum"))
                        .expect(201)
                        .json()
                        .get("name")
                        .getAsString())
                .isEqualTo("Pages");
        assertThat(OPERATOR.get("/v3/catalog/meters").expect(200).text()).contains(code);
        refused(OPERATOR.post("/v3/catalog/meters", meter.formatted(code, "sum")), 409, "meter_exists");
        String things = """
                {"code": "%s", "name": "People", "aggregation": "%s", "unit": "person", "unique_by": "user",
                 "dimensions": ["region", "team"]}""";
        JsonObject people = OPERATOR.post("/v3/catalog/meters", things.formatted(unique(), "unique_count"))
                .expect(201)
                .json();
        assertThat(people.get("unique_by").getAsString()).isEqualTo("user");
        assertThat(people.getAsJsonArray("dimensions").toString()).isEqualTo("[\"region\",\"team\"]");
        assertThat(OPERATOR.post("/v3/catalog/meters", meter.formatted(unique(), "unique_count"))
                        .expect(201)
                        .json()
                        .get("unique_by")
                        .getAsString())
                .isEqualTo("subject");
        for (String kind : List.of("count", "max", "latest")) {
            OPERATOR.post("/v3/catalog/meters", meter.formatted(unique(), kind)).expect(201);
        }
        fault(OPERATOR.post("/v3/catalog/meters", things.formatted(unique(), "sum")), "/unique_by", "not_unique_count");
        fault(
                OPERATOR.post(
                        "/v3/catalog/meters",
                        things.formatted(unique(), "unique_count").replace("\"team\"", "\"model\"")),
                "/dimensions",
                "malformed");
        fault(
                OPERATOR.post("/v3/catalog/meters", meter.formatted(unique(), "median")),
                "/aggregation",
                "unknown_aggregation");
        fault(OPERATOR.post("/v3/catalog/meters", meter.formatted("No Code", "sum")), "/code", "malformed");
        fault(OPERATOR.post("/v3/catalog/meters", "{}"), "/name", "required");
        String tenant = OPERATOR.testTenant("catalog-meters", "pro", "2026-01-31T00:00:00Z");
        assertThat(OPERATOR.forTenant(tenant)
                        .post("/v3/usage/events", "{\"id\": \"1\", \"meter\": \"%s\", \"quantity\": 3}".formatted(code))
                        .expect(202)
                        .json()
                        .get("accepted")
                        .getAsInt())
                .isEqualTo(1);
    }

    @Test
    void currencies() {
        String tier = unique();
        OPERATOR.post("/v3/catalog/plans", plan(tier, 900)).expect(201);
        publish(tier, 1, "2026-01-01T00:00:00Z");
        String tenant = OPERATOR.testTenant("catalog-euro", "free", "2026-01-31T00:00:00Z");
        Api at = OPERATOR.forTenant(tenant);
        at.post("/v3/subscriptions/cancel", "{\"immediate\": true}").expect(200);
        String wanted = "{\"tier\": \"%s\", \"billing_cycle\": \"monthly\", \"currency\": \"%s\"}";
        fault(at.post("/v3/subscriptions", wanted.formatted(tier, "GBP")), "/currency", "no_price_in_currency");
        fault(at.post("/v3/subscriptions", wanted.formatted(tier, "euro")), "/currency", "unknown_currency");
        fault(at.post("/v3/subscriptions", wanted.formatted("nonsense", "EUR")), "/tier", "unknown_tier");
        JsonObject current = at.post("/v3/subscriptions", wanted.formatted(tier, "EUR"))
                .expect(201)
                .json();
        assertThat(current.get("currency").getAsString()).isEqualTo("EUR");
        fault(at.post("/v3/subscriptions/upgrade", "{\"tier\": \"pro\"}"), "/tier", "no_price_in_currency");
    }

    @Test
    void contractsAreTheirTenantsAlone() {
        String own = OPERATOR.testTenant("catalog-own", "enterprise", "2026-01-31T00:00:00Z");
        String other = OPERATOR.testTenant("catalog-other", "enterprise", "2026-01-31T00:00:00Z");
        JsonObject contract = OPERATOR.post("/v3/catalog/contracts", """
                        {"tenant_id": "%s", "based_on": {"tier": "enterprise", "version": 1}, "name": "Own terms",
                         "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 77700}],
                         "commitments": [{"currency": "USD", "minimum_cents": 90000}]}""".formatted(own))
                .expect(201)
                .json();
        assertThat(contract.get("status").getAsString()).isEqualTo("contract");
        assertThat(contract.get("tenant_id").getAsString()).isEqualTo(own);
        assertThat(OPERATOR.get("/v3/catalog/contracts").expect(200).text()).contains("Own terms");
        assertThat(OPERATOR.get("/v3/catalog/plans").expect(200).text()).doesNotContain("Own terms");
        assertThat(publicPlans()).doesNotContain("77700");
        JsonObject result = move(
                "enterprise",
                contract.get("version").getAsInt(),
                "{\"tenant_ids\": [\"%s\", \"%s\"]}".formatted(other, own));
        assertThat(result.getAsJsonArray("moves"))
                .extracting(CatalogRestIT::outcome)
                .containsExactly("failed", "moved");
        OPERATOR.moveClock(own, "2026-03-01T00:00:00Z");
        assertThat(OPERATOR.forTenant(own).invoices())
                .extracting(invoice -> invoice.get("total_cents").getAsLong())
                .as("the price with the rest of the commitment, as the month ends")
                .containsExactly(90_000L);
        assertThat(OPERATOR.forTenant(other)
                        .get("/v3/subscriptions/current")
                        .expect(200)
                        .json()
                        .get("amount_cents")
                        .getAsLong())
                .isZero();

        String base = "\"based_on\": {\"tier\": \"enterprise\", \"version\": 1}";
        fault(
                contract("{\"tenant_id\": \"%s\", %s}".formatted(UUID.randomUUID(), base)),
                "/tenant_id",
                "unknown_tenant");
        fault(contract("{\"tenant_id\": \"nobody\", %s}".formatted(base)), "/tenant_id", "invalid_id");
        fault(contract("{%s}".formatted(base)), "/tenant_id", "required");
        fault(contract("{\"tenant_id\": \"%s\"}".formatted(own)), "/based_on", "required");
        fault(
                contract(
                        "{\"tenant_id\": \"%s\", \"based_on\": {\"tier\": \"pro\", \"version\": 9999}}".formatted(own)),
                "/based_on",
                "unknown_version");
        fault(
                contract("{\"tenant_id\": \"%s\", %s, \"prices\": [{}]}".formatted(own, base)),
                "/prices/0/currency",
                "required");
        fault(
                contract("{\"tenant_id\": \"%s\", %s, \"valid_from\": \"soon\"}".formatted(own, base)),
                "/valid_from",
                "invalid_timestamp");
    }

    private static Api.Reply contract(String body) {
        return OPERATOR.post("/v3/catalog/contracts", body);
    }

    @Test
    void whatMakesNoSenseIsRefusedWithItsReason() {
        String tier = unique();
        fault(OPERATOR.post("/v3/catalog/plans", "{}"), "/tier", "required");
        fault(OPERATOR.post("/v3/catalog/plans", plan("Gold Plan", 1)), "/tier", "malformed");
        fault(
                OPERATOR.post("/v3/catalog/plans", plan(tier, 1).replace("tokens", "bananas")),
                "/meters/0/meter",
                "unknown_meter");
        fault(
                OPERATOR.post("/v3/catalog/plans", plan(tier, 1).replace("EUR", "XXZ")),
                "/prices/1/currency",
                "unknown_currency");
        fault(OPERATOR.post("/v3/catalog/plans", plan(tier, -1)), "/prices/0/amount_cents", "out_of_range");
        fault(
                OPERATOR.post("/v3/catalog/plans", plan(tier, 1).replace("25.5", "1e400")),
                "/meters/0/prices/0/package_cents",
                "out_of_range");
        fault(
                OPERATOR.post("/v3/catalog/plans", plan(tier, 1).replace("{\"tier\"", "{\"position\": 0, \"tier\"")),
                "/position",
                "out_of_range");
        fault(
                OPERATOR.post("/v3/catalog/plans", plan(tier, 1).replace("{\"tier\"", "{\"position\": 200, \"tier\"")),
                "/position",
                "taken");
        OPERATOR.get(plans(tier) + "/versions/1").expect(404);
        OPERATOR.post("/v3/catalog/plans", plan(tier, 1)).expect(201);
        refused(OPERATOR.post("/v3/catalog/plans", plan(tier, 1)), 409, "plan_exists");
        OPERATOR.get(plans(tier) + "/versions/one").expect(404);
        OPERATOR.post(plans("no_such_plan") + "/versions", "{}").expect(404);
        fault(OPERATOR.post(plans(tier) + "/versions", "{\"from_version\": 7}"), "/from_version", "unknown_version");
        fault(OPERATOR.post(plans(tier) + "/versions", "{\"from_version\": \"x\"}"), "/from_version", "wrong_type");

        String first = plans(tier) + "/versions/1";
        refused(OPERATOR.post(first + "/archive", ""), 409, "wrong_state");
        refused(OPERATOR.post(first + "/moves", "{\"from_version\": 2}"), 409, "wrong_state");
        fault(
                OPERATOR.post(
                        first + "/publish",
                        "{\"valid_from\": \"2026-02-01T00:00:00Z\", \"valid_to\": \"2026-01-01T00:00:00Z\"}"),
                "/valid_to",
                "empty_span");
        fault(OPERATOR.post(first + "/publish", "{\"valid_from\": \"today\"}"), "/valid_from", "invalid_timestamp");
        publish(tier, 1, "2026-01-01T00:00:00Z");
        refused(OPERATOR.post(first + "/publish", "{}"), 409, "not_a_draft");
        OPERATOR.post(plans(tier) + "/versions", "{}").expect(201);
        fault(
                OPERATOR.post(plans(tier) + "/versions/2/publish", "{\"valid_from\": \"2025-01-01T00:00:00Z\"}"),
                "/valid_from",
                "validity_overlap");
        fault(OPERATOR.post(first + "/moves", "{}"), "/tenant_ids", "required");
        fault(OPERATOR.post(first + "/moves", "{\"from_version\": 1}"), "/from_version", "no_change");
        fault(
                OPERATOR.post(first + "/moves", "{\"tenant_ids\": [], \"from_version\": 2, \"effective\": \"soon\"}"),
                "/effective",
                "unknown_value");
        OPERATOR.post(plans(tier) + "/versions/9/moves", "{\"from_version\": 1}")
                .expect(404);
        String nobody = UUID.randomUUID().toString();
        assertThat(move(tier, 1, "{\"tenant_ids\": [\"%s\"]}".formatted(nobody)).getAsJsonArray("moves"))
                .extracting(CatalogRestIT::outcome)
                .containsExactly("failed");
        String tenant = OPERATOR.testTenant("catalog-tenant", "pro", "2026-01-31T00:00:00Z");
        refused(OPERATOR.keyFor(tenant, "subscriptions:read").get("/v3/catalog/plans"), 403, "insufficient_scope");
    }

    @Test
    void aChargeOfOnce() {
        String tenant = OPERATOR.testTenant("catalog-charge", "free", "2026-01-31T00:00:00Z");
        String body = "{\"tenant_id\": \"%s\", \"description\": \"%s\", \"amount_cents\": %s}";
        String charges = "/v3/finance/charges";
        JsonObject charge = OPERATOR.post(charges, body.formatted(tenant, "Training", "15000"))
                .expect(201)
                .json();
        assertThat(charge.get("currency").getAsString()).isEqualTo("USD");
        assertThat(charge.get("invoice_id").isJsonNull()).isTrue();
        String other = OPERATOR.post(charges, body.formatted(tenant, "A mistake", "7"))
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        OPERATOR.delete(charges + "/" + tenant + "/" + other).expect(204);
        OPERATOR.delete(charges + "/" + tenant + "/" + other).expect(404);
        OPERATOR.moveClock(tenant, "2026-03-01T00:00:00Z");
        List<JsonObject> invoices = OPERATOR.forTenant(tenant).invoices();
        assertThat(invoices)
                .extracting(invoice -> invoice.get("total_cents").getAsLong())
                .containsExactly(15_000L);
        assertThat(OPERATOR.get(charges + "?tenant_id=" + tenant).expect(200).text())
                .contains(invoices.get(0).get("id").getAsString())
                .doesNotContain("A mistake");
        refused(OPERATOR.delete(charges + "/" + tenant + "/" + charge.get("id").getAsString()), 409, "wrong_state");
        fault(OPERATOR.post(charges, body.formatted(tenant, "Nothing", "0")), "/amount_cents", "out_of_range");
        fault(OPERATOR.post(charges, body.formatted(tenant, " ", "5")), "/description", "length");
        fault(OPERATOR.post(charges, body.formatted(UUID.randomUUID(), "x", "5")), "/tenant_id", "unknown_tenant");
        fault(OPERATOR.get(charges), "/tenant_id", "required");
        OPERATOR.forTenant(tenant)
                .post("/v3/subscriptions/cancel", "{\"immediate\": true}")
                .expect(200);
        refused(OPERATOR.post(charges, body.formatted(tenant, "Late", "5")), 409, "no_subscription");
    }

    private static void refused(Api.Reply reply, int status, String code) {
        assertThat(reply.expect(status).code()).isEqualTo(code);
    }

    private static void fault(Api.Reply reply, String pointer, String code) {
        List<Tuple> faults = new ArrayList<>();
        reply.expect(422)
                .json()
                .getAsJsonArray("errors")
                .forEach(error -> faults.add(tuple(
                        error.getAsJsonObject().get("pointer").getAsString(),
                        error.getAsJsonObject().get("code").getAsString())));
        assertThat(faults).contains(tuple(pointer, code));
    }
}
