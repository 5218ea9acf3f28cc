package com.cognitionos.webhook.entity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Secrets and signatures as in Standard Webhooks 1.0.0, section "Signature scheme" (symmetric). */
public final class Signature {

    /** Of a secret, in bytes; the standard asks for 24 to 64. */
    public static final int SECRET_BYTES = 32;

    private static final String PREFIX = "whsec_";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Signature() {}

    public static byte[] newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return secret;
    }

    /** As it is shown to whoever is to verify by it. */
    public static String shown(byte[] secret) {
        return PREFIX + Base64.getEncoder().encodeToString(secret);
    }

    /**
     * The header {@code webhook-signature}: one signature for each secret.
     *
     * @param seconds since 1970, as in {@code webhook-timestamp}
     */
    public static String header(List<byte[]> secrets, String id, long seconds, byte[] body) {
        return secrets.stream()
                .map(secret -> "v1," + Base64.getEncoder().encodeToString(hmac(secret, id + "." + seconds + ".", body)))
                .collect(Collectors.joining(" "));
    }

    private static byte[] hmac(byte[] secret, String head, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(head.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
