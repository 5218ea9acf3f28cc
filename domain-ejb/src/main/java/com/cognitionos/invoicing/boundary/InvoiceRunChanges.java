package com.cognitionos.invoicing.boundary;

import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run invoices otherwise than an earlier one did, of each tenant that both were to bill and came to (INV-27); for the
 * platform.
 */
@Stateless
@TenantWall
public class InvoiceRunChanges {

    private static final int PORTION = 5_000;

    /** So many tenants of a run are looked up in earlier ones, to tell which had the same. */
    private static final int SAMPLE = 200;

    private static final int MOST_EARLIER = 12;

    /**
     * Of a run that is under way, or was stopped, what is counted so far: it says nothing of a tenant that it has not come to.
     * It says something of the other tenants in it, and one of all also of those who are not. One that failed before was not
     * invoiced then, and is new. A tenant that changed its currency is there once in each: gone in one, new in the other. One
     * that never had any, as it never subscribed, has no money to compare. An earlier run without an id has nothing.
     */
    private static final String COMPARED =
            """
            WITH this_run AS (SELECT id, scope FROM invoice_runs WHERE id = ?),
            earlier_run AS (SELECT id, scope FROM invoice_runs WHERE id = ?),
            told AS (
                SELECT n.tenant_id, coalesce(n.currency, b.currency,""" + InvoiceRuns.latestCurrency("n.tenant_id") + """
                    ) AS currency,
                    n.status = 'failed' AS failed, 0 AS before_invoices, 0::bigint AS before_cents,
                    n.invoices AS now_invoices, n.amount_cents AS now_cents
                FROM this_run r JOIN invoice_run_tenants n ON n.run_id = r.id JOIN tenants t ON t.id = n.tenant_id
                LEFT JOIN earlier_run e ON true
                LEFT JOIN invoice_run_tenants b ON b.tenant_id = n.tenant_id AND b.run_id = e.id
                WHERE n.status <> 'pending' AND b.status IS DISTINCT FROM 'pending' AND (e.id IS NULL
                    OR b.tenant_id IS NOT NULL OR e.scope = 'all' OR e.scope = 'live' AND NOT t.test_mode)
                UNION ALL
                SELECT b.tenant_id, coalesce(b.currency,""" + InvoiceRuns.latestCurrency("b.tenant_id") + """
                    ),
                    false, b.invoices, b.amount_cents, 0, 0
                FROM earlier_run e JOIN invoice_run_tenants b ON b.run_id = e.id JOIN tenants t ON t.id = b.tenant_id
                CROSS JOIN this_run r LEFT JOIN invoice_run_tenants n ON n.tenant_id = b.tenant_id AND n.run_id = r.id
                WHERE b.invoices > 0 AND b.status <> 'pending' AND n.status IS DISTINCT FROM 'pending' AND (
                    n.tenant_id IS NOT NULL OR r.scope = 'all' OR r.scope = 'live' AND NOT t.test_mode)),
            compared AS (
                SELECT s.*, CASE WHEN failed THEN 'failed' WHEN before_invoices = 0 THEN 'new' WHEN now_invoices = 0 THEN 'gone'
                        WHEN now_cents > before_cents THEN 'larger' WHEN now_cents < before_cents THEN 'smaller'
                        ELSE 'same' END AS kind
                FROM (SELECT tenant_id, currency, bool_or(failed) AS failed, sum(before_invoices) AS before_invoices,
                        sum(before_cents) AS before_cents, sum(now_invoices) AS now_invoices, sum(now_cents) AS now_cents
                    FROM told GROUP BY tenant_id, currency) AS s
                WHERE currency IS NOT NULL AND (before_invoices > 0 OR now_invoices > 0 OR failed)),
            wanted AS (
                SELECT * FROM compared
                WHERE CASE WHEN ?::text IS NULL THEN kind <> 'same' ELSE kind = ? END
                  AND (kind NOT IN ('larger', 'smaller') OR abs(now_cents - before_cents) * 100 >= before_cents * ?::numeric))
            """;

    private static final String NAMED = "SELECT c.*, t.name, t.slug FROM wanted c JOIN tenants t ON t.id = c.tenant_id";

    private static final String ORDER = " ORDER BY abs(now_cents - before_cents) DESC, c.tenant_id, c.currency";

