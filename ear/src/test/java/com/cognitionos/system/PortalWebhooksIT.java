package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.system.WebhookReceiver.Answer;
import com.cognitionos.system.WebhookReceiver.Message;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** WHK-1 to WHK-10 by hand. */
@SharedProduct
class PortalWebhooksIT {

    private static final Product PRODUCT = Product.shared();

    @Test
    @DisplayName("A developer's day: add, test, see what failed, send again, rotate, disable, remove")
    void anEndpointsLife() {
        String path = "/portal-" + UUID.randomUUID().toString().substring(0, 8);
        try (WebhookReceiver receiver = new WebhookReceiver();
                Portal portal = Portal.desktop(PRODUCT.url())) {
            receiver.answers(path, number -> number == 1 ? Answer.of(503) : Answer.OK);
            portal.signIn("ada@northwind.example", PRODUCT.demoPassword()).go("webhooks");
            portal.fill("endpoint:url", "ftp://example.org/").click("endpoint:add");
            portal.says("must begin with https");
            portal.isSound("webhooks-refused");
            portal.fill("endpoint:url", receiver.url(path)).fill("endpoint:description", "Bookkeeping");
            portal.page.check("[id='event-invoice.paid']");
            portal.click("endpoint:add").says("The secret of your new endpoint");
            String secret = portal.page.innerText("#new-secret");
            portal.says("Gets invoice.paid").isSound("webhooks");

            portal.page.click("#endpoint-list a:has-text('" + path + "')");
            portal.says("Nothing was sent yet").isSound("webhook-new");
            portal.click("test:submit").says("is on its way");
            Message first = receiver.message(path, 1);
            assertThat(first.isSignedBy(secret)).isTrue();
            Message again = receiver.message(path, 2);
            assertThat(again.id()).isEqualTo(first.id());
            Await.until("it to be delivered", 30, () -> {
                portal.page.reload();
                return portal.text().contains("2 attempts");
            });
            portal.isSound("webhook");
            portal.page.setViewportSize(390, 844);
            portal.isSound("webhook-phone");
            portal.page.setViewportSize(1280, 900);
            portal.page.click("#delivery-list a");
            portal.says("Attempt 2").says("503");
            portal.page.click("#attempt-list summary >> nth=0");
            portal.says("no: 503").isSound("webhook-delivery");
            portal.page.setViewportSize(390, 844);
            portal.isSound("webhook-delivery-phone");
            portal.page.setViewportSize(1280, 900);
            portal.click("resend:submit").says("It is sent again now");
            assertThat(receiver.message(path, 3).id()).isEqualTo(first.id());

            portal.page.click("p.back a");
            portal.page.check("[id='event-payment.failed']");
            portal.click("endpoint:save").says("Saved.");
            assertThat(portal.page.isChecked("[id='event-payment.failed']")).isTrue();
            assertThat(portal.page.isChecked("[id='event-invoice.paid']")).isTrue();
            portal.page.check("[id='event-invoice.voided']");
            portal.page.uncheck("[id='event-invoice.paid']");
            portal.fill("endpoint:url", "ftp://example.org/").click("endpoint:save");
            portal.says("must begin with https");
            assertThat(portal.page.isChecked("[id='event-invoice.voided']"))
                    .as("what was entered comes back")
                    .isTrue();
            assertThat(portal.page.isChecked("[id='event-invoice.paid']")).isFalse();
            String longest = receiver.url(path) + "?" + "a".repeat(1_500);
            portal.fill("endpoint:url", longest).click("endpoint:save").says("Saved.");
            assertThat(portal.page.innerText("#address")).isEqualTo(longest);
            portal.click("rotate:submit").says("The new secret");
            assertThat(portal.page.innerText("#new-secret")).isNotEqualTo(secret);
            portal.click("disable:submit").says("The endpoint is disabled.");
            assertThat(portal.page.innerText("#endpoint-status")).isEqualTo("Disabled");
            portal.click("enable:submit").says("The endpoint is enabled.");

            portal.page.click("p.back a");
            portal.ask("Remove…").page.click("button:has-text('Remove this endpoint')");
            portal.says("The endpoint is removed");
            assertThat(portal.text()).doesNotContain(path);
        }
    }

    @Test
    @DisplayName("On a phone in the dark it is as sound")
    void onAPhone() {
        try (Portal portal = Portal.phoneInTheDark(PRODUCT.url())) {
            portal.signIn("ada@northwind.example", PRODUCT.demoPassword())
                    .open("/webhooks")
                    .isSound("webhooks-phone-dark");
            assertThat(portal.page
                            .navigate(PRODUCT.url() + "/webhook?id=" + UUID.randomUUID())
                            .status())
                    .isEqualTo(404);
            portal.says("There is no such webhook endpoint");
        }
    }
}
