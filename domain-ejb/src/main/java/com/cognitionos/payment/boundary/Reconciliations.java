package com.cognitionos.payment.boundary;

import com.cognitionos.audit.boundary.AuditLog;
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

    /** There is one at a time. */
    public static final String LEASE = "reconciliation";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Leases leases;

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
        Instant now = clock.system();
        UUID id = Ids.next();
        int made = sql.update("""
                INSERT INTO reconciliations (id, status, requested_by, compares_from, created_at)
                VALUES (?, 'queued', ?, ?, ?) ON CONFLICT DO NOTHING""", id, requestedBy, now.minus(COMPARES), now);
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

    /** What is not at its end. */
    public List<UUID> unfinished() {
        return sql.query(
                "SELECT id FROM reconciliations WHERE status IN ('queued', 'running')",
                row -> row.getObject("id", UUID.class));
    }

    /** The lease by which it is worked on. @return empty while somebody does, and when it is at its end */
    public Optional<Lease> take(UUID id) {
        return leases.take(LEASE, () -> unfinished().contains(id));
    }

    /** For who has taken it, as are the two that follow. @return empty when it is at its end */
    public Optional<Run> begin(UUID id) {
        int begun = sql.update(
                "UPDATE reconciliations SET status = 'running' WHERE id = ? AND status IN ('queued', 'running')", id);
        return begun == 0 ? Optional.empty() : Optional.of(get(id));
    }

    /** So far it is. */
    public void progress(UUID id, Tally tally) {
        sql.update("""
                UPDATE reconciliations SET payments = ?, refunds = ?, disputes = ?, differences = ?
                WHERE id = ? AND status = 'running'""", tally.payments(), tally.refunds(), tally.disputes(), tally.differences(), id);
    }

    /** @param reason why it failed; null where it did not */
    public void ended(UUID id, @Nullable String reason) {
        sql.update("""
                UPDATE reconciliations SET status = ?, ended_at = ?, reason = ?
                WHERE id = ? AND status IN ('queued', 'running')""", reason == null ? "completed" : "failed", clock.system(), reason, id);
    }
}
