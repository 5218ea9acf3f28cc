package com.cognitionos.invoicing.boundary;

import static com.cognitionos.kernel.Sql.column;

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
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Invoice runs and how far they are; for the platform. The work itself is a batch job. */
@Stateless
@TenantWall
public class InvoiceRuns {

    private static final String RUNS = """
            SELECT r.*, t.* FROM invoice_runs r CROSS JOIN LATERAL (
                SELECT count(*) AS total, count(*) FILTER (WHERE i.status = 'done') AS done,
                    count(*) FILTER (WHERE i.status = 'failed') AS failed,
                    coalesce(sum(i.invoices), 0) AS invoices, coalesce(sum(i.amount_cents), 0) AS amount
                FROM invoice_run_tenants i WHERE i.run_id = r.id) AS t""";

    /** Who has something due by an instant; whether test tenants are among them. */
    private static final String DUE = """
             FROM subscriptions s JOIN tenants t ON t.id = s.tenant_id
            WHERE (s.next_due_at <= ?
                    OR s.stopped AND s.status NOT IN ('canceled', 'paused') AND t.suspended_at IS NULL)
                AND (? OR NOT t.test_mode)""";

    /** Nodes whose clocks are a little apart are asked for the same. */
    private static final String BY_TIMER = "invoice-run by timer";

    private static final int MOST_RESTARTS = 5;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Leases leases;

    /** Where a run is. */
    public enum Status {
        QUEUED,
        RUNNING,
        COMPLETED,
        STOPPED,
        FAILED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    /** Of whom a run tells all that is due. */
    public enum Scope {
        ALL,
        /** All but test tenants. */
        LIVE,
        /** Those that were named; it says nothing of others. */
        NAMED,
        /** Was not written down, as of older runs; nothing is taken of those who are not in it. */
        UNKNOWN;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Scope of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }

        private static Scope of(@Nullable List<UUID> tenantIds, boolean testTenants) {
            return tenantIds != null ? NAMED : testTenants ? ALL : LIVE;
        }
    }

    /** Why a tenant of a run was not invoiced. */
    public record Failure(UUID tenant, String reason) {}

    /** A run, counted from its tenants, so that it is exact at any moment and after any crash. */
    public record Run(
            UUID id,
            Instant asOf,
            boolean dryRun,
            Scope scope,
            Status status,
            String requestedBy,
            long tenantsTotal,
            long tenantsDone,
            long invoices,
            long failed,
            long amountCents,
            List<Failure> failures,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt) {}

    /**
     * Makes a run that waits to be started.
     *
     * @param tenantIds null for every tenant with something due
     * @param testTenants whether test tenants are among "every tenant"
     * @throws Problem INVALID when {@code asOf} lies ahead of the clock of a live tenant, or a tenant does not exist
     */
    public Run create(
            Instant asOf, boolean dryRun, @Nullable List<UUID> tenantIds, boolean testTenants, String requestedBy) {
        Instant now = clock.system();
        if (asOf.isAfter(now) && anyLive(tenantIds)) {
            throw Problem.invalid(
                    "as_of",
                    "ahead_of_clock",
                    "as_of lies ahead of the clock, which is " + now
                            + "; only test tenants, named by tenant_ids, can be billed ahead");
        }
        UUID id = Ids.next();
        sql.update("""
                INSERT INTO invoice_runs (id, as_of, dry_run, scope, status, requested_by, created_at)
                VALUES (?, ?, ?, ?, 'queued', ?, ?)""", id, asOf, dryRun, Scope.of(tenantIds, testTenants).code(), requestedBy, now);
        int tenants = tenantIds == null
                ? sql.update(
                        "INSERT INTO invoice_run_tenants (tenant_id, run_id, status)"
                                + " SELECT DISTINCT s.tenant_id, ?::uuid, 'pending'" + DUE,
                        id,
                        asOf,
                        testTenants)
                : sql.update("""
                        INSERT INTO invoice_run_tenants (tenant_id, run_id, status)
                        SELECT t.id, ?::uuid, 'pending' FROM tenants t WHERE t.id = ANY (?)""", id, new Sql.Array("uuid", tenantIds.toArray()));
        if (tenantIds != null && tenants != tenantIds.stream().distinct().count()) {
            throw Problem.invalid("tenant_ids", "unknown_tenant", "tenant_ids names a tenant that does not exist");
        }
        audit.record(
                "invoice_run.started",
                id.toString(),
                null,
                Map.of("as_of", asOf, "dry_run", dryRun, "tenants", tenants, "requested_by", requestedBy));
        return get(id);
    }

