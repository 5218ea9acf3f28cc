package com.cognitionos.payment.control;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Stripe-Signature}: the second at which it was signed, and HMAC-SHA256 of that second, a dot and the body,
 * under one secret or several.
 *
 * <p>Source: Stripe's documentation, "Resolve webhook signature verification errors: verify manually".
 */
public record StripeSignature(long second, List<String> signatures) {

    /** How old or how far ahead a signature may be. */
    public static final Duration TOLERANCE = Duration.ofSeconds(300);

    private static final int LONGEST_HEADER = 4_096;

    public StripeSignature {
        signatures = List.copyOf(signatures);
    }

    /** @return empty for what is no such header: no {@code t}, or no {@code v1} */
    public static Optional<StripeSignature> parse(@Nullable String header) {
        if (header == null || header.length() > LONGEST_HEADER) {
            return Optional.empty();
        }
        Long second = null;
        List<String> signatures = new ArrayList<>();
        for (String part : header.split(",")) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length != 2) {
                continue;
            }
            if (pair[0].equals("t")) {
                if (second != null || !pair[1].matches("\\d{1,12}")) {
                    return Optional.empty();
                }
                second = Long.valueOf(pair[1]);
            } else if (pair[0].equals("v1")) {
                signatures.add(pair[1]);
            }
        }
        return second == null || signatures.isEmpty()
                ? Optional.empty()
                : Optional.of(new StripeSignature(second, signatures));
    }

    /** Whether it was made within {@link #TOLERANCE} of now. */
    public boolean isFresh(Instant now) {
        return Duration.between(Instant.ofEpochSecond(second), now).abs().compareTo(TOLERANCE) <= 0;
    }

    /** Whether one of the signatures is that of one of the secrets. It takes as long whichever one it is. */
    public boolean isBy(List<String> secrets, byte[] body) {
        boolean found = false;
        for (String secret : secrets) {
            byte[] wanted = HexFormat.of().formatHex(hmac(secret, body)).getBytes(StandardCharsets.US_ASCII);
            for (String given : signatures) {
                found |= MessageDigest.isEqual(wanted, given.getBytes(StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private byte[] hmac(String secret, byte[] body) {
        ByteArrayOutputStream signed = new ByteArrayOutputStream(body.length + 16);
        signed.writeBytes((second + ".").getBytes(StandardCharsets.US_ASCII));
        signed.writeBytes(body);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(signed.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
