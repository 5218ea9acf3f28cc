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
    void financeCreditsAnInvoiceInATenant() {
        String slug = "credited-" + UUID.randomUUID().toString().substring(0, 8);
        String tenant = OPERATOR.testTenant(slug, "pro", "2026-01-31T00:00:00Z");
        OPERATOR.moveClock(tenant, "2026-03-01T00:00:00Z");
        try (Portal portal = finance()) {
            portal.open("/platform/tenants?q=" + slug + "&status=");
            portal.page.locator("#tenant-list button").first().click();
            portal.page.waitForURL("**/home");
            assertThat(portal.page.innerText("#acting")).contains("You act for");
            portal.go("invoices").page.click("text=TEST-2026-");
            portal.isSound("credit-form");

            portal.fill("credit-reason", "Down for a week").page.check("#credit-lines");
            portal.fill("amount-1", "50").click("credit:preview").says("type an amount up to $49.00");
            portal.fill("amount-1", "9").click("credit:preview").says("Total of the credit note");
            assertThat(portal.page.innerText("#credit-estimate"))
                    .contains("$9.00 USD", "Off what is due", "Left to credit after it", "$40.00");
            assertThat(portal.page.inputValue("#credit-reason")).isEqualTo("Down for a week");
            assertThat(portal.page.locator("#invoice-notes").count()).isZero();
            portal.isSound("credit-preview");
            try (Portal twin = finance()) {
                twin.open("/platform/tenants?q=" + slug + "&status=");
                twin.page.locator("#tenant-list button").first().click();
                twin.page.waitForURL("**/home");
                twin.open(portal.path());
                portal.click("credit:submit").says("Credit note TEST-CN-2026-");
                twin.fill("credit-reason", "All of it").click("credit:submit");
                twin.says("Something was credited meanwhile, so nothing was issued now.");
            }
            assertThat(portal.page.innerText("#invoice-notes")).contains("Down for a week", "$9.00 off what was due");
            assertThat(portal.page.innerText("#invoice-credited")).isEqualTo("−$9.00");
            assertThat(portal.page.inputValue("#credit-reason")).isEmpty();
            String left = portal.page.getAttribute("#credit-section input[name=left]", "value");
            assertThat(left).isEqualTo("4000");
            var pdf = portal.page
                    .request()
                    .get(PRODUCT.url() + portal.page.getAttribute("#invoice-notes a >> nth=0", "href"));
            assertThat(pdf.headers()).containsEntry("content-type", "application/pdf");
            assertThat(Pdf.text(pdf.body())).contains("Credit note", "Down for a week");

            portal.fill("credit-reason", "All the rest").click("credit:submit").says("over $40.00 is issued");
            assertThat(portal.page.locator("#credit-section").count()).isZero();
            portal.open("/statement");
            assertThat(portal.page
                            .locator("#movements a[href^='/credit-note-pdf']")
                            .count())
                    .isEqualTo(2);
            assertThat(portal.page.locator("nav.pages").count()).isZero();
        }
    }

    @Test
    void financeRunsInvoicesAndSeesWhomTheyMissed() {
        try (Portal portal = finance()) {
            portal.click("nav-invoice-runs").page.waitForURL("**/platform/invoice-runs");
            portal.fill("run:tenants", "no-such-tenant").click("run:submit");
            portal.says("There is no tenant with the slug no-such-tenant.");
            portal.fill("run:tenants", SLUG).fill("run:asOf", "2029-03-01").click("run:submit");
            portal.says("The run counts what is due; nothing is billed.");
            String run = portal.page.getAttribute("#run-list a >> nth=0", "href");
            Await.until(
                    "the run is over",
                    60,
                    () -> portal.open(run).page.innerText("#run-state").equals("Completed"));
            assertThat(portal.page.innerText("#run-tenants")).isEqualTo("1 of 1");
            assertThat(portal.page.innerText("#run-invoices")).isNotEqualTo("0");
            assertThat(portal.page.innerText("#run-shown")).contains("Would be invoiced in USD, with tax");
            assertThat(portal.page.innerText("#changes")).contains("Nothing to compare with");
            portal.isSound("invoice-run");

            portal.fill("run:tenants", SLUG).fill("run:asOf", "2030-03-01").click("run:submit");
            portal.says("The run counts what is due; nothing is billed.");
            String later = portal.page.getAttribute("#run-list a >> nth=0", "href");
            Await.until(
                    "the later run is over",
                    60,
                    () -> portal.open(later).page.innerText("#run-state").equals("Completed"));
            assertThat(portal.page.innerText("#changes-list")).contains(SLUG, "Larger", "+$", "%");
            assertThat(portal.page.innerText("#changes-covered")).contains("Only tenants that both runs were to bill");
            portal.isSound("invoice-run-changes");
            assertThat(portal.page
                            .request()
                            .get(PRODUCT.url() + portal.page.getAttribute("#changes-csv", "href"))
                            .text())
                    .contains("," + SLUG + ",larger,USD,");
            portal.page.selectOption("#kind", "gone");
            portal.click("changes-submit").says("No tenant fits");

            portal.fill("run:asOf", "2999-01-01").click("run:submit").says("That lies ahead of the clock.");
            portal.open("/platform/invoice-runs?run=" + UUID.randomUUID()).says("There is no such run.");
        }
    }

    @Test
    void financeSeesWhatTheProviderToldAndWhatDiffers() {
        DatabaseOwner owner = new DatabaseOwner(PRODUCT);
        String event = UUID.randomUUID().toString();
        owner.update("""
                INSERT INTO provider_events (id, provider, event_ref, type, object_ref, subject, payload, happened_at,
                    received_at, status, next_attempt_at, settled_at, note, attempts)
                VALUES (?::uuid, 'mock', ?, 'invoice.paid', 'in_1', 'in_1', '{"client_secret": "hidden"}', now(), now(),
                    'parked', now(), now(), 'not_found: There is no such thing there.', 10)""", event, event);
        String reference = "pi_" + UUID.randomUUID();
        owner.update("""
                INSERT INTO provider_differences (id, provider, kind, reference, their_state, their_cents, their_currency,
                    happened_at, found_at, seen_at, state)
                VALUES (?::uuid, 'mock', 'payment_unknown_here', ?, 'succeeded', 4900, 'USD', now() - interval '1 year', now(),
                    now(), 'open')""", UUID.randomUUID().toString(), reference);
        try (Portal portal = finance()) {
            portal.click("nav-provider-events").page.waitForURL("**/platform/provider-events");
            portal.says("invoice.paid").isSound("provider-events");
            portal.open("/platform/provider-events?event=" + event).says("There is no such thing there.");
            assertThat(portal.page.textContent("#event-payload"))
                    .contains("client_secret")
                    .doesNotContain("hidden");
            portal.isSound("provider-event");
            portal.click("replay:submit").says("The event is worked on once more.");
            portal.open("/platform/provider-events?event=" + UUID.randomUUID()).says("There is no such event.");

            portal.click("nav-reconciliation").page.waitForURL("**/platform/reconciliation");
            portal.says(reference).isSound("reconciliation");
            var row = portal.page
                    .locator("#difference-list > li")
                    .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText(reference));
            row.locator("summary").click();
            row.locator("input[name=reason]").fill("It was a test");
            row.locator("details button").click();
            portal.says("The difference is resolved.");
            portal.click("show-resolved").says("It was a test");
            portal.open("/platform/reconciliation").click("compare:submit").says("The books are being compared.");
        }
    }

    @Test
    void financeSeesPaymentsAndPaysOneBack() {
        String slug = "payer-" + UUID.randomUUID().toString().substring(0, 8);
        String tenant = OPERATOR.testTenant(slug, "pro", "2026-01-31T00:00:00Z");
        Api api = OPERATOR.forTenant(tenant);
        api.post("/v3/payment-methods", "{\"token\": \"pm_card_chargeCustomerFail\"}")
                .expect(201);
        OPERATOR.moveClock(tenant, "2026-03-02T00:00:00Z");
        try (Portal portal = finance()) {
            portal.click("nav-payments").page.waitForURL("**/platform/payments");
            portal.fill("q", slug)
                    .fill("from", "2026-02-28")
                    .fill("least", "49")
                    .click("search-submit");
            portal.says("2 payments, newest first");
            assertThat(portal.page.innerText("#payment-list")).contains("Failed", "The bank declined the card", slug);
            portal.isSound("payments");
            String csv = portal.page
                    .request()
                    .get(PRODUCT.url() + portal.page.getAttribute("#export-csv", "href"))
                    .text();
            assertThat(csv.lines()).hasSize(3);
            assertThat(csv).contains(slug, "card_declined", "49.00,4900");
            portal.fill("to", "2026-02-28").click("search-submit").says("1 payment, newest first");
            portal.fill("to", "").fill("least", "49.01").click("search-submit").says("No payment fits");
            portal.open("/platform/payments?status=nonsense&from=x&least=%00&page=y")
                    .says("All payments");
            portal.open("/platform/payments?payment=" + UUID.randomUUID()).says("There is no such payment.");

            portal.click("nav-dunning").page.waitForURL("**/platform/dunning");
            assertThat(portal.page.innerText("#dunning-list")).contains(slug, "Retry 2 of 4 on 3 Mar 2026");
            portal.isSoundEverywhere("dunning");
            var due = portal.page
                    .locator("#dunning-list > li")
                    .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText(slug));
            due.locator("summary").first().click();
            due.locator("details button").first().click();
            portal.says("The bank declined the card. Nothing was charged");
            assertThat(due.innerText()).as("the schedule stays").contains("Retry 2 of 4 on 3 Mar 2026");
            setTheSchedule(portal);

            api.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
            OPERATOR.moveClock(tenant, "2026-03-02T00:00:01Z");
            portal.open("/platform/payments?status=succeeded&q=" + slug).page.click("#payment-list a");
            assertThat(portal.page.innerText("#payment-shown")).contains("$49.00 USD", "Succeeded", "Visa ending 4242");
            portal.isSound("payment");
            portal.click("refund:submit").page.waitForURL("**/invoice?id=*payout=refund*");
            assertThat(portal.page.isChecked("#payout-refund")).isTrue();
            portal.fill("credit-reason", "A mistake of ours")
                    .click("credit:preview")
                    .says("Back to the card");
            portal.click("credit:submit").says("Credit note TEST-CN-2026-");
            assertThat(portal.page.innerText("#invoice-payments")).contains("Refunded", "Failed");
            portal.click("back-to-platform").page.waitForURL("**/platform/tenants");

            portal.open("/platform/payments?status=refunded&q=" + slug).page.click("#payment-list a");
            assertThat(portal.page.innerText("#payment-refunds")).contains("$49.00 USD", "Succeeded", "TEST-CN-2026-");
            portal.isSoundEverywhere("payment-refunded");
        }
    }

    /** Others dun by it too, so it is put back. */
    private static void setTheSchedule(Portal portal) {
        portal.fill("policy:days", "3, 1").click("policy:preview").says("larger than the one before");
        portal.fill("policy:days", "often").click("policy:preview").says("Type whole numbers of days");
        portal.fill("policy:days", "2, 10").fill("policy:grace", "5").click("policy:preview");
        portal.says("Preview: not saved yet");
        assertThat(portal.page.innerText("#schedule-steps"))
                .contains("Day 2", "Day 10", "for the last time", "Day 15")
                .doesNotContain("Day 7");
        portal.isSound("dunning-preview");
        assertThat(OPERATOR.get("/v3/finance/dunning-policy").expect(200).text())
                .contains("[1,3,5,7]");
        try {
            portal.click("policy:submit").says("Invoices whose charge fails from now on go by this schedule");
            assertThat(OPERATOR.get("/v3/finance/dunning-policy").expect(200).text())
                    .contains("[2,10]", "\"grace_days\":5");
            assertThat(portal.page.innerText("#schedule-title")).isEqualTo("Schedule");
        } finally {
            OPERATOR.put(
                            "/v3/finance/dunning-policy",
                            "{\"retry_days\": [1, 3, 5, 7], \"grace_days\": 7, \"suspend\": true}")
                    .expect(200);
        }
        portal.fill("policy:days", "4").click("policy:submit").says("Somebody else changed it meanwhile");
    }

    @Test
    void financeChargesOnceAndGrantsCredit() {
        try (Portal portal = finance()) {
            portal.click("nav-charges").page.waitForURL("**/platform/charges");
            portal.says("Late usage of all tenants").isSound("charges-of-nobody");
            portal.fill("tenant", "no-such-tenant").click("search-submit");
            portal.says("There is no tenant with the slug no-such-tenant.");
            portal.fill("tenant", SLUG).click("search-submit").says("One-off charges of " + SLUG);
            portal.fill("charge:description", "Workshop")
                    .fill("charge:amount", "lots")
                    .click("charge:submit");
            portal.says("Enter an amount, such as 150 or 49.90.");
            portal.fill("charge:amount", "1,500").click("charge:submit");
            portal.says("$1,500.00 is on the next invoice of " + SLUG + ".");
            portal.fill("credit:amount", "25").fill("credit:currency", "xx").click("credit:submit");
            portal.says("Enter a currency, such as USD.");
            portal.fill("credit:currency", "usd").fill("credit:note", "For the wait");
            portal.fill("credit:until", "2028-12-31").click("credit:submit");
            portal.says("$25.00 pays the next invoices of " + SLUG + ".");
            assertThat(portal.page.innerText("#credit-list"))
                    .contains("$25.00 USD left", "Promotional", "until 31 Dec 2028", "For the wait");
            portal.isSound("charges");
            portal.ask("End… $25.00").page.click("#credit-list button");
            portal.says("What was left of it, $25.00, pays no invoice any more.");
            portal.ask("Take back… Workshop").page.click("#charge-list button");
            portal.says("The charge was taken back");
            assertThat(portal.page.innerText("#charges-panel")).contains("No charges");
        }
    }

    @Test
    void financeSaysWhoSells() {
        try (Portal portal = finance();
                Portal phone = Portal.phoneInTheDark(PRODUCT.url())) {
            portal.click("nav-seller").page.waitForURL("**/platform/seller");
            portal.isSound("seller");
            portal.fill("seller:iban", "DE00").click("seller:submit").says("Must be an IBAN with its check digits.");
            String name = portal.page.inputValue("[id='seller:name']");
            portal.fill("seller:iban", "").fill("seller:terms", "By the day on the invoice.");
            portal.click("seller:submit").says("from now on are made out by this seller");
            assertThat(OPERATOR.get("/v3/finance/seller").expect(200).text())
                    .contains("By the day on the invoice.", name);
            phone.startSignIn("felix@cognitionos.example", PRODUCT.demoPassword())
                    .page
                    .waitForSelector("#sign-out");
            phone.open("/platform/seller").isSound("seller-phone");
            phone.fill("seller:terms", "").click("seller:submit").says("from now on are made out by this seller");
            portal.fill("seller:terms", "Another").click("seller:submit").says("Somebody else changed it meanwhile");
        }
    }

    @Test
    void financeMakesCouponsAndRates() {
        String code = "F" + SLUG.toUpperCase(java.util.Locale.ROOT);
        String region = UUID.randomUUID().toString().substring(0, 3).toUpperCase(java.util.Locale.ROOT);
        try (Portal portal = finance()) {
            portal.click("nav-coupons").page.waitForURL("**/platform/coupons");
            portal.fill("coupon:code", code).fill("coupon:name", "Fair").fill("coupon:value", "much");
            portal.click("coupon:submit").says("Enter a percentage, such as 25.");
            portal.page.selectOption("[id='coupon:kind']", "amount");
            portal.fill("coupon:value", "19.90").fill("coupon:currency", "usd").fill("coupon:most", "2");
            portal.fill("coupon:until", "2099-12-31").page.check("input[name='coupon:plans'][value='pro']");
            portal.page.selectOption("[id='coupon:duration']", "repeating");
            portal.click("coupon:submit").says("Say for how many billing periods.");
            portal.fill("coupon:periods", "3").click("coupon:submit");
            portal.says("The coupon " + code + " can be redeemed from now on: $19.90 USD off lines of the plan pro"
                    + " in 3 billing periods.");
            portal.isSound("coupons");
            assertThat(portal.page.innerText("#coupon-list li >> nth=0"))
                    .contains("Fair", "Open", "Redeemed 0 of 2", "until 31 Dec 2099", "of the plan pro");
            portal.ask("Archive… " + code).page.click("#coupon-list li:has-text('" + code + "') button");
            portal.says("Nobody can redeem " + code + " any more.");
            assertThat(portal.page.innerText("#coupon-list li >> nth=0")).contains("Archived");

            portal.click("nav-taxes").page.waitForURL("**/platform/taxes");
            portal.fill("rate:country", "it").fill("rate:region", region).fill("rate:percent", "22");
            portal.fill("rate:from", "2020-01-01").click("rate:submit");
            portal.says("Invoices to customers in Italy, " + region + " bear vat of 22\u00a0% from 1 Jan 2020 on.");
            portal.fill("rate:country", "it").fill("rate:region", region).fill("rate:percent", "23");
            portal.fill("rate:from", "2021-01-01").click("rate:submit").says("is in force then; end it first.");
            portal.isSound("taxes");
            portal.ask("End… Italy, " + region);
            portal.page.fill("#rate-list li:has-text('" + region + "') input[type=date]", "2020-12-31");
            portal.page.click("#rate-list li:has-text('" + region + "') button");
            portal.says("is in force up to and with 31 Dec 2020.");
            portal.fill("rate:country", "it").fill("rate:region", region).fill("rate:percent", "23");
            portal.fill("rate:from", "2021-01-01").fill("rate:to", "2021-12-31").click("rate:submit");
            portal.says("bear vat of 23\u00a0% from 1 Jan 2021 on.");
            assertThat(portal.page.innerText("#rate-list li:has-text('" + region + ": 23')"))
                    .contains("31 Dec 2021", "Ended");
            portal.fill("minimum:currency", "sek").fill("minimum:amount", "5").click("minimum:submit");
            portal.says("due are collected with the next one.");
            assertThat(portal.page.innerText("#minimum-list")).contains("SEK", "5.00");
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
    void aLongStatementIsReadInPages() {
        String slug = "long-" + UUID.randomUUID().toString().substring(0, 8);
        String tenant = OPERATOR.testTenant(slug, "pro", "2026-01-31T00:00:00Z");
        OPERATOR.forTenant(tenant)
                .post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}")
                .expect(201);
        OPERATOR.post(
                        "/v3/finance/charges",
                        "{\"tenant_id\": \"" + tenant + "\", \"description\": \"Move\", \"amount_cents\": 1234567890}")
                .expect(201);
        OPERATOR.moveClock(tenant, "2028-06-01T00:00:00Z");
        try (Portal portal = finance()) {
            portal.open("/platform/tenants?q=" + slug + "&status=");
            portal.page.locator("#tenant-list button").first().click();
            portal.page.waitForURL("**/home");
            portal.open("/statement").says("Page 2 of 2");
            assertThat(portal.page.locator("#movements tbody tr").count())
                    .as("what is brought forward, and 56 less the 50 of a page")
                    .isEqualTo(1 + 6);
            assertThat(portal.page.innerText("#movements"))
                    .contains("Brought forward", "31 May 2028", "Closing balance");
            portal.isSound("statement-page");
            portal.page.click("nav.pages a[rel=prev]");
            portal.says("Page 1 of 2").says("56 movements, oldest first");
            assertThat(portal.page.innerText("#movements"))
                    .contains("Opening balance", "28 Feb 2026", "Carried forward");
            portal.page.click("nav.pages a[rel=next]");
            portal.says("Page 2 of 2");
            portal.page.setViewportSize(390, 844);
            portal.open("/statement?page=1").isSound("statement-page-phone");
            assertThat(portal.page.innerText("#movements")).contains("−$12,345,727.90");
            portal.open("/invoices").isSound("invoices-page-phone");
            assertThat(portal.page.innerText("#invoice-list")).contains("TEST-2028-", "Paid");
            portal.open("/statement")
                    .fill("from", "2028-01-01")
                    .click("search-submit")
                    .page
                    .waitForURL("**from=2028-01-01**");
            assertThat(portal.page.locator("nav.pages").count()).isZero();
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
