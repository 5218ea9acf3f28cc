package com.cognitionos.flag.entity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Which tenants a percentage reaches (FLG-3). Each tenant has a fixed place from 0 to 99 for each flag and is in when
 * the percentage is above it: nothing is stored, a growing percentage only adds, and flags choose independently.
 */
public final class Rollout {

    private static final int PLACES = 100;

    private Rollout() {}

    /** @param percentage from 0, nobody, to 100, everybody */
    public static boolean reaches(String flag, UUID tenant, int percentage) {
        return place(flag, tenant) < percentage;
    }

    /** The first 64 bits of SHA-256 of {@code flag:tenant}, modulo 100: part of the contract, never to be changed. */
    static int place(String flag, UUID tenant) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((flag + ":" + tenant).getBytes(StandardCharsets.UTF_8));
            return (int) Long.remainderUnsigned(ByteBuffer.wrap(digest).getLong(), PLACES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
