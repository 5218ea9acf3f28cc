package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a tenant sees and decides about what it spends, and through which key. */
@SharedProduct
@DisplayName("Spending in the portal")
class PortalSpendingIT {

    private static final Product PRODUCT = Product.shared();
    private static final String EVENT = "{\"id\": \"%s\", \"meter\": \"executions\", \"quantity\": %d}";

    /** A new company on the plan Pro, a month at a time, with a key for all of it. */
    private static Api onPro(Portal portal, String company) {
        portal.signUp(company, "Nora Lind", "nora@" + company + ".example", "nine quiet lighthouses blink");
        Api key = key(portal, "Everything", "");
        key.post("/v3/subscriptions/cancel", "{\"immediate\": true}").expect(200);
        key.post("/v3/subscriptions", "{\"tier\": \"pro\", \"billing_cycle\": \"monthly\"}")
                .expect(201);
        return key;
    }

    private static Api key(Portal portal, String name, String limit) {
        portal.open("/keys").fill("keys:name", name).fill("keys:limit", limit);
        portal.page.selectOption("[id='keys:access']", "EVERYTHING");
        portal.click("keys:create");
        portal.page.waitForSelector("#new-key");
        return PRODUCT.api().as(portal.page.innerText("#new-key").strip());
    }

    @Test
    void aCapIsSetStopsWhatCostsMoreAndIsRaisedAndRemoved() {
        try (Portal portal = Portal.desktop(PRODUCT.url());
                Portal phone = Portal.phoneInTheDark(PRODUCT.url())) {
            Api key = onPro(portal, "capped");
            portal.open("/billing");
            assertThat(portal.page.innerText("#spending-cap")).contains("None", "$0.00");
            portal.isSound("cap-none");
            for (String wrong : List.of("", "much", "-1", "1.005", "50,5")) {
                portal.fill("cap:amount", wrong).click("cap:submit").says("Enter an amount, such as 50 or 49.90.");
                portal.open("/billing");
            }
            cap(portal, "0.25");
            portal.says("The spending cap is $0.25 a month");
            key.post("/v3/usage/events", EVENT.formatted("most", 10_002)).expect(202);
            portal.open("/billing");
            assertThat(portal.page.innerText("#cap-spent")).containsIgnoringWhitespaces("$0.20 of $0.25");
            portal.isSound("cap-near").open("/home");
            assertThat(portal.page.innerText("#cap-banner")).contains("nearly reached");
            assertThat(portal.page.innerText("#cap")).isEqualTo("$0.25");

            portal.open("/billing");
            cap(portal, "$0.20");
            portal.page.waitForSelector("#cap-reached");
            assertThat(key.post("/v3/usage/events", EVENT.formatted("above", 1))
                            .expect(402)
                            .code())
                    .isEqualTo("entitlement_exceeded");
            portal.isSound("cap-reached").open("/home");
            assertThat(portal.page.innerText("#cap-banner")).contains("is reached");
            assertThat(portal.page.innerText("#forecast"))
                    .as("no more than the plan and the cap")
                    .isEqualTo("$49.20");
            portal.isSound("cap-home").open("/usage?meter=executions");
            assertThat(portal.text()).contains("$0.20 of the spending cap of $0.20");
            phone.signIn("nora@capped.example", "nine quiet lighthouses blink")
                    .isSound("cap-home-phone")
                    .open("/billing")
                    .isSound("cap-reached-phone");

            portal.open("/billing");
            cap(portal, "1,000");
            portal.says("The spending cap is $1,000.00 a month");
            key.post("/v3/usage/events", EVENT.formatted("above", 1)).expect(202);
            portal.ask("Remove the cap…").click("uncap:submit").says("There is no spending cap any more");
            assertThat(portal.page.innerText("#cap-spent")).contains("$0.30").doesNotContain("of");
        }
    }

    private static void cap(Portal portal, String amount) {
        portal.fill("cap:amount", amount).click("cap:submit");
    }

