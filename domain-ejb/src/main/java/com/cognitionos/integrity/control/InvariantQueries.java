package com.cognitionos.integrity.control;

import com.cognitionos.integrity.entity.Findings;
import com.cognitionos.integrity.entity.Invariant;
import com.cognitionos.integrity.entity.Offender;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What breaks an invariant, asked of the whole database in one statement each. Needs a transaction of the platform. */
@ApplicationScoped
public class InvariantQueries {

    /** From when on single events are kept: what is counted before has its daily sums and, of levels, the last reading. */
    private static final String DROPPED = """
            dropped AS MATERIALIZED (
                SELECT substring(pg_get_expr(relpartbound, oid) FROM 'TO \\(''([^'']+)''\\)')::timestamptz AS before
                FROM pg_class WHERE oid = 'usage_records_before'::regclass)""";

    private static final Map<Invariant, String> QUERIES = new EnumMap<>(Invariant.class);

    static {
        QUERIES.put(Invariant.EVENTS, """
                WITH
                """ + DROPPED + """
                , odd AS (
                    SELECT tenant_id, event_id, CASE
                        WHEN k.content_hash IS NULL THEN ' is recorded and was never accepted'
                        WHEN r.times > 1 THEN ' is recorded ' || r.times || ' times'
                        WHEN r.times = 1 THEN ' is recorded although it was taken back' END AS how
                    FROM usage_keys k
                    FULL JOIN (SELECT tenant_id, event_id, count(*) AS times FROM usage_records GROUP BY tenant_id, event_id) AS r
                        USING (tenant_id, event_id)
                    LEFT JOIN (SELECT tenant_id, event_id, true AS back FROM usage_retractions) AS t USING (tenant_id, event_id)
                    WHERE k.content_hash IS NULL OR coalesce(r.times, 0) + CASE WHEN t.back THEN 1 ELSE 0 END <> 1
                ), gone AS (
                    SELECT tenant_id, sum(events) AS events FROM (
                        SELECT r.tenant_id, r.events FROM usage_rollups r, dropped d WHERE r.day < (d.before AT TIME ZONE 'UTC')::date
                        UNION ALL SELECT u.tenant_id, -1 FROM usage_records u, dropped d WHERE u.counted_at < d.before) AS e
                    GROUP BY tenant_id
                )
                SELECT o.tenant_id, 'event ' || o.event_id
                    || coalesce(o.how, ' was accepted and is neither recorded nor taken back') AS what
                FROM (SELECT *, count(*) FILTER (WHERE how IS NULL) OVER (PARTITION BY tenant_id) AS missing FROM odd) AS o
                LEFT JOIN gone g USING (tenant_id)
                WHERE o.how IS NOT NULL OR o.missing > coalesce(g.events, 0)""");
        QUERIES.put(Invariant.USAGE, """
                WITH
                """ + DROPPED + """
                SELECT c.tenant_id, 'the counter of ' || c.meter || ' from ' || c.period_start || ' says ' || trim_scale(c.used)
                    || ', its records say ' || trim_scale(s.quantity) AS what
                FROM usage_counters c JOIN meters m ON m.code = c.meter JOIN dropped d ON c.period_start >= d.before
                CROSS JOIN LATERAL (
                    SELECT (SELECT coalesce(CASE m.aggregation WHEN 'sum' THEN sum(u.quantity) WHEN 'unique_count' THEN
                                count(DISTINCT usage_dimension(m.unique_by, u.meter, u.subject, u.key_prefix, u.properties))
                                ELSE count(*) END, 0) FROM usage_records u
                            WHERE u.tenant_id = c.tenant_id AND u.meter = c.meter
                              AND u.counted_at >= c.period_start AND u.counted_at < c.period_end)
                        + (SELECT coalesce(sum(a.calls), 0) FROM api_call_tail a
                            WHERE a.tenant_id = c.tenant_id AND a.counted_in = c.id) AS quantity) AS s
                WHERE c.used <> s.quantity
                UNION ALL
                SELECT c.tenant_id, 'the counter of ' || c.meter || ' from ' || c.period_start || ' holds '
                    || trim_scale(c.reserved) || ', its reservations ' || trim_scale(coalesce(h.quantity, 0))
                FROM usage_counters c LEFT JOIN (
                    SELECT tenant_id, counter_id, sum(quantity) AS quantity FROM usage_reservations WHERE state = 'held'
                    GROUP BY tenant_id, counter_id) AS h ON h.tenant_id = c.tenant_id AND h.counter_id = c.id
                WHERE c.reserved <> coalesce(h.quantity, 0)
                UNION ALL
                SELECT tenant_id, 'the rollup of ' || meter || ' on ' || day || ' says '
                    || trim_scale(coalesce(r.quantity, 0)) || ' in ' || coalesce(r.events, 0) || ' events, its records say '
                    || trim_scale(coalesce(u.quantity, 0)) || ' in ' || coalesce(u.events, 0)
                FROM (SELECT r.* FROM usage_rollups r JOIN dropped d ON r.day >= (d.before AT TIME ZONE 'UTC')::date) AS r
                FULL JOIN (
                    SELECT e.tenant_id, e.meter, (e.counted_at AT TIME ZONE 'UTC')::date AS day, count(*) AS events,
                        CASE m.aggregation WHEN 'sum' THEN sum(e.quantity) WHEN 'count' THEN count(*)
                            WHEN 'max' THEN max(e.quantity) WHEN 'unique_count' THEN
                                count(DISTINCT usage_dimension(m.unique_by, e.meter, e.subject, e.key_prefix, e.properties))
                            ELSE (array_agg(e.quantity ORDER BY e.counted_at DESC, e.received_at DESC, e.event_id DESC))[1]
                        END AS quantity
                    FROM usage_records e JOIN meters m ON m.code = e.meter JOIN dropped d ON e.counted_at >= d.before
                    GROUP BY e.tenant_id, e.meter, 3, m.aggregation, m.unique_by) AS u USING (tenant_id, meter, day)
                LEFT JOIN (SELECT tenant_id, meter, day, true AS behind FROM usage_pending) AS p USING (tenant_id, meter, day)
                WHERE p.behind IS NULL AND (coalesce(r.quantity, 0), coalesce(r.events, 0))
                    IS DISTINCT FROM (coalesce(u.quantity, 0), coalesce(u.events, 0))""");
        QUERIES.put(Invariant.AMOUNTS, """
                SELECT i.tenant_id, 'invoice ' || i.number || ' is not the sum of its lines' AS what
                FROM invoices i
                LEFT JOIN (SELECT tenant_id, invoice_id, sum(amount_cents) AS cents FROM invoice_lines
                    GROUP BY tenant_id, invoice_id) AS l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id
                LEFT JOIN (SELECT tenant_id, invoice_id, sum(cents) AS cents FROM invoice_line_discounts
                    GROUP BY tenant_id, invoice_id) AS d ON d.tenant_id = i.tenant_id AND d.invoice_id = i.id
                LEFT JOIN (SELECT tenant_id, invoice_id, sum(cents) AS cents, sum(cents) FILTER (WHERE inclusive) AS included
                    FROM invoice_line_taxes GROUP BY tenant_id, invoice_id) AS t
                    ON t.tenant_id = i.tenant_id AND t.invoice_id = i.id
                WHERE i.status <> 'draft' AND (
                    i.total_cents <> i.subtotal_cents - i.discount_cents + i.tax_cents - i.tax_included_cents
                    OR i.subtotal_cents <> coalesce(l.cents, 0) OR i.discount_cents <> coalesce(d.cents, 0)
                    OR i.tax_cents <> coalesce(t.cents, 0) OR i.tax_included_cents <> coalesce(t.included, 0))
                UNION ALL
                SELECT n.tenant_id, 'credit note ' || n.number || ' is not the sum of its lines'
                FROM credit_notes n
                LEFT JOIN (SELECT tenant_id, credit_note_id, sum(amount_cents) AS cents, sum(discount_cents) AS discounts
                    FROM credit_note_lines GROUP BY tenant_id, credit_note_id) AS l
                    ON l.tenant_id = n.tenant_id AND l.credit_note_id = n.id
                LEFT JOIN (SELECT tenant_id, credit_note_id, sum(cents) AS cents, sum(cents) FILTER (WHERE inclusive) AS included
                    FROM credit_note_line_taxes GROUP BY tenant_id, credit_note_id) AS t
                    ON t.tenant_id = n.tenant_id AND t.credit_note_id = n.id
                WHERE n.total_cents <> n.subtotal_cents - n.discount_cents + n.tax_cents - n.tax_included_cents
                    OR n.subtotal_cents <> coalesce(l.cents, 0) OR n.discount_cents <> coalesce(l.discounts, 0)
                    OR n.tax_cents <> coalesce(t.cents, 0) OR n.tax_included_cents <> coalesce(t.included, 0)
                UNION ALL
                SELECT i.tenant_id, 'invoice ' || i.number || ' of ' || i.currency || ' has a ' || o.what || ' of ' || o.currency
                FROM invoices i JOIN (
                    SELECT tenant_id, invoice_id, currency, 'payment' AS what FROM payments
                    UNION ALL SELECT tenant_id, invoice_id, currency, 'credit note' FROM credit_notes
                    UNION ALL SELECT tenant_id, reference_id, currency, 'posting' FROM ledger_transactions
                        WHERE kind = 'invoice_finalized') AS o
                    ON o.tenant_id = i.tenant_id AND o.invoice_id = i.id AND o.currency <> i.currency""");
        QUERIES.put(Invariant.PERIODS, """
                SELECT tenant_id, count(*) || ' invoices of the kind ' || kind || ' for the period from ' || period_start
                    || ' of subscription ' || subscription_id AS what
                FROM invoices WHERE kind <> 'change' GROUP BY tenant_id, subscription_id, period_start, kind HAVING count(*) > 1
                UNION ALL
                SELECT tenant_id, 'invoices ' || number || ' and ' || next_number || ' are for the same days'
                FROM (SELECT tenant_id, number, period_end, lead(number) OVER months AS next_number,
                        lead(period_start) OVER months AS next_start
                    FROM invoices WHERE kind = 'period'
                    WINDOW months AS (PARTITION BY tenant_id, subscription_id ORDER BY period_start)) AS m
                WHERE next_start < period_end""");
        QUERIES.put(Invariant.NUMBERS, """
                WITH numbered AS (
                    SELECT tenant_id, seller, number, finalized_at AS at FROM invoices WHERE number IS NOT NULL
                    UNION ALL SELECT tenant_id, seller, number, issued_at FROM credit_notes
                ), parts AS (
                    SELECT tenant_id, seller, number, at, substring(number FROM '^(.+)-\\d{4}-\\d{6,}$') AS series,
                        substring(number FROM '-(\\d{4})-\\d{6,}$')::integer AS year,
                        substring(number FROM '-(\\d{6,})$')::bigint AS place
                    FROM numbered
                )
                SELECT p.tenant_id, 'number ' || p.number || CASE WHEN p.series IS NULL THEN ' is of no series'
                    WHEN p.year <> extract(year FROM p.at AT TIME ZONE 'UTC') THEN ' is of another year than its date'
                    ELSE ' was never given' END AS what
                FROM parts p LEFT JOIN invoice_numbers n USING (seller, series, year)
                WHERE p.series IS NULL OR p.year <> extract(year FROM p.at AT TIME ZONE 'UTC') OR p.place > coalesce(n.last, 0)
                UNION ALL
                SELECT tenant_id, 'number ' || number || ' is on ' || times || ' documents'
                FROM (SELECT tenant_id, number, count(*) OVER (PARTITION BY seller, number) AS times FROM numbered) AS t
                WHERE times > 1
                UNION ALL
                SELECT NULL, 'number ' || n.series || '-' || to_char(n.year, 'FM0000') || '-' || lpad(g.place::text, 6, '0')
                    || ' of ' || n.seller || ' is on no document'
                FROM invoice_numbers n CROSS JOIN LATERAL generate_series(1, n.last) AS g (place)
                LEFT JOIN parts p ON p.seller = n.seller AND p.series = n.series AND p.year = n.year AND p.place = g.place
                WHERE p.number IS NULL""");
        QUERIES.put(Invariant.OUTBOX, """
                WITH told AS (
                    SELECT tenant_id, payload::jsonb #>> '{data,id}' AS invoice, count(*) AS times FROM webhook_events
                    WHERE type = 'invoice.finalized' GROUP BY 1, 2
                ), logged AS (
                    SELECT tenant_id, target AS invoice, count(*) AS times, min(at) AS at FROM billing_audit_log
                    WHERE action = 'invoice.finalized' GROUP BY 1, 2
                ), posted AS (
                    SELECT tenant_id, reference_id::text AS invoice, count(*) AS times FROM ledger_transactions
                    WHERE kind = 'invoice_finalized' GROUP BY 1, 2
                ), finalised AS (
                    SELECT tenant_id, id::text AS invoice, number, total_cents FROM invoices WHERE status <> 'draft'
                )
                SELECT tenant_id, 'invoice ' || coalesce(f.number, invoice) || CASE
                    WHEN f.number IS NULL THEN ' is in the log, in the ledger or was told, and is not there'
                    WHEN coalesce(l.times, 0) <> 1 THEN ' is in the log ' || coalesce(l.times, 0) || ' times'
                    WHEN coalesce(t.times, 0) > 1 THEN ' was told ' || t.times || ' times'
                    ELSE ' is in the ledger ' || coalesce(p.times, 0) || ' times' END AS what
                FROM finalised f FULL JOIN logged l USING (tenant_id, invoice) FULL JOIN posted p USING (tenant_id, invoice)
                FULL JOIN told t USING (tenant_id, invoice)
                WHERE f.number IS NULL OR coalesce(l.times, 0) <> 1 OR coalesce(t.times, 0) > 1 OR p.times > 1
                    OR p.times IS NULL AND f.total_cents > 0
                UNION ALL
                SELECT l.tenant_id, 'invoice ' || l.invoice || ' was not told to ' || e.url
                FROM webhook_endpoints e JOIN logged l ON l.tenant_id = e.tenant_id
                    AND l.at > e.updated_at AND l.at > now() - interval '7 days'
                WHERE e.enabled AND (cardinality(e.events) = 0 OR 'invoice.finalized' = ANY (e.events)) AND NOT EXISTS (
                    SELECT FROM webhook_events m
                    JOIN webhook_deliveries d ON d.tenant_id = m.tenant_id AND d.event_id = m.id AND d.endpoint_id = e.id
                    WHERE m.tenant_id = e.tenant_id AND m.type = 'invoice.finalized'
                      AND m.payload::jsonb #>> '{data,id}' = l.invoice)
                UNION ALL
                SELECT d.tenant_id, 'delivery ' || d.id || ' is due since ' || d.next_attempt_at || ' and nobody sends it'
                FROM webhook_deliveries d JOIN webhook_endpoints e ON e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
                WHERE e.enabled AND d.status = 'pending' AND d.next_attempt_at < now() - interval '1 hour'
                    AND coalesce(d.leased_until, '-infinity') < now() - interval '1 hour'""");
        QUERIES.put(Invariant.PAYMENTS, """
                SELECT tenant_id, 'invoice ' || invoice_id || ' has ' || count(*) || ' payments that succeeded or still may' AS what
                FROM payments WHERE status IN ('processing', 'succeeded') GROUP BY tenant_id, invoice_id HAVING count(*) > 1
                UNION ALL
                SELECT p.tenant_id, 'invoice ' || p.invoice_id || ' was charged ' || count(*) || ' times at the mock'
                FROM mock_charges c JOIN payments p ON p.id::text = c.idempotency_key
                WHERE c.failure_code IS NULL GROUP BY p.tenant_id, p.invoice_id HAVING count(*) > 1
                UNION ALL
                SELECT i.tenant_id, 'invoice ' || i.number || ' says that ' || i.amount_paid_cents || ' cents were paid, its payments '
                    || coalesce(p.cents, 0)
                FROM invoices i LEFT JOIN (
                    SELECT tenant_id, invoice_id, sum(amount_cents) AS cents FROM payments WHERE status = 'succeeded'
                    GROUP BY tenant_id, invoice_id) AS p ON p.tenant_id = i.tenant_id AND p.invoice_id = i.id
                WHERE i.amount_paid_cents <> coalesce(p.cents, 0)
                UNION ALL
                SELECT tenant_id, what || ' ' || id || ' is without an outcome since ' || begun_at
                FROM (SELECT tenant_id, id, begun_at, 'payment' AS what FROM payments WHERE status = 'processing'
                    UNION ALL SELECT tenant_id, id, begun_at, 'refund' FROM refunds WHERE status = 'processing') AS u
                WHERE begun_at < now() - interval '25 hours'""");
        QUERIES.put(Invariant.LEDGER, """
                SELECT t.tenant_id, 'ledger transaction ' || t.id || ' has ' || count(e.position) || ' entries, debits of '
                    || coalesce(sum(e.debit_cents), 0) || ' and credits of ' || coalesce(sum(e.credit_cents), 0) || ' cents' AS what
                FROM ledger_transactions t
                LEFT JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id
                GROUP BY t.tenant_id, t.id
                HAVING count(e.position) < 2 OR sum(e.debit_cents) <> sum(e.credit_cents)
                UNION ALL
                SELECT tenant_id, 'the receivables of ' || currency || ' are ' || coalesce(b.cents, 0)
                    || ' cents, due on its invoices are ' || coalesce(d.cents, 0)
                FROM (SELECT t.tenant_id, t.currency, sum(e.debit_cents - e.credit_cents) AS cents
                    FROM ledger_entries e JOIN ledger_transactions t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
                    WHERE e.account = 'receivable' GROUP BY t.tenant_id, t.currency) AS b
                FULL JOIN (SELECT tenant_id, currency,
                        sum(total_cents - balance_applied_cents - credited_cents - amount_paid_cents) AS cents
                    FROM invoices WHERE status IN ('open', 'paid') GROUP BY tenant_id, currency) AS d USING (tenant_id, currency)
                WHERE coalesce(b.cents, 0) <> coalesce(d.cents, 0)""");
        QUERIES.put(Invariant.TENANTS, """
                SELECT o.tenant_id, o.rows || ' rows of ' || o.what || ' belong to a tenant that does not exist' AS what
                FROM (SELECT tenant_id, 'usage_records' AS what, count(*) AS rows FROM usage_records GROUP BY tenant_id
                    UNION ALL SELECT tenant_id, 'usage_rollups', count(*) FROM usage_rollups GROUP BY tenant_id
                    UNION ALL SELECT tenant_id, 'usage_pending', count(*) FROM usage_pending GROUP BY tenant_id
                    UNION ALL SELECT tenant_id, 'usage_counters', count(*) FROM usage_counters GROUP BY tenant_id
                    UNION ALL SELECT tenant_id, 'api_call_tail', count(*) FROM api_call_tail GROUP BY tenant_id) AS o
                LEFT JOIN tenants t ON t.id = o.tenant_id WHERE t.id IS NULL
                UNION ALL
                SELECT t.tenant_id, 'ledger transaction ' || t.id || ' is of an invoice of tenant ' || i.tenant_id
                FROM ledger_transactions t JOIN invoices i ON i.id = t.reference_id AND i.tenant_id <> t.tenant_id
                UNION ALL
                SELECT t.tenant_id, 'ledger transaction ' || t.id || ' is of a payment of tenant ' || p.tenant_id
                FROM ledger_transactions t JOIN payments p ON p.id = t.reference_id AND p.tenant_id <> t.tenant_id
                UNION ALL
                SELECT l.tenant_id, 'late event ' || l.event_id || ' was never accepted'
                FROM late_usage l LEFT JOIN usage_keys k ON k.tenant_id = l.tenant_id AND k.event_id = l.event_id
                WHERE k.event_id IS NULL
                UNION ALL
                SELECT tenant_id, 'webhook event ' || id || ' tells of tenant ' || (payload::jsonb #>> '{data,tenant_id}')
                FROM webhook_events WHERE payload::jsonb #>> '{data,tenant_id}' <> tenant_id::text""");
        QUERIES.put(Invariant.RUNS, """
                SELECT NULL::uuid AS tenant_id, r.name || ' is ' || r.status || ', and nobody works on it since '
                    || coalesce(l.until, r.created_at) AS what
                FROM (SELECT 'invoice-run ' || id AS name, status, created_at FROM invoice_runs
                    UNION ALL SELECT 'reconciliation', status, created_at FROM reconciliations
                    UNION ALL SELECT 'integrity-check', status, created_at FROM integrity_checks) AS r
                LEFT JOIN leases l ON l.name = r.name
                WHERE r.status IN ('queued', 'running')
                    AND coalesce(l.until, r.created_at) < now() - interval '1 minute'""");
        QUERIES.put(Invariant.TIME, """
                SELECT tenant_id, 'invoice ' || number || ' of ' || finalized_at || ' is for a period that ends ' || period_end AS what
                FROM invoices WHERE kind = 'period' AND finalized_at < period_end
                UNION ALL
                SELECT tenant_id, 'event ' || event_id || ' of ' || occurred_at || ' was accepted ' || received_at
                FROM usage_records WHERE occurred_at > received_at + interval '1 hour'
                UNION ALL
                SELECT tenant_id, what || ' ' || id || ' was settled before it was made'
                FROM (SELECT tenant_id, id, created_at, settled_at, 'payment' AS what FROM payments
                    UNION ALL SELECT tenant_id, id, created_at, settled_at, 'refund' FROM refunds) AS m
                WHERE settled_at < created_at
                UNION ALL
                SELECT s.tenant_id, 'line ' || s.position || ' of invoice ' || s.invoice_id || ' is earned until ' || s.earned_until
                    || ', which is ahead'
                FROM revenue_schedules s LEFT JOIN test_clocks c ON c.tenant_id = s.tenant_id
                WHERE s.earned_until > coalesce(greatest(c.now, c.target), now()) + interval '1 minute'""");
        QUERIES.replaceAll((invariant, query) -> "SELECT tenant_id, what, count(*) OVER () AS total FROM (" + query
                + ") AS broken ORDER BY tenant_id DESC NULLS LAST, what LIMIT " + Findings.MOST);
    }

    @Inject
    private Sql sql;

    private record Row(Offender offender, long total) {}

    /** @param invariant any but AUDIT, which only the server's secret can tell */
    public Findings of(Invariant invariant) {
        List<Row> rows = sql.query(
                QUERIES.get(invariant),
                row -> new Row(
                        new Offender(row.getObject("tenant_id", UUID.class), row.getString("what")),
                        row.getLong("total")));
        return new Findings(
                rows.isEmpty() ? 0 : rows.get(0).total(),
                rows.stream().map(Row::offender).toList());
    }
}
