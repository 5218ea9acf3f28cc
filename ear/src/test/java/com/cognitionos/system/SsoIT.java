package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in by a tenant's own identity provider. */
@OwnProduct
class SsoIT {

    private static Product product;
    private static LibertyProvider liberty;
    private static ProviderDouble liar;

    @BeforeAll
    static void start() {
        product = Product.start(
                "sso", Map.of("COGNITIONOS_DEMO", "true", "COGNITIONOS_SSO_ALLOW_PRIVATE_ISSUERS", "true"));
        liar = new ProviderDouble();
    }

    @AfterAll
    static void stop() {
        if (liberty != null) {
            liberty.close();
        }
        liar.close();
        product.close();
    }

    @BeforeEach
    void beHonest() {
        liar.tells(UnaryOperator.identity());
    }

    private static synchronized LibertyProvider liberty() {
        if (liberty == null) {
            liberty = new LibertyProvider(product.url() + "/sso/callback");
        }
        return liberty;
    }

    private static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A company with single sign-on. @return its id */
    private static String company(
            String slug, String issuer, String client, String secret, String domain, boolean provision) {
        String id = product.api().testTenant(slug, "team", "2026-01-01T00:00:00Z");
        product.api()
                .forTenant(id)
                .put(
                        "/v3/sso",
                        wanted(issuer, client, secret, domain, provision).toString())
                .expect(200);
        return id;
    }

    private static JsonObject wanted(String issuer, String client, String secret, String domain, boolean provision) {
        JsonArray domains = new JsonArray();
        domains.add(domain);
        JsonObject wanted = new JsonObject();
        wanted.addProperty("issuer", issuer);
        wanted.addProperty("client_id", client);
        wanted.addProperty("client_secret", secret);
        wanted.add("domains", domains);
        wanted.addProperty("default_role", "developer");
        wanted.addProperty("provision", provision);
        return wanted;
    }

    private static String atLiberty(String slug, boolean provision) {
        return company(
                slug, liberty().issuer(), LibertyProvider.CLIENT, liberty().secret(), "corp.example", provision);
    }

    private static String atTheDouble(String slug) {
        return company(slug, liar.issuer(), ProviderDouble.CLIENT, ProviderDouble.SECRET, "double.example", true);
    }

    /** What the person does: names the company, proves to Liberty who they are, comes back. */
    private static void walk(Portal portal, String slug, String who) {
        portal.open("/sso-sign-in").fill("sso:tenant", slug).click("sso:submit");
        portal.page.waitForURL("**/people/login.html*");
        portal.page.fill("input[name=j_username]", who);
        portal.page.fill("input[name=j_password]", liberty().secret());
        portal.page.click("button[type=submit]");
        portal.page.waitForURL(product.url() + "/**");
    }

    @Test
    @DisplayName("SSO-4, SSO-5: by a real provider: the first time makes a member, the second is the same person")
    void aRealProviderLetsPeopleIn() {
        String slug = unique("corp");
        String id = atLiberty(slug, true);
        // One for the owner's invitation, one for whoever comes first.
        product.api()
                .put("/v3/tenants/" + id + "/settings", "{\"max_users\": 2}")
                .expect(200);
        for (int time = 0; time < 2; time++) {
            try (Portal portal = Portal.desktop(product.url())) {
                portal.open("/sso-sign-in").isSound("sso-sign-in");
                walk(portal, slug, "ada@corp.example");
                assertThat(portal.path()).as("time %s: %s", time, portal.text()).isEqualTo("/home");
                assertThat(portal.page.innerText("#tenant-name")).isEqualTo(slug);
            }
        }
        try (Portal portal = Portal.desktop(product.url())) {
            walk(portal, slug, "bob@corp.example");
            assertThat(portal.text()).as("ada took the one seat, once").contains("All seats");
        }
    }

    @Test
    @DisplayName("SSO-4: an address outside of the company's domains does not come in, however real the provider")
    void anotherDomainIsRefused() {
        String slug = unique("corp");
        atLiberty(slug, true);
        try (Portal portal = Portal.desktop(product.url())) {
            walk(portal, slug, "eve@elsewhere.example");
            assertThat(portal.text()).contains("does not belong to this company's domains");
            portal.isSound("sso-refused").open("/home");
            assertThat(portal.path()).startsWith("/sign-in");
        }
    }

