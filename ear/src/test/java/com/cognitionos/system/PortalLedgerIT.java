package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The books in the browser, for finance and for nobody else of a tenant. */
@SharedProduct
@DisplayName("The ledger in the portal")
class PortalLedgerIT {

    private static final Product PRODUCT = Product.shared();
    private static final Api OPERATOR = PRODUCT.api();
    private static final String SLUG = "books-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void twoYears() {
        String tenant = OPERATOR.testTenant(SLUG, "pro", "2026-01-31T00:00:00Z");
        OPERATOR.moveClock(tenant, "2026-02-14T00:00:00Z");
        OPERATOR.keyFor(tenant, "subscriptions:write")
                .post("/v3/subscriptions/upgrade", "{\"tier\": \"pro\", \"billing_cycle\": \"yearly\"}")
                .expect(200);
        OPERATOR.moveClock(tenant, "2028-02-14T00:00:00Z");
    }

    private static Portal finance() {
        Portal portal = Portal.desktop(PRODUCT.url());
        portal.startSignIn("felix@cognitionos.example", PRODUCT.demoPassword())
                .page
                .waitForSelector("#sign-out");
        return portal;
    }

    @Test
    void financeReadsTheBooksAndTakesThemAway() {
        try (Portal portal = finance()) {
            portal.click("nav-ledger").page.waitForURL("**/platform/ledger");
            assertThat(portal.page.innerText("#balance tfoot"))
                    .contains("Balanced")
                    .doesNotContain("Not balanced");
            assertThat(portal.page.innerText("#journal")).doesNotContain(SLUG);
            portal.isSound("ledger-light");

            portal.fill("tenant", SLUG).page.selectOption("#account", "deferred_revenue");
            portal.click("search-submit").says("Page 1 of 2");
            assertThat(portal.page.locator("#journal-list > li").count()).isEqualTo(20);
            assertThat(portal.page.innerText("#journal-list > li >> nth=0"))
                    .contains("Invoice TEST-2028-", SLUG, "Deferred revenue");
            assertThat(portal.page.innerText("#journal-list > li >> nth=1"))
                    .contains("Revenue earned in 2028-02", "13 Feb 2028, 23:59 UTC", "line ");
            portal.isSound("ledger-tenant");
            portal.page.click("text=Older");
            portal.says("Page 2 of 2");

            portal.fill("from", "2026-03-01")
                    .fill("to", "2026-03-31")
                    .click("search-submit")
                    .says("1 transaction");
            assertThat(portal.page.innerText("#balance-title")).contains("up to 2026-03-31");
            String csv = portal.page
                    .request()
                    .get(PRODUCT.url() + portal.page.getAttribute("#export-csv", "href"))
                    .text();
            assertThat(csv.lines()).hasSize(3);
            assertThat(csv).contains(SLUG, "Revenue earned in 2026-03");

            portal.fill("tenant", "no-such-tenant").click("search-submit").says("No transaction fits");
            portal.open("/platform/ledger?books=test&tenant=%00&account=petty&from=x&page=y");
            assertThat(portal.page.innerText("#balance-title")).contains("all test tenants");
        }
    }

    @Test
    void aTenantReadsItsStatement() {
        try (Portal portal = Portal.phone(PRODUCT.url())) {
            portal.signIn("ada@northwind.example", PRODUCT.demoPassword()).open("/invoices");
            portal.click("statement").page.waitForURL("**/statement");
            assertThat(portal.page.innerText("#movements tbody"))
                    .contains("Opening balance", "Invoice INV-", "Payment of invoice INV-");
            portal.isSound("statement-phone");
            String csv = portal.page
                    .request()
                    .get(PRODUCT.url() + portal.page.getAttribute("#export-csv", "href"))
                    .text();
            assertThat(csv.lines())
                    .hasSize(portal.page.locator("#movements tbody tr").count() + 2);
            portal.fill("from", "2001-01-01")
                    .fill("to", "2001-01-31")
                    .click("search-submit")
                    .page
                    .waitForURL("**to=2001-01-31");
            assertThat(portal.page.locator("#movements tbody tr").count()).isEqualTo(1);
            assertThat(portal.page.innerText("#meaning")).startsWith("Nothing is owed on either side.");
        }
    }

    @Test
    void aTenantHasNoLedger() {
        try (Portal portal = Portal.phone(PRODUCT.url())) {
            portal.startSignIn("ada@northwind.example", PRODUCT.demoPassword())
                    .page
                    .waitForSelector("#sign-out");
            assertThat(portal.page.locator("#nav-ledger").count()).isZero();
            for (String path : new String[] {"/platform/ledger", "/platform/ledger-export"}) {
                assertThat(portal.page
                                .navigate(PRODUCT.url() + path, new Page.NavigateOptions())
                                .status())
                        .as(path)
                        .isEqualTo(403);
            }
        }
    }
}
