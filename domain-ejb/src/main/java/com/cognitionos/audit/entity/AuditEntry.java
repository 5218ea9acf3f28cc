package com.cognitionos.audit.entity;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One act in a log.
 *
 * @param tenant whose log it is in; null for the platform's
 * @param seq its place there, from 1
 * @param at real time
 * @param businessAt the time by the tenant's own clock
 * @param actor as {@link com.cognitionos.kernel.Caller#subject}
 * @param actorPlatform whether the actor was the platform: the operator at work in a tenant, or a job
 * @param before canonical JSON, see {@link CanonicalState}; null for something new
 * @param after canonical JSON; null for something that is gone
 * @param previousHash of the entry before, {@link #genesis} for the first
 * @param hash the MAC of all the rest
 */
public record AuditEntry(
        @Nullable UUID tenant,
        long seq,
        UUID id,
        Instant at,
        Instant businessAt,
        String actor,
        boolean actorPlatform,
        String door,
        @Nullable String address,
        @Nullable String agent,
        String action,
        String target,
        @Nullable String before,
        @Nullable String after,
        byte[] previousHash,
        byte[] hash) {

    private static final String FORM = "audit entry 1";
    private static final int HASH_BYTES = 32;

    /** What stands before a chain's first entry. */
    public static byte[] genesis() {
        return new byte[HASH_BYTES];
    }

    /** The same, signed. */
    public AuditEntry withHash(byte[] signature) {
        return new AuditEntry(
                tenant,
                seq,
                id,
                at,
                businessAt,
                actor,
                actorPlatform,
                door,
                address,
                agent,
                action,
                target,
                before,
                after,
                previousHash,
                signature);
    }

    /**
     * What the hash is computed of, had the entry that place: every field with its length before it, so that no two
     * entries look alike.
     */
    public byte[] signedAt(long place) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            field(out, FORM);
            field(out, tenant == null ? null : tenant.toString());
            out.writeLong(place);
            field(out, id.toString());
            out.writeLong(micros(at));
            out.writeLong(micros(businessAt));
            field(out, actor);
            out.writeBoolean(actorPlatform);
            field(out, door);
            field(out, address);
            field(out, agent);
            field(out, action);
            field(out, target);
            field(out, before);
            field(out, after);
            out.writeInt(previousHash.length);
            out.write(previousHash);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void field(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