    @Test
    @DisplayName("SSO-5: whom one company's provider knows is nobody to another company with the same provider")
    void oneCompanysPersonIsNobodyInAnother() {
        String mine = unique("corp");
        String theirs = unique("rival");
        atLiberty(mine, true);
        atLiberty(theirs, false);
        try (Portal portal = Portal.desktop(product.url())) {
            walk(portal, mine, "ada@corp.example");
            assertThat(portal.path()).isEqualTo("/home");
            portal.open("/sso/start?tenant=" + theirs);
            portal.page.waitForURL(product.url() + "/**");
            assertThat(portal.text()).contains("You are not a member");
            // Still where they were.
            portal.open("/home");
            assertThat(portal.page.innerText("#tenant-name")).isEqualTo(mine);
        }
    }

    @Test
    @DisplayName("SSO-1: an administrator sets it up, tries it and takes it away in the portal")
    void anAdministratorSetsItUp() {
        String slug = unique("corp");
        String id = atLiberty(slug, true);
        Api api = product.api().forTenant(id);
        JsonObject changed =
                wanted(liberty().issuer(), LibertyProvider.CLIENT, liberty().secret(), "corp.example", true);
        changed.addProperty("default_role", "admin");
        api.put("/v3/sso", changed.toString()).expect(200);
        try (Portal portal = Portal.desktop(product.url())) {
            walk(portal, slug, "bob@corp.example");
            portal.open("/sso");
            assertThat(portal.page.innerText("#redirect-uri")).isEqualTo(product.url() + "/sso/callback");
            assertThat(portal.page.innerText("#start-address")).endsWith("/sso/start?tenant=" + slug);
            assertThat(portal.page.content()).doesNotContain(liberty().secret());
            portal.isSound("sso-settings").click("sso-test:submit");
            portal.page.waitForSelector("text=The identity provider answers");
            portal.fill("sso:domains", "corp.example, other.example").click("sso:save");
            portal.page.waitForSelector("text=Saved.");
            portal.isSound("sso-saved");
            JsonObject now = api.get("/v3/sso").expect(200).json();
            assertThat(now.get("domains").toString()).isEqualTo("[\"corp.example\",\"other.example\"]");
            assertThat(now.get("owners_too").getAsBoolean())
                    .as("saved by no owner")
                    .isFalse();
            portal.fill("sso:issuer", "https://elsewhere.example").click("sso:save");
            portal.page.waitForSelector("text=Enter the client secret");
            portal.open("/sso").page.click("text=Remove single sign-on…");
            portal.click("sso-remove:submit");
            portal.page.waitForSelector("text=Single sign-on is removed");
            api.get("/v3/sso").expect(404);
        }
        try (Portal phone = Portal.phone(product.url())) {
            phone.open("/sso-sign-in").isSound("sso-sign-in-phone");
        }
    }

    @Test
    @DisplayName("SSO-9: where it is required, a password opens the company no longer, from the next request on")
    void whereItIsRequiredPasswordsDoNotDo() {
        String slug = unique("strict");
        DatabaseOwner owner = new DatabaseOwner(product);
        try (Portal portal = Portal.desktop(product.url())) {
            portal.signUp(slug, "Rita", "rita@corp.example", "seven herons over a quiet lake");
            String id = owner.texts("UPDATE tenants SET tier = 'team' WHERE slug = ? RETURNING id", slug)
                    .get(0);
            JsonObject wanted =
                    wanted(liberty().issuer(), LibertyProvider.CLIENT, liberty().secret(), "corp.example", false);
            wanted.addProperty("required", true);
            product.api().forTenant(id).put("/v3/sso", wanted.toString()).expect(200);
            portal.open("/usage");
            assertThat(portal.path()).as("an owner keeps their password").isEqualTo("/usage");

            owner.update("UPDATE memberships SET role = 'admin' WHERE tenant_id = ?::uuid", id);
            portal.open("/usage").isSound("sso-required");
            assertThat(portal.path()).isEqualTo("/nowhere");
            portal.page.click("text=Go on to " + slug);
            portal.page.waitForURL("**/people/login.html*");
            portal.page.fill("input[name=j_username]", "rita@corp.example");
            portal.page.fill("input[name=j_password]", liberty().secret());
            portal.page.click("button[type=submit]");
            portal.page.waitForURL(product.url() + "/home");
            portal.open("/usage");
            assertThat(portal.path()).isEqualTo("/usage");
        }
    }

