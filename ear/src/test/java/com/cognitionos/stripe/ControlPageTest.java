package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.model.Dispute;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.SetupIntent;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.SetupIntentCreateParams;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page of a double that runs by itself: its buttons give each outcome that can be waited for. */
class ControlPageTest {

    private final Wired wired = new Wired();
    private final HttpClient browser =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    @AfterEach
    void close() {
        wired.close();
    }

    private String page() throws IOException, InterruptedException {
        return browser.send(
                        HttpRequest.newBuilder(URI.create(wired.stripe.base() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String press(String action) throws IOException, InterruptedException {
        return browser.send(
                        HttpRequest.newBuilder(URI.create(wired.stripe.base() + "/"))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "action=" + URLEncoder.encode(action, StandardCharsets.UTF_8)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static List<String> buttons(String page, String outcome) {
        List<String> buttons = new ArrayList<>();
        Matcher button = Pattern.compile("value=\"(" + outcome + ":[^\"]+)\"").matcher(page);
        while (button.find()) {
            buttons.add(button.group(1));
        }
        return buttons;
    }

    @Test
    void eachThingThatWaitsHasItsButtons() throws Exception {
        assertThat(page()).contains("Nothing waits");
        for (String outcome : List.of("good", "bad")) {
            wired.charge("pm_card_double_processing");
            wired.charge("pm_card_createDispute");
            wired.client
                    .v1()
                    .refunds()
                    .create(RefundCreateParams.builder()
                            .setPaymentIntent(
                                    wired.charge("pm_card_pendingRefund").getId())
                            .build());
            wired.client
                    .v1()
                    .setupIntents()
                    .create(SetupIntentCreateParams.builder()
                            .setPaymentMethod("pm_card_authenticationRequired")
                            .addPaymentMethodType("card")
                            .setConfirm(true)
                            .build());
            String customer = wired.customer().getId();
            wired.client
                    .v1()
                    .paymentIntents()
                    .create(wired.payment(
                                    customer,
                                    wired.attached("pm_card_authenticationRequired", customer)
                                            .getId())
                            .setOffSession(false)
                            .build());
            List<String> buttons = buttons(page(), outcome);
            assertThat(buttons).hasSize(5);
            for (String button : buttons) {
                press(button);
                assertThat(press(button)).as("a second press").contains("A double of Stripe");
            }
            assertThat(page()).contains("Nothing waits").contains("charge.dispute.closed");
        }
        assertThat(wired.stripe.all(PaymentIntent.class))
                .extracting(PaymentIntent::getStatus)
                .containsExactly(
                        "succeeded",
                        "succeeded",
                        "succeeded",
                        "succeeded",
                        "requires_payment_method",
                        "succeeded",
                        "succeeded",
                        "requires_payment_method");
        assertThat(wired.stripe.all(Dispute.class))
                .extracting(Dispute::getStatus)
                .containsExactly("won", "lost");
        assertThat(wired.stripe.all(Refund.class)).extracting(Refund::getStatus).containsExactly("succeeded", "failed");
        assertThat(wired.stripe.all(SetupIntent.class))
                .extracting(SetupIntent::getStatus)
                .containsExactly("succeeded", "requires_payment_method");
        assertThat(press("good:pi_none")).contains("A double of Stripe");
    }
}
