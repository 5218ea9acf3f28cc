package com.cognitionos.payment.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StripeEventTest {

    private static Optional<StripeEvent> parse(String text) {
        return StripeEvent.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatItIsAboutAndWhichPaymentThatBelongsTo() {
        assertThat(parse("""
                {"id": "evt_1", "type": "payment_intent.succeeded", "created": 1000,
                 "data": {"object": {"id": "pi_1"}}}"""))
                .contains(new StripeEvent(
                        "evt_1", "payment_intent.succeeded", "pi_1", "pi_1", Instant.ofEpochSecond(1_000)));
        assertThat(parse("""
                {"id": "evt_2", "type": "charge.refunded", "created": 1000,
                 "data": {"object": {"id": "ch_1", "payment_intent": "pi_1"}}}""").orElseThrow().subject()).isEqualTo("pi_1");
        assertThat(parse("""
                {"id": "evt_2", "type": "charge.refunded", "created": 1000,
                 "data": {"object": {"id": "ch_1", "payment_intent": {"id": "pi_1"}}}}""").orElseThrow().subject()).isEqualTo("pi_1");
        assertThat(parse("{\"id\": \"evt_3\", \"type\": \"balance.available\", \"created\": 1, \"data\": {}}")
                        .orElseThrow()
                        .object())
                .isEqualTo("balance.available");
    }

    @Test
    void whatIsNoEventIsNone() {
        for (String text : new String[] {
            "",
            "no JSON",
            "[]",
            "3",
            "{}",
            "{\"id\": \"evt_1\", \"type\": \"a.b\"}",
            "{\"id\": 3, \"type\": \"a.b\", \"created\": 1}",
            "{\"id\": \"evt 1\", \"type\": \"a.b\", \"created\": 1}",
            "{\"id\": \"" + "e".repeat(256) + "\", \"type\": \"a.b\", \"created\": 1}",
            "{\"id\": \"evt_1\", \"type\": \"a.b\", \"created\": 1e30}",
            "{\"id\": \"evt_1\", \"type\": \"a.b\", \"created\": \"1\"}",
            "{\"a\":".repeat(50_000)
        }) {
            assertThat(parse(text))
                    .as(text.substring(0, Math.min(80, text.length())))
                    .isEmpty();
        }
    }

    @Test
    void whatIsShownHoldsNoSecret() {
        String shown = StripeEvent.shown("""
                {"data": {"object": {"id": "pi_1", "client_secret": "pi_1_secret_x", "list": [{"secret": "y"}]}}}""".getBytes(StandardCharsets.UTF_8));

        assertThat(shown).contains("pi_1", "\"client_secret\"").doesNotContain("secret_x", "\"y\"");
        assertThat(StripeEvent.shown(new byte[] {1, 2})).isEmpty();
    }
}
