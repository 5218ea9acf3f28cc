package com.cognitionos.audit.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.audit.entity.AuditEntry;
import com.cognitionos.audit.entity.CanonicalState;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The chains as they lie in the database: each tenant's, and the platform's under the tenant null. */
@ApplicationScoped
public class AuditChains {

    private static final String ENTRY_MAC = "audit entry";
    private static final String HEAD_MAC = "audit head";

    private static final String COLUMNS = """
            seq, id, at, business_at, actor, actor_platform, door, address, agent, action, target,
            before::text AS before, after::text AS after, prev_hash, hash""";

    private static final String WANTED = """
            starts_with(action, ?) AND ? IN ('', actor) AND ? IN ('', target)
            AND at >= coalesce(?::timestamptz, '-infinity') AND at < coalesce(?::timestamptz, 'infinity')""";

    @Inject
    private Sql sql;

    @Inject
    private Vault vault;

    /** The end of a chain; {@code lastSeq} is the last row that is really there, of the same snapshot. */
    public record Head(long seq, byte[] hash, byte[] seal, long lastSeq) {}

    /** Which entries are wanted; an empty text and a null instant mean all. */
    public record Filter(
            String actionPrefix,
            String actor,
            String target,
            @Nullable Instant from,
            @Nullable Instant to) {
        public static final Filter ALL = new Filter("", "", "", null, null);
    }

    /** Locks the ends of these tenants' chains until the transaction ends, in one order for all, making them if need be. */
    public Map<UUID, Head> lock(Collection<UUID> tenants) {
        Map<UUID, Head> heads = locked(tenants);
        List<UUID> without = tenants.stream()
                .filter(tenant -> !heads.containsKey(tenant))
                .sorted()
                .toList();
        if (!without.isEmpty()) {
            byte[] none = AuditEntry.genesis();
            without.forEach(tenant -> sql.update("""
                    INSERT INTO billing_audit_heads (tenant_id, seq, hash, seal) VALUES (?, 0, ?, ?)
                    ON CONFLICT DO NOTHING""", tenant, none, seal(tenant, 0, none)));
            heads.putAll(locked(without));
        }
        return heads;
    }

    private Map<UUID, Head> locked(Collection<UUID> tenants) {
        Map<UUID, Head> heads = new HashMap<>();
        sql.query(
                        """
                        SELECT tenant_id, seq, hash, seal, seq AS last_seq FROM billing_audit_heads
                        WHERE tenant_id = ANY (?) ORDER BY tenant_id FOR UPDATE""",
                        row -> Map.entry(row.getObject("tenant_id", UUID.class), head(row)),
                        new Sql.Array("uuid", tenants.toArray()))
                .forEach(row -> heads.put(row.getKey(), row.getValue()));
        return heads;
    }

    /** As {@link #lock}, of the platform's chain; whoever takes both takes it last. */
    public Head lockPlatform() {
        return lockedPlatform().orElseGet(() -> {
            byte[] none = AuditEntry.genesis();
            sql.update(
                    "INSERT INTO platform_audit_head (seq, hash, seal) VALUES (0, ?, ?) ON CONFLICT DO NOTHING",
                    none,
                    seal(null, 0, none));
            return lockedPlatform().orElseThrow();
        });
    }

    private Optional<Head> lockedPlatform() {
        return sql.queryOne(
                "SELECT seq, hash, seal, seq AS last_seq FROM platform_audit_head FOR UPDATE", AuditChains::head);
    }

    /** The entry with its hash. */
    public AuditEntry signed(AuditEntry entry) {
        return entry.withHash(mac(entry, entry.seq()));
    }

