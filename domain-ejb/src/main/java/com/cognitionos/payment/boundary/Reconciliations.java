package com.cognitionos.payment.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The comparisons of providers' books with ours, one at a time (PAY-17); for the platform. */
@Stateless
@TenantWall
public class Reconciliations {

    /** Longer than disputes and refunds come late as a rule, and than a month. */
    private static final Duration COMPARES = Duration.ofDays(35);

    /** One that has not been heard of for so long was cut off. */
    private static final long SILENT_S = 60;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    /**
     * A comparison.
     *
     * @param status queued, running, completed or failed
     * @param from what happened before is not compared
     * @param payments so many of the providers' were compared, as of refunds and disputes
     * @param differences so many were found, or found again
     * @param reason why it failed
     */
    public record Run(
            UUID id,
            String status,
            String requestedBy,
            Instant from,
            Instant createdAt,
            @Nullable Instant endedAt,
            int payments,
            int refunds,
            int disputes,
            int differences,
            @Nullable String reason) {

        private static Run of(ResultSet row) throws SQLException {
            return new Run(
                    row.getObject("id", UUID.class),
                    row.getString("status"),
                    row.getString("requested_by"),
                    Sql.instant(row, "compares_from"),
                    Sql.instant(row, "created_at"),
                    Sql.instant(row, "ended_at"),
                    row.getInt("payments"),
                    row.getInt("refunds"),
                    row.getInt("disputes"),
                    row.getInt("differences"),
                    row.getString("reason"));
        }

        public boolean isUnderWay() {
            return status.equals("queued") || status.equals("running");
        }
    }

    /** What was compared so far. */
    public record Tally(int payments, int refunds, int disputes, int differences) {}

    /** A new one, or the one that is under way. */
    public Run create(String requestedBy) {
        cutOff();
        Instant now = clock.system();
        UUID id = Ids.next();
        int made = sql.update("""
                INSERT INTO reconciliations (id, status, requested_by, compares_from, created_at, seen_at)
                VALUES (?, 'queued', ?, ?, ?, ?) ON CONFLICT DO NOTHING""", id, requestedBy, now.minus(COMPARES), now, now);
        if (made == 0) {
            return sql.queryOne("SELECT * FROM reconciliations WHERE status IN ('queued', 'running')", Run::of)
                    .orElseThrow(() -> Problem.conflict("wrong_state", "A comparison ended this very moment.", 1));
        }
        audit.record("reconciliation.requested", id.toString(), null, Map.of("status", "queued"));
        return get(id);
    }

    /** @throws Problem NOT_FOUND */
    public Run get(UUID id) {
        return sql.queryOne("SELECT * FROM reconciliations WHERE id = ?", Run::of, id)
                .orElseThrow(() -> Problem.notFound("reconciliation"));
    }

    /** The newest first. */
    public List<Run> latest(int limit) {
        return sql.query("SELECT * FROM reconciliations ORDER BY id DESC LIMIT ?", Run::of, limit);
    }

    /** @return empty when somebody else has begun it */
    public Optional<Run> begin(UUID id) {
        int begun = sql.update(
                "UPDATE reconciliations SET status = 'running', seen_at = ? WHERE id = ? AND status = 'queued'",
                clock.system(),
                id);
        return begun == 0 ? Optional.empty() : Optional.of(get(id));
    }

    /** It is being worked on; to be said more often than once in {@value #SILENT_S} seconds. */
    public void alive(UUID id) {
        sql.update(
                "UPDATE reconciliations SET seen_at = ? WHERE id = ? AND status IN ('queued', 'running')",
                clock.system(),
                id);
    }

    /** Those that nobody works on any more have failed. */
    public void cutOff() {
        Instant now = clock.system();
        sql.update("""
                UPDATE reconciliations SET status = 'failed', ended_at = ?, reason = 'cut off'
                WHERE status IN ('queued', 'running') AND seen_at < ?""", now, now.minusSeconds(SILENT_S));
    }

    /** So far it is, and alive. */
    public void progress(UUID id, Tally tally) {
        sql.update("""
                UPDATE reconciliations SET seen_at = ?, payments = ?, refunds = ?, disputes = ?, differences = ?
                WHERE id = ? AND status = 'running'""", clock.system(), tally.payments(), tally.refunds(), tally.disputes(), tally.differences(), id);
    }

    /** @param reason why it failed; null where it did not */
    public void ended(UUID id, @Nullable String reason) {
        sql.update("""
                UPDATE reconciliations SET status = ?, ended_at = ?, reason = ?
                WHERE id = ? AND status IN ('queued', 'running')""", reason == null ? "completed" : "failed", clock.system(), reason, id);
    }
}
