package com.cognitionos.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.Inlined;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplyWriterTest {

    public record Card(String last4, boolean isDefault) {}

    public record Reply(
            long amountCents,
            BigDecimal quantity,
            Instant periodStart,
            @Nullable Card paymentMethod,
            List<Card> cards,
            Map<String, Integer> byDay,
            JsonObject metadata) {}

    @Test
    void writesInOrderWithPlainNumbersAndNulls() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        ReplyWriter.write(
                new Reply(
                        4900,
                        new BigDecimal("5E+2"),
                        Instant.parse("2026-01-31T10:00:00Z"),
                        null,
                        List.of(new Card("4242", true)),
                        Map.of("a_b", 1),
                        Json.createObjectBuilder().add("k", "v").build()),
                out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        {"amount_cents":4900,"quantity":500,"period_start":"2026-01-31T10:00:00Z","payment_method":null,\
                        "cards":[{"last4":"4242","is_default":true}],"by_day":{"a_b":1},"metadata":{"k":"v"}}""");
    }

    public record Whole(@Inlined Card card, long cents) {}

    @Test
    void partsThatAreInlinedStandInTheirRecord() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        ReplyWriter.write(new Whole(new Card("4242", true), 100), out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"last4\":\"4242\",\"is_default\":true,\"cents\":100}");
    }
}
