package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.system.Wire.Answer;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody tries who means harm: odd bytes, odd paths, odd headers, odd bodies. */
@SharedProduct
@DisplayName("Attacks")
class AttackIT {

    private static final Product PRODUCT = Product.shared();
    private static final Api OPERATOR = PRODUCT.api();
    private static final Wire WIRE = new Wire(PRODUCT.port());
    private static final String MARK = UUID.randomUUID().toString().substring(0, 8);
    private static final String OURS = "attack-a-" + MARK;
    private static final String THEIRS = "attack-b-" + MARK;

    private static String tenant;
    private static String other;
    private static Api key;
    private static Api otherKey;
    private static String bearer;

    @BeforeAll
    static void tenants() {
        tenant = tenant(OURS);
        other = tenant(THEIRS);
        key = keyOf(tenant);
        otherKey = keyOf(other);
        bearer = "Authorization: Bearer " + key.key();
    }

    private static String tenant(String slug) {
        String id = OPERATOR.testTenant(slug, "team", "2026-01-31T00:00:00Z");
        OPERATOR.withoutRateLimit(id);
        return id;
    }

    private static Api keyOf(String tenantId) {
        return OPERATOR.keyFor(
                tenantId,
                "usage:write",
                "usage:read",
                "subscriptions:read",
                "invoices:read",
                "invoices:write",
                "tenants:read",
                "tenants:write",
                "keys:read",
                "keys:write");
    }

    // Methods

    @ParameterizedTest
    @ValueSource(
            strings = {"HEAD", "OPTIONS", "TRACE", "PATCH", "CONNECT", "PROPFIND", "get", "FOO", "GETX", "PUT", "DELETE"
            })
    @DisplayName("No method gets at what is closed, and none echoes the request")
    void noMethodOpensWhatIsClosed(String method) {
        for (String path : List.of("/api/v3/invoices", "/api/v3/tenants/" + tenant, "/api/v3/api-keys", "/home")) {
            for (String who : List.of("X-Nobody: here", bearer)) {
                Answer answer = WIRE.request(method, path, "", who);
                assertThat(answer.status())
                        .as(method + " " + path)
                        .isLessThan(502)
                        .isNotEqualTo(500);
                assertThat(answer.text()).as(method + " " + path).doesNotContain("X-Nobody", key.key());
                if (!who.equals(bearer) && !method.equals("OPTIONS")) {
                    assertThat(answer.status()).as(method + " " + path).matches(status -> status < 200 || status > 299);
                }
            }
        }
    }

