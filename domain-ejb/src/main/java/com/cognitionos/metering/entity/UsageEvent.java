package com.cognitionos.metering.entity;

import com.cognitionos.catalog.entity.Meter;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One use of a meter, as the tenant reports it.
 *
 * @param id the tenant's idempotency key, 1 to 255 characters
 * @param quantity from 0, at most 6 decimal places
 * @param timestamp when it happened; null for now
 * @param properties a JSON object as text with its keys in order, so that equal content is equal text
 */
public record UsageEvent(
        String id,
        String meter,
        BigDecimal quantity,
        @Nullable Instant timestamp,
        @Nullable String subject,
        @Nullable String properties) {

    /** As long as what rollups tell apart. */
    private static final int MAX_VALUE = 255;

    /**
     * What a unique count tells it apart by: its subject, or a text, number or Boolean among its properties.
     *
     * @return empty for a meter of another kind, and where it has none or one of more than 255 characters
     */
    public Optional<String> value(Meter meter) {
        String by = meter.uniqueBy();
        if (by == null) {
            return Optional.empty();
        }
        String value = by.equals("subject") ? subject : property(by);
        return Optional.ofNullable(value).filter(text -> !text.isEmpty() && text.length() <= MAX_VALUE);
    }

    private @Nullable String property(String name) {
        if (properties == null) {
            return null;
        }
        try (JsonReader reader = Json.createReader(new StringReader(properties))) {
            JsonValue value = reader.readObject().get(name);
            if (value == null) {
                return null;
            }
            return switch (value.getValueType()) {
                case STRING -> ((JsonString) value).getString();
                case NUMBER -> ((JsonNumber) value).bigDecimalValue().toPlainString();
                case TRUE, FALSE -> value.toString();
                case NULL, OBJECT, ARRAY -> null;
            };
        }
    }

    /** SHA-256 over what the tenant said; a time-stamp that was left out stays out, so that a retry is a duplicate. */
    public byte[] contentHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Object part :
                    new Object[] {meter, quantity.stripTrailingZeros().toPlainString(), timestamp, subject, properties
                    }) {
                byte[] bytes = part == null ? new byte[0] : part.toString().getBytes(StandardCharsets.UTF_8);
                // The length in front keeps "ab"+"c" apart from "a"+"bc".
                digest.update((part == null ? "-" : bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
