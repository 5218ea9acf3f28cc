package com.cognitionos.ledger.boundary;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.DatabaseRole;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.ledger.entity.RevenueSchedule;
import com.cognitionos.ledger.entity.StraightLine;
import com.cognitionos.rating.entity.Period;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/** Turns what was invoiced for a time to come into revenue as that time passes (LED-5 to LED-8). */
@Stateless
@TenantWall
public class RevenueRecognition {

    @Inject
    private Sql sql;

    @Inject
    private DatabaseRole role;

    @EJB
    private Ledger ledger;

    /**
     * A line that charges for a period, or gives back for one.
     *
     * @param position on its invoice, from 1
     * @param cents without discounts and taxes; below 0 for a credit
     */
    public record Line(int position, long cents, Period period) {}

    /** A stored schedule. */
    private record Stored(
            UUID tenant, UUID invoice, int position, String currency, boolean testMode, RevenueSchedule schedule) {
        Stored with(RevenueSchedule changed) {
            return new Stored(tenant, invoice, position, currency, testMode, changed);
        }
    }

    /** A part of a schedule that is due. */
    private record Due(Stored of, StraightLine.Part part) {
        Posting posting() {
            YearMonth month = YearMonth.from(part.of().start().atZone(ZoneOffset.UTC));
            return new Posting.Draft()
                    .debit(Account.DEFERRED_REVENUE, part.cents())
                    .credit(Account.REVENUE, part.cents())
                    .as(Posting.Kind.REVENUE_RECOGNIZED, of.invoice(), of.currency(), of.testMode(), part.date())
                    .ofLine(of.position())
                    .describedAs("Revenue earned in " + month);
        }
    }

    /**
     * Plans when the lines of an invoice are earned. The caller posts: what is returned to deferred revenue, the rest to
     * revenue, in the same transaction.
     *
     * @param at when the invoice is finalised; accounting months that have ended by then are earned at once
     * @return what is not yet earned of all the lines
     */
    public long defer(UUID invoice, String currency, boolean testMode, List<Line> lines, Instant at) {
        return defer(List.of(new Invoiced(Caller.currentTenant(), invoice, currency, testMode, lines, at)))
                .getOrDefault(invoice, 0L);
    }

    /** An invoice with its lines, and when it is finalised. */
    public record Invoiced(UUID tenant, UUID invoice, String currency, boolean testMode, List<Line> lines, Instant at) {
        public Invoiced {
            lines = List.copyOf(lines);
        }
    }

    private record Ahead(Invoiced of, Line line, RevenueSchedule schedule) {}

    /** As above, of many invoices; for the platform. @return by invoice; one of which all is earned is absent */
    public Map<UUID, Long> defer(List<Invoiced> invoices) {
        List<Ahead> ahead = new ArrayList<>();
        Map<UUID, Long> deferred = new HashMap<>();
        for (Invoiced invoice : invoices) {
            for (Line line : invoice.lines()) {
                RevenueSchedule schedule = RevenueSchedule.of(line.period(), line.cents(), invoice.at());
                if (schedule.restCents() != 0) {
                    ahead.add(new Ahead(invoice, line, schedule));
                    deferred.merge(invoice.invoice(), schedule.restCents(), Math::addExact);
                }
            }
        }
        if (!ahead.isEmpty()) {
            sql.update(
                    """
                    INSERT INTO revenue_schedules (tenant_id, invoice_id, currency, test_mode, position, period_start,
                        period_end, line_cents, plan_start, plan_cents, earned_until, next_at)
                    SELECT s.tenant, s.invoice, s.currency, s.test, s.position, s.starts, s.ends, s.cents, s.starts, s.cents,
                        s.earned, s.next
                    FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::boolean[], ?::int[], ?::timestamptz[], ?::timestamptz[],
                        ?::bigint[], ?::timestamptz[], ?::timestamptz[])
                        AS s (tenant, invoice, currency, test, position, starts, ends, cents, earned, next)""",
                    column(ahead, "uuid", one -> one.of().tenant()),
                    column(ahead, "uuid", one -> one.of().invoice()),
                    column(ahead, "text", one -> one.of().currency()),
                    column(ahead, "boolean", one -> one.of().testMode()),
                    column(ahead, "int", one -> one.line().position()),
                    column(
                            ahead,
                            "timestamptz",
                            one -> one.line().period().start().toString()),
                    column(
                            ahead,
                            "timestamptz",
                            one -> one.line().period().end().toString()),
                    column(ahead, "bigint", one -> one.line().cents()),
                    column(
                            ahead,
                            "timestamptz",
                            one -> one.schedule().earnedUntil().toString()),
                    column(
                            ahead,
                            "timestamptz",
                            one -> String.valueOf(one.schedule().nextAt())));
        }
        return deferred;
    }