    /** @throws Problem NOT_FOUND */
    public Run get(UUID id) {
        return sql.queryOne(RUNS + " WHERE r.id = ?", row -> run(row, failures(id)), id)
                .orElseThrow(() -> Problem.notFound("invoice run"));
    }

    /** The newest first, without the reasons of their failures. */
    public List<Run> latest(int limit) {
        return sql.query(RUNS + " ORDER BY r.created_at DESC, r.id DESC LIMIT ?", row -> run(row, List.of()), limit);
    }

    /** What a run invoiced, or would have, of one currency. @param cents in its minor unit */
    public record Amount(String currency, long invoices, long cents) {}

    /** By currency. */
    public List<Amount> amounts(UUID id) {
        return sql.query(
                """
                SELECT currency, sum(invoices) AS invoices, sum(amount_cents) AS cents FROM (
                    SELECT invoices, amount_cents, coalesce(i.currency,""" + latestCurrency("i.tenant_id") + """
                        ) AS currency
                    FROM invoice_run_tenants i WHERE i.run_id = ? AND i.invoices > 0) AS billed
                GROUP BY currency ORDER BY currency""",
                row -> new Amount(row.getString("currency"), row.getLong("invoices"), row.getLong("cents")),
                id);
    }

    private boolean anyLiveDue(Instant asOf) {
        return sql.queryOne("SELECT 1" + DUE + " LIMIT 1", row -> true, asOf, false)
                .isPresent();
    }

