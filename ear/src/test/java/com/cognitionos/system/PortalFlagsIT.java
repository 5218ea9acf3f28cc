package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Feature flags in the browser, and what a tenant then has. */
@SharedProduct
@DisplayName("Feature flags in the portal")
class PortalFlagsIT {

    private static final Product PRODUCT = Product.shared();
    private static final Api OPERATOR = PRODUCT.api();
    private static final String MARK = UUID.randomUUID().toString().substring(0, 8);
    private static final String FLAG = "portal_" + MARK;
    private static final String SLUG = "flagged-" + MARK;

    private static String tenant;

    @BeforeAll
    static void tenant() {
        tenant = OPERATOR.testTenant(SLUG, "pro", "2026-01-31T00:00:00Z");
    }

    private static Portal operator() {
        Portal portal = Portal.desktop(PRODUCT.url());
        portal.startSignIn("olivia@cognitionos.example", PRODUCT.demoPassword())
                .page
                .waitForURL("**/platform/tenants");
        return portal;
    }

    private static boolean isOnForTenant(String flag) {
        return OPERATOR.forTenant(tenant)
                .get("/v3/entitlements/" + flag)
                .expect(200)
                .json()
                .get("allowed")
                .getAsBoolean();
    }

    @Test
    void aFlagIsMadeWidenedAndSwitchedOff() {
        try (Portal portal = operator()) {
            portal.click("nav-flags").page.waitForURL("**/platform/flags");
            assertThat(portal.page.locator("#flag-list li").count()).isGreaterThanOrEqualTo(5);
            portal.isSound("flags-light");

            portal.fill("flag:key", "Not A Key").click("flag:submit").says("A flag's key is");
            portal.fill("flag:key", "plugins_enabled")
                    .click("flag:submit")
                    .says("There is a flag with this key already");
            portal.fill("flag:key", FLAG)
                    .fill("flag:percentage", "101")
                    .click("flag:submit")
                    .says("from 0 to 100");
            portal.fill("flag:percentage", "0")
                    .fill("flag:tenants", SLUG + "\nno-such-tenant")
                    .click("flag:submit");
            portal.says("There is no tenant with the slug no-such-tenant");
            assertThat(portal.page.inputValue("[id='flag:key']"))
                    .as("what was typed stays")
                    .isEqualTo(FLAG);
            portal.fill("flag:tenants", "").click("flag:submit").says("The flag " + FLAG + " is off from now on");
            assertThat(isOnForTenant(FLAG)).isFalse();

            open(portal, FLAG).fill("flag:tenants", " " + SLUG.toUpperCase(java.util.Locale.ROOT));
            portal.click("flag:submit").says("is on for some from now on");
            assertThat(row(portal, FLAG).innerText()).contains("On for some", SLUG);
            assertThat(isOnForTenant(FLAG)).isTrue();
            portal.isSound("flags-change");

            portal.fill("flag:tenants", "").fill("flag:percentage", "100").click("flag:submit");
            portal.says("is on for everybody from now on");
            assertThat(row(portal, FLAG).innerText()).contains("100\u00a0% of all tenants");
            assertThat(isOnForTenant(FLAG)).isTrue();

            portal.fill("flag:percentage", "0");
            portal.page
                    .getByLabel("Pro", new Page.GetByLabelOptions().setExact(true))
                    .check();
            portal.click("flag:submit").says("is on for some from now on");
            assertThat(row(portal, FLAG).innerText()).contains("the plan Pro");
            assertThat(isOnForTenant(FLAG)).isTrue();

            portal.ask("Switch off… " + FLAG);
            row(portal, FLAG).locator("button").click();
            portal.says("The flag " + FLAG + " is off for everybody from now on");
            assertThat(isOnForTenant(FLAG)).isFalse();
        }
    }

    @Test
    void whoComesSecondIsTold() {
        String flag = "second_" + MARK;
        try (Portal first = operator();
                Portal second = operator()) {
            first.open("/platform/flags")
                    .fill("flag:key", flag)
                    .click("flag:submit")
                    .says("The flag " + flag + " is off");
            open(first, flag);
            open(second, flag)
                    .fill("flag:percentage", "40")
                    .click("flag:submit")
                    .says("is on for some");
            first.fill("flag:percentage", "90").click("flag:submit").says("Somebody else changed it meanwhile");
            first.open("/platform/flags");
            assertThat(row(first, flag).innerText()).contains("40\u00a0%");
        }
    }

    @Test
    void financeSeesFlagsAndChangesNone() {
        try (Portal finance = Portal.phoneInTheDark(PRODUCT.url())) {
            finance.startSignIn("felix@cognitionos.example", PRODUCT.demoPassword())
                    .page
                    .waitForURL("**/platform/tenants");
            finance.open("/platform/flags").isSound("flags-finance-phone");
            assertThat(finance.page
                            .locator("[id='flag:submit'], #flag-list details, #flag-list a")
                            .count())
                    .isZero();
            finance.open("/platform/flags?flag=no_such_flag");
            assertThat(finance.text()).contains("There is no such flag");
        }
    }

    /** INT-1: what breaks is named with its tenant; a check is asked for by hand. */
    @Test
    void anOperatorChecksWhatIsStored() {
        String broken = OPERATOR.testTenant(SLUG + "-broken", "pro", "2026-01-31T00:00:00Z");
        OPERATOR.forTenant(broken)
                .post("/v3/usage/events", "{\"id\": \"one\", \"meter\": \"executions\", \"quantity\": 3}")
                .expect(202);
        DatabaseOwner owner = new DatabaseOwner(PRODUCT);
        owner.update("UPDATE usage_counters SET used = 4 WHERE tenant_id = ?::uuid AND used = 3", broken);
        try (Portal portal = operator()) {
            portal.click("nav-integrity").page.waitForURL("**/platform/integrity");
            portal.click("check:submit").says("The check is under way.");
            Await.until(
                    "the check's end",
                    120,
                    () -> OPERATOR.get("/v3/operator/integrity-checks")
                            .expect(200)
                            .json()
                            .getAsJsonArray("integrity_checks")
                            .get(0)
                            .getAsJsonObject()
                            .get("status")
                            .getAsString()
                            .equals("completed"));
            portal.open("/platform/integrity").says("its records say 3");
            assertThat(portal.page.locator("#answer-list > li").count()).isEqualTo(12);
            assertThat(portal.text()).contains(SLUG + "-broken: the counter of executions");
            portal.isSound("integrity");
            portal.page.locator("#check-list a").first().click();
            portal.page.waitForURL("**/platform/integrity?check=*");
            portal.says("its records say 3");
        } finally {
            owner.update("UPDATE usage_counters SET used = 3 WHERE tenant_id = ?::uuid AND used = 4", broken);
        }
    }

    private static Portal open(Portal portal, String flag) {
        portal.open("/platform/flags");
        row(portal, flag).locator("a").click();
        portal.page.waitForURL("**/platform/flags?flag=" + flag + "*");
        return portal;
    }

    private static Locator row(Portal portal, String flag) {
        return portal.page.locator("#flag-list li", new Page.LocatorOptions().setHasText(flag));
    }
}