    /** Adds entries to chains of tenants that are locked. @param entries signed, each chain's in its order */
    public void append(List<AuditEntry> entries) {
        Map<UUID, AuditEntry> last = new LinkedHashMap<>();
        entries.forEach(entry -> last.put(Objects.requireNonNull(entry.tenant()), entry));
        List<AuditEntry> ends = List.copyOf(last.values());
        sql.update(
                """
                WITH end_of_chain AS (
                    UPDATE billing_audit_heads h SET seq = e.seq, hash = e.hash, seal = e.seal
                    FROM unnest(?::uuid[], ?::bigint[], ?::bytea[], ?::bytea[]) AS e (tenant_id, seq, hash, seal)
                    WHERE h.tenant_id = e.tenant_id)
                INSERT INTO billing_audit_log (tenant_id, seq, id, at, business_at, actor, actor_platform, door,
                    address, agent, action, target, before, after, prev_hash, hash)
                SELECT tenant_id, seq, id, at, business_at, actor, actor_platform, door, address, agent, action, target,
                    before::jsonb, after::jsonb, prev_hash, hash
                FROM unnest(?::uuid[], ?::bigint[], ?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::boolean[],
                    ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bytea[])
                    AS e (tenant_id, seq, id, at, business_at, actor, actor_platform, door, address, agent, action, target,
                        before, after, prev_hash, hash)""",
                column(ends, "uuid", AuditEntry::tenant),
                column(ends, "bigint", AuditEntry::seq),
                bytes(ends, AuditEntry::hash),
                bytes(ends, entry -> seal(entry.tenant(), entry.seq(), entry.hash())),
                column(entries, "uuid", AuditEntry::tenant),
                column(entries, "bigint", AuditEntry::seq),
                column(entries, "uuid", AuditEntry::id),
                column(entries, "timestamptz", entry -> entry.at().toString()),
                column(entries, "timestamptz", entry -> entry.businessAt().toString()),
                column(entries, "text", AuditEntry::actor),
                column(entries, "boolean", AuditEntry::actorPlatform),
                column(entries, "text", AuditEntry::door),
                column(entries, "text", AuditEntry::address),
                column(entries, "text", AuditEntry::agent),
                column(entries, "text", AuditEntry::action),
                column(entries, "text", AuditEntry::target),
                column(entries, "text", AuditEntry::before),
                column(entries, "text", AuditEntry::after),
                bytes(entries, AuditEntry::previousHash),
                bytes(entries, AuditEntry::hash));
    }

    /** Adds a signed entry to the platform's chain, which is locked. */
    public void appendToPlatform(AuditEntry entry) {
        sql.update(
                """
                WITH end_of_chain AS (UPDATE platform_audit_head SET seq = ?, hash = ?, seal = ?)
                INSERT INTO platform_audit_log (seq, id, at, business_at, actor, actor_platform, door, address, agent,
                    action, target, before, after, prev_hash, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)""",
                entry.seq(),
                entry.hash(),
                seal(null, entry.seq(), entry.hash()),
                entry.seq(),
                entry.id(),
                entry.at(),
                entry.businessAt(),
                entry.actor(),
                entry.actorPlatform(),
                entry.door(),
                entry.address(),
                entry.agent(),
                entry.action(),
                entry.target(),
                entry.before(),
                entry.after(),
                entry.previousHash(),
                entry.hash());
    }

    private static Sql.Array bytes(List<AuditEntry> entries, Function<AuditEntry, byte[]> value) {
        return new Sql.Array("bytea", entries.stream().map(value).toArray(byte[][]::new));
    }

    /** Where a chain ends, and where its rows do; empty when nothing was ever entered. */
    public Optional<Head> head(@Nullable UUID tenant) {
        return tenant == null ? sql.queryOne("""
                        SELECT seq, hash, seal, (SELECT coalesce(max(seq), 0) FROM platform_audit_log) AS last_seq
                        FROM platform_audit_head""", AuditChains::head) : sql.queryOne("""
                        SELECT seq, hash, seal, (SELECT coalesce(max(seq), 0) FROM billing_audit_log l
                            WHERE l.tenant_id = h.tenant_id) AS last_seq
                        FROM billing_audit_heads h WHERE tenant_id = ?""", AuditChains::head, tenant);
    }