    @Test
    void budgetsAreSetAndAlertsAreShownAndNoted() {
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            Api key = onPro(portal, "alerted");
            portal.open("/alerts").says("Nothing was reached yet").says("No budget yet");
            portal.isSound("alerts-empty");
            portal.fill("budget:name", "Team").fill("budget:amount", "a lot").click("budget:submit");
            portal.says("Enter an amount, such as 50 or 49.90.");
            portal.fill("budget:amount", "1.00").fill("budget:shares", "half").click("budget:submit");
            portal.says("Write the shares in percent");
            portal.fill("budget:amount", "1.00")
                    .fill("budget:shares", "40, 100")
                    .click("budget:submit");
            portal.says("The budget “Team” of $1.00 a month tells at 40, 100 %.");

            key.post("/v3/usage/events", EVENT.formatted("many", 10_005)).expect(202);
            Await.until(
                    "the timer to tell",
                    90,
                    () -> key.get("/v3/usage/alerts").json().get("total").getAsInt() == 5);
            portal.open("/home");
            assertThat(portal.page.innerText("#open-alerts"))
                    .contains("Budget “Team”: 40 % spent", "$0.50 of $1.00", "Executions: 100 % used", "and 3 more");
            portal.isSound("alerts-home").open("/alerts");
            assertThat(portal.page.innerText("#alert-list"))
                    .contains(
                            "Executions: 100 % used", "10,005 of 10,000 executions", "mailed to nora@alerted.example");
            assertThat(portal.page.innerText("#budget-list")).contains("$0.50 of $1.00 USD this month", "50\u00a0%");
            portal.isSound("alerts");
            new DatabaseOwner(PRODUCT).update("""
                    INSERT INTO alerts (tenant_id, id, kind, subject, meter, name, period_start, period_end, threshold, bound,
                        value, triggered_at, created_at, mailed_to, usual, low, high, history)
                    SELECT id, uuidv7(), 'anomaly', 'tokens', 'tokens', 'Tokens', '2026-03-31', '2026-04-01', 0, 2460, 6200, now(),
                        created_at, '{}', 1230, 123, 2460,
                        (SELECT array_agg(900 + 40 * (n % 7) * (n % 5) ORDER BY n) FROM generate_series(1, 28) AS n)
                    FROM tenants WHERE slug = 'alerted'""");
            portal.open("/alerts").page.click("text=Why");
            assertThat(portal.page.innerText("#alert-list"))
                    .contains(
                            "Tokens: unusually high",
                            "6,200 tokens, 504\u00a0% of the usual 1,230",
                            "on 31 Mar 2026 (UTC)",
                            "you are told above 2,460.");
            portal.isSoundEverywhere("alerts-anomaly");
            portal.page.click("#alert-list li:first-child button");
            portal.says("Noted: Budget “Team”: 40 % spent.");

            portal.ask("Change… Team").page.fill("input[name=row_amount] >> visible=true", "2");
            portal.page.click("text=Change this budget >> visible=true");
            portal.says("The budget “Team” is changed.").says("of $2.00 USD");
            portal.page.fill("#of-tokens", "never");
            portal.page.fill("#of-all", "70");
            portal.page.uncheck("#watched-tokens");
            portal.page.selectOption("#sensitivity", "low");
            portal.page.fill("#of-executions", "60 95");
            portal.page.uncheck("#to-owner");
            portal.click("settings:submit").says("Saved.");
            portal.open("/alerts");
            assertThat(portal.page.inputValue("#of-executions")).isEqualTo("60, 95");
            assertThat(portal.page.inputValue("#of-tokens")).isEqualTo("never");
            assertThat(portal.page.inputValue("#of-all")).isEqualTo("70");
            assertThat(portal.page.inputValue("#of-storage_mb")).isEmpty();
            assertThat(portal.page.isChecked("#watched-tokens")).isFalse();
            assertThat(portal.page.isChecked("#watched-executions")).isTrue();
            assertThat(portal.page.inputValue("#sensitivity")).isEqualTo("low");
            assertThat(portal.page.isChecked("#to-owner")).isFalse();
            portal.ask("Remove… Team").page.click("text=Remove this budget >> visible=true");
            portal.says("The budget is removed.").says("No budget yet");

            portal.open("/usage?meter=executions");
            assertThat(portal.page.innerText("#usage-band")).startsWith("10,005 and ");
            portal.isSoundEverywhere("usage-forecast");
        }
    }

    @Test
    void aKeyShowsItsCallsItsLimitAndItsEnd() {
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            Api key = onPro(portal, "callers");
            portal.open("/keys")
                    .fill("keys:name", "Wrong")
                    .fill("keys:limit", "0")
                    .click("keys:create");
            portal.says("must be from 1 to 1000000");
            Api limited = key(portal, "Limited", "60");
            for (int i = 0; i < 3; i++) {
                limited.get("/v3/usage?meter=tokens").expect(200);
            }
            key.get("/v3/usage?meter=tokens").expect(200);
            portal.open("/keys");
            assertThat(row(portal, "Limited")).contains("3 calls today · 3 in ", "at most 60 requests a minute");
            // Its own, on the meter that the plan counts; making a subscription is for nothing.
            assertThat(row(portal, "Everything")).contains("1 call today · 1 in ", "no limit of its own");
            portal.isSound("keys-calls");

            portal.fill("keys:name", "For a month");
            portal.page.selectOption("[id='keys:lasts']", "MONTH");
            portal.click("keys:create").page.waitForSelector("#new-key");
            assertThat(row(portal, "For a month")).contains("0 calls today", "expires ");
            assertThat(key.get("/v3/api-keys").text()).contains("\"rate_limit_per_minute\":60");
        }
    }

    @Test
    void aPaymentThatFailedIsPaidNowAndOnce() {
        String company = "late-" + java.util.UUID.randomUUID().toString().substring(0, 8);
        try (Portal portal = Portal.desktop(PRODUCT.url());
                Portal phone = Portal.phoneInTheDark(PRODUCT.url())) {
            Api key = onPro(portal, company);
            portal.open("/billing").page.check("text=Visa ending 0341");
            portal.click("card:submit").says("Visa ending 0341 is on file and pays from now on.");
            key.post("/v3/subscriptions/upgrade", "{\"tier\": \"pro\", \"billing_cycle\": \"yearly\"}")
                    .expect(200);

            portal.open("/home");
            assertThat(portal.page.innerText("#behind")).contains("A payment failed.", "It is tried again on ");
            portal.isSound("behind").page.click("#behind a");
            portal.page.waitForURL("**/billing");
            assertThat(portal.page.innerText("#payments-due")).contains("$490.00 USD", "The payment failed on ");
            portal.ask("Pay now…");
            portal.isSound("payments-due").page.click("#due-list button");
            portal.says("The bank declined the card. Nothing was charged");
            phone.signIn("nora@" + company + ".example", "nine quiet lighthouses blink")
                    .isSound("behind-phone")
                    .open("/billing")
                    .isSound("payments-due-phone");
            String invoice = portal.page.getAttribute("#due-list a", "href");
            portal.open(invoice);
            assertThat(portal.page.locator("#invoice-payments tbody tr").count())
                    .isEqualTo(2);
            assertThat(portal.page.innerText("#invoice-payments"))
                    .contains("Failed", "The bank declined the card", "Visa ending 0341");
            assertThat(portal.page.innerText("#next-try")).contains("It is tried again on ");
            portal.isSound("invoice-payments");
            phone.open(invoice).isSound("invoice-payments-phone");

            // Not as the default: that one would be charged by itself.
            key.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\", \"default\": false}")
                    .expect(201);
            portal.open("/billing").ask("Remove… Visa ending 0341");
            portal.page.click("text=Remove this card >> visible=true");
            portal.says("The card was removed").ask("Pay now…").page.dblclick("#due-list button");
            portal.says("Thank you.");
            assertThat(portal.page.locator("#payments-due").count()).isZero();
            portal.open(invoice).says("Succeeded");
            assertThat(portal.page.innerText("#invoice-status")).isEqualTo("Paid");
            assertThat(portal.page.locator("#next-try").count()).isZero();
            assertThat(portal.page.locator("#behind").count()).isZero();
        }
        assertThat(new DatabaseOwner(PRODUCT).texts("""
                        SELECT c.failure_code FROM mock_charges c JOIN payment_methods m ON m.provider_ref = c.method_ref
                        JOIN tenants t ON t.id = m.tenant_id WHERE t.name = ? AND c.failure_code IS NULL""", company)).as("charged").hasSize(1);
    }

    private static String row(Portal portal, String name) {
        return portal.page
                .locator("#key-list li:has(strong:text-is('" + name + "'))")
                .innerText();
    }

    @Test
    void aFileOfUsageIsLookedAtTakenInAndItsRejectedRowsAreMended() {
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            Api key = onPro(portal, "filed");
            portal.open("/usage").click("to-upload");
            portal.page.waitForURL(PRODUCT.url() + "/usage-upload");
            portal.says("No file yet").isSound("upload-empty");
            bring(portal, "wrong.csv", "a;b\n1;2\n").says("Cannot be read").says("The column meter is missing");
            portal.isSound("upload-refused").click("discard:submit").says("The file is discarded");
            APIResponse huge = portal.page
                    .request()
                    .post(
                            PRODUCT.url() + "/usage-upload-file",
                            RequestOptions.create()
                                    .setMaxRedirects(0)
                                    .setMultipart(FormData.create()
                                            .set(
                                                    "file",
                                                    new FilePayload(
                                                            "huge.csv", "text/csv", new byte[(25 << 20) + 1]))));
            assertThat(huge.headers().get("location")).endsWith("/usage-upload?refused=too_large");
            portal.open("/usage-upload?refused=too_large").says("larger than 25 MB");

            StringBuilder rows = new StringBuilder("event_id;meter;quantity;occurred_at;model\r\n");
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            for (int i = 0; i < 1500; i++) {
                rows.append("row-")
                        .append(i)
                        .append(";executions;1;")
                        .append(now)
                        .append(i % 3 == 0 ? ";small" : ";large");
                rows.append("\r\n");
            }
            rows.append("=1+1;executions;none;;\r\n");
            bring(portal, "usage.csv", rows.toString()).says("1,501 rows, separated by semicolons");
            assertThat(portal.page.innerText("#upload-sample")).contains("Event id", "Dimension", "row-4", "small");
            assertThat(portal.page.innerText("#upload-notes")).contains("Line 1502: The quantity must be a number");
            portal.isSound("upload-checked");
            assertThat(key.get("/v3/usage?meter=executions").json().toString()).doesNotContain("1500");
            portal.click("take:submit");
            portal.page.waitForURL(PRODUCT.url() + "/usage-upload?upload=*at=*");
            portal.says("Completed, 1 rejected");
            assertThat(portal.page.innerText("#upload-taken")).isEqualTo("1,500");
            assertThat(portal.page.innerText("#upload-rejected")).isEqualTo("1");
            assertThat(portal.page.innerText("#upload-by")).isEqualTo("You");
            assertThat(portal.page.innerText("#upload-reasons")).contains("1 × The quantity is no number");
            portal.isSoundEverywhere("upload-completed");
            APIResponse rejected = portal.page
                    .request()
                    .get(PRODUCT.url() + portal.page.locator("#rejected-file").getAttribute("href"));
            assertThat(rejected.headers().get("content-disposition")).contains("rejected-rows.csv");
            String mended = rejected.text().replace("none", "2");
            assertThat(mended).contains("\r\n'=1+1,executions,2,,,1502,invalid_quantity,");
            bring(portal, "mended.csv", mended).says("1 row, separated by commas");
            portal.click("take:submit");
            portal.page.waitForURL(PRODUCT.url() + "/usage-upload?upload=*at=*");
            assertThat(portal.page.innerText("#upload-state")).isEqualTo("Completed");
            assertThat(portal.page
                            .request()
                            .get(PRODUCT.url() + "/usage-upload-rejected?upload=" + UUID.randomUUID())
                            .status())
                    .isEqualTo(404);

            new DatabaseOwner(PRODUCT).update("""
                    WITH half AS (
                        INSERT INTO usage_uploads (tenant_id, id, file_name, bytes, header, separator, rows, doubtful, notes, status,
                            uploaded_by, created_at, ended_at, read, taken)
                        SELECT id, uuidv7(), 'half.csv', 9, '{id,meter,quantity}', ',', 2, 0, '{}', 'stopped',
                            'key:cog_01234567', now(), now(), 1, 1
                        FROM tenants WHERE slug = 'filed' RETURNING tenant_id, id)
                    INSERT INTO usage_upload_parts (tenant_id, upload_id, position, rows, content)
                    SELECT tenant_id, id, 1, 1, '3,b,tokens,1' FROM half""");
            portal.open("/usage-upload").says("API key cog_01234567…").page.click("text=half.csv");
            portal.says("Go on with the rest").ask("Discard the rest…").click("rest:submit");
            portal.says("The rest is discarded. What was taken in stays, and counts.");
            assertThat(portal.page.locator("#upload-panel").innerText()).doesNotContain("Go on with the rest");

            portal.open("/usage?meter=executions&days=1&by=model");
            assertThat(portal.page.innerText("#usage-total")).isEqualTo("1,502");
            assertThat(portal.page.innerText("#chart-title")).isEqualTo("Executions by hour");
            assertThat(portal.page.innerText("#chart-legend")).contains("large", "small", "None");
            assertThat(portal.page.locator("#usage-chart .day").count()).isEqualTo(24);
            portal.isSound("usage-by-hour").open("/usage?meter=executions&days=7");
            assertThat(portal.page.locator("#usage-chart .day").count()).isEqualTo(168);
            portal.open("/usage?meter=executions&days=7&by=model").isSoundEverywhere("usage-by-hours");
        }
    }

    private static Portal bring(Portal portal, String name, String text) {
        portal.open("/usage-upload");
        portal.page.setInputFiles("#file", new FilePayload(name, "text/csv", text.getBytes(StandardCharsets.UTF_8)));
        portal.click("file-submit");
        portal.page.waitForURL(PRODUCT.url() + "/usage-upload?upload=*");
        return portal;
    }
}