    /** A browser without a window. */
    private static final class Visitor {

        private final HttpClient http = HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();

        HttpResponse<String> get(String url) {
            try {
                return http.send(
                        HttpRequest.newBuilder(URI.create(url))
                                .timeout(Duration.ofSeconds(60))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        /** @return the parameters with which the browser is sent to the provider */
        Map<String, String> begin(String slug) {
            HttpResponse<String> sent = get(product.url() + "/sso/start?tenant=" + slug);
            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(302);
            URI to = URI.create(sent.headers().firstValue("Location").orElseThrow());
            Map<String, String> parameters = Arrays.stream(to.getRawQuery().split("&"))
                    .map(pair -> pair.split("=", 2))
                    .collect(Collectors.toMap(
                            pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
            liar.visited(parameters.get("nonce"));
            return parameters;
        }

        HttpResponse<String> back(Map<String, String> answer) {
            return get(product.url() + "/sso/callback?"
                    + answer.entrySet().stream()
                            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                            .collect(Collectors.joining("&")));
        }

        HttpResponse<String> signIn(String slug) {
            return back(Map.of("code", "good", "state", begin(slug).get("state"), "iss", liar.issuer()));
        }

        /** Where the answer leads. */
        static String leads(HttpResponse<String> answer) {
            return answer.headers().firstValue("Location").orElse(answer.statusCode() + answer.body());
        }

        /** What the person is told who does not come in. */
        String told(HttpResponse<String> answer) {
            assertThat(leads(answer)).endsWith("/sso-refused");
            return get(product.url() + "/sso-refused").body();
        }

        void isOut() {
            assertThat(get(product.url() + "/home")
                            .headers()
                            .firstValue("Location")
                            .orElse(""))
                    .contains("/sign-in");
        }
    }

    private static void refused(String slug, String words) {
        Visitor visitor = new Visitor();
        assertThat(visitor.told(visitor.signIn(slug))).contains(words);
        visitor.isOut();
    }

    private static void comesIn(String slug) {
        assertThat(Visitor.leads(new Visitor().signIn(slug))).endsWith("/home");
    }

    @Test
    @DisplayName(
            "SSO-3: code and PKCE go out with a fresh state and nonce, the answer counts once, in that browser only")
    void theAnswerBelongsToTheBrowser() {
        String slug = unique("double");
        atTheDouble(slug);
        Visitor visitor = new Visitor();
        Map<String, String> sent = visitor.begin(slug);
        assertThat(sent)
                .containsEntry("response_type", "code")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("client_id", ProviderDouble.CLIENT)
                .containsEntry("redirect_uri", product.url() + "/sso/callback");
        assertThat(sent.get("code_challenge")).hasSize(43);
        assertThat(sent.get("state")).hasSizeGreaterThan(20).isNotEqualTo(sent.get("nonce"));
        assertThat(new Visitor().begin(slug).get("state")).isNotEqualTo(sent.get("state"));
        liar.visited(sent.get("nonce"));

        Map<String, String> answer = Map.of("code", "good", "state", sent.get("state"), "iss", liar.issuer());
        Visitor another = new Visitor();
        another.begin(slug);
        liar.visited(sent.get("nonce"));
        assertThat(another.told(another.back(answer))).contains("not begun in this browser");
        another.isOut();

        HttpResponse<String> in = visitor.back(answer);
        assertThat(in.headers().firstValue("Location").orElse(in.body())).endsWith("/home");
        assertThat(visitor.get(product.url() + "/home").body()).contains(slug);
        assertThat(visitor.told(visitor.back(answer))).contains("is over");
    }

    @Test
    @DisplayName("SSO-2: no token that lies comes in")
    void noLiesComeIn() {
        String slug = unique("double");
        atTheDouble(slug);
        String words = "could not be verified";
        liar.tells(claims -> claims.claim("nonce", "another"));
        refused(slug, words);
        liar.tells(claims -> claims.audience("somebody-else"));
        refused(slug, words);
        liar.tells(claims -> claims.issuer("http://localhost/evil"));
        refused(slug, words);
        liar.tells(claims -> claims.expirationTime(new Date(System.currentTimeMillis() - 120_000)));
        refused(slug, words);
        liar.signsNothing();
        refused(slug, words);
        liar.signsByAnotherKey();
        refused(slug, words);
        liar.signsByItsPublicKeyAsIfSecret();
        refused(slug, words);
        // The same company's honest token comes in.
        liar.tells(UnaryOperator.identity());
        comesIn(slug);
    }

    @Test
    @DisplayName(
            "SSO-4: an address counts only when the provider says that it is verified, and one subject is one person")
    void addressesAreVerified() {
        String slug = unique("double");
        atTheDouble(slug);
        UnaryOperator<JWTClaimsSet.Builder> unverified = claims -> claims.claim("email_verified", false);
        liar.tells(unverified);
        refused(slug, "e-mail address is verified");
        liar.tells(claims -> claims.claim("email_verified", null));
        refused(slug, "e-mail address is verified");
        liar.tells(claims -> claims.claim("email", "grace@double.example.evil.example"));
        refused(slug, "domains");
        liar.tells(claims -> claims.claim("email", "grace@sub.double.example"));
        refused(slug, "domains");

        liar.tells(UnaryOperator.identity());
        comesIn(slug);
        liar.tells(claims -> claims.subject("subject-2"));
        refused(slug, "another identity");
        // Known by the subject from now on, whatever the address.
        liar.tells(unverified);
        comesIn(slug);
    }

    @Test
    @DisplayName("RFC 9207: an answer in the name of another issuer, or of none where one was promised, is refused")
    void mixedUpIssuersAreRefused() {
        String slug = unique("double");
        atTheDouble(slug);
        Visitor visitor = new Visitor();
        String words = "could not be verified";
        assertThat(visitor.told(visitor.back(Map.of(
                        "code", "good", "state", visitor.begin(slug).get("state"), "iss", "https://other.example"))))
                .contains(words);
        assertThat(visitor.told(visitor.back(
                        Map.of("code", "good", "state", visitor.begin(slug).get("state")))))
                .contains(words);
        visitor.isOut();
    }

    @Test
    @DisplayName("What the provider refuses is said in plain words; nothing that comes by the address is shown")
    void refusalsAreInOurWords() {
        String slug = unique("double");
        atTheDouble(slug);
        Visitor visitor = new Visitor();
        String denied = visitor.told(visitor.back(Map.of(
                "error",
                "access_denied",
                "error_description",
                "<script>alert(1)</script> call 555",
                "state",
                visitor.begin(slug).get("state"))));
        assertThat(denied).contains("did not let you in").doesNotContain("alert(1)", "call 555");
        String odd = visitor.told(visitor.back(
                Map.of("error", "<b>x</b>", "state", visitor.begin(slug).get("state"))));
        assertThat(odd).contains("did not complete").doesNotContain("<b>x");
        String badCode = visitor.told(visitor.back(Map.of(
                "code",
                "bad",
                "iss",
                liar.issuer(),
                "state",
                visitor.begin(slug).get("state"))));
        assertThat(badCode).contains("could not be verified").doesNotContain("<b>no");
    }

    @ParameterizedTest
    @DisplayName("SSO-8: a provider whose documents are too large, moved, swapped or without public keys is not used")
    @ValueSource(strings = {"large", "moved", "swapped", "hmac", "missing"})
    void badDocumentsAreNotUsed(String kind) {
        String slug = unique("bad");
        company(slug, liar.base() + "/" + kind, ProviderDouble.CLIENT, ProviderDouble.SECRET, "double.example", true);
        Visitor visitor = new Visitor();
        assertThat(visitor.told(visitor.get(product.url() + "/sso/start?tenant=" + slug)))
                .contains("does not answer as it should");
    }

    @Test
    @DisplayName("SSO-8: a redirect is not followed, least of all with the secret")
    void redirectsAreNotFollowed() {
        String slug = unique("leading");
        company(slug, liar.base() + "/leading", ProviderDouble.CLIENT, ProviderDouble.SECRET, "double.example", true);
        Visitor visitor = new Visitor();
        HttpResponse<String> answer = visitor.back(
                Map.of("code", "good", "state", visitor.begin(slug).get("state"), "iss", liar.base() + "/leading"));
        assertThat(visitor.told(answer)).contains("could not be verified");
        assertThat(liar.requests()).contains("/leading/token").doesNotContain("/inside");
    }

    @Test
    @DisplayName("SSO-6: an unknown company and one without single sign-on get the same answer")
    void nobodyLearnsWhoIsACustomer() {
        String slug = unique("plain");
        product.api().testTenant(slug, "team", "2026-01-01T00:00:00Z");
        Visitor visitor = new Visitor();
        String without = visitor.told(visitor.get(product.url() + "/sso/start?tenant=" + slug));
        String unknown = visitor.told(visitor.get(product.url() + "/sso/start?tenant=" + unique("nobody")));
        assertThat(without).contains("no single sign-on under that name");
        assertThat(withoutNonces(without)).isEqualTo(withoutNonces(unknown));
    }

    private static String withoutNonces(String page) {
        return page.replaceAll("[A-Za-z0-9+/_-]{20,}={0,2}", "…");
    }

    @Test
    @DisplayName("SSO-1: the plan decides; the secret never comes back and does not follow to another provider")
    void settings() {
        Api operator = product.api();
        Api pro = operator.keyFor(
                operator.testTenant(unique("pro"), "pro", "2026-01-01T00:00:00Z"), "tenants:read", "tenants:write");
        String wanted = """
                {"issuer": "%s", "client_id": "c", "client_secret": "very secret indeed", "domains": ["a.example"],
                 "default_role": "viewer"}""".formatted(liar.issuer());
        assertThat(pro.put("/v3/sso", wanted).expect(402).code()).isEqualTo("entitlement_exceeded");
        pro.get("/v3/sso").expect(402);

        String id = operator.testTenant(unique("team"), "team", "2026-01-01T00:00:00Z");
        Api team = operator.keyFor(id, "tenants:read", "tenants:write");
        team.get("/v3/sso").expect(404);
        operator.keyFor(id, "tenants:read").put("/v3/sso", wanted).expect(403);
        assertThat(team.put("/v3/sso", wanted).expect(200).text()).doesNotContain("very secret");
        JsonObject stored = team.get("/v3/sso").expect(200).json();
        assertThat(stored.toString()).doesNotContain("very secret");
        assertThat(stored.get("owners_too").getAsBoolean())
                .as("a key is no owner")
                .isFalse();
        assertThat(stored.get("redirect_uri").getAsString()).isEqualTo(product.url() + "/sso/callback");

        String secretless = wanted.replace("\"client_secret\": \"very secret indeed\", ", "");
        team.put("/v3/sso", secretless.replace("\"viewer\"", "\"billing\"")).expect(200);
        assertThat(team.put("/v3/sso", secretless.replace("/honest", "/swapped"))
                        .expect(422)
                        .text())
                .contains("/client_secret");
        assertThat(team.put("/v3/sso", wanted.replace("\"viewer\"", "\"owner\""))
                        .expect(422)
                        .text())
                .contains("/default_role");
        assertThat(team.put("/v3/sso", wanted.replace("a.example", "no domain"))
                        .expect(422)
                        .text())
                .contains("/domains");
        team.delete("/v3/sso").expect(204);
        team.get("/v3/sso").expect(404);
        team.delete("/v3/sso").expect(404);
    }
}