    /** The wanted entries after {@code after}, in their order, {@code limit} at most. */
    public List<AuditEntry> next(@Nullable UUID tenant, Filter filter, long after, int limit) {
        return tenant == null
                ? sql.query(
                        "SELECT NULL::uuid AS tenant_id, " + COLUMNS + " FROM platform_audit_log WHERE seq > ? AND "
                                + WANTED + " ORDER BY seq LIMIT ?",
                        AuditChains::entry,
                        after,
                        filter.actionPrefix(),
                        filter.actor(),
                        filter.target(),
                        filter.from(),
                        filter.to(),
                        limit)
                : sql.query(
                        "SELECT tenant_id, " + COLUMNS + " FROM billing_audit_log WHERE tenant_id = ? AND seq > ? AND "
                                + WANTED + " ORDER BY seq LIMIT ?",
                        AuditChains::entry,
                        tenant,
                        after,
                        filter.actionPrefix(),
                        filter.actor(),
                        filter.target(),
                        filter.from(),
                        filter.to(),
                        limit);
    }

    /** The wanted entries, the newest first. */
    public List<AuditEntry> latest(@Nullable UUID tenant, Filter filter, int offset, int limit) {
        return tenant == null
                ? sql.query(
                        "SELECT NULL::uuid AS tenant_id, " + COLUMNS + " FROM platform_audit_log WHERE " + WANTED
                                + " ORDER BY seq DESC LIMIT ? OFFSET ?",
                        AuditChains::entry,
                        filter.actionPrefix(),
                        filter.actor(),
                        filter.target(),
                        filter.from(),
                        filter.to(),
                        limit,
                        offset)
                : sql.query(
                        "SELECT tenant_id, " + COLUMNS + " FROM billing_audit_log WHERE tenant_id = ? AND " + WANTED
                                + " ORDER BY seq DESC LIMIT ? OFFSET ?",
                        AuditChains::entry,
                        tenant,
                        filter.actionPrefix(),
                        filter.actor(),
                        filter.target(),
                        filter.from(),
                        filter.to(),
                        limit,
                        offset);
    }

    public long count(@Nullable UUID tenant, Filter filter) {
        Optional<Long> number = tenant == null
                ? sql.queryOne(
                        "SELECT count(*) FROM platform_audit_log WHERE " + WANTED,
                        row -> row.getLong(1),
                        filter.actionPrefix(),
                        filter.actor(),
                        filter.target(),
                        filter.from(),
                        filter.to())
                : sql.queryOne(
                        "SELECT count(*) FROM billing_audit_log WHERE tenant_id = ? AND " + WANTED,
                        row -> row.getLong(1),
                        tenant,
                        filter.actionPrefix(),
                        filter.actor(),
                        filter.target(),
                        filter.from(),
                        filter.to());
        return number.orElse(0L);
    }

    /** What the entry's hash must be, had it that place. */
    public byte[] mac(AuditEntry entry, long place) {
        return vault.mac(ENTRY_MAC, entry.signedAt(place));
    }

    /** Makes a head that somebody set back recognisable. */
    public byte[] seal(@Nullable UUID tenant, long seq, byte[] hash) {
        return vault.mac(
                HEAD_MAC,
                ByteBuffer.allocate(Long.BYTES * 3 + hash.length)
                        .putLong(tenant == null ? 0 : tenant.getMostSignificantBits())
                        .putLong(tenant == null ? 0 : tenant.getLeastSignificantBits())
                        .putLong(seq)
                        .put(hash)
                        .array());
    }

    private static Head head(ResultSet row) throws SQLException {
        return new Head(row.getLong("seq"), row.getBytes("hash"), row.getBytes("seal"), row.getLong("last_seq"));
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        String before = row.getString("before");
        String after = row.getString("after");
        return new AuditEntry(
                row.getObject("tenant_id", UUID.class),
                row.getLong("seq"),
                row.getObject("id", UUID.class),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getObject("business_at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getBoolean("actor_platform"),
                row.getString("door"),
                row.getString("address"),
                row.getString("agent"),
                row.getString("action"),
                row.getString("target"),
                before == null ? null : CanonicalState.again(before),
                after == null ? null : CanonicalState.again(after),
                row.getBytes("prev_hash"),
                row.getBytes("hash"));
    }
}
