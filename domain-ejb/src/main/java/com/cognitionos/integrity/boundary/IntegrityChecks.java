package com.cognitionos.integrity.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.integrity.control.InvariantQueries;
import com.cognitionos.integrity.entity.Findings;
import com.cognitionos.integrity.entity.Invariant;
import com.cognitionos.integrity.entity.Offender;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.Leases;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The checks of what is stored, one at a time (INT-3); for the platform. */
@Stateless
@TenantWall
public class IntegrityChecks {

    /** There is one at a time. */
    public static final String LEASE = "integrity-check";

    private static final Duration KEPT = Duration.ofDays(90);

    private static final String CHECKS = """
            SELECT c.*, coalesce(f.answered, 0) AS answered, coalesce(f.broken, 0) AS broken
            FROM integrity_checks c LEFT JOIN (
                SELECT check_id, count(*) AS answered, count(*) FILTER (WHERE offenders > 0) AS broken
                FROM integrity_findings GROUP BY check_id) AS f ON f.check_id = c.id""";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private InvariantQueries queries;

    @EJB
    private Leases leases;

    /**
     * A check.
     *
     * @param status queued, running, completed or failed
     * @param answered so many of the invariants were asked, of which {@code broken} do not hold
     * @param reason why it failed
     */
    public record Check(
            UUID id,
            String status,
            String requestedBy,
            Instant createdAt,
            @Nullable Instant endedAt,
            int answered,
            int broken,
            @Nullable String reason) {

        private static Check of(ResultSet row) throws SQLException {
            return new Check(
                    row.getObject("id", UUID.class),
                    row.getString("status"),
                    row.getString("requested_by"),
                    Sql.instant(row, "created_at"),
                    Sql.instant(row, "ended_at"),
                    row.getInt("answered"),
                    row.getInt("broken"),
                    row.getString("reason"));
        }

        public boolean isUnderWay() {
            return status.equals("queued") || status.equals("running");
        }

        /** Whether all was asked and everything holds. */
        public boolean held() {
            return status.equals("completed") && broken == 0;
        }
    }

    /** What a check found of an invariant. @param tookMillis so long it was asked */
    public record Answer(Invariant invariant, Findings findings, long tookMillis) {}

    /** A new one, or the one that is under way. */
    public Check create(String requestedBy) {
        Instant now = clock.system();
        sql.update("DELETE FROM integrity_checks WHERE created_at < ?", now.minus(KEPT));
        UUID id = Ids.next();
        int made = sql.update("""
                INSERT INTO integrity_checks (id, status, requested_by, created_at) VALUES (?, 'queued', ?, ?)
                ON CONFLICT DO NOTHING""", id, requestedBy, now);
        if (made == 0) {
            return sql.queryOne(CHECKS + " WHERE c.status IN ('queued', 'running')", Check::of)
                    .orElseThrow(() -> Problem.conflict("wrong_state", "A check ended this very moment.", 1));
        }
        audit.record("integrity_check.requested", id.toString(), null, Map.of("status", "queued"));
        return get(id);
    }

    /** @throws Problem NOT_FOUND */
    public Check get(UUID id) {
        return sql.queryOne(CHECKS + " WHERE c.id = ?", Check::of, id)
                .orElseThrow(() -> Problem.notFound("integrity check"));
    }

    /** The newest first. */
    public List<Check> latest(int limit) {
        return sql.query(CHECKS + " ORDER BY c.id DESC LIMIT ?", Check::of, limit);
    }

    /** What a check has found so far, in the order of the invariants. @throws Problem NOT_FOUND */
    public List<Answer> answers(UUID id) {
        get(id);
        record Broken(Invariant invariant, Offender offender) {}
        Map<Invariant, List<Offender>> offenders = sql
                .query(
                        "SELECT invariant, owner, what FROM integrity_offenders WHERE check_id = ? ORDER BY position",
                        row -> new Broken(
                                Invariant.of(row.getString("invariant")),
                                new Offender(row.getObject("owner", UUID.class), row.getString("what"))),
                        id)
                .stream()
                .collect(Collectors.groupingBy(
                        Broken::invariant, Collectors.mapping(Broken::offender, Collectors.toList())));
        return sql
                .query(
                        "SELECT invariant, offenders, took_ms FROM integrity_findings WHERE check_id = ?",
                        row -> {
                            Invariant invariant = Invariant.of(row.getString("invariant"));
                            return new Answer(
                                    invariant,
                                    new Findings(
                                            row.getLong("offenders"), offenders.getOrDefault(invariant, List.of())),
                                    row.getLong("took_ms"));
                        },
                        id)
                .stream()
                .sorted(Comparator.comparing(Answer::invariant))
                .toList();
    }

    /** What breaks the invariant at present; any but that of the audit chains. */
    public Findings ask(Invariant invariant) {
        return queries.of(invariant);
    }

    /** The tenants that have an audit chain, from {@code after} on in the order of their ids. */
    public List<UUID> audited(UUID after, int limit) {
        return sql.query(
                "SELECT tenant_id FROM billing_audit_heads WHERE tenant_id > ? ORDER BY tenant_id LIMIT ?",
                row -> row.getObject("tenant_id", UUID.class),
                after,
                limit);
    }

    /** What is not at its end. */
    public List<UUID> unfinished() {
        return sql.query(
                "SELECT id FROM integrity_checks WHERE status IN ('queued', 'running')",
                row -> row.getObject("id", UUID.class));
    }

    /** The lease by which it is worked on. @return empty while somebody does, and when it is at its end */
    public Optional<Lease> take(UUID id) {
        return leases.take(LEASE, () -> unfinished().contains(id));
    }

    /** For who has taken it, as are the two that follow: from its start. */
    public void begin(UUID id) {
        sql.update("UPDATE integrity_checks SET status = 'running' WHERE id = ?", id);
        sql.update("DELETE FROM integrity_findings WHERE check_id = ?", id);
    }

    public void answered(UUID id, Answer answer) {
        sql.update(
                "INSERT INTO integrity_findings (check_id, invariant, offenders, took_ms) VALUES (?, ?, ?, ?)",
                id,
                answer.invariant().code(),
                answer.findings().total(),
                answer.tookMillis());
        List<Offender> first = answer.findings().first();
        sql.update(
                """
                INSERT INTO integrity_offenders (check_id, invariant, position, owner, what)
                SELECT ?, ?, o.position, o.owner, o.what
                FROM unnest(?::uuid[], ?::text[]) WITH ORDINALITY AS o (owner, what, position)""",
                id,
                answer.invariant().code(),
                new Sql.Array("uuid", first.stream().map(Offender::tenant).toArray()),
                new Sql.Array("text", first.stream().map(Offender::what).toArray()));
    }

    /** @param reason why it failed; null where it did not */
    public void ended(UUID id, @Nullable String reason) {
        sql.update("""
                UPDATE integrity_checks SET status = ?, ended_at = ?, reason = ?
                WHERE id = ? AND status IN ('queued', 'running')""", reason == null ? "completed" : "failed", clock.system(), reason, id);
    }
}
