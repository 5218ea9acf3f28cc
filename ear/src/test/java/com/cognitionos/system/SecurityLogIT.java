package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** KER-6 at both doors: each kind of refusal leaves a line, in our words alone. */
@SharedProduct
@DisplayName("The security log")
class SecurityLogIT {

    private static final Product PRODUCT = Product.shared();
    private static final Api OPERATOR = PRODUCT.api();
    private static final Wire WIRE = new Wire(PRODUCT.port());

    private static List<String> lines() {
        try {
            return Files.readAllLines(
                            PRODUCT.data().resolve("logs").resolve("messages.log"), StandardCharsets.ISO_8859_1)
                    .stream()
                    .filter(line -> line.contains("com.cognitionos.security"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitLine(String... pieces) {
        Await.until(
                "a line with " + String.join(" ", pieces),
                20,
                () -> lines().stream().anyMatch(line -> List.of(pieces).stream().allMatch(line::contains)));
    }

    private static String newTenant() {
        return OPERATOR.testTenant(
                "seclog-" + UUID.randomUUID().toString().substring(0, 8), "team", "2026-01-31T00:00:00Z");
    }

    @Test
    @DisplayName("RES-8: bad keys, missing scopes, foreign tenants and keys in addresses, under the reply's trace id")
    void theApi() {
        String tenant = newTenant();
        Api reader = OPERATOR.keyFor(tenant, "usage:read");
        String subject = "subject=key:" + reader.key().substring(0, 12);
        String badKey = "cog_" + UUID.randomUUID().toString().replace("-", "");
        String place = Http.newPlace();

        String trace = new Api(OPERATOR.base(), badKey)
                .with("X-Forwarded-For", place)
                .get("/v3/invoices")
                .expect(401)
                .header("X-Trace-Id");
        awaitLine("event=bad_key", "subject=- ", "address=" + place + " ", "trace_id=" + trace, "count=1");

        trace = reader.post("/v3/api-keys", "{\"name\": \"more\", \"scopes\": [\"keys:write\"]}")
                .expect(403)
                .header("X-Trace-Id");
        awaitLine("event=scope_refused", subject, "trace_id=" + trace);

        trace = reader.forTenant(newTenant()).get("/v3/usage").expect(403).header("X-Trace-Id");
        awaitLine("event=foreign_tenant", subject, "trace_id=" + trace);

        reader.get("/v3/usage?key=" + reader.key()).expect(400);
        awaitLine("event=key_in_address", subject);

        for (int i = 0; i < 50; i++) {
            new Api(OPERATOR.base(), badKey).with("X-Forwarded-For", place).get("/v3/invoices");
        }
        assertThat(lines().stream()
                        .filter(line -> line.contains("event=bad_key") && line.contains("address=" + place + " ")))
                .as("a flood is one line a minute")
                .hasSizeLessThanOrEqualTo(2);
        assertThat(lines()).noneMatch(line -> line.contains(badKey) || line.contains(reader.key()));
    }

    @Test
    @DisplayName("Forged posts, wrong passwords and pages without the scope")
    void thePortal() {
        Http browser = new Http(PRODUCT.url());
        String place = Http.newPlace();
        assertThat(browser.send(
                                "POST",
                                "/sign-in",
                                Map.of("Origin", "http://evil.example", "X-Forwarded-For", place),
                                "application/x-www-form-urlencoded",
                                "a=b")
                        .status())
                .isEqualTo(403);
        awaitLine("event=forged_post", "address=" + place + " ", "door=portal");

        String name = "nobody-" + UUID.randomUUID() + "@seclog.example";
        try {
            browser.signIn(name, "a password of nobody " + UUID.randomUUID());
            throw new IllegalStateException(name + " came in");
        } catch (AssertionError refused) {
            // as it should be
        }
        awaitLine("event=sign_in_failed", "subject=- ", "door=portal");
        assertThat(lines()).as("what was typed stays out").noneMatch(line -> line.contains(name));
    }

    @Test
    @DisplayName("What a request says of itself writes no line and no word of its own")
    void nobodyForgesLines() {
        String mark = "made-up-" + UUID.randomUUID();
        for (String address : List.of(
                "1.2.3.4%0d%0a" + mark, "1.2.3.4 event=" + mark, "\"" + mark + "\u0085\u2028x\"", mark + "\tcount=9")) {
            WIRE.request("GET", "/api/v3/invoices", "", "X-Forwarded-For: " + address, "Authorization: Bearer " + mark);
            WIRE.request("POST", "/sign-in", "a=b", "X-Forwarded-For: " + address, "Origin: http://" + mark);
        }
        assertThat(lines()).isNotEmpty().allSatisfy(line -> {
            String text = line.substring(line.indexOf("event="));
            assertThat(text)
                    .matches(
                            "event=[a-z_]+ subject=\\S+ address=\\S+ door=(rest|portal) trace_id=[0-9a-f-]+ count=\\d+");
        });
        assertThat(lines()).as("as a trace").noneMatch(line -> line.contains("event=" + mark));
    }

    @Test
    @DisplayName("Each answer of both doors carries its headers, and signing out clears the browser")
    void headers() {
        Http browser = new Http(PRODUCT.url());
        Http.Reply page = browser.get("/sign-in");
        assertThat(page.header("Content-Security-Policy"))
                .contains(
                        "base-uri 'none'",
                        "object-src 'none'",
                        "form-action 'self'",
                        "frame-ancestors 'none'",
                        "nonce-");
        assertThat(page.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(page.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(page.header("Permissions-Policy")).contains("camera=()", "microphone=()", "geolocation=()");
        assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");
        Http.Reply api = browser.get("/api/v3/plans");
        assertThat(api.header("Content-Security-Policy")).isEqualTo("default-src 'none'; frame-ancestors 'none'");
        assertThat(api.header("X-Content-Type-Options")).isEqualTo("nosniff");
        Http.Reply out = browser.send("POST", "/sign-out", Map.of(), "application/x-www-form-urlencoded", "");
        assertThat(out.header("Clear-Site-Data")).isEqualTo("\"cookies\", \"storage\"");
        Map<String, String> byTls = Map.of("X-Forwarded-For", Http.newPlace(), "X-Forwarded-Proto", "https");
        for (String path : List.of("/sign-in", "/api/v3/plans")) {
            assertThat(browser.send("GET", path, byTls, "", null).header("Strict-Transport-Security"))
                    .as(path)
                    .isEqualTo("max-age=31536000");
        }
    }
}