    /** As {@link #create} for the live tenants, unless nothing is due, or a run is under way or was just made by timer. */
    public Optional<Run> createWhenDue() {
        Instant now = clock.system();
        if (!unfinished().isEmpty() || !anyLiveDue(now) || leases.take(BY_TIMER).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(create(now, false, null, false, "timer"));
    }

    /** The runs that are not at their end, the oldest first. */
    public List<UUID> unfinished() {
        return sql.query(
                "SELECT id FROM invoice_runs WHERE status IN ('queued', 'running') ORDER BY created_at",
                row -> row.getObject("id", UUID.class));
    }

    /** The lease by which a run is worked on. @return empty while somebody does, and when it is at its end */
    public Optional<Lease> take(UUID id) {
        return leases.take(leaseOf(id), () -> unfinished().contains(id));
    }

    /** What {@link #take} takes. */
    public static String leaseOf(UUID id) {
        return "invoice-run " + id;
    }

    /** For who has taken it, as are the two that follow. */
    public void started(UUID id, long executionId) {
        sql.update("""
                UPDATE invoice_runs SET status = 'running', ended_at = NULL, execution_id = ?,
                    started_at = coalesce(started_at, ?)
                WHERE id = ?""", executionId, clock.system(), id);
    }

    public void ended(UUID id, Status status, Lease lease) {
        sql.update("UPDATE invoice_runs SET status = ?, ended_at = ? WHERE id = ?", status.code(), clock.system(), id);
        leases.release(lease);
    }

    /**
     * Its job ended for no tenant's fault, the database's absence for example. It goes on once the lease has run out, unless
     * that has happened {@value #MOST_RESTARTS} times.
     */
    public void brokeOff(UUID id, Lease lease) {
        int again = sql.update(
                "UPDATE invoice_runs SET restarts = restarts + 1 WHERE id = ? AND restarts < ?", id, MOST_RESTARTS);
        if (again == 0) {
            ended(id, Status.FAILED, lease);
        }
    }

    /** Asks the job to stop after the tenants that are under way. @throws Problem CONFLICT when it is not running */
    public Run stop(UUID id) {
        Run run = get(id);
        if (run.status() != Status.QUEUED && run.status() != Status.RUNNING) {
            throw Problem.conflict("wrong_state", "The run is " + run.status().code() + "; there is nothing to stop.");
        }
        sql.update("UPDATE invoice_runs SET stop_requested = true WHERE id = ?", id);
        audit.record(
                "invoice_run.stopped",
                id.toString(),
                Map.of("status", run.status().code()),
                Map.of("stop_requested", true));
        return run;
    }

    public boolean stopRequested(UUID id) {
        return sql.queryOne("SELECT stop_requested FROM invoice_runs WHERE id = ?", row -> row.getBoolean(1), id)
                .orElse(false);
    }

    /** Puts the failed tenants back in line. @return whether anything is left to do. @throws Problem NOT_FOUND */
    public boolean retry(UUID id) {
        Run run = get(id);
        audit.record(
                "invoice_run.restarted",
                id.toString(),
                Map.of("status", run.status().code(), "failed", run.failed()),
                Map.of("stop_requested", false));
        sql.update("UPDATE invoice_runs SET stop_requested = false WHERE id = ?", id);
        sql.update(
                "UPDATE invoice_run_tenants SET status = 'pending', reason = NULL WHERE run_id = ? AND status = 'failed'",
                id);
        return sql.update("""
                UPDATE invoice_runs SET status = 'queued', ended_at = NULL, restarts = 0
                WHERE id = ? AND EXISTS (
                    SELECT FROM invoice_run_tenants WHERE run_id = invoice_runs.id AND status = 'pending')""", id) == 1;
    }

    /** The tenants still to do in one of {@code partitions} equal shares, in the order of their ids. */
    public List<UUID> pending(UUID id, int partition, int partitions, @Nullable UUID after, int limit) {
        return sql.query(
                """
                SELECT tenant_id FROM invoice_run_tenants
                WHERE run_id = ? AND status = 'pending' AND tenant_id > ?
                  AND (hashtextextended(tenant_id::text, 0) & 2147483647) % ? = ?
                ORDER BY tenant_id LIMIT ?""",
                row -> row.getObject("tenant_id", UUID.class),
                id,
                Optional.ofNullable(after).orElse(new UUID(0, 0)),
                partitions,
                partition,
                limit);
    }

    /**
     * What a run has come to of a tenant.
     *
     * @param currency of its invoices; null for that of its latest subscription
     * @param done whether nothing is due of it any more
     */
    public record Counted(
            UUID tenant, int invoices, long cents, @Nullable String currency, boolean done) {
        static Counted of(UUID tenant, List<Long> totals, @Nullable String currency) {
            return new Counted(
                    tenant,
                    totals.size(),
                    totals.stream().mapToLong(Long::longValue).reduce(0, Math::addExact),
                    currency,
                    true);
        }
    }

    /**
     * As an invoice counts itself, in the transaction that makes them. A tenant of whom all was counted is not counted again,
     * should a dry run come to it twice.
     */
    public void counted(UUID id, List<Counted> some) {
        sql.update(
                """
                UPDATE invoice_run_tenants r SET invoices = r.invoices + c.invoices,
                    amount_cents = r.amount_cents + c.cents, status = CASE WHEN c.done THEN 'done' ELSE r.status END,
                    currency = CASE WHEN c.invoices = 0 THEN r.currency ELSE coalesce(c.currency,""" + latestCurrency("c.tenant_id") + """
                        ) END
                FROM unnest(?::uuid[], ?::int[], ?::bigint[], ?::text[], ?::boolean[])
                    AS c (tenant_id, invoices, cents, currency, done)
                WHERE r.tenant_id = c.tenant_id AND r.run_id = ? AND NOT (c.done AND r.status = 'done')""",
                column(some, "uuid", Counted::tenant),
                column(some, "int", Counted::invoices),
                column(some, "bigint", Counted::cents),
                column(some, "text", Counted::currency),
                column(some, "boolean", Counted::done),
                id);
    }

    /** What was ordered of a run, without how far it is. */
    public record Ordered(Instant asOf, boolean dryRun, boolean stopRequested) {}

    /** @throws Problem NOT_FOUND */
    public Ordered ordered(UUID id) {
        return sql.queryOne(
                        "SELECT as_of, dry_run, stop_requested FROM invoice_runs WHERE id = ?",
                        row -> new Ordered(
                                Sql.instant(row, "as_of"), row.getBoolean("dry_run"), row.getBoolean("stop_requested")),
                        id)
                .orElseThrow(() -> Problem.notFound("invoice run"));
    }

    /** Those of these tenants that the run has not done, in their order. */
    public List<UUID> stillPending(UUID id, List<UUID> tenants) {
        return sql.query(
                """
                SELECT tenant_id FROM invoice_run_tenants
                WHERE run_id = ? AND status = 'pending' AND tenant_id = ANY (?) ORDER BY tenant_id""", row -> row.getObject("tenant_id", UUID.class), id, new Sql.Array("uuid", tenants.toArray()));
    }

    public void done(UUID id, UUID tenant) {
        sql.update("UPDATE invoice_run_tenants SET status = 'done' WHERE run_id = ? AND tenant_id = ?", id, tenant);
    }

    /** What a dry run found; a real one counts in the transaction of each invoice. */
    public void found(UUID id, UUID tenant, List<Long> totals) {
        counted(id, List.of(Counted.of(tenant, totals, null)));
    }

    public void failed(UUID id, UUID tenant, String reason) {
        sql.update(
                "UPDATE invoice_run_tenants SET status = 'failed', reason = ? WHERE run_id = ? AND tenant_id = ?",
                reason.length() > 1000 ? reason.substring(0, 1000) : reason,
                id,
                tenant);
    }

    private boolean anyLive(@Nullable List<UUID> tenantIds) {
        return tenantIds == null
                ? sql.queryOne("SELECT 1 FROM tenants WHERE NOT test_mode AND status <> 'churned' LIMIT 1", row -> true)
                        .isPresent()
                : sql.queryOne(
                                "SELECT 1 FROM tenants WHERE NOT test_mode AND id = ANY (?) LIMIT 1",
                                row -> true,
                                new Sql.Array("uuid", tenantIds.toArray()))
                        .isPresent();
    }

    private List<Failure> failures(UUID id) {
        return sql.query("""
                SELECT tenant_id, reason FROM invoice_run_tenants WHERE run_id = ? AND status = 'failed'
                ORDER BY tenant_id LIMIT 100""", row -> new Failure(row.getObject("tenant_id", UUID.class), row.getString("reason")), id);
    }

    private static Run run(ResultSet row, List<Failure> failures) throws SQLException {
        return new Run(
                row.getObject("id", UUID.class),
                Sql.instant(row, "as_of"),
                row.getBoolean("dry_run"),
                Scope.of(row.getString("scope")),
                Status.of(row.getString("status")),
                row.getString("requested_by"),
                row.getLong("total"),
                row.getLong("done"),
                row.getLong("invoices"),
                row.getLong("failed"),
                row.getLong("amount"),
                failures,
                Sql.instant(row, "created_at"),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "ended_at"));
    }

    /** A query's expression for that of a tenant's latest subscription, where its invoices do not say. @param tenant a column */
    static String latestCurrency(String tenant) {
        return "(SELECT s.currency FROM subscriptions s WHERE s.tenant_id = " + tenant
                + " ORDER BY s.created_at DESC, s.id DESC LIMIT 1)";
    }
}
