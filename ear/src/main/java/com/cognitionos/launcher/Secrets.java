package com.cognitionos.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * All secrets of an installation, derived from one, so that every node that knows it comes to the same ones.
 *
 * <p>A secret is base64url(HMAC-SHA256(root, "cognitionos " + purpose)) without padding: 43 characters.
 */
final class Secrets {

    private final String root;

    /** @param root the database owner's password, or what stands for it with the embedded database */
    Secrets(String root) {
        this.root = root;
    }

    String of(String purpose) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(root.getBytes(UTF_8), "HmacSHA256"));
            var digest = mac.doFinal(("cognitionos " + purpose).getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }
}
