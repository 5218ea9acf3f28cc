package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A tenant changes its plan, having seen to the cent what that makes. */
@SharedProduct
@DisplayName("Plan in the portal")
class PortalPlanIT {

    private static final Product PRODUCT = Product.shared();

    @Test
    void aPlanIsChangedAsThePreviewSays() {
        try (Portal portal = Portal.desktop(PRODUCT.url());
                Portal phone = Portal.phoneInTheDark(PRODUCT.url())) {
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
            portal.click("change:submit").says("You change to Free on");
            assertThat(portal.page.innerText("#pending")).contains("Changes to Free, monthly, on");
            portal.isSound("plan-pending");
            phone.signIn("nora@planner.example", "nine quiet lighthouses blink")
                    .open("/plan?tier=team&cycle=yearly")
                    .isSound("plan-phone");
            portal.click("keep:submit").says("Your plan goes on as it is.");

            portal.ask("Pause…").click("pause:submit").says("Your plan is paused.");
            assertThat(portal.page.innerText("#plan-name")).contains("Paused");
            portal.click("resume:submit").says("Your plan goes on.");
            portal.ask("Cancel…").click("cancel:submit").says("Your plan ends on");
            assertThat(portal.page.innerText("#plan-name")).contains("Ends soon");
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