    /**
     * Only runs that came to their end and invoiced some of the sample. One is alike that covered at least half of it, and
     * invoiced half as many. A run of all is like another one of all, unless that had more than twice its tenants: a month has
     * few runs of many, and many of the few that are due in the next five minutes. So is one of which it is not known: its
     * size is all that tells.
     */
    private static final String EARLIER = """
            WITH this_run AS (
                SELECT r.id, r.created_at, r.scope, count(*) AS tenants FROM invoice_runs r
                JOIN invoice_run_tenants n ON n.run_id = r.id WHERE r.id = ? GROUP BY r.id),
            sample AS (
                SELECT n.tenant_id, n.invoices FROM this_run r JOIN invoice_run_tenants n ON n.run_id = r.id
                ORDER BY n.tenant_id LIMIT ?),
            sampled AS (SELECT count(*) AS tenants, count(*) FILTER (WHERE invoices > 0) AS invoiced FROM sample),
            found AS (
                SELECT b.run_id, count(*) AS tenants, count(*) FILTER (WHERE b.invoices > 0) AS invoiced
                FROM sample JOIN invoice_run_tenants b ON b.tenant_id = sample.tenant_id
                GROUP BY b.run_id HAVING count(*) FILTER (WHERE b.invoices > 0) > 0)
            SELECT e.id, e.as_of, e.dry_run, e.created_at, e.scope,
                CASE WHEN f.tenants * 2 < s.tenants OR f.invoiced * 2 < s.invoiced THEN false
                    WHEN r.scope = 'named' THEN true
                    WHEN e.scope = 'named' THEN false
                    ELSE (SELECT count(*) FROM invoice_run_tenants WHERE run_id = e.id) * s.tenants
                        <= 2 * f.tenants * r.tenants END AS alike
            FROM found f JOIN invoice_runs e ON e.id = f.run_id CROSS JOIN this_run r CROSS JOIN sampled s
            WHERE e.status = 'completed' AND (e.created_at, e.id) < (r.created_at, r.id)
            ORDER BY alike DESC, e.created_at DESC, e.id DESC LIMIT ?""";

    @Inject
    private Sql sql;

    @EJB
    private InvoiceRuns runs;

    /** How what a tenant is invoiced compares with before. */
    public enum Kind {
        /** Was not invoiced before, be it that it had nothing due or that it failed. */
        NEW,
        /** Was invoiced before, and is not now. */
        GONE,
        LARGER,
        SMALLER,
        SAME,
        /** Could not be invoiced. */
        FAILED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> of(String code) {
            return Arrays.stream(values())
                    .filter(kind -> kind.code().equals(code))
                    .findFirst();
        }
    }

    /** An earlier run. @param alike whether it was to bill about the same tenants */
    public record Earlier(
            UUID id, Instant asOf, boolean dryRun, Instant createdAt, InvoiceRuns.Scope scope, boolean alike) {}

    /**
     * Which changes are wanted.
     *
     * @param kind null for all but those that are the same
     * @param minPercent from 0: an amount that is there both times counts as changed only from so much on
     */
    public record Wanted(@Nullable Kind kind, BigDecimal minPercent) {

        /** As a person may set it. */
        public static final BigDecimal MOST_PERCENT = BigDecimal.valueOf(1_000_000);

        public static final Wanted ALL = new Wanted(null, BigDecimal.ZERO);

        public Wanted {
            if (minPercent.signum() < 0 || minPercent.compareTo(MOST_PERCENT) > 0) {
                throw Problem.invalid(
                        "min_percent", "out_of_range", "min_percent must be from 0 to " + MOST_PERCENT.toPlainString());
            }
        }
    }

    /** What a tenant comes to, with tax, in the minor unit of the currency of its invoices. */
    public record Change(
            UUID tenant,
            String name,
            String slug,
            Kind kind,
            String currency,
            long beforeInvoices,
            long beforeCents,
            long invoices,
            long cents) {

        public long changeCents() {
            return Math.subtractExact(cents, beforeCents);
        }

        /** Of what it was before, with one decimal; null where that was nothing. */
        public @Nullable BigDecimal changePercent() {
            return beforeCents == 0
                    ? null
                    : BigDecimal.valueOf(changeCents())
                            .multiply(BigDecimal.valueOf(100))
                            .divide(BigDecimal.valueOf(beforeCents), 1, RoundingMode.HALF_UP);
        }
    }