    /**
     * Posts what the caller's tenant has earned by an instant and was not posted yet, in the order of time. Doing it
     * late, again or on two nodes at once posts the same.
     *
     * @return how many transactions were posted
     */
    public int recognise(Instant upTo) {
        return recognise(sql.query("""
                SELECT * FROM revenue_schedules WHERE tenant_id = ? AND next_at <= ?
                ORDER BY invoice_id, position FOR UPDATE""", RevenueRecognition::stored, Caller.currentTenant(), upTo), tenant -> upTo);
    }

    /** As {@link #recognise(Instant)}, of each tenant by its own instant; for the platform. */
    public void recognise(Map<UUID, Instant> upTo) {
        List<UUID> tenants = List.copyOf(upTo.keySet());
        recognise(
                sql.query(
                        """
                        SELECT r.* FROM revenue_schedules r JOIN unnest(?::uuid[], ?::timestamptz[]) AS t (id, up_to)
                            ON r.tenant_id = t.id
                        WHERE r.next_at <= t.up_to ORDER BY r.tenant_id, r.invoice_id, r.position FOR UPDATE OF r""",
                        RevenueRecognition::stored,
                        column(tenants, "uuid", tenant -> tenant),
                        column(tenants, "timestamptz", tenant -> String.valueOf(upTo.get(tenant)))),
                tenant -> Objects.requireNonNull(upTo.get(tenant)));
    }

    /**
     * As {@link #recognise(Instant)}, of many tenants in one transaction. Nobody is waited for: what an invoice run is at is
     * earned by that. For the platform.
     */
    public void recogniseAll(Collection<UUID> tenants, Instant upTo) {
        role.becomeBatch();
        recognise(
                sql.query("""
                SELECT * FROM revenue_schedules WHERE tenant_id = ANY (?) AND next_at <= ?
                ORDER BY tenant_id, invoice_id, position FOR UPDATE SKIP LOCKED""", RevenueRecognition::stored, new Sql.Array("uuid", tenants.toArray()), upTo),
                tenant -> upTo);
    }

    private int recognise(List<Stored> due, Function<UUID, Instant> upTo) {
        if (due.isEmpty()) {
            return 0;
        }
        List<Ledger.Owned> postings = due.stream()
                .flatMap(stored -> stored.schedule().due(upTo.apply(stored.tenant())).stream()
                        .filter(part -> part.cents() != 0)
                        .map(part -> new Due(stored, part)))
                .sorted(Comparator.comparing((Due one) -> one.part().date()))
                .map(one -> new Ledger.Owned(one.of().tenant(), one.posting()))
                .toList();
        ledger.postAll(postings);
        save(due.stream()
                .map(stored -> stored.with(stored.schedule().earned(upTo.apply(stored.tenant()))))
                .toList());
        return postings.size();
    }

