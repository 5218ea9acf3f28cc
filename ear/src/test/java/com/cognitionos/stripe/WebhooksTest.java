package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.model.Invoice;
import com.stripe.model.PaymentIntent;
import com.stripe.net.Webhook;
import com.stripe.param.EventListParams;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** STD-4: events and their delivery. */
class WebhooksTest {

    private static final String SECRET = "whsec_first";

    private record Received(String payload, String signature) {
        Event event(String secret) throws SignatureVerificationException {
            return Webhook.constructEvent(payload, signature, secret);
        }
    }

    private final Wired wired = new Wired();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private HttpServer receiver;

    @BeforeEach
    void receive() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String payload = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(payload, exchange.getRequestHeaders().getFirst("Stripe-Signature")));
            exchange.sendResponseHeaders(refusals.getAndDecrement() > 0 ? 500 : 200, -1);
            exchange.close();
        });
        receiver.start();
        wired.stripe.webhooks().to(address(), SECRET);
    }

    private URI address() {
        return URI.create("http://localhost:" + receiver.getAddress().getPort() + "/hook");
    }

    @AfterEach
    void close() {
        wired.close();
        receiver.stop(0);
    }

    private List<String> receivedTypes() throws SignatureVerificationException {
        wired.stripe.webhooks().awaitIdle();
        List<String> types = new ArrayList<>();
        for (Received each : received) {
            types.add(each.event(SECRET).getType());
        }
        return types;
    }

    @Test
    void eachEventIsDeliveredSignedInItsOrder() throws StripeException {
        PaymentIntent paid = wired.charge("pm_card_visa");
        assertThat(receivedTypes())
                .containsExactly(
                        "customer.created",
                        "payment_method.attached",
                        "payment_intent.created",
                        "charge.succeeded",
                        "payment_intent.succeeded");
        Event last = received.get(4).event(SECRET);
        assertThat(last.getDataObjectDeserializer().getObject())
                .containsInstanceOf(PaymentIntent.class)
                .get()
                .extracting(object -> ((PaymentIntent) object).getId())
                .isEqualTo(paid.getId());
        assertThat(last.getRequest().getId()).isEqualTo(paid.getLastResponse().requestId());
        assertThat(last.getPendingWebhooks()).isEqualTo(1);
        assertThatThrownBy(() -> received.get(0).event("whsec_other"))
                .isInstanceOf(SignatureVerificationException.class);
    }

    @Test
    void whileASecretIsRolledBothSign() throws StripeException {
        wired.stripe.webhooks().to(address(), SECRET, "whsec_second");
        wired.customer();
        wired.stripe.webhooks().awaitIdle();
        assertThat(received.get(0).event(SECRET).getId())
                .isEqualTo(received.get(0).event("whsec_second").getId());
    }

    @Test
    void eventsComeInAnotherOrderTwiceOrNever() throws StripeException {
        wired.stripe.webhooks().hold();
        wired.charge("pm_card_visa");
        assertThat(receivedTypes()).isEmpty();
        wired.stripe.webhooks().release(events -> {
            List<JsonObject> changed = new ArrayList<>(events.subList(2, events.size()));
            Collections.reverse(changed);
            changed.add(changed.get(0));
            return changed;
        });
        assertThat(receivedTypes())
                .containsExactly(
                        "payment_intent.succeeded",
                        "charge.succeeded",
                        "payment_intent.created",
                        "payment_intent.succeeded");
    }

    @Test
    void aPlanSaysHowOftenAndHowLateEachTypeComes() throws StripeException {
        wired.stripe.webhooks().plan(type -> switch (type) {
            case "payment_intent.created" -> List.of();
            case "charge.succeeded" -> List.of(Duration.ZERO, Duration.ZERO);
            case "customer.created" -> List.of(Duration.ofMillis(700));
            default -> List.of(Duration.ZERO);
        });
        wired.charge("pm_card_visa");
        assertThat(receivedTypes())
                .containsExactlyInAnyOrder(
                        "payment_method.attached",
                        "charge.succeeded",
                        "charge.succeeded",
                        "payment_intent.succeeded",
                        "customer.created")
                .endsWith("customer.created");
    }

    @Test
    void aRefusedDeliveryIsTriedAgain() throws StripeException {
        wired.stripe.webhooks().retry(Duration.ofMillis(1), Duration.ofMillis(1));
        refusals.set(2);
        wired.customer();
        assertThat(receivedTypes()).containsExactly("customer.created", "customer.created", "customer.created");
        assertThat(wired.stripe.webhooks().deliveries())
                .extracting(Webhooks.Delivery::status)
                .containsExactly(500, 500, 200);
        wired.stripe.webhooks().deliver(wired.stripe.rawEvents().get(0));
        assertThat(receivedTypes()).hasSize(4);
    }

    @Test
    void anEventOfAnyTypeIsTold() throws StripeException {
        wired.stripe.tell("invoice.paid", wired.stripe.example("invoice"));
        assertThat(receivedTypes()).containsExactly("invoice.paid");
        assertThat(received.get(0).event(SECRET).getDataObjectDeserializer().getObject())
                .containsInstanceOf(Invoice.class);
    }

    @Test
    void eventsAreKeptAndListedForThirtyDays() throws StripeException {
        wired.stripe.webhooks().nowhere();
        wired.charge("pm_card_visa");
        assertThat(receivedTypes()).isEmpty();
        assertThat(wired.client
                        .v1()
                        .events()
                        .list(EventListParams.builder()
                                .addType("charge.succeeded")
                                .addType("payment_intent.succeeded")
                                .build())
                        .getData())
                .extracting(Event::getType)
                .containsExactly("payment_intent.succeeded", "charge.succeeded");
        Event first = wired.client
                .v1()
                .events()
                .list(EventListParams.builder().setType("customer.*").build())
                .getData()
                .get(0);
        assertThat(wired.client.v1().events().retrieve(first.getId()).getType()).isEqualTo("customer.created");
        assertThat(first.getPendingWebhooks()).isZero();
        long now = wired.now().getEpochSecond();
        wired.pass(Duration.ofDays(1));
        wired.customer();
        assertThat(wired.client
                        .v1()
                        .events()
                        .list(EventListParams.builder()
                                .setCreated(EventListParams.Created.builder()
                                        .setGt(now)
                                        .build())
                                .build())
                        .getData())
                .hasSize(1);
        wired.pass(Duration.ofDays(29));
        assertThat(wired.client.v1().events().list().getData()).hasSize(1);
    }
}
