package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Finance makes a plan, changes its prices and moves who is on it, and agrees on a contract. */
@DisplayName("Catalogue in the portal")
@SharedProduct
class PortalCatalogIT {

    private static final Product PRODUCT = Product.shared();
    private static final Api OPERATOR = PRODUCT.api();

    private static Portal finance(Portal portal) {
        portal.startSignIn("felix@cognitionos.example", PRODUCT.demoPassword())
                .page
                .waitForURL("**/platform/tenants");
        return portal;
    }

    private static String unique() {
        return "p" + UUID.randomUUID().toString().replace("-", "").substring(0, 10);
    }

    /** Presses a button that brings a line more or less, and waits for the page that has it. */
    private static void edit(Portal portal, String what) {
        boolean more = what.startsWith("add ");
        String at = what.substring(what.indexOf(' ') + 1);
        String count = "input[name='" + (more ? at : at.substring(0, at.lastIndexOf('/'))) + "#']";
        int before = Integer.parseInt(portal.page.inputValue(count));
        portal.page.locator("button[value='" + what + "']").click();
        portal.page.waitForSelector(
                count + "[value='" + (more ? before + 1 : before - 1) + "']",
                new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
    }

    private static void choose(Portal portal, String id, String value) {
        portal.page.selectOption("[id='" + id + "']", value);
    }

    private static long cents(String tenant) {
        return OPERATOR.forTenant(tenant)
                .get("/v3/subscriptions/current")
                .expect(200)
                .json()
                .get("amount_cents")
                .getAsLong();
    }

    @Test
    void aPlanIsDraftedPublishedAndItsSubscriptionsMoved() {
        String tier = unique();
        try (Portal portal = finance(Portal.desktop(PRODUCT.url()))) {
            portal.click("nav-catalog").page.waitForURL("**/platform/catalog");
            portal.isSoundEverywhere("catalog");
            assertThat(portal.page.innerText("#versions-pro")).contains("$49.00 a month", "$490.00 a year", "On sale");
            portal.fill("plan:code", "No Code")
                    .fill("plan:name", "Gold")
                    .click("plan:submit")
                    .says("small letters, digits");
            portal.fill("plan:code", tier);
            choose(portal, "plan:model", "pro/1");
            choose(portal, "plan:after", "pro");
            portal.click("plan:submit").page.waitForURL("**/platform/plan-version?tier=" + tier + "*");
            assertThat(portal.page.innerText("#state")).isEqualTo("Draft");

            // The draft
            portal.fill("/prices/0/amount_cents", "50.005")
                    .click("terms:submit")
                    .says("at most 2 decimals");
            portal.fill("/prices/0/amount_cents", "50.00")
                    .fill("/meters/1/included", "lots")
                    .click("terms:submit");
            portal.says("Write a number such as");
            assertThat(portal.page.inputValue("[id='/prices/0/amount_cents']"))
                    .as("what was typed stays")
                    .isEqualTo("50.00");
            portal.fill("/meters/1/included", "1,000");
            edit(portal, "add /prices");
            // One goes on at the new line.
            portal.waitsAt("[name='/prices/2/billing_cycle']");
            portal.fill("/prices/2/currency", "EUR").fill("/prices/2/amount_cents", "45");
            portal.click("terms:submit").says("in which the meter has no price");
            portal.isSound("plan-version-refused");
            edit(portal, "remove /prices/2");
            choose(portal, "/meters/0/prices/0/model", "graduated");
            edit(portal, "add /meters/0/prices/0/tiers");
            portal.fill("/meters/0/prices/0/tiers/0/up_to", "1,000")
                    .fill("/meters/0/prices/0/tiers/0/unit_cents", "0.10")
                    .fill("/meters/0/prices/0/tiers/1/unit_cents", "0.08")
                    .fill("/meters/0/prices/0/tiers/1/flat_cents", "5");
            portal.click("terms:submit").says("The draft is saved");
            portal.isSoundEverywhere("plan-version-draft");
            JsonObject saved = OPERATOR.get("/v3/catalog/plans/" + tier + "/versions/1")
                    .expect(200)
                    .json();
            assertThat(saved.getAsJsonArray("prices").toString())
                    .contains("5000")
                    .doesNotContain("EUR");
            assertThat(saved.getAsJsonArray("meters").get(0).toString())
                    .contains("graduated", "\"unit_cents\":10", "\"unit_cents\":8", "\"flat_cents\":500");
            assertThat(saved.getAsJsonArray("meters").get(1).toString()).contains("\"included\":1000");

            // Published, with somebody on it
            portal.fill("publish:from", "2026-01-01T00:00")
                    .fill("publish:to", "2025-01-01T00:00")
                    .click("publish:submit");
            portal.says("It must end after it begins.");
            portal.fill("publish:to", "").click("publish:submit").says("is sold from 1 Jan 2026");
            portal.isSoundEverywhere("plan-version-published");
            String slug = "moved-" + tier;
            String tenant = OPERATOR.testTenant(slug, tier, "2026-01-31T00:00:00Z");
            assertThat(cents(tenant)).isEqualTo(5_000);

            // The next version, against the one that is sold
            portal.click("draft:submit").page.waitForURL("**version=2*");
            assertThat(portal.page.innerText("#no-changes")).contains("the same");
            portal.fill("/prices/0/amount_cents", "$70.00").click("terms:save").says("The draft is saved");
            assertThat(portal.page.locator("#changes tbody tr").allInnerTexts())
                    .containsExactly("Monthly price in USD\t$50.00\t$70.00");
            assertThat(portal.page.innerText("#publishing")).contains("Nothing happens to the 1 subscription");
            portal.fill("publish:from", "2026-02-01T00:00")
                    .click("publish:submit")
                    .says("is sold from 1 Feb 2026");
            assertThat(cents(tenant)).as("nothing until it is moved").isEqualTo(5_000);

            // Moved
            choose(portal, "move:who", "named");
            portal.fill("move:slugs", "no-such-tenant").click("move:submit").says("There is no tenant with the slug");
            choose(portal, "move:who", "1");
            portal.click("move:submit").says("$20.00 more on the invoice of 28 Feb 2026");
            assertThat(portal.page.innerText("#move-list")).contains(slug, "Can be moved");
            portal.waitsAt("#moves-title");
            assertThat(portal.page.innerText("#move-total")).isEqualTo("$20.00 USD");
            portal.page.locator("#move-list summary").click();
            portal.isSound("plan-version-preview");
            assertThat(cents(tenant)).isEqualTo(5_000);
            portal.click("moving-form:submit").says("Moved: 1.");
            assertThat(cents(tenant)).isEqualTo(7_000);
            portal.isSound("plan-version-moved");

            portal.ask("Archive…").click("archive:submit").says("is sold no more");
            assertThat(portal.page.innerText("#state")).isEqualTo("Archived");
            portal.open("/platform/catalog");
            assertThat(portal.page.innerText("#versions-" + tier))
                    .contains("Version 2", "Archived", "1 subscription", "Version 1", "No longer sold");
        }
    }

    @Test
    void aContractIsAgreedAndItsTenantMoved() {
        String slug = "contract-" + unique();
        String tenant = OPERATOR.testTenant(slug, "enterprise", "2026-01-31T00:00:00Z");
        try (Portal portal = finance(Portal.desktop(PRODUCT.url()))) {
            portal.open("/platform/catalog").fill("contract:tenant", "no such tenant");
            choose(portal, "contract:basis", "enterprise/1");
            portal.click("contract:submit").says("There is no tenant with this slug or name");
            portal.fill("contract:tenant", slug.toUpperCase(Locale.ROOT)).click("contract:submit");
            portal.page.waitForURL("**contract=" + slug);
            portal.fill("/name", "Own terms").fill("/prices/0/amount_cents", "777.00");
            edit(portal, "add /commitments");
            portal.fill("/commitments/0/currency", "EUR").fill("/commitments/0/minimum_cents", "900");
            portal.click("agreement:submit").says("The plan has no price in EUR");
            portal.fill("/commitments/0/currency", "usd");
            portal.isSoundEverywhere("contract");
            portal.click("agreement:submit");
            portal.page.waitForSelector("#moving");
            assertThat(portal.page.innerText("#state")).isEqualTo("Contract");
            assertThat(portal.text()).contains("Own terms", "At least $900.00 a month");
            portal.isSound("contract-agreed");
            portal.click("move:submit").says("$777.00 more on the invoice of 28 Feb 2026");
            portal.click("moving-form:submit").says("Moved: 1.");
            assertThat(cents(tenant)).isEqualTo(77_700);
            portal.open("/platform/catalog");
            Locator row = portal.page.locator("#contract-list li", new Page.LocatorOptions().setHasText("Own terms"));
            assertThat(row.allInnerTexts().toString()).contains("In force");
        }
    }

    @Test
    void metersJsonAndWhatIsNotThere() {
        String tier = unique();
        try (Portal portal = finance(Portal.desktop(PRODUCT.url()))) {
            portal.open("/platform/catalog")
                    .fill("meter:code", "tokens")
                    .fill("meter:name", "Pages")
                    .fill("meter:unit", "page")
                    .click("meter:submit")
                    .says("There is a meter tokens already");
            portal.fill("meter:code", "pages_" + tier).click("meter:submit").says("counts from now on");
            assertThat(portal.page.innerText("#meter-table")).contains("pages_" + tier, "Sum over the month");
            portal.fill("plan:code", tier).fill("plan:name", "Gold");
            choose(portal, "plan:model", "free/1");
            portal.click("plan:submit").page.waitForURL("**tier=" + tier + "*");
            portal.page.locator("#expert-way summary").click();
            String json = portal.page.inputValue("[id='expert:json']");
            portal.fill(
                            "expert:json",
                            json.replace("\"name\":\"Gold\"", "\"nam").replace("\"name\": \"Gold\"", "\"nam"))
                    .click("expert:submit")
                    .says("That is no JSON object");
            portal.fill("expert:json", json.replace("Gold", "Gilt"))
                    .click("expert:submit")
                    .says("The draft is saved");
            assertThat(portal.page.inputValue("[id='/name']")).isEqualTo("Gilt");

            for (String nonsense : List.of("?tier=pro&version=999", "?tier=%3Cb%3E&version=1", "", "?tier=pro")) {
                assertThat(portal.page
                                .navigate(PRODUCT.url() + "/platform/plan-version" + nonsense)
                                .status())
                        .as(nonsense)
                        .isEqualTo(404);
                assertThat(portal.text()).contains("No such version");
            }
        }
    }

    @Test
    void anAddOnIsDraftedPublishedBoughtAndArchived() {
        String code = unique();
        try (Portal portal = finance(Portal.desktop(PRODUCT.url()));
                Portal phone = finance(Portal.phoneInTheDark(PRODUCT.url()));
                Portal buyer = Portal.desktop(PRODUCT.url())) {
            portal.open("/platform/catalog").click("new-add-on").page.waitForURL("**/platform/add-on");
            portal.isSound("add-on-new");
            portal.fill("terms:code", code)
                    .fill("terms:name", "Extra seats")
                    .fill("terms:description", "More people at work")
                    .fill("terms:maximum", "10")
                    .fill("terms:currency0", "usd")
                    .fill("terms:monthly0", "2.005")
                    .click("terms:submit")
                    .says("Enter an amount such as 49.00.");
            portal.fill("terms:monthly0", "2.00").click("terms:submit").says("Name at least one plan");
            portal.isSound("add-on-refused");
            portal.page.check("input[name='terms:tiers'][value='free']");
            portal.fill("terms:yearly0", "20")
                    .click("terms:submit")
                    .page
                    .waitForURL("**/platform/add-on?code=" + code + "*");
            assertThat(portal.page.innerText("#state")).isEqualTo("Draft");
            assertThat(portal.page.inputValue("[id='terms:yearly0']")).isEqualTo("20.00");
            phone.open("/platform/add-on?code=" + code + "&version=1").isSound("add-on-draft-phone");
            portal.fill("terms:monthly0", "3").click("terms:submit").says("The draft is saved.");
            phone.fill("publish:from", "").click("publish:submit").says("somebody else changed it meanwhile");
            portal.click("publish:submit").says("Extra seats, version 1, is published.");
            assertThat(portal.page.innerText("#state")).isEqualTo("On sale");
            portal.isSound("add-on-published");
            portal.open("/platform/catalog").isSound("catalog-add-ons");
            assertThat(portal.page.innerText("#add-on-list")).contains("Extra seats, version 1", "$3.00 a month");

            buyer.signUp("buyer-" + code, "Nora Lind", "nora@" + code + ".example", "nine quiet lighthouses blink");
            buyer.open("/plan").isSound("plan-add-ons");
            assertThat(buyer.page.innerText("#add-ons")).contains("Extra seats", "More people at work", "$3.00");
            buyer.fill("quantity-" + code, "4").click("attach-" + code).page.waitForURL("**action=attach_add_on**");
            assertThat(buyer.page.innerText("#change-title")).isEqualTo("Now: Extra seats: 4");
            assertThat(buyer.page.innerText("#preview-lines")).contains("Extra seats, a month");
            buyer.isSound("plan-add-on-preview");
            buyer.click("change:submit").says("From now on: Extra seats: 4.");
            assertThat(buyer.page.innerText("#add-ons")).contains("$12.00 USD per month", "$3.00 each");
            assertThat(buyer.page.innerText("#history")).startsWith("Extra seats: 4");
            buyer.open("/plan?action=change_add_on&add_on=" + code + "&quantity=99")
                    .says("Quantity must be from 1 to 10");
            buyer.open("/plan?action=change_add_on&add_on=" + code + "&quantity=many")
                    .says("must be a whole number");
            buyer.open("/plan?action=attach_add_on&add_on=nothing&quantity=1").says("No such add-on is sold");
            buyer.open("/plan").click("remove-" + code).page.waitForURL("**action=remove_add_on**");
            assertThat(buyer.page.innerText("#change-title"))
                    .contains("Extra seats, removed")
                    .startsWith("On ");
            buyer.click("change:submit").says("From ");
            assertThat(buyer.page.innerText("#pending")).contains("Extra seats: none");
            assertThat(buyer.page.innerText("#add-ons")).contains("Goes on ");
            buyer.isSound("plan-add-on-pending");
            buyer.click("keep:submit").says("Your plan goes on as it is.");

            portal.open("/platform/add-on?code=" + code + "&version=1")
                    .ask("Archive…")
                    .click("archive:submit");
            portal.says("is sold no more");
            assertThat(portal.text()).contains("1 subscription");
            portal.click("draft:submit").page.waitForURL("**version=2*");
            assertThat(portal.page.inputValue("[id='terms:monthly0']")).isEqualTo("3.00");
            assertThat(portal.page
                            .navigate(PRODUCT.url() + "/platform/add-on?code=nothing&version=1")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void anOperatorReadsAndChangesNothing() {
        try (Portal operator = Portal.phone(PRODUCT.url())) {
            operator.startSignIn("olivia@cognitionos.example", PRODUCT.demoPassword())
                    .page
                    .waitForURL("**/platform/tenants");
            operator.open("/platform/catalog").isSound("catalog-operator");
            assertThat(operator.page.locator("main form").count()).isZero();
            operator.open("/platform/add-on").isSound("add-on-operator");
            assertThat(operator.page.locator("main form").count()).isZero();
            operator.open("/platform/plan-version?tier=pro&version=1").isSound("plan-version-operator");
            assertThat(operator.page.locator("main form").count()).isZero();
            assertThat(operator.text()).contains("$0.02 per 1,000 tokens");
        }
    }
}
