package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.stripe.Fault;
import com.cognitionos.stripe.StripeDouble;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * An installation behind TLS where no confirmation lasts: each change asks who it is. Its tenants, those of the demo too,
 * pay by a double of Stripe.
 */
@OwnProduct
class PortalStepUpIT {

    private static final String STRIPE_KEY = "sk_test_for_nobody_elses_eyes";
    private static final String CHARGE = "POST /v1/payment_intents";
    private static final String HSTS = "Strict-Transport-Security";

    private static StripeDouble stripe;
    private static Product product;

    @BeforeAll
    static void start() {
        stripe = StripeDouble.start();
        product = Product.start(
                "step-up",
                Map.of(
                        "COGNITIONOS_DEMO",
                        "true",
                        "COGNITIONOS_TLS",
                        "true",
                        "COGNITIONOS_CONFIRMATION_LASTS",
                        "PT0S",
                        "COGNITIONOS_BILLING_PROVIDER",
                        "stripe",
                        "COGNITIONOS_STRIPE_API_KEY",
                        STRIPE_KEY,
                        "COGNITIONOS_STRIPE_API_BASE",
                        stripe.base()));
    }

    @AfterAll
    static void stop() {
        product.close();
        stripe.close();
    }

    @Test
    @DisplayName("PAY-9: a card is entered at the provider's page, and the browser comes back with it")
    void aCardIsEnteredAtTheProvider() {
        try (Portal owner = Portal.desktop(product.url())) {
            owner.signIn("ada@northwind.example", product.demoPassword())
                    .open("/billing")
                    .says("Visa ending 4242");
            owner.isSound("billing-hosted");
            owner.click("entry:submit").says("confirm with your password");
            owner.fill("enter-card-confirmation", product.demoPassword()).click("entry:submit");
            owner.page.waitForURL(stripe.base() + "/**");
            owner.page.selectOption("[name=card]", "pm_card_mastercard");
            owner.page.click("[value=save]");
            owner.page.waitForURL(product.url() + "/billing?session_id=**");
            owner.says("Mastercard ending 4444 is on file.");
            owner.page.reload();
            assertThat(owner.page.locator("#methods li").count())
                    .as("two cards, however often the page is loaded")
                    .isEqualTo(2);
            owner.page
                    .locator("summary", new Page.LocatorOptions().setHasText("See all cards at the provider"))
                    .click();
            owner.fill("manage-cards-confirmation", product.demoPassword()).click("manage:submit");
            owner.page.waitForURL(stripe.base() + "/p/session/**");
        }
        assertThat(stripe.violations()).isEmpty();
    }

    @Test
    @DisplayName(
            "PAY-10, PAY-13: a lost answer leaves a payment under way, which is then settled by the same key; fees are posted")
    void aLostAnswer() throws IOException {
        Api finance = product.api();
        String umbra = null;
        for (JsonElement one :
                finance.get("/v3/tenants?q=umbra").expect(200).json().getAsJsonArray("tenants")) {
            umbra = one.getAsJsonObject().get("id").getAsString();
        }
        Api tenant = finance.forTenant(umbra);
        JsonObject open = tenant.invoices().stream()
                .filter(invoice -> invoice.get("status").getAsString().equals("open"))
                .findFirst()
                .orElseThrow();
        String pay = "/v3/invoices/" + open.get("id").getAsString() + "/pay";
        JsonObject declined = tenant.post(pay, "").expect(402).json();
        assertThat(declined.get("code").getAsString()).isEqualTo("card_declined");
        stripe.faults().next(CHARGE, Fault.CUT_AFTER);
        stripe.faults().nth(CHARGE, 2, Fault.CUT_BEFORE);
        tenant.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        // Dunning tries the new card too, and a broken connection may be mended by the client: who asks when is open.
        String id = open.get("id").getAsString();
        Await.until("the invoice is paid", 60, () -> {
            tenant.post(pay, "");
            return tenant.get("/v3/invoices/" + id)
                    .expect(200)
                    .json()
                    .get("status")
                    .getAsString()
                    .equals("paid");
        });

        List<JsonObject> payments = new ArrayList<>();
        finance.get("/v3/finance/payments?status=succeeded&tenant_id=" + umbra)
                .expect(200)
                .json()
                .getAsJsonArray("payments")
                .forEach(one -> payments.add(one.getAsJsonObject()));
        payments.removeIf(one -> !one.get("invoice_id").getAsString().equals(id));
        assertThat(payments).hasSize(1);
        JsonObject payment = payments.get(0);
        assertThat(payment.get("provider").getAsString()).isEqualTo("stripe");
        assertThat(payment.get("amount_cents").getAsLong())
                .isEqualTo(open.get("amount_due_cents").getAsLong());
        assertThat(payment.get("fee_cents").getAsLong()).isPositive();
        assertThat(stripe.events())
                .filteredOn(event -> event.getType().equals("payment_intent.succeeded")
                        && event.toJson().contains(payment.get("id").getAsString()))
                .hasSize(1);
        assertThat(tenant.post("/v3/payment-methods/setup-session", "{\"return_url\": \"https://a.example/x\"}")
                        .expect(201)
                        .json()
                        .get("url")
                        .getAsString())
                .startsWith(stripe.base());
        tenant.post("/v3/payment-methods/portal-session", "{\"return_url\": \"https://a.example/x\"}")
                .expect(201);
        tenant.post("/v3/payment-methods/setup-session", "{\"return_url\": \"javascript:alert(1)\"}")
                .expect(422);
        tenant.post("/v3/payment-methods", "{\"token\": \"pm_card_of_nobody\"}").expect(422);
        assertThat(stripe.violations()).isEmpty();
        try (Stream<Path> logs = Files.list(product.data().resolve("logs"))) {
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(log)).as(log.toString()).doesNotContain(STRIPE_KEY);
            }
        }
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
