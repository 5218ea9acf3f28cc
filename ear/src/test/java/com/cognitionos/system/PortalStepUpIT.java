package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An installation behind TLS where no confirmation lasts: each change asks who it is. */
@OwnProduct
class PortalStepUpIT {

    private static final String HSTS = "Strict-Transport-Security";

    private static Product product;

    @BeforeAll
    static void start() {
        product = Product.start(
                "step-up",
                Map.of(
                        "COGNITIONOS_DEMO",
                        "true",
                        "COGNITIONOS_TLS",
                        "true",
                        "COGNITIONOS_CONFIRMATION_LASTS",
                        "PT0S"));
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    @Test
    void aStaleSessionChangesNothingWithoutThePassword() {
        try (Portal owner = Portal.desktop(product.url())) {
            owner.signIn("mia@tiny-studio.example", product.demoPassword()).open("/keys");
            owner.isSound("step-up-keys");
            owner.fill("keys:name", "unconfirmed").click("keys:create").says("confirm with your password");
            owner.fill("create-confirmation", "not the password at all")
                    .click("keys:create")
                    .says("the password for the confirmation is wrong");
            assertThat(owner.page.locator("#new-key").count()).isZero();
            owner.open("/keys");
            assertThat(owner.text()).doesNotContain("unconfirmed");
            owner.fill("keys:name", "confirmed")
                    .fill("create-confirmation", product.demoPassword())
                    .click("keys:create");
            owner.page.waitForSelector("#new-key");
        }
    }

    @Test
    void theSessionCookieIsForTlsAndThisHostAlone() throws IOException, InterruptedException {
        String cookie = headers("/sign-in").firstValue("Set-Cookie").orElse("");
        assertThat(cookie)
                .startsWith("__Host-cognitionos_session=")
                .contains("Path=/", "HttpOnly", "Secure", "SameSite=Lax")
                .doesNotContain("Domain");
    }

    @Test
    void browsersAreToldToComeByTlsAlone() throws IOException, InterruptedException {
        List<String> aYear = List.of("max-age=31536000");
        for (String path : List.of("/sign-in", "/no-such-page", "/jakarta.faces.resource/tokens.css.xhtml?ln=portal")) {
            assertThat(headers(path).allValues(HSTS))
                    .as(path + " behind a balancer that says nothing")
                    .isEqualTo(aYear);
        }
        for (String path : List.of("/sign-in", "/api/v3/plans", "/api/v3/invoices", "/api/nowhere", "/openapi/ui/")) {
            assertThat(headers(path, "X-Forwarded-Proto", "https", "X-Forwarded-For", "198.51.100.7")
                            .allValues(HSTS))
                    .as(path)
                    .isEqualTo(aYear);
        }
    }

    private static HttpHeaders headers(String path, String... request) throws IOException, InterruptedException {
        HttpRequest.Builder get = HttpRequest.newBuilder(URI.create(product.url() + path));
        if (request.length > 0) {
            get.headers(request);
        }
        return HttpClient.newHttpClient()
                .send(get.build(), BodyHandlers.discarding())
                .headers();
    }
}
