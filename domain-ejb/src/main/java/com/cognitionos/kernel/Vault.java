package com.cognitionos.kernel;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Secrets at rest: AES-256-GCM and HMAC-SHA-256 under keys that are derived from one configured secret, a key for each
 * purpose, so that what was sealed for one opens for no other.
 */
@ApplicationScoped
public class Vault {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte VERSION = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    @Inject
    @ConfigProperty(name = "cognitionos.encryption.key")
    private String root;

    /**
     * @param purpose what kind of secret it is, such as {@code totp}
     * @param owner whose it is, such as a row's id: it opens only for the same owner
     */
    public byte[] seal(String purpose, String owner, byte[] secret) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, purpose, owner, nonce).doFinal(secret);
            return ByteBuffer.allocate(1 + NONCE + sealed.length)
                    .put(VERSION)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM cannot seal", e);
        }
    }

    /** @throws IllegalStateException when it was sealed for another purpose or owner, under another key, or changed */
    public byte[] open(String purpose, String owner, byte[] sealed) {
        if (sealed.length <= 1 + NONCE || sealed[0] != VERSION) {
            throw new IllegalStateException("not a sealed secret");
        }
        byte[] nonce = new byte[NONCE];
        System.arraycopy(sealed, 1, nonce, 0, NONCE);
        try {
            return cipher(Cipher.DECRYPT_MODE, purpose, owner, nonce)
                    .doFinal(sealed, 1 + NONCE, sealed.length - 1 - NONCE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the sealed secret does not open; is the encryption key another one?", e);
        }
    }

    /** 32 bytes that only who knows the configured secret can compute. */
    public byte[] mac(String purpose, byte[] data) {
        return hmac(key("mac " + purpose), data);
    }

    public byte[] mac(String purpose, String text) {
        return mac(purpose, text.getBytes(StandardCharsets.UTF_8));
    }

    /** In constant time. */
    public static boolean same(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }

    private Cipher cipher(int mode, String purpose, String owner, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key("seal " + purpose), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] key(String purpose) {
        return hmac(root.getBytes(StandardCharsets.UTF_8), ("cognitionos " + purpose).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