    @Test
    @DisplayName("A header or a parameter does not turn one method into another")
    void methodsAreNotOverridden() {
        String card = key.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}")
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        for (String header : List.of(
                "X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method", "X-Http-Method-Override", "_method")) {
            assertThat(WIRE.get("/api/v3/payment-methods/" + card, bearer, header + ": DELETE")
                            .status())
                    .isEqualTo(405);
            assertThat(WIRE.request(
                                    "POST",
                                    "/api/v3/payment-methods/" + card + "?_method=DELETE",
                                    "",
                                    bearer,
                                    header + ": DELETE")
                            .status())
                    .isEqualTo(405);
        }
        assertThat(key.get("/v3/payment-methods").text()).contains(card);
    }

    // Paths

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//api/v3/invoices",
                "/api//v3/invoices",
                "/api/v3//invoices",
                "/api/v3/invoices/",
                "/api/v3/invoices//",
                "/api/v3/./invoices",
                "/api/v3/plans/../invoices",
                "/api/v3/plans/%2e%2e/invoices",
                "/api/v3/plans/.%2e/invoices",
                "/api/v3/plans/..;/invoices",
                "/api/v3/plans/..;x=y/invoices",
                "/api/v3/plans;/../invoices",
                "/api/v3/invoices;",
                "/api/v3/invoices;x=1",
                "/api/v3;a=b/invoices",
                "/api;a=b/v3/invoices",
                "/API/V3/invoices",
                "/api/V3/INVOICES",
                "/api/v3/%69nvoices",
                "/api/v3/%2569nvoices",
                "/api/v3/invoices%2f",
                "/api/v3/invoices%2F..%2fplans",
                "/api/v3/plans%2f..%2finvoices",
                "/api/v3/invoices%00",
                "/api/v3/invoices%20",
                "/api/v3/invoices%0a",
                "/api/v3/invoices.json",
                "/api/v3/plans/%c0%ae%c0%ae/invoices",
                "/api/v3\\invoices",
                "/api/v3/plans/%5c..%5cinvoices",
                "/api/v3/invoices?;/plans",
                "/api/v3/invoices#/plans",
                "/api/v3/plans/../../v3/invoices",
                "/api/../api/v3/invoices",
                "/sign-in/../api/v3/invoices",
                "/api/unserved/../v3/invoices",
                "http://localhost/api/v3/invoices",
                "/api/v3/plans/invoices",
                "/api/v3/finance/trial-balance/",
                "/api/v3/finance/../finance/trial-balance"
            })
    @DisplayName("However the path is written, nobody gets in without a key")
    void pathsAreReadOneWay(String target) {
        Answer nobody = WIRE.get(target);
        assertThat(nobody.status()).as(nobody.text()).isIn(0, 301, 302, 400, 401, 403, 404, 405, 414);
        Answer weak = WIRE.get(target, "Authorization: Bearer " + weakKey());
        assertThat(weak.status()).as(weak.text()).isIn(0, 301, 302, 400, 401, 403, 404, 405, 414);
    }

    private static String weak = "";

    private static synchronized String weakKey() {
        if (weak.isEmpty()) {
            weak = OPERATOR.keyFor(tenant, "entitlements:read").key();
        }
        return weak;
    }

    @Test
    @DisplayName("However the path is written, another tenant's id in it opens nothing")
    void foreignIdsInPaths() {
        String upper = other.toUpperCase(java.util.Locale.ROOT);
        String encoded = other.replaceFirst("^(.)", "%" + Integer.toHexString(other.charAt(0)));
        for (String rest : List.of("", "/settings", "/test-clock")) {
            for (String id : List.of(
                    other,
                    upper,
                    encoded,
                    other + ";",
                    other + ";x=" + tenant,
                    tenant + "/../" + other,
                    tenant + ";/../" + other,
                    tenant + "/%2e%2e/" + other,
                    "/" + other,
                    "./" + other,
                    tenant + "/..;/" + other,
                    other + "%20",
                    "{" + other + "}",
                    other + "," + tenant,
                    tenant + "%2f..%2f" + other,
                    "%2f" + other)) {
                for (String base : List.of(
                        "/api/v3/tenants/",
                        "/api//v3/tenants/",
                        "/api/v3//tenants/",
                        "/api/v3/tenants;a=" + tenant + "/")) {
                    Answer answer = WIRE.get(base + id + rest, bearer);
                    assertThat(answer.status()).as(base + id + rest).isIn(0, 400, 403, 404, 405);
                    assertThat(answer.text()).as(base + id + rest).doesNotContain(THEIRS);
                }
            }
        }
        // The platform's own key is read by the same rules: what it names is what it gets.
        assertThat(OPERATOR.get("/v3/tenants/" + upper).expect(200).text()).contains(THEIRS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/home",
                "/home/",
                "//home",
                "/home.xhtml",
                "/home.xhtml/",
                "/home;x=1",
                "/home;jsessionid=1",
                "/./home",
                "/sign-in/../home",
                "/sign-in/..;/home",
                "/sign-in;/../home",
                "/sign-in%2f..%2fhome",
                "/%68ome",
                "/HOME",
                "/home%00",
                "/home%20",
                "/home.jsf",
                "/faces/home.xhtml",
                "/jakarta.faces.resource/../home",
                "/jakarta.faces.resource/..;/home",
                "/jakarta.faces.resource/%2e%2e/home",
                "/jakarta.faces.resource/..%2fhome.xhtml",
                "/jakarta.faces.resource/home.xhtml",
                "/keys",
                "/keys.xhtml",
                "/invoice-pdf",
                "/invoice-pdf/",
                "/invoice-pdf;x",
                "/billing?x=/sign-in",
                "/billing#/sign-in",
                "/WEB-INF/web.xml",
                "/%57EB-INF/web.xml",
                "/web-inf/web.xml",
                "/WEB-INF./web.xml",
                "/WEB-INF/layout/page.xhtml",
                "/META-INF/MANIFEST.MF",
                "/sign-in/../WEB-INF/web.xml",
                "/jakarta.faces.resource/web.xml.xhtml?ln=../WEB-INF",
                "/jakarta.faces.resource/../WEB-INF/web.xml.xhtml",
                "/jakarta.faces.resource/web.xml.xhtml?ln=..&loc=WEB-INF",
                "/jakarta.faces.resource/WEB-INF/web.xml",
                "/resources/portal/tokens.css",
                "/.git/config",
                "/api/WEB-INF/web.xml",
                "/jakarta.faces.resource/%252e%252e/WEB-INF/web.xml.xhtml"
            })
    @DisplayName("However the address is written, nobody sees a page or a file of the portal without a session")
    void pagesAreClosedHoweverTheyAreCalled(String target) {
        Answer answer = WIRE.get(target);
        // The server's own word for an address that it cannot decode, which says nothing more.
        boolean undecodable = answer.status() == 500 && answer.text().endsWith("\r\n\r\nThe request failed");
        assertThat(undecodable ? 400 : answer.status()).as(answer.text()).isIn(0, 301, 302, 400, 401, 403, 404, 405);
        assertThat(answer.text())
                .doesNotContain("id=\"tenant-name\"", "<web-app", "Manifest-Version", "ui:composition", "[core]");
    }

    @Test
    @DisplayName("An address of any length is answered, or refused, without a failure")
    void overlongAddresses() {
        for (int length : List.of(4_000, 9_000, 40_000)) {
            String much = "x".repeat(length);
            for (String target : List.of(
                    "/api/v3/" + much,
                    "/api/v3/invoices/" + much,
                    "/api/v3/invoices?page=" + much,
                    "/" + much,
                    "/sign-in?to=/" + much)) {
                assertThat(WIRE.get(target, bearer).status())
                        .as(target.substring(0, 30))
                        .isIn(0, 200, 302, 400, 404, 414, 422, 431);
            }
            assertThat(WIRE.get("/api/v3/invoices", bearer, "X-Much: " + much).status())
                    .isIn(0, 200, 400, 431);
            assertThat(WIRE.get("/api/v3/invoices", "Authorization: Bearer " + much)
                            .status())
                    .isIn(0, 400, 401, 431);
        }
        assertThat(WIRE.get("/api/v3/usage?meter=tokens" + "&x=y".repeat(15_000), bearer)
                        .status())
                .isIn(0, 200, 400, 414, 431);
    }

    // Headers

    @Test
    @DisplayName("However a header names it, another tenant is forbidden")
    void tenantHeadersAreNotSmuggled() {
        List<List<String>> smuggled = List.of(
                List.of("X-Tenant-ID: " + other),
                List.of("x-tenant-id: " + other),
                List.of("X-Tenant-ID: " + tenant, "X-Tenant-ID: " + other),
                List.of("X-Tenant-ID: " + other, "X-Tenant-ID: " + tenant),
                List.of("X-Tenant-ID: " + tenant + ", " + other),
                List.of("X-Tenant-ID: " + other + "," + tenant),
                List.of("X-Tenant-ID: " + tenant, "X-Tenant-Slug: " + THEIRS),
                List.of("X-Tenant-ID: " + other, "X-Tenant-Slug: " + OURS),
                List.of("X-Tenant-Slug: " + OURS, "X-Tenant-Slug: " + THEIRS),
                List.of("X-Tenant-Slug: " + OURS + "," + THEIRS),
                List.of("X-Tenant-Slug: " + THEIRS.toUpperCase(java.util.Locale.ROOT)),
                List.of("X-Tenant-ID:   " + other + "\t"),
                List.of("X-Tenant-ID: " + other + " " + tenant),
                List.of("X-Tenant-ID: " + other + ";" + tenant),
                List.of("X-Tenant-ID: {" + other + "}"),
                List.of("X-Tenant-ID: urn:uuid:" + other),
                List.of("X-Tenant-ID: " + THEIRS),
                List.of("X-Tenant-Slug: " + other),
                List.of("X-Tenant-ID: "),
                List.of("X-Tenant-ID: null"),
                List.of("X-Tenant-ID: *"),
                List.of("X-Tenant-ID: ' OR '1'='1"),
                List.of("X-Tenant-Slug: %"));
        for (List<String> headers : smuggled) {
            List<String> all = new ArrayList<>(headers);
            all.add(bearer);
            Answer answer = WIRE.get("/api/v3/tenants/" + tenant, all.toArray(String[]::new));
            assertThat(answer.status()).as(headers.toString()).isIn(400, 403);
            assertThat(answer.text()).as(headers.toString()).doesNotContain("billing_email", THEIRS + "\"");
        }
        for (String ambiguous : List.of("X-Tenant-Slug: " + THEIRS, "X-Tenant-ID: " + other)) {
            assertThat(WIRE.get(
                                    "/api/v3/invoices",
                                    "Authorization: Bearer " + OPERATOR.key(),
                                    "X-Tenant-ID: " + tenant,
                                    ambiguous)
                            .text())
                    .contains("\"tenant_ambiguous\"");
        }
    }

    @Test
    @DisplayName("One key counts, and what is not one is none")
    void oneKeyCounts() {
        String mine = "Authorization: Bearer " + key.key();
        for (List<String> headers : List.of(
                List.of(mine, "X-API-Key: " + otherKey.key()),
                List.of(mine, "Authorization: Bearer " + otherKey.key()),
                List.of("Authorization: Bearer nonsense", "X-API-Key: " + otherKey.key()),
                List.of("Authorization: Bearer " + key.key() + "," + otherKey.key()),
                List.of("Authorization: Bearer " + key.key() + " " + otherKey.key()))) {
            Answer answer = WIRE.get("/api/v3/subscriptions/current", headers.toArray(String[]::new));
            assertThat(answer.status()).as(headers.toString()).isIn(200, 400, 401);
            assertThat(answer.text()).as("whose key counts").doesNotContain(other);
        }
        for (String wrong : List.of(
                "Authorization: Bearer",
                "Authorization: Bearer ",
                "Authorization: " + key.key(),
                "Authorization: Basic " + key.key(),
                "Authorization: Bearer " + key.key().toUpperCase(java.util.Locale.ROOT),
                "Authorization: Bearer " + key.key().substring(0, 12),
                "Authorization: Bearer " + key.key() + "0",
                "Authorization: Bearer cog_%",
                "Authorization: Bearer ' OR '1'='1",
                "Authorization: Bearer null",
                "Cookie: Authorization=" + key.key(),
                "X-API-Key: ")) {
            assertThat(WIRE.get("/api/v3/subscriptions/current", wrong).status())
                    .as(wrong)
                    .isEqualTo(401);
        }
        assertThat(WIRE.get("/api/v3/subscriptions/current?api_key=" + key.key() + "&access_token=" + key.key())
                        .status())
                .as("a key in the address, where logs would keep it")
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: localhost:1\r\nX-Forwarded-Host: evil.example",
                "Host: localhost\r\nHost: evil.example",
                "Host: evil.example:80@localhost",
                "Host: ",
                "Host: localhost\r\nForwarded: host=evil.example",
                "Host: localhost\r\nX-Original-URL: /api/v3/plans",
                "Host: localhost\r\nX-Rewrite-URL: /api/v3/plans",
                "Host: localhost\r\nX-Forwarded-Prefix: /api/v3/plans",
                "Host: localhost\r\nX-Forwarded-For: 127.0.0.1"
            })
    @DisplayName("No header about hosts, addresses or paths opens anything or comes back in a redirect")
    void hostsAreNotBelieved(String header) {
        assertThat(WIRE.get("/api/v3/invoices", header).status()).isIn(0, 400, 401);
        Answer page = WIRE.get("/home", header);
        assertThat(page.status()).isIn(0, 302, 400);
        assertThat(page.header("Location")).doesNotContain("evil");
    }

    @Test
    @DisplayName("Where to go after signing in is on this site")
    void noOpenRedirect() {
        for (String to : List.of(
                "//evil.example",
                "https://evil.example",
                "/\\evil.example",
                "/%09/evil.example",
                "javascript:alert(1)",
                "%2f%2fevil.example",
                "/%5cevil.example",
                "/home%0d%0aX-Evil:%20yes")) {
            Answer answer = WIRE.get("/sign-in?to=" + to);
            assertThat(answer.header("X-Evil")).isEmpty();
            assertThat(answer.text())
                    .as(to)
                    .doesNotContain("name=\"to\" value=\"" + to.replace("%2f", "/"), "value=\"javascript");
        }
    }

    // Bodies

    @Test
    @DisplayName("A body is JSON, says so, and is not larger than we say")
    void bodiesAreWhatTheySay() {
        String body = "{\"name\": \"k\", \"scopes\": [\"usage:read\"]}";
        for (String type : List.of(
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/xml",
                "text/html",
                "application/octet-stream",
                "application/jsonp",
                "text/json")) {
            assertThat(WIRE.request("POST", "/api/v3/api-keys", body, bearer, "Content-Type: " + type)
                            .status())
                    .as(type)
                    .isIn(400, 415);
        }
        assertThat(WIRE.request(
                                "POST",
                                "/api/v3/api-keys",
                                body,
                                bearer,
                                "Content-Type: application/json",
                                "Content-Encoding: gzip")
                        .status())
                .isIn(201, 400, 415);
        String json = "Content-Type: application/json";
        for (String bad : List.of(
                "{\"name\": \"a\", \"name\": \"b\", \"scopes\": [\"usage:read\"]}",
                "[".repeat(200_000),
                "[".repeat(30_000) + "]".repeat(30_000),
                "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000),
                body + body,
                "\uFEFF" + body,
                "{name: 'a'}",
                "{\"name\": \"\\ud800\", \"scopes\": [\"usage:read\"]}",
                "{\"name\": \"a\\u0000b\", \"scopes\": [\"usage:read\"]}",
                "{\"name\": 1e99999999, \"scopes\": [\"usage:read\"]}",
                "{\"name\": {\"$ne\": null}, \"scopes\": [\"usage:read\"]}",
                "NaN",
                "null",
                "\"text\"",
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>")) {
            assertThat(WIRE.request("POST", "/api/v3/api-keys", bad, bearer, json)
                            .status())
                    .as(bad.substring(0, Math.min(60, bad.length())))
                    .isIn(400, 422);
        }
        StringBuilder many = new StringBuilder("{\"metadata\": {\"a0\": 0");
        for (int i = 1; i < 100_000; i++) {
            many.append(",\"a").append(i).append("\": ").append(i);
        }
        assertThat(WIRE.request("PUT", "/api/v3/tenants/" + tenant + "/settings", many + "}}", bearer, json)
                        .status())
                .isIn(400, 413, 422);
        String large = "{\"events\": [\"" + "x".repeat(6_000_000) + "\"]}";
        assertThat(WIRE.request("POST", "/api/v3/usage/events", large, bearer, json)
                        .status())
                .isIn(0, 413);
        String chunk = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";
        assertThat(WIRE.request("POST", "/api/v3/usage/events", chunk, bearer, json, "Transfer-Encoding: chunked")
                        .status())
                .as("without a length said before")
                .isIn(0, 413);
        assertThat(WIRE.request("POST", "/api/v3/usage/events", "", bearer, json, "Content-Length: -1")
                        .status())
                .isIn(0, 400, 422);
        assertThat(WIRE.request(
                                "POST",
                                "/api/v3/api-keys",
                                "0\r\n\r\n",
                                bearer,
                                json,
                                "Transfer-Encoding: chunked",
                                "Content-Length: 3")
                        .status())
                .as("two lengths")
                .isIn(0, 400, 422);
    }

    @Test
    @DisplayName("Fields that are not the caller's to set are not set")
    void noMassAssignment() {
        JsonObject before = key.get("/v3/tenants/" + tenant).expect(200).json();
        key.put("/v3/tenants/" + tenant, """
                {"name": "Renamed", "version": %s, "tier": "enterprise", "status": "churned", "slug": "%s-x", "id": "%s",
                 "test_mode": false, "tenant_id": "%s", "owner_email": "thief@x.example", "trial_ends_at": "2099-01-01T00:00:00Z",
                 "suspended_at": null, "created_at": "2000-01-01T00:00:00Z", "plan_version": 9}""".formatted(before.get("version"), OURS, other, other));
        JsonObject after = key.get("/v3/tenants/" + tenant).expect(200).json();
        for (String field : List.of("id", "slug", "tier", "status", "test_mode", "owner_email", "created_at")) {
            assertThat(after.get(field)).as(field).isEqualTo(before.get(field));
        }
        JsonObject settings =
                key.get("/v3/tenants/" + tenant + "/settings").expect(200).json();
        key.put(
                "/v3/tenants/" + tenant + "/settings",
                "{\"api_rate_limit_per_minute\": 9000000, \"max_users\": 100000}");
        key.put(
                "/v3/tenants/" + tenant + "/settings",
                "{\"tenant_id\": \"" + other + "\", \"version\": 99, \"__proto__\": {\"max_users\": 9}}");
        assertThat(limits(key.get("/v3/tenants/" + tenant + "/settings")
                        .expect(200)
                        .json()))
                .isEqualTo(limits(settings));

        JsonObject made = key.post("/v3/api-keys", """
                        {"name": "k", "scopes": ["usage:read"], "tenant_id": "%s", "key": "cog_%s", "prefix": "cog_00000000",
                         "id": "%s", "created_by": "operator", "platform": true, "last_used_at": "2000-01-01T00:00:00Z"}""".formatted(other, "0".repeat(32), other))
                .expect(201)
                .json();
        assertThat(made.get("id").getAsString()).isNotEqualTo(other);
        assertThat(made.get("key").getAsString()).doesNotContain("0000000000000000");
        assertThat(otherKey.get("/v3/api-keys").text())
                .doesNotContain(made.get("id").getAsString());
        for (String grab : List.of(
                "operator:read", "finance:write", "*", "operator:write usage:read", "usage:read\\noperator:read")) {
            assertThat(key.post("/v3/api-keys", "{\"name\": \"k\", \"scopes\": [\"" + grab + "\"]}")
                            .status())
                    .as(grab)
                    .isIn(400, 403, 422);
        }
        key.post(
                        "/v3/usage/events",
                        "{\"id\": \"grab\", \"meter\": \"tokens\", \"quantity\": 77, \"tenant_id\": \"" + other
                                + "\", \"properties\": {\"tenant_id\": \"" + other + "\"}}")
                .expect(202);
        assertThat(otherKey.get("/v3/usage?meter=tokens&from=2026-01-31&to=2026-02-01")
                        .expect(200)
                        .text())
                .doesNotContain("77");
    }

    private static String limits(JsonObject reply) {
        JsonObject settings = reply.has("settings") ? reply.getAsJsonObject("settings") : reply;
        return settings.get("api_rate_limit_per_minute") + " " + settings.get("max_users");
    }

    private static final List<String> NASTY = List.of(
            "'; DROP TABLE tenants; --",
            "\" OR 1=1 --",
            "x' UNION ALL TABLE api_keys --",
            "%' OR '1'='1",
            "\\'; SELECT pg_sleep(20); --",
            "$1",
            "$$; SELECT 1; $$",
            "?",
            "??| array['a']",
            "{}'::jsonb || '{\"a\": 1}",
            "a\\u0000b",
            "\u0000",
            "\uD83D",
            "\u202E\uFEFF\u0301",
            "#{7*7}${7*7}",
            "${jndi:ldap://localhost/x}",
            "<script>alert(1)</script>",
            "../../../../etc/passwd",
            "file:///etc/passwd",
            "a\r\nX-Evil: yes",
            "%n%s%x",
            "true",
            "9".repeat(400),
            "x".repeat(3_000));

    @Test
    @DisplayName("Whatever stands in a text, it is a text: stored as it is, or refused, never run")
    void textsAreTexts() {
        for (String nasty : NASTY) {
            String asJson = new JsonPrimitive(nasty).toString();
            // Half a pair does not outlive the way through UTF-8.
            String sent = new String(nasty.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            String shown = nasty.substring(0, Math.min(30, nasty.length()));
            Api.Reply made = key.post("/v3/api-keys", "{\"name\": " + asJson + ", \"scopes\": [\"usage:read\"]}");
            assertThat(made.status()).as(shown).isIn(201, 402, 400, 422);
            if (made.status() == 201) {
                assertThat(key.get("/v3/api-keys").expect(200).json().toString())
                        .contains(new JsonPrimitive(sent).toString());
                key.delete("/v3/api-keys/" + made.json().get("id").getAsString())
                        .expect(204);
            }
            JsonObject event = new JsonObject();
            event.addProperty("id", nasty);
            event.addProperty("meter", nasty);
            event.addProperty("quantity", 1);
            event.addProperty("subject", nasty);
            JsonObject properties = new JsonObject();
            properties.addProperty(nasty, nasty);
            event.add("properties", properties);
            JsonObject metered = event.deepCopy();
            metered.addProperty("meter", "tokens");
            JsonArray events = new JsonArray();
            events.add(event);
            events.add(metered);
            JsonObject batch = new JsonObject();
            batch.add("events", events);
            assertThat(key.post("/v3/usage/events", batch.toString()).status())
                    .as(shown)
                    .isIn(202, 400, 422);
            JsonObject settings = new JsonObject();
            settings.addProperty("custom_domain", nasty);
            settings.addProperty("webhook_url", nasty);
            settings.add("metadata", properties);
            assertThat(key.put("/v3/tenants/" + tenant + "/settings", settings.toString())
                            .status())
                    .as(shown)
                    .isIn(200, 400, 422);
            JsonObject tenants = new JsonObject();
            List.of("name", "slug", "owner_email", "billing_email", "tier", "test_clock_start")
                    .forEach(field -> tenants.addProperty(field, nasty));
            assertThat(OPERATOR.post("/v3/tenants", tenants.toString()).status())
                    .as(shown)
                    .isIn(400, 422);
            String query = java.net.URLEncoder.encode(nasty, StandardCharsets.UTF_8);
            for (String path : List.of(
                    "/v3/tenants?q=" + query,
                    "/v3/tenants?status=" + query,
                    "/v3/tenants?page=" + query,
                    "/v3/tenants?page_size=" + query,
                    "/v3/tenants/" + query.replace("+", "%20"))) {
                assertThat(OPERATOR.get(path).status()).as(path).isIn(200, 400, 404, 422);
            }
            for (String path : List.of(
                    "/v3/usage?meter=" + query,
                    "/v3/usage?meter=tokens&from=" + query,
                    "/v3/usage?meter=tokens&granularity=" + query,
                    "/v3/usage?meter=tokens&group_by=" + query,
                    "/v3/invoices?page=" + query,
                    "/v3/invoices/" + query.replace("+", "%20"))) {
                assertThat(key.get(path).status()).as(path).isIn(200, 400, 403, 404, 422);
            }
        }
        // Everything is still there, and a wildcard is no wildcard.
        assertThat(OPERATOR.get("/v3/tenants?q=" + OURS)
                        .expect(200)
                        .json()
                        .get("total")
                        .getAsInt())
                .isEqualTo(1);
        assertThat(OPERATOR.get("/v3/tenants?q=attack%25" + MARK)
                        .expect(200)
                        .json()
                        .get("total")
                        .getAsInt())
                .isZero();
        assertThat(OPERATOR.get("/v3/tenants?q=attack_a_" + MARK)
                        .expect(200)
                        .json()
                        .get("total")
                        .getAsInt())
                .isZero();
    }

    // What is left behind

    @Test
    @DisplayName("No log holds a key, a password, a session, a token or an authorization header")
    void logsHoldNoSecrets() {
        Http browser = new Http(PRODUCT.url());
        String wrong = "a wrong password " + UUID.randomUUID();
        Leaks.secret(wrong);
        try {
            browser.signIn("nobody@" + MARK + ".example", wrong);
        } catch (AssertionError refused) {
            // as it should be
        }
        Leaks.secret(key.key());
        Leaks.secret(OPERATOR.key());
        WIRE.get("/api/v3/invoices", "Authorization: Bearer " + key.key() + "x");
        WIRE.get("/api/v3/invoices?key=" + key.key());
        WIRE.request(
                "POST",
                "/api/v3/api-keys",
                "{\"name\": \"" + key.key() + "\", \"scopes\": 5",
                bearer,
                "Content-Type: application/json");
        DatabaseOwner owner = new DatabaseOwner(PRODUCT);
        for (String purpose : List.of("owner", "superuser", "cog_app", "cog_jobs", "pepper", "encryption", "ltpa")) {
            Leaks.secret(owner.secret(purpose));
        }
        Pattern forms = Pattern.compile(
                "cog_[0-9a-f]{32}|Bearer \\S{8,}|\\$argon2id\\$|cognitionos_session=\\S{10,}|password=\\S");
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(PRODUCT.data().resolve("logs"))) {
            List<Path> logs = files.filter(Files::isRegularFile).toList();
            assertThat(logs).isNotEmpty();
            for (Path log : logs) {
                String text = Files.readString(log, StandardCharsets.ISO_8859_1);
                Leaks.secrets().stream()
                        .filter(text::contains)
                        .forEach(secret -> found.add(
                                log.getFileName() + " has a secret that begins with " + secret.substring(0, 6)));
                Matcher matcher = forms.matcher(text);
                if (matcher.find()) {
                    found.add(log.getFileName() + " has " + matcher.group().substring(0, 10) + "…");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(found).isEmpty();
        assertThat(PRODUCT.console()).doesNotContain(OPERATOR.key(), key.key(), wrong);
    }
}
