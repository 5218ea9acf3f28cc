package com.cognitionos.audit.control;

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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

    /** Locks the end of a chain until the transaction ends, making it if need be. */
    public Head lock(@Nullable UUID tenant) {
        return locked(tenant).orElseGet(() -> {
            byte[] none = AuditEntry.genesis();
            byte[] seal = seal(tenant, 0, none);
            if (tenant == null) {
                sql.update(
                        "INSERT INTO platform_audit_head (seq, hash, seal) VALUES (0, ?, ?) ON CONFLICT DO NOTHING",
                        none,
                        seal);
            } else {
                sql.update("""
                        INSERT INTO billing_audit_heads (tenant_id, seq, hash, seal) VALUES (?, 0, ?, ?)
                        ON CONFLICT DO NOTHING""", tenant, none, seal);
            }
            return locked(tenant).orElseThrow();
        });
    }

    private Optional<Head> locked(@Nullable UUID tenant) {
        return tenant == null
                ? sql.queryOne(
                        "SELECT seq, hash, seal, seq AS last_seq FROM platform_audit_head FOR UPDATE",
                        AuditChains::head)
                : sql.queryOne("""
                        SELECT seq, hash, seal, seq AS last_seq FROM billing_audit_heads
                        WHERE tenant_id = ? FOR UPDATE""", AuditChains::head, tenant);
    }

    /** Adds an entry to a chain that is locked. @param entry without its hash. @return the chain's new end */
    public Head append(AuditEntry entry) {
        byte[] hash = mac(entry, entry.seq());
        byte[] seal = seal(entry.tenant(), entry.seq(), hash);
        Object[] row = {
            entry.seq(),
            hash,
            seal,
            entry.tenant(),
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
            hash
        };
        if (entry.tenant() == null) {
            sql.update("""
                    WITH end_of_chain AS (UPDATE platform_audit_head SET seq = ?, hash = ?, seal = ? WHERE ?::uuid IS NULL)
                    INSERT INTO platform_audit_log (seq, id, at, business_at, actor, actor_platform, door, address, agent,
                        action, target, before, after, prev_hash, hash)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)""", row);
        } else {
            sql.update("""
                    WITH end_of_chain AS (
                        UPDATE billing_audit_heads SET seq = ?, hash = ?, seal = ? WHERE tenant_id = ? RETURNING tenant_id)
                    INSERT INTO billing_audit_log (tenant_id, seq, id, at, business_at, actor, actor_platform, door,
                        address, agent, action, target, before, after, prev_hash, hash)
                    SELECT tenant_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ? FROM end_of_chain""", row);
        }
        return new Head(entry.seq(), hash, seal, entry.seq());
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
