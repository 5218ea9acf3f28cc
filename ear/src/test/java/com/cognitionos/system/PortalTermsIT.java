package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Coupons, billing details, balance and credits on the billing page, and what they make of a preview and an invoice. */
@SharedProduct
@DisplayName("Terms in the portal")
class PortalTermsIT {

    private static final Product PRODUCT = Product.shared();
    private static final String PASSWORD = "nine quiet lighthouses blink";

    @Test
    void couponDetailsAndCreditsShowOnThePreviewAndTheInvoice() {
        String company = "terms-" + UUID.randomUUID().toString().substring(0, 8);
        String code = ("P" + company).toUpperCase(java.util.Locale.ROOT);
        String region = UUID.randomUUID().toString().substring(0, 3).toUpperCase(java.util.Locale.ROOT);
        Api operator = PRODUCT.api();
        operator.post(
                        "/v3/finance/coupons",
                        "{\"code\": \"" + code
                                + "\", \"name\": \"Welcome\", \"percent\": 10, \"duration\": \"forever\"}")
                .expect(201);
        operator.post(
                        "/v3/finance/tax-rates",
                        "{\"code\": \"tva\", \"percent\": 20, \"country\": \"FR\", \"region\": \"" + region
                                + "\", \"valid_from\": \"2020-01-01\"}")
                .expect(201);
        try (Portal portal = Portal.desktop(PRODUCT.url());
                Portal phone = Portal.phoneInTheDark(PRODUCT.url())) {
            portal.signUp(company, "Nora Lind", "nora@" + company + ".example", PASSWORD);
            portal.open("/billing").isSound("terms-empty");
            portal.fill("coupon:code", "nobody-knows").click("coupon:submit").says("There is no such coupon.");
            portal.open("/billing").fill("coupon:code", code.toLowerCase(java.util.Locale.ROOT));
            portal.click("coupon:submit").says("Welcome: 10 % off every invoice, from the next invoice on.");
            portal.fill("details:legalName", "Nora et Cie")
                    .fill("details:line1", "1 rue de la Paix")
                    .fill("details:city", "Paris")
                    .fill("details:country", "fr")
                    .fill("details:region", region)
                    .fill("details:taxNumber", "FR1")
                    .click("details:submit")
                    .says("Must have the form of an EU VAT number.");
            portal.fill("details:taxNumber", "").click("details:submit").says("Invoices from now on are made out to");
            assertThat(portal.page.inputValue("[id='details:country']")).isEqualTo("FR");
            String tenant = operator.get("/v3/tenants?q=" + company)
                    .expect(200)
                    .json()
                    .getAsJsonArray("tenants")
                    .get(0)
                    .getAsJsonObject()
                    .get("id")
                    .getAsString();
            operator.post(
                            "/v3/finance/prepaid-credits",
                            "{\"tenant_id\": \"" + tenant
                                    + "\", \"currency\": \"USD\", \"amount_cents\": 2500, \"kind\": \"promotional\","
                                    + " \"note\": \"For the wait\"}")
                    .expect(201);

            portal.open("/plan?tier=pro&cycle=yearly").isSound("terms-preview");
            assertThat(portal.page.innerText("#preview-discount")).isEqualTo("−$49.00");
            assertThat(portal.page.innerText("#preview-tax")).isEqualTo("$88.20");
            assertThat(portal.page.innerText("#preview-net")).isEqualTo("$529.20 USD");
            assertThat(portal.page.innerText("#preview-due")).isEqualTo("$504.20");
            portal.click("change:submit").says("You are on Pro now.");

            portal.open("/invoices").page.click("text=INV-");
            portal.isSound("terms-invoice");
            assertThat(portal.text())
                    .contains("Nora et Cie", "−$49.00 discount", "tva, 20 % on $441.00", "$88.20", "−$25.00");
            portal.open("/billing").isSound("terms-full");
            assertThat(portal.page.innerText("#balances")).contains("$25.00 of $25.00 used", "For the wait");
            phone.signIn("nora@" + company + ".example", PASSWORD)
                    .open("/billing")
                    .isSound("terms-phone");
            portal.ask("Remove…").page.click("#coupons button");
            portal.says("The coupon was removed");
            assertThat(portal.page.innerText("#coupons-section")).contains("No coupon redeemed");
        }
    }
}