    /** All tenants of one kind and currency, whatever is wanted. */
    public record Sum(Kind kind, String currency, long tenants, long beforeCents, long cents) {}

    /** Earlier runs to compare with that invoiced some of the same tenants: those alike first, and of these the latest. */
    public List<Earlier> earlier(UUID run) {
        return sql.query(
                EARLIER,
                row -> new Earlier(
                        row.getObject("id", UUID.class),
                        Sql.instant(row, "as_of"),
                        row.getBoolean("dry_run"),
                        Sql.instant(row, "created_at"),
                        InvoiceRuns.Scope.of(row.getString("scope")),
                        row.getBoolean("alike")),
                run,
                SAMPLE,
                MOST_EARLIER);
    }

    /**
     * The run that another is compared with: the one that is named, or what {@link #earlier} has first, if that is alike.
     *
     * @throws Problem NOT_FOUND
     */
    public Optional<InvoiceRuns.Run> against(UUID run, @Nullable UUID named) {
        UUID of = runs.get(run).id();
        return named == null
                ? earlier(of).stream()
                        .findFirst()
                        .filter(Earlier::alike)
                        .map(Earlier::id)
                        .map(runs::get)
                : Optional.of(runs.get(named));
    }

    /** @param against null for nothing: then all are new */
    public List<Sum> sums(UUID run, @Nullable UUID against) {
        return sql.query(
                COMPARED + """
                SELECT kind, currency, count(*) AS tenants, sum(before_cents) AS before_cents, sum(now_cents) AS now_cents
                FROM compared GROUP BY kind, currency ORDER BY currency, kind""",
                row -> new Sum(
                        kind(row),
                        row.getString("currency"),
                        row.getLong("tenants"),
                        row.getLong("before_cents"),
                        row.getLong("now_cents")),
                parameters(run, against, Wanted.ALL));
    }

    /** By the amount of the change, the largest first, whatever the currency. @param against null for nothing */
    public Page<Change> list(UUID run, @Nullable UUID against, Wanted wanted, Page.Request page) {
        long total = sql.queryOne(
                        COMPARED + "SELECT count(*) FROM wanted",
                        row -> row.getLong(1),
                        parameters(run, against, wanted))
                .orElseThrow();
        List<Change> changes = sql.query(
                COMPARED + NAMED + ORDER + " LIMIT ? OFFSET ?",
                InvoiceRunChanges::change,
                parameters(run, against, wanted, page.pageSize(), page.offset()));
        return new Page<>(changes, total, page.page(), page.pageSize());
    }

    /** A portion in the same order: what follows a change, or the first ones. */
    public List<Change> next(UUID run, @Nullable UUID against, Wanted wanted, @Nullable Change after) {
        String portion = COMPARED + NAMED;
        return after == null
                ? sql.query(
                        portion + ORDER + " LIMIT ?",
                        InvoiceRunChanges::change,
                        parameters(run, against, wanted, PORTION))
                : sql.query(
                        portion + " WHERE (-abs(now_cents - before_cents), c.tenant_id, c.currency) > (?, ?::uuid, ?)"
                                + ORDER + " LIMIT ?",
                        InvoiceRunChanges::change,
                        parameters(
                                run,
                                against,
                                wanted,
                                Math.negateExact(Math.abs(after.changeCents())),
                                after.tenant(),
                                after.currency(),
                                PORTION));
    }

    private static @Nullable Object[] parameters(UUID run, @Nullable UUID against, Wanted wanted, Object... more) {
        String kind = wanted.kind() == null ? null : wanted.kind().code();
        List<@Nullable Object> all =
                new ArrayList<>(Arrays.<@Nullable Object>asList(run, against, kind, kind, wanted.minPercent()));
        all.addAll(List.of(more));
        return all.toArray();
    }

    private static Kind kind(ResultSet row) throws SQLException {
        return Kind.of(row.getString("kind")).orElseThrow();
    }

    private static Change change(ResultSet row) throws SQLException {
        return new Change(
                row.getObject("tenant_id", UUID.class),
                row.getString("name"),
                row.getString("slug"),
                kind(row),
                row.getString("currency"),
                row.getLong("before_invoices"),
                row.getLong("before_cents"),
                row.getLong("now_invoices"),
                row.getLong("now_cents"));
    }
}
