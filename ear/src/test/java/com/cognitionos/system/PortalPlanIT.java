package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A tenant changes its plan, having seen to the cent what that makes. */
@SharedProduct
@DisplayName("Plan in the portal")
class PortalPlanIT {

    private static final Product PRODUCT = Product.shared();

    @Test
    void aPlanIsChangedAsThePreviewSays() {
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            portal.signUp("planner", "Nora Lind", "nora@planner.example", "nine quiet lighthouses blink");
            portal.open("/plan").isSound("plan-free");
            assertThat(portal.page.innerText("#plan-name")).contains("Free", "Active");
            assertThat(portal.page.innerText("#offers")).contains("$49.00", "$490.00", "$199.00");

            portal.open("/plan?tier=pro&cycle=monthly").isSound("plan-upgrade");
            String net = portal.page.innerText("#preview-net");
            assertThat(portal.page.innerText("#preview-lines")).contains("Pro plan, a month, part of the period");
            portal.click("change:submit").says("You are on Pro now.");
            assertThat(portal.page.innerText("#plan-name")).contains("Pro");
            portal.open("/invoices");
            assertThat(net.substring(0, 4)).isEqualTo("$49.");

            portal.open("/plan?tier=free&cycle=monthly").isSound("plan-downgrade");
            assertThat(portal.page.innerText("#change-title")).startsWith("On ");
            assertThat(portal.page.innerText("[id='change:submit']")).startsWith("Change on ");
            portal.click("change:submit").says("You change to Free on");
            assertThat(portal.page.innerText("#pending")).contains("Changes to Free, monthly, on");
            portal.isSound("plan-pending");
            portal.open("/plan?tier=team&cycle=yearly").isSoundEverywhere("plan-yearly");
            portal.open("/plan").click("keep:submit").says("Your plan goes on as it is.");

            portal.ask("Pause…").click("pause:submit").says("Your plan is paused.");
            assertThat(portal.page.innerText("#plan-name")).contains("Paused");
            portal.click("resume:submit").says("Your plan goes on.");

            String later = LocalDate.now(ZoneOffset.UTC).plusDays(9).toString();
            portal.open("/plan?tier=team&cycle=monthly").page.fill("#at", later);
            portal.page.click("#when button");
            portal.page.waitForURL("**at=" + later);
            assertThat(portal.page.innerText("#preview-lines")).contains("Unused time of the Pro plan");
            assertThat(portal.page.innerText("#preview-lines"))
                    .containsPattern("\\d+ days.* of \\d+ days, at \\$49\\.00 for ");
            portal.isSound("plan-on-a-day");
            portal.click("change:submit").says("You change to Team on");
            portal.open("/plan").isSound("plan-history");
            assertThat(portal.page.innerText("#pending")).contains("Changes to Team, monthly, on");
            assertThat(portal.page.innerText("#history"))
                    .containsSubsequence("Went on with Pro", "Paused, on Pro", "Up to Pro", "Started with Free");

            portal.open("/plan").fill("day", "7").page.click("#anchor button");
            portal.page.waitForURL("**day=7**");
            assertThat(portal.page.innerText("#change-title")).contains("Periods begin on day 7 of the month");
            portal.isSound("plan-anchor");
            portal.open("/plan?action=anchor&day=40").says("The day must be from 1 to 31.");
            portal.open("/plan?action=cancel&at=1999-01-01").says("effective_at can be no earlier");

            portal.open("/plan").page.click("#end");
            portal.page.waitForURL("**action=cancel");
            portal.isSound("plan-cancel");
            portal.click("change:submit").says("Your plan ends on");
            assertThat(portal.page.innerText("#plan-name")).contains("Ends soon");
            portal.open("/plan?action=cancel&at=now").click("change:submit").says("Your plan has ended.");
            assertThat(portal.page.innerText("#history")).startsWith("Ended");
        }
    }

    @Test
    void whatIsInvoicedAsThePeriodEndsIsSaid() {
        Api operator = PRODUCT.api();
        String code = "arrears_" + UUID.randomUUID().toString().substring(0, 8);
        operator.post("/v3/catalog/add-ons", """
                        {"code": "%s", "name": "Hours", "tiers": ["free"], "maximum_quantity": 5,
                         "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 200,
                                     "timing": "at_period_end"}]}""".formatted(code)).expect(201);
        String version = "/v3/catalog/add-ons/" + code + "/versions/1";
        operator.post(version + "/publish", "{}").expect(200);
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            portal.signUp("hours", "Nora Lind", "nora@hours.example", "nine quiet lighthouses blink");
            portal.open("/plan?action=attach_add_on&add_on=" + code + "&quantity=3");
            assertThat(portal.page.locator("#preview-lines").count()).isZero();
            assertThat(portal.text()).contains("Nothing is charged and nothing is given back at once.");
            String end = portal.page.innerText("#preview-waiting");
            assertThat(end).startsWith("The invoice of ").endsWith(" will have $6.00 USD for it.");
            portal.isSound("plan-waiting");
            portal.click("change:submit").says("From now on: Hours: 3.");

            portal.open("/plan?action=change_add_on&add_on=" + code + "&quantity=1&at=now");
            assertThat(portal.page.innerText("#preview-lines")).contains("Unused time of the Hours, a month");
            assertThat(portal.page.locator("#preview-waiting").count()).isZero();
        } finally {
            operator.post(version + "/archive", "").expect(200);
        }
    }

    @Test
    void whatIsNoChangeIsSaidAndNotOffered() {
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            portal.signUp("noplanner", "Nora Lind", "nora@noplanner.example", "nine quiet lighthouses blink");
            portal.open("/plan?tier=free&cycle=monthly");
            portal.says("The subscription is on that plan and billing cycle already.");
            for (String nonsense : new String[] {"gold", "enterprise", "%3Cscript%3E"}) {
                portal.open("/plan?tier=" + nonsense + "&cycle=monthly");
                assertThat(portal.page.locator("#preview").count()).isZero();
            }
        }
    }
}
