package com.cognitionos.metering.entity;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
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
