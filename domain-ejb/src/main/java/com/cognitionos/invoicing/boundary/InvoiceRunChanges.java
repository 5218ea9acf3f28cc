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

/** What a run invoices otherwise than an earlier one did, tenant by tenant (INV-27); for the platform. */
@Stateless
@TenantWall
public class InvoiceRunChanges {

    private static final int PORTION = 5_000;

    /** So many tenants of a run are looked up in earlier ones, to tell which had the same. */
    private static final int SAMPLE = 200;

    private static final int MOST_EARLIER = 12;

    /** Of a run that is under way what is counted so far. An earlier run without an id has nothing. */
    private static final String COMPARED = """
            WITH compared AS (
                SELECT tenant_id, coalesce(b.invoices, 0) AS before_invoices, coalesce(b.amount_cents, 0) AS before_cents,
                    coalesce(n.invoices, 0) AS now_invoices, coalesce(n.amount_cents, 0) AS now_cents,
                    CASE WHEN n.status = 'failed' THEN 'failed'
                        WHEN b.tenant_id IS NULL THEN 'new'
                        WHEN coalesce(n.invoices, 0) = 0 THEN 'gone'
                        WHEN n.amount_cents > b.amount_cents THEN 'larger'
                        WHEN n.amount_cents < b.amount_cents THEN 'smaller'
                        ELSE 'same' END AS kind
                FROM (SELECT tenant_id, status, invoices, amount_cents FROM invoice_run_tenants WHERE run_id = ?) n
                FULL JOIN (SELECT tenant_id, invoices, amount_cents FROM invoice_run_tenants
                    WHERE run_id = ? AND invoices > 0) b USING (tenant_id)
                WHERE n.status IS DISTINCT FROM 'pending'
                  AND (b.tenant_id IS NOT NULL OR n.invoices > 0 OR n.status = 'failed')),
            wanted AS (
                SELECT * FROM compared
                WHERE CASE WHEN ?::text IS NULL THEN kind <> 'same' ELSE kind = ? END
                  AND (kind NOT IN ('larger', 'smaller') OR abs(now_cents - before_cents) * 100 >= before_cents * ?::numeric))
            """;

    /** A tenant's invoices are in the currency of its subscription. */
    private static final String NAMED = """
             c JOIN tenants t ON t.id = c.tenant_id CROSS JOIN LATERAL (
                SELECT currency FROM subscriptions s WHERE s.tenant_id = c.tenant_id
                ORDER BY created_at DESC, id DESC LIMIT 1) AS s
            """;

    private static final String ORDER = " ORDER BY abs(now_cents - before_cents) DESC, c.tenant_id";

    /** Only runs that came to their end, and invoiced something of at least a part of the sample. */
    private static final String EARLIER = """
            WITH sample AS (SELECT tenant_id FROM invoice_run_tenants WHERE run_id = ? ORDER BY tenant_id LIMIT ?)
            SELECT r.id, r.as_of, r.dry_run, r.created_at, count(*) * 2 >= (SELECT count(*) FROM sample) AS alike
            FROM sample JOIN invoice_run_tenants b ON b.tenant_id = sample.tenant_id JOIN invoice_runs r ON r.id = b.run_id
            WHERE b.invoices > 0 AND r.status = 'completed'
              AND (r.created_at, r.id) < (SELECT created_at, id FROM invoice_runs WHERE id = ?)
            GROUP BY r.id ORDER BY alike DESC, r.created_at DESC, r.id DESC LIMIT ?""";

    @Inject
    private Sql sql;

    @EJB
    private InvoiceRuns runs;

    /** How what a tenant is invoiced compares with before. */
    public enum Kind {
        /** Was not invoiced before. */
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

    /** An earlier run. @param alike whether it had at least half of the tenants */
    public record Earlier(UUID id, Instant asOf, boolean dryRun, Instant createdAt, boolean alike) {}

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

    /** What a tenant comes to, with tax, in the minor unit of its currency. */
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

    /**
     * Earlier runs to compare with that had some of the same tenants: those that had at least half of them first, and of
     * these the latest. So the first one is what is compared with where nobody says otherwise.
     */
    public List<Earlier> earlier(UUID run) {
        return sql.query(
                EARLIER,
                row -> new Earlier(
                        row.getObject("id", UUID.class),
                        Sql.instant(row, "as_of"),
                        row.getBoolean("dry_run"),
                        Sql.instant(row, "created_at"),
                        row.getBoolean("alike")),
                run,
                SAMPLE,
                run,
                MOST_EARLIER);
    }

    /**
     * The run that another is compared with: the one that is named, or what {@link #earlier} has first.
     *
     * @throws Problem NOT_FOUND
     */
    public Optional<InvoiceRuns.Run> against(UUID run, @Nullable UUID named) {
        UUID of = runs.get(run).id();
        return named == null
                ? earlier(of).stream().findFirst().map(Earlier::id).map(runs::get)
                : Optional.of(runs.get(named));
    }

    /** @param against null for nothing: then all are new */
    public List<Sum> sums(UUID run, @Nullable UUID against) {
        return sql.query(
                COMPARED + """
                SELECT kind, currency, count(*) AS tenants, sum(before_cents) AS before_cents, sum(now_cents) AS now_cents
                FROM compared""" + NAMED + "GROUP BY kind, currency ORDER BY currency, kind",
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
                COMPARED + "SELECT * FROM wanted" + NAMED + ORDER + " LIMIT ? OFFSET ?",
                InvoiceRunChanges::change,
                parameters(run, against, wanted, page.pageSize(), page.offset()));
        return new Page<>(changes, total, page.page(), page.pageSize());
    }

    /** A portion in the same order: what follows a change, or the first ones. */
    public List<Change> next(UUID run, @Nullable UUID against, Wanted wanted, @Nullable Change after) {
        String portion = COMPARED + "SELECT * FROM wanted" + NAMED;
        return after == null
                ? sql.query(
                        portion + ORDER + " LIMIT ?",
                        InvoiceRunChanges::change,
                        parameters(run, against, wanted, PORTION))
                : sql.query(
                        portion + "WHERE (-abs(now_cents - before_cents), c.tenant_id) > (?, ?::uuid)" + ORDER
                                + " LIMIT ?",
                        InvoiceRunChanges::change,
                        parameters(
                                run,
                                against,
                                wanted,
                                Math.negateExact(Math.abs(after.changeCents())),
                                after.tenant(),
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
