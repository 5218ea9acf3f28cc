package com.cognitionos.system;

import static com.cognitionos.system.PerformanceReport.median;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * How long an invoice run takes for tenants with nine lines each, against bare SQL that writes as many rows in the same
 * database: {@code ./mvnw -Pbenchmarks verify -Dit.test=InvoiceRunBenchmark}. {@code -Dbenchmark.tenants=100000} for more of
 * them, {@code -Dbenchmark.rounds} for the rounds after the first, which warms the server up, {@code -Dbenchmark.threads} for
 * how many shares are worked on at once. It asserts nothing about time.
 *
 * <p>One tenant lives its month through the API; the others are copies of its rows, as live tenants. What they had paid ahead
 * is earned already, as it is when the run of a month begins: within a minute of the month's end a timer sees to that.
 */
class InvoiceRunBenchmark {

    private static final int TENANTS = Integer.getInteger("benchmark.tenants", 10_000);
    private static final int WARM_UP = Math.min(TENANTS, Integer.getInteger("benchmark.warm-up", 4_000));
    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);
    private static final int THREADS = Integer.getInteger("benchmark.threads", 2);
    private static final int LINES = 9;
    private static final int ADD_ONS = 4;

    /** The month that was over before the last: nothing else falls due of it while the run goes on. */
    private static final LocalDate MONTH =
            LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1).minusMonths(1);

    /** Table, column of the tenant, and what of a copy is not as in the original: an expression over it ({@code x}). */
    private static final List<String[]> COPIED = List.of(
            new String[] {
                "tenants",
                "id",
                "jsonb_build_object('id', f.id, 'slug', 'run-' || f.n, 'name', 'Tenant ' || f.n, 'test_mode', false)"
            },
            new String[] {"tenant_settings", "tenant_id", "'{}'::jsonb"},
            new String[] {"billing_profiles", "tenant_id", "'{}'::jsonb"},
            new String[] {
                "subscription_events",
                "tenant_id",
                "jsonb_build_object('subscription_id', other(x.subscription_id, f.n))"
            },
            new String[] {"billing_audit_heads", "tenant_id", "'{}'::jsonb"},
            new String[] {"usage_rollups", "tenant_id", "'{}'::jsonb"},
            new String[] {"usage_records", "tenant_id", "'{}'::jsonb"},
            new String[] {
                "invoices",
                "tenant_id",
                "jsonb_build_object('id', other(x.id, f.n), 'subscription_id', other(x.subscription_id, f.n), 'number', x.number || '-' || f.n)"
            },
            new String[] {"invoice_lines", "tenant_id", "jsonb_build_object('invoice_id', other(x.invoice_id, f.n))"},
            new String[] {
                "ledger_transactions",
                "tenant_id",
                "jsonb_build_object('id', other(x.id, f.n), 'reference_id', other(x.reference_id, f.n), 'test_mode', false)"
            },
            new String[] {
                "ledger_entries", "tenant_id", "jsonb_build_object('transaction_id', other(x.transaction_id, f.n))"
            },
            new String[] {
                "revenue_schedules",
                "tenant_id",
                "jsonb_build_object('invoice_id', other(x.invoice_id, f.n), 'test_mode', false, 'earned_until', x.period_end,"
                        + " 'next_at', null)"
            },
            new String[] {
                "subscriptions",
                "tenant_id",
                "jsonb_build_object('id', other(x.id, f.n), 'next_invoice_id', other(x.next_invoice_id, f.n), 'next_due_at',"
                        + " x.usage_period_end)"
            });

    /** What any program would have to write, computed from the same rollups, a commit a hundred tenants. */
    private static final String BARE = """
            CREATE OR REPLACE PROCEDURE bare_run(first integer, last integer) LANGUAGE plpgsql AS
            $$
            DECLARE
                base bigint := 0;
            BEGIN
                FOR chunk IN 0 .. (last - first) / 100 LOOP
                    INSERT INTO bare_lines SELECT f.id, f.invoice, row_number() OVER (PARTITION BY f.id), 'overage', u.meter, u.meter,
                            'pro', greatest(u.used - 10000, 0), 0.1, round(greatest(u.used - 10000, 0) * 0.1), i.period_start,
                            i.period_end, false
                        FROM bare_tenants f JOIN bare_month i ON true CROSS JOIN LATERAL (
                            SELECT r.meter, sum(r.quantity) AS used FROM usage_rollups r WHERE r.tenant_id = f.id GROUP BY r.meter) u
                        WHERE f.n BETWEEN first + chunk * 100 AND least(first + chunk * 100 + 99, last);
                    INSERT INTO bare_lines SELECT f.id, f.invoice, 4 + k, 'plan', 'A plan or an add-on', NULL, 'pro', 1, 4900, 4900,
                            i.period_start, i.period_end, false
                        FROM bare_tenants f JOIN bare_month i ON true, generate_series(1, 5) AS k
                        WHERE f.n BETWEEN first + chunk * 100 AND least(first + chunk * 100 + 99, last);
                    UPDATE bare_numbers SET last = bare_numbers.last + 100 RETURNING bare_numbers.last INTO base;
                    INSERT INTO bare_invoices SELECT f.id, f.invoice, 'INV-' || base + f.n, sum(l.amount_cents), i.period_start, i.period_end
                        FROM bare_tenants f JOIN bare_month i ON true JOIN bare_lines l ON l.tenant_id = f.id AND l.invoice_id = f.invoice
                        WHERE f.n BETWEEN first + chunk * 100 AND least(first + chunk * 100 + 99, last)
                        GROUP BY f.id, f.invoice, f.n, i.period_start, i.period_end;
                    INSERT INTO bare_entries SELECT f.id, f.invoice, k, CASE k WHEN 1 THEN 'receivable' ELSE 'revenue' END, v.total_cents
                        FROM bare_tenants f JOIN bare_invoices v ON v.tenant_id = f.id AND v.id = f.invoice, generate_series(1, 2) AS k
                        WHERE f.n BETWEEN first + chunk * 100 AND least(first + chunk * 100 + 99, last);
                    INSERT INTO bare_audit SELECT f.id, f.invoice, 'invoice.finalized', v.number
                        FROM bare_tenants f JOIN bare_invoices v ON v.tenant_id = f.id AND v.id = f.invoice
                        WHERE f.n BETWEEN first + chunk * 100 AND least(first + chunk * 100 + 99, last);
                    COMMIT;
                END LOOP;
            END
            $$""";

    private static final List<String> BARE_TABLES = List.of(
            "CREATE TABLE bare_tenants (n integer PRIMARY KEY, id uuid NOT NULL, invoice uuid NOT NULL DEFAULT gen_random_uuid())",
            "CREATE TABLE bare_month (period_start timestamptz, period_end timestamptz)",
            "CREATE TABLE bare_numbers (last bigint)",
            "INSERT INTO bare_numbers VALUES (0)",
            "CREATE TABLE bare_lines (LIKE invoice_lines INCLUDING DEFAULTS, PRIMARY KEY (tenant_id, invoice_id, position))",
            "CREATE TABLE bare_invoices (tenant_id uuid, id uuid, number text UNIQUE, total_cents bigint, period_start timestamptz, period_end timestamptz, PRIMARY KEY (tenant_id, id))",
            "CREATE TABLE bare_entries (tenant_id uuid, transaction_id uuid, position integer, account text, cents bigint, PRIMARY KEY (tenant_id, transaction_id, position))",
            "CREATE TABLE bare_audit (tenant_id uuid, id uuid, action text, target text, PRIMARY KEY (tenant_id, id))",
            "CREATE FUNCTION other(id uuid, n integer) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5(id::text || n)::uuid",
            BARE);

    /** @param peak the most of the heap that was used, with what could be collected */
    private record Round(double seconds, double bareSeconds, double countSeconds, double kept, double peak) {}

    @Test
    void tenantsWithNineLinesEach() throws Exception {
        List<Round> rounds = new ArrayList<>();
        try (Product product = Product.start(
                "run-benchmark",
                Map.of(
                        "COGNITIONOS_DEMO",
                        "false",
                        "COGNITIONOS_JVM_OPTIONS",
                        "-Xmx1g -Dcognitionos.invoice-run.threads=" + THREADS))) {
            DatabaseOwner owner = new DatabaseOwner(product);
            String original = original(product.api(), owner);
            BARE_TABLES.forEach(owner::update);
            owner.update("INSERT INTO bare_month VALUES (?::timestamptz, ?::timestamptz)", start(), end());
            keepOutOfOtherRuns(owner, original);
            int first = 1;
            for (int round = 0; round <= ROUNDS; round++) {
                int tenants = round == 0 ? WARM_UP : TENANTS;
                Round measured = measured(product, owner, original, first, first + tenants - 1);
                first += tenants;
                if (round > 0) {
                    rounds.add(measured);
                }
            }
        }
        PerformanceReport.section("invoice-run", "Invoice run", report(rounds));
    }

    /** Nothing is ever due of the original itself, and the timer makes no run: another node seems to have just made one. */
    private static void keepOutOfOtherRuns(DatabaseOwner owner, String original) {
        owner.update("UPDATE subscriptions SET next_due_at = '2200-01-01' WHERE tenant_id = ?::uuid", original);
        owner.update("""
                INSERT INTO leases (name, holder, until) VALUES ('invoice-run by timer', 'benchmark', now() + interval '1 day')
                ON CONFLICT (name) DO UPDATE SET until = excluded.until""");
    }

    private static String start() {
        return MONTH.atStartOfDay(ZoneOffset.UTC).toInstant().toString();
    }

    private static String end() {
        return MONTH.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant().toString();
    }

    /** A test tenant on the last day of its first month. @return its id */
    private static String original(Api operator, DatabaseOwner owner) {
        for (int i = 0; i < ADD_ONS; i++) {
            // Not that of CatalogRestIT: whoever names the class starts the product that its tests share.
            String addOn = """
                    {"code": "bench_%d", "name": "Extra", "description": "More of it", "tiers": ["pro"], "maximum_quantity": 50,
                     "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 200},
                                {"billing_cycle": "yearly", "currency": "USD", "amount_cents": 2000}]}""".formatted(i);
            operator.post("/v3/catalog/add-ons", addOn).expect(201);
            operator.post(
                            "/v3/catalog/add-ons/bench_" + i + "/versions/1/publish",
                            "{\"valid_from\": \"2026-01-01T00:00:00Z\"}")
                    .expect(200);
        }
        operator.post("/v3/finance/tax-rates", """
                        {"code": "bench", "percent": 15, "country": "NZ", "region": "BN",
                         "valid_from": "2020-01-01"}""").expect(201);
        String tenant = operator.testTenant("original", "pro", start());
        Api at = operator.forTenant(tenant);
        for (int i = 0; i < ADD_ONS; i++) {
            at.post("/v3/subscriptions/current/add-ons", "{\"code\": \"bench_" + i + "\", \"quantity\": 1}")
                    .expect(201);
        }
        at.put("/v3/billing-profile", "{\"country\": \"NZ\", \"region\": \"BN\"}")
                .expect(200);
        operator.moveClock(
                tenant, Instant.parse(end()).minus(Duration.ofMinutes(1)).toString());
        StringBuilder events = new StringBuilder();
        for (int day = 1; day <= 10; day++) {
            String when = MONTH.withDayOfMonth(day * 2)
                    .atTime(7, 30)
                    .toInstant(ZoneOffset.UTC)
                    .toString();
            for (Map.Entry<String, Integer> use : Map.of(
                            "executions", 1_500, "tokens", 1_500_000, "api_calls", 15_000, "storage_mb", 20_000 + day)
                    .entrySet()) {
                events.append(events.isEmpty() ? "" : ",")
                        .append("""
                        {"id": "%s-%d", "meter": "%s", "quantity": %d, "timestamp": "%s"}""".formatted(use.getKey(), day, use.getKey(), use.getValue(), when));
            }
        }
        at.post("/v3/usage/events", "{\"events\": [" + events + "]}").expect(202);
        operator.post("/v3/finance/usage-rollups", "{}");
        Await.until(
                "the rollup",
                120,
                () -> owner.texts("SELECT 1 FROM usage_pending").isEmpty());
        return tenant;
    }

    private static Round measured(Product product, DatabaseOwner owner, String original, int first, int last)
            throws Exception {
        copy(owner, original, first, last);
        Api operator = product.api();
        ServerMemory memory = new ServerMemory(product);
        String order = "{\"as_of\": \"" + MONTH.plusMonths(1) + "\"";
        double count = seconds(ended(operator, memory, order + ", \"dry_run\": true}", last - first + 1));
        JsonObject run = ended(operator, memory, order + "}", last - first + 1);
        double kept = memory.kept();
        assertThat(owner.texts("""
                        SELECT count(*) FROM invoice_lines l JOIN invoices i ON i.tenant_id = l.tenant_id AND i.id = l.invoice_id
                        JOIN bare_tenants f ON f.id = i.tenant_id WHERE f.n BETWEEN ? AND ? AND i.kind = 'period'""", first, last)).containsExactly(Integer.toString(LINES * (last - first + 1)));
        long begun = System.nanoTime();
        owner.update("CALL bare_run(?, ?)", first, last);
        double bare = (System.nanoTime() - begun) / 1e9;
        return new Round(seconds(run), bare, count, kept, run.get("peak").getAsDouble());
    }

    /** The whole run, as it says of itself. */
    private static double seconds(JsonObject run) {
        return Duration.between(instant(run, "started_at"), instant(run, "ended_at"))
                        .toMillis()
                / 1e3;
    }

    private static Instant instant(JsonObject run, String member) {
        return OffsetDateTime.parse(run.get(member).getAsString()).toInstant();
    }

    /** A run from its order to its end, with the peak of the heap meanwhile. */
    private static JsonObject ended(Api operator, ServerMemory memory, String order, int tenants) throws Exception {
        String id = operator.post("/v3/finance/invoice-runs", order)
                .expect(202)
                .json()
                .get("run_id")
                .getAsString();
        double peak = 0;
        JsonObject state = operator.runState(id);
        while (List.of("queued", "running").contains(state.get("status").getAsString())) {
            TimeUnit.SECONDS.sleep(1);
            if (tenants > WARM_UP) {
                peak = Math.max(peak, memory.used());
            }
            state = operator.runState(id);
        }
        assertThat(state.get("status").getAsString()).isEqualTo("completed");
        assertThat(state.get("invoices").getAsInt())
                .as("all of them and nobody else")
                .isEqualTo(tenants);
        state.addProperty("peak", peak);
        return state;
    }

    private static void copy(DatabaseOwner owner, String original, int first, int last) throws SQLException {
        owner.update(
                "INSERT INTO bare_tenants (n, id) SELECT n, gen_random_uuid() FROM generate_series(?, ?) AS n",
                first,
                last);
        // The last table brings what is due, so that no timer finds half a tenant.
        try (Connection connection = owner.unguarded();
                Statement statement = connection.createStatement()) {
            for (String[] table : COPIED) {
                statement.execute("INSERT INTO " + table[0] + " SELECT (jsonb_populate_record(x, jsonb_build_object('"
                        + table[1] + "', f.id) || " + table[2] + ")).* FROM " + table[0] + " x, bare_tenants f WHERE x."
                        + table[1] + " = '" + original + "' AND f.n BETWEEN " + first + " AND " + last);
            }
        }
        owner.update("ANALYZE");
    }

    private static String report(List<Round> rounds) {
        double seconds = median(rounds, Round::seconds);
        double bare = median(rounds, Round::bareSeconds);
        double count = median(rounds, Round::countSeconds);
        return String.format(
                Locale.ROOT,
                "%,d live tenants with a month each that has nine lines: a plan, %d add-ons and the usage of four meters above what"
                        + " is included, from rollups by hour. As the run counts its time, with the job's start and end; a commit per"
                        + " 100, %d shares at a time; the last month's revenue is recognised before, by its timer. \"Bare SQL\" computes as many lines from the same rollups and writes them with a number, two entries"
                        + " and a line for the audit, without taxes, schedules, row security or foreign keys, a commit per 100, in"
                        + " one connection. Medians of %d rounds after one of %,d tenants. `-Xmx1g`; the heap after a full"
                        + " collection at the end, and the most that was used meanwhile, garbage among it.%n%n"
                        + "| | seconds | invoices/s |%n|---|---|---|%n| invoice run | %.1f | %,.0f |%n| dry run | %.1f | %,.0f |%n| bare SQL | %.1f"
                        + " | %,.0f |%n%nThe run takes %.1f times what bare SQL does. Heap %.0f MB, at most %.0f MB.%n",
                TENANTS,
                ADD_ONS,
                THREADS,
                rounds.size(),
                WARM_UP,
                seconds,
                TENANTS / seconds,
                count,
                TENANTS / count,
                bare,
                TENANTS / bare,
                seconds / bare,
                median(rounds, Round::kept),
                rounds.stream().mapToDouble(Round::peak).max().orElse(0));
    }
}
