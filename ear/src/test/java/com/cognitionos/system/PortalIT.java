package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tenant sees and does in the browser. */
@SharedProduct
class PortalIT {

    private static final Product PRODUCT = Product.shared();

    @Test
    void signUpSendUsageGetAnInvoiceAndPayIt() {
        String password = "five words make a password";
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            portal.open("/sign-up").isSound("sign-up");
            portal.signUp("Łukasz & Søn <AI>", "Łukasz Søn", "lukasz@soen.example", password);
            assertThat(portal.text()).contains("Łukasz & Søn <AI>", "Free");
            portal.isSound("home-empty");

            portal.go("keys").fill("keys:name", "Production");
            portal.page.selectOption(
                    "[id='keys:access']",
                    portal.page.locator("[id='keys:access'] option").last().getAttribute("value"));
            portal.click("keys:create");
            portal.page.waitForSelector("#new-key");
            Api key = PRODUCT.api().as(portal.page.innerText("#new-key").strip());
            portal.isSound("keys-new");

            key.post("/v3/usage/events", "{\"id\": \"first\", \"meter\": \"executions\", \"quantity\": 42}")
                    .expect(202);
            portal.go("usage");
            assertThat(portal.text()).contains("42");
            portal.isSound("usage-first");
            portal.page.locator("ul[aria-label='Split by'] a:text('API key')").click();
            portal.page.waitForSelector("#groups-table");
            assertThat(portal.page.innerText("#groups-table")).contains("cog_", "42");
            assertThat(portal.page.innerText("#usage-total")).isEqualTo("42");
            portal.isSound("usage-by-key");
            portal.page.locator("#groups-table tbody a").first().click();
            portal.page.waitForSelector("#all-groups");
            assertThat(portal.page.innerText("#usage-total")).isEqualTo("42");
            APIResponse file = portal.page
                    .request()
                    .get(PRODUCT.url() + portal.page.locator("#export-csv").getAttribute("href"));
            assertThat(file.text())
                    .startsWith("start,end,meter,unit,group,quantity\r\n")
                    .contains(",executions,execution,");
            portal.go("home");
            assertThat(portal.text()).contains("42");

            // A year is invoiced as it begins, so the invoice is there at once.
            key.post("/v3/subscriptions/cancel", "{\"immediate\": true}").expect(200);
            key.post("/v3/subscriptions", "{\"tier\": \"pro\", \"billing_cycle\": \"yearly\"}")
                    .expect(201);
            portal.go("invoices");
            assertThat(portal.text()).contains("$490.00", "INV-");
            portal.isSound("invoices-open");
            portal.page.locator("#invoice-list tbody a").first().click();
            portal.page.waitForURL("**/invoice?id=*");
            assertThat(portal.text()).contains("Pro plan, a year", "$490.00", "Łukasz & Søn <AI>");
            portal.isSound("invoice-open");
            APIResponse pdf =
                    portal.page.request().get(PRODUCT.url() + portal.path().replace("/invoice?", "/invoice-pdf?"));
            assertThat(pdf.headers()).containsEntry("content-type", "application/pdf");
            assertThat(Pdf.text(pdf.body())).contains("490.00", "Łukasz & Søn <AI>");
            APIResponse xml = portal.page
                    .request()
                    .get(PRODUCT.url() + portal.page.locator("#invoice-ubl").getAttribute("href"));
            assertThat(xml.headers()).containsEntry("content-type", "application/xml");
            assertThat(xml.text()).contains(">490.00<", "Łukasz &amp; Søn &lt;AI");

            key.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
            String invoice = portal.path();
            portal.open("/billing");
            assertThat(portal.text()).contains("4242");
            portal.isSound("billing").open(invoice).click("pay:submit");
            portal.page.waitForSelector("text=Paid");
            portal.isSound("invoice-paid");

            portal.click("sign-out");
            portal.page.waitForURL("**/sign-in*");
            portal.open("/home");
            assertThat(portal.path()).startsWith("/sign-in");
            portal.fill("signin:email", "lukasz@soen.example")
                    .fill("signin:password", "not that password at all")
                    .click("signin:submit");
            String wrongPassword = portal.page.innerText("[role=alert]");
            portal.fill("signin:email", "nobody@soen.example")
                    .fill("signin:password", password)
                    .click("signin:submit");
            assertThat(portal.page.innerText("[role=alert]")).isNotBlank().isEqualTo(wrongPassword);
            portal.isSound("sign-in-refused").signIn("lukasz@soen.example", password);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ada@northwind.example", "mia@tiny-studio.example", "hana@globex.example", "leo@umbra.example"})
    void everyPageOfTheDemoWorldIsSoundInLightDarkAndOnAPhone(String email) {
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            String who = email.substring(0, email.indexOf('@'));
            portal.signIn(email, PRODUCT.demoPassword());
            for (String page : List.of("home", "usage", "alerts", "invoices", "billing", "keys")) {
                portal.open("/" + page).isSoundEverywhere(who + "-" + page);
            }
            portal.open("/invoices");
            if (portal.page.locator("#invoice-list").count() > 0) {
                portal.page.locator("#invoice-list tbody a").first().click();
                portal.page.waitForURL("**/invoice?id=*");
                portal.isSoundEverywhere(who + "-invoice");
            }
        }
    }

    @Test
    void aSuspendedTenantSeesItsInvoicesAndNoMore() {
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            portal.signIn("art@vandelay.example", PRODUCT.demoPassword());
            assertThat(portal.text()).contains("suspended", "Chargebacks are under review");
            portal.isSound("suspended-home").open("/invoices");
            assertThat(portal.text()).contains("INV-");
            assertThat(portal.page.navigate(PRODUCT.url() + "/usage").status()).isIn(200, 403);
            assertThat(portal.text()).doesNotContain("counted up to");
        }
    }

    @Test
    void whatIsNotThereOrNotOnesOwnLooksTheSame() {
        try (Portal ada = Portal.desktop(PRODUCT.url());
                Portal leo = Portal.desktop(PRODUCT.url())) {
            leo.signIn("leo@umbra.example", PRODUCT.demoPassword()).open("/invoices");
            String foreign = leo.page.locator("#invoice-list tbody a").first().getAttribute("href");
            ada.signIn("ada@northwind.example", PRODUCT.demoPassword());
            int status = ada.page.navigate(PRODUCT.url() + foreign).status();
            String shown = ada.text();
            assertThat(shown).doesNotContain("Umbra");
            assertThat(ada.page
                            .navigate(PRODUCT.url() + "/invoice?id=00000000-0000-7000-8000-000000000000")
                            .status())
                    .isEqualTo(status);
            assertThat(ada.text()).isEqualTo(shown);
            assertThat(ada.page
                            .request()
                            .get(PRODUCT.url() + foreign.replace("/invoice?", "/invoice-pdf?"))
                            .status())
                    .isEqualTo(404);
        }
    }
}
