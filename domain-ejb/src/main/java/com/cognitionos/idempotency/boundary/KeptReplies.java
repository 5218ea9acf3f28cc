package com.cognitionos.idempotency.boundary;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.DatabaseRole;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Vault;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The replies to requests with a key. They are claimed and kept in the transaction that does what was asked for. */
@Stateless
@TenantWall
public class KeptReplies {

    public static final Duration RETENTION = Duration.ofHours(24);

    private static final Pattern KEY = Pattern.compile("[\\x20-\\x7E]{1,255}");
    private static final String SEAL = "idempotent reply";

    @Inject
    private Sql sql;

    @Inject
    private DatabaseRole role;

    @Inject
    private Vault vault;

    @Inject
    private BusinessClock clock;

    /** @param headers by name, in their order */
    public record Reply(int status, Map<String, List<String>> headers, byte[] body) {}

    private record Row(byte[] requestMac, int status, byte[] sealed) {}

    /**
     * What the current caller's key and request are known by.
     *
     * @param request everything that makes it the same request, unambiguously
     * @throws Problem BAD_REQUEST unless the key is 1 to 255 printable ASCII characters
     */
    public RequestKey key(String key, byte[] request) {
        if (!KEY.matcher(key).matches()) {
            throw new Problem(
                    Problem.Kind.BAD_REQUEST,
                    "idempotency_key_malformed",
                    "Idempotency-Key is one header of 1 to 255 printable ASCII characters.");
        }
        Caller caller = Caller.current();
        UUID tenant = caller.tenant();
        // A platform principal's key is one over all tenants that it acts for; the tenant is a part of the request.
        UUID owner = caller.platform() || tenant == null ? RequestKey.PLATFORM : tenant;
        byte[] named = (owner + "\n" + caller.subject() + "\n" + key).getBytes(StandardCharsets.UTF_8);
        return new RequestKey(
                owner, caller.subject(), vault.mac("idempotency key", named), vault.mac("idempotent request", request));
    }

    /**
     * Takes the key until the transaction ends.
     *
     * @return the reply that is kept for it; empty when this is the first time, and the caller is to do the work
     * @throws Problem CONFLICT when somebody else has it at this moment, INVALID when it came with another request
     */
    public Optional<Reply> claim(RequestKey key) {
        boolean free = sql.queryOne(
                        "SELECT pg_try_advisory_xact_lock(?)",
                        row -> row.getBoolean(1),
                        ByteBuffer.wrap(key.keyMac()).getLong())
                .orElse(false);
        if (!free) {
            throw Problem.conflict(
                    "idempotency_in_progress", "The first request with this key is still being worked on.", 1);
        }
        List<Reply> kept = new ArrayList<>();
        role.asPlatform(() -> {
            // A statement of its own after the lock: it sees what whoever had the lock has committed.
            Instant now = clock.system();
            find(key, now).ifPresent(row -> {
                requireSame(row.requestMac(), key);
                kept.add(open(key, row));
            });
            sql.query("""
                            SELECT request_mac FROM idempotency_effects
                            WHERE owner = ? AND principal = ? AND key_mac = ? AND expires_at > ?""", row -> row.getBytes(1), key.owner(), key.principal(), key.keyMac(), now)
                    .forEach(mac -> requireSame(mac, key));
        });
        return kept.stream().findFirst();
    }

    /** Keeps the reply to a claimed request. */
    public void keep(RequestKey key, Reply reply) {
        Instant now = clock.system();
        byte[] sealed = vault.seal(SEAL, owner(key), bytes(reply));
        role.asPlatform(() -> sql.update(
                """
                INSERT INTO idempotency_keys
                    (owner, principal, key_mac, request_mac, status, reply, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (owner, principal, key_mac) DO UPDATE SET request_mac = excluded.request_mac,
                    status = excluded.status, reply = excluded.reply, created_at = excluded.created_at,
                    expires_at = excluded.expires_at""",
                key.owner(),
                key.principal(),
                key.keyMac(),
                key.requestMac(),
                reply.status(),
                sealed,
                now,
                now.plus(RETENTION)));
    }

    /** Forgets what has expired; for the platform. @return how many replies and effects */
    public int forgetExpired() {
        Instant now = clock.system();
        return sql.update("DELETE FROM idempotency_keys WHERE expires_at <= ?", now)
                + sql.update("DELETE FROM idempotency_effects WHERE expires_at <= ?", now);
    }

    private Optional<Row> find(RequestKey key, Instant now) {
        return sql.queryOne(
                """
                SELECT request_mac, status, reply FROM idempotency_keys
                WHERE owner = ? AND principal = ? AND key_mac = ? AND expires_at > ?""",
                row -> new Row(row.getBytes("request_mac"), row.getInt("status"), row.getBytes("reply")),
                key.owner(),
                key.principal(),
                key.keyMac(),
                now);
    }

    private static void requireSame(byte[] requestMac, RequestKey key) {
        if (!Vault.same(requestMac, key.requestMac())) {
            throw new Problem(
                    Problem.Kind.INVALID,
                    "idempotency_key_reused",
                    "This Idempotency-Key came with another request; use a new one for each.");
        }
    }

    private Reply open(RequestKey key, Row row) {
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(vault.open(SEAL, owner(key), row.sealed())))) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            for (int names = in.readInt(); names > 0; names--) {
                String name = in.readUTF();
                List<String> values = new ArrayList<>();
                for (int count = in.readInt(); count > 0; count--) {
                    values.add(in.readUTF());
                }
                headers.put(name, values);
            }
            return new Reply(row.status(), headers, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Reply reply) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(reply.headers().size());
            for (Map.Entry<String, List<String>> header : reply.headers().entrySet()) {
                out.writeUTF(header.getKey());
                out.writeInt(header.getValue().size());
                for (String value : header.getValue()) {
                    out.writeUTF(value);
                }
            }
            out.write(reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String owner(RequestKey key) {
        return HexFormat.of().formatHex(key.keyMac()) + HexFormat.of().formatHex(key.requestMac());
    }
}