    /**
     * Takes a credit on a line, by a note or because its invoice is void, out of what is not earned yet as far as that
     * goes, and the rest out of revenue. The caller posts the two amounts, whose sum is the credit.
     *
     * <p>Where credit lines of other invoices have already given back a part of the same period, that part is not
     * there to be taken a second time.
     *
     * @param cents of the line without discounts and taxes, with the line's sign; no more than it still has
     * @param at the accounting months that have ended by then are recognised first
     */
    public RevenueSchedule.Released release(UUID invoice, int position, long cents, Instant at) {
        recognise(at);
        UUID tenant = Caller.currentTenant();
        Stored stored = sql.queryOne("""
                        SELECT * FROM revenue_schedules WHERE tenant_id = ? AND invoice_id = ? AND position = ?
                        FOR UPDATE""", RevenueRecognition::stored, tenant, invoice, position)
                .orElse(null);
        if (stored == null) {
            return new RevenueSchedule.Released(0, cents);
        }
        RevenueSchedule.Released released = RevenueSchedule.split(cents, available(stored, deferredUntil(stored)));
        save(List.of(stored.with(stored.schedule().without(released.fromDeferredCents()))));
        return released;
    }

    /** The live tenants that have earned something by an instant, in the order of their ids; for the platform. */
    public List<UUID> tenantsDue(Instant upTo, UUID after, int limit) {
        return sql.query("""
                SELECT DISTINCT tenant_id FROM revenue_schedules
                WHERE next_at <= ? AND NOT test_mode AND tenant_id > ? ORDER BY tenant_id LIMIT ?""", row -> row.getObject("tenant_id", UUID.class), upTo, after, limit);
    }

    /** What all lines together, charges and credits, still have deferred up to the end of the line's period. */
    private long deferredUntil(Stored stored) {
        return sql
                .query(
                        """
                        SELECT * FROM revenue_schedules
                        WHERE tenant_id = ? AND currency = ? AND period_end = ? AND next_at IS NOT NULL""",
                        RevenueRecognition::stored,
                        Caller.currentTenant(),
                        stored.currency(),
                        stored.schedule().plan().period().end())
                .stream()
                .mapToLong(one -> one.schedule().restCents())
                .reduce(0, Math::addExact);
    }

    private static long available(Stored stored, long inAll) {
        long rest = stored.schedule().restCents();
        return rest > 0 ? Math.max(0, Math.min(rest, inAll)) : rest;
    }

    private void save(List<Stored> changed) {
        sql.update(
                """
                UPDATE revenue_schedules r SET plan_start = s.starts, plan_cents = s.cents, earned_until = s.earned,
                    next_at = s.next
                FROM unnest(?::uuid[], ?::uuid[], ?::int[], ?::timestamptz[], ?::bigint[], ?::timestamptz[],
                    ?::timestamptz[]) AS s (tenant, invoice, position, starts, cents, earned, next)
                WHERE r.tenant_id = s.tenant AND r.invoice_id = s.invoice AND r.position = s.position""",
                column(changed, "uuid", Stored::tenant),
                column(changed, "uuid", Stored::invoice),
                column(changed, "int", Stored::position),
                column(
                        changed,
                        "timestamptz",
                        one -> one.schedule().plan().period().start().toString()),
                column(changed, "bigint", one -> one.schedule().plan().cents()),
                column(
                        changed,
                        "timestamptz",
                        one -> one.schedule().earnedUntil().toString()),
                column(changed, "timestamptz", one -> {
                    Instant next = one.schedule().nextAt();
                    return next == null ? null : next.toString();
                }));
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getObject("tenant_id", UUID.class),
                row.getObject("invoice_id", UUID.class),
                row.getInt("position"),
                row.getString("currency"),
                row.getBoolean("test_mode"),
                new RevenueSchedule(
                        new StraightLine(
                                new Period(Sql.instant(row, "plan_start"), Sql.instant(row, "period_end")),
                                row.getLong("plan_cents")),
                        Sql.instant(row, "earned_until")));
    }
}
