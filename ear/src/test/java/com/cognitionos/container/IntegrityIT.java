package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.integrity.boundary.IntegrityCheck;
import com.cognitionos.integrity.boundary.IntegrityChecks;
import com.cognitionos.integrity.boundary.IntegrityChecks.Answer;
import com.cognitionos.integrity.boundary.IntegrityChecks.Check;
import com.cognitionos.integrity.boundary.IntegrityOrders;
import com.cognitionos.integrity.entity.Findings;
import com.cognitionos.integrity.entity.Invariant;
import com.cognitionos.integrity.entity.Offender;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each invariant holds for a company that lived a little, and is found broken, with whose it is, once the owner breaks it. */
@DisplayName("Integrity of what is stored")
class IntegrityIT extends InContainer {

    @EJB
    private IntegrityCheck check;

    @EJB
    private IntegrityChecks checks;

    @Inject
    private IntegrityOrders orders;

    /** With usage, three invoices of which two are paid, an allowance in part reserved, and an endpoint that is told. */
    private Company lived() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        owner.update("""
                INSERT INTO webhook_endpoints (tenant_id, id, url, description, events, enabled, secret, created_at, updated_at)
                VALUES (?, uuidv7(), 'https://hooks.example/', '', '{}', true, '\\x00', now(), now())""", company.id());
        company.uses("executions", 10_100).uses("tokens", 5).on("2026-03-01").rollsUp();
        company.withCard(Company.VISA).used("executions", 3, "2026-02-20");
        company.on("2026-05-01").uses("tokens", 7);
        company.as(() -> world.allowances.reserve("executions", BigDecimal.TEN, Duration.ofHours(1)));
        return company;
    }

    private List<String> found(Invariant invariant, Company of) {
        Findings findings = World.OPERATOR.call(() -> check.of(invariant));
        assertThat(findings.first().size()).isEqualTo((int) Math.min(Findings.MOST, findings.total()));
        return findings.first().stream()
                .filter(offender -> of.id().equals(offender.tenant()))
                .map(Offender::what)
                .toList();
    }

    /** What the tables' own triggers would refuse. */
    private void breaks(String table, String change, Object... ids) {
        owner.update(String.format(
                Locale.ROOT,
                "DO $$ BEGIN ALTER TABLE %1$s DISABLE TRIGGER USER; %2$s; ALTER TABLE %1$s ENABLE TRIGGER USER; END $$",
                table,
                String.format(Locale.ROOT, change, ids)));
    }

    @Test
    @DisplayName("INT-1: nothing is found of a company that lived as the product lets it")
    void holds() {
        Company company = lived();
        assertThat(company.invoices()).hasSize(3);
        for (Invariant invariant : Invariant.values()) {
            assertThat(found(invariant, company)).as(invariant.code()).isEmpty();
        }
    }

    @Test
    @DisplayName("I1: an accepted event that is gone, one that is there twice, one that nobody accepted")
    void events() {
        Company company = lived();
        owner.update("DELETE FROM usage_records WHERE tenant_id = ? AND quantity = 7", company.id());
        owner.update("""
                INSERT INTO usage_records SELECT * FROM usage_records WHERE tenant_id = ? AND quantity = 5""", company.id());
        owner.update("""
                INSERT INTO usage_records (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at)
                VALUES (?, 'out of nothing', 'tokens', 1, now(), now(), now())""", company.id());
        assertThat(found(Invariant.EVENTS, company))
                .hasSize(3)
                .anyMatch(what -> what.endsWith("was accepted and is neither recorded nor taken back"))
                .anyMatch(what -> what.endsWith("is recorded 2 times"))
                .anyMatch(what -> what.equals("event out of nothing is recorded and was never accepted"));
    }

    @Test
    @DisplayName("I2: a counter, what it holds, and a rollup that are not the sum")
    void usage() {
        Company company = lived();
        owner.update("UPDATE usage_counters SET used = used + 1 WHERE tenant_id = ? AND used = 7", company.id());
        owner.update("UPDATE usage_counters SET reserved = 11 WHERE tenant_id = ? AND reserved = 10", company.id());
        owner.update(
                "UPDATE usage_rollups SET quantity = 7 WHERE tenant_id = ? AND meter = 'tokens' AND day = '2026-01-31'",
                company.id());
        assertThat(found(Invariant.USAGE, company))
                .hasSize(3)
                .anyMatch(what -> what.endsWith("says 8, its records say 7"))
                .anyMatch(what -> what.endsWith("holds 11, its reservations 10"))
                .anyMatch(what -> what.endsWith("says 7 in 1 events, its records say 5 in 1"));
    }

    @Test
    @DisplayName("I3: lines that do not sum to their invoice, and a payment in another currency")
    void amounts() {
        Company company = lived();
        breaks(
                "invoice_lines",
                "UPDATE invoice_lines SET amount_cents = amount_cents + 1 WHERE invoice_id = '%s' AND position = 1",
                company.lastInvoice().id());
        owner.update("UPDATE payments SET currency = 'EUR' WHERE tenant_id = ?", company.id());
        assertThat(found(Invariant.AMOUNTS, company))
                .contains("invoice " + company.lastInvoice().number() + " is not the sum of its lines")
                .anyMatch(what -> what.endsWith("of USD has a payment of EUR"));
    }

    @Test
    @DisplayName("I4: two invoices for one period, and for the same days")
    void periods() {
        Company company = lived();
        UUID last = company.lastInvoice().id();
        String earlier =
                "(SELECT period_start FROM invoices WHERE tenant_id = '%s' AND id <> '%s' ORDER BY 1 DESC LIMIT 1)";
        breaks(
                "invoices",
                "UPDATE invoices SET period_start = " + earlier + " + interval '1 day' WHERE id = '%s'",
                company.id(),
                last,
                last);
        assertThat(found(Invariant.PERIODS, company)).singleElement().asString().endsWith("are for the same days");
        owner.update("DROP INDEX invoices_once_per_period");
        try {
            breaks(
                    "invoices",
                    "UPDATE invoices SET period_start = " + earlier + " WHERE id = '%s'",
                    company.id(),
                    last,
                    last);
            assertThat(found(Invariant.PERIODS, company))
                    .anyMatch(what -> what.startsWith("2 invoices of the kind period"));
        } finally {
            breaks("invoices", "UPDATE invoices SET period_start = period_end WHERE id = '%s'", last);
            owner.update("""
                    CREATE UNIQUE INDEX invoices_once_per_period ON invoices (tenant_id, subscription_id, period_start, kind)
                    WHERE kind <> 'change'""");
        }
    }

    @Test
    @DisplayName("I5: a number that was never given, and the gap that it leaves")
    void numbers() {
        Company company = lived();
        UUID last = company.lastInvoice().id();
        String number = company.lastInvoice().number();
        String changed = "UPDATE invoices SET number = '%s' WHERE id = '%s'";
        breaks("invoices", changed, "TEST-2026-999999", last);
        try {
            assertThat(found(Invariant.NUMBERS, company)).containsExactly("number TEST-2026-999999 was never given");
            assertThat(World.OPERATOR.call(() -> check.of(Invariant.NUMBERS)).first())
                    .contains(new Offender(null, "number " + number + " of default is on no document"));
            breaks("invoices", changed, "TEST-1999-000001", last);
            assertThat(found(Invariant.NUMBERS, company))
                    .containsExactly("number TEST-1999-000001 is of another year than its date");
        } finally {
            breaks("invoices", changed, number, last);
        }
    }

    @Test
    @DisplayName("I6: an invoice that is not in the ledger, and one that its listener was not told")
    void outbox() {
        Company company = lived();
        UUID last = company.lastInvoice().id();
        breaks(
                "ledger_transactions",
                "UPDATE ledger_transactions SET reference_id = gen_random_uuid() WHERE kind = 'invoice_finalized'"
                        + " AND reference_id = '%s'",
                last);
        owner.update("""
                DELETE FROM webhook_deliveries d USING webhook_events m
                WHERE d.tenant_id = ? AND m.tenant_id = d.tenant_id AND m.id = d.event_id AND m.payload LIKE ?""", company.id(), "%" + company.invoices().get(0).number() + "%");
        assertThat(found(Invariant.OUTBOX, company))
                .hasSize(3)
                .contains("invoice " + company.lastInvoice().number() + " is in the ledger 0 times")
                .contains("invoice " + company.invoices().get(0).id() + " was not told to https://hooks.example/")
                .anyMatch(what -> what.endsWith("is in the log, in the ledger or was told, and is not there"));
    }

    @Test
    @DisplayName(
            "I7: an invoice that is paid without a payment, one that is charged twice, and an outcome unknown for days")
    void payments() {
        Company company = lived();
        UUID last = company.lastInvoice().id();
        owner.update("DROP INDEX payments_one_charge");
        try {
            owner.update("""
                    INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object('id', uuidv7(), 'provider_ref', null))).*
                    FROM payments p WHERE invoice_id = ?""", last);
            assertThat(found(Invariant.PAYMENTS, company))
                    .anyMatch(what -> what.endsWith("has 2 payments that succeeded or still may"))
                    .anyMatch(what -> what.contains("says that 4900 cents were paid, its payments 9800"));
        } finally {
            owner.update("DELETE FROM payments WHERE invoice_id = ? AND provider_ref IS NULL", last);
            owner.update("""
                    CREATE UNIQUE INDEX payments_one_charge ON payments (tenant_id, invoice_id)
                    WHERE status IN ('processing', 'succeeded')""");
        }
        // Of a provider that is not configured, so that nobody settles it meanwhile.
        owner.update("""
                UPDATE payments SET status = 'processing', settled_at = NULL, provider = 'gone', begun_at = now() - interval '2 days'
                WHERE invoice_id = ?""", last);
        assertThat(found(Invariant.PAYMENTS, company))
                .anyMatch(what -> what.contains("is without an outcome since"))
                .anyMatch(what -> what.contains("says that 4900 cents were paid, its payments 0"));
    }

    @Test
    @DisplayName("I8: an entry of the audit log that somebody has changed")
    void auditChains() {
        Company company = lived();
        breaks(
                "billing_audit_log",
                "UPDATE billing_audit_log SET actor = 'nobody' WHERE tenant_id = '%s' AND seq = 2",
                company.id());
        assertThat(found(Invariant.AUDIT, company))
                .containsExactly("the audit log is not as it was written from entry 2 on: changed");
    }

    @Test
    @DisplayName("I9: a ledger transaction that does not balance, and receivables that nobody owes")
    void ledger() {
        Company company = lived();
        breaks(
                "ledger_entries",
                "UPDATE ledger_entries SET debit_cents = debit_cents + 1 WHERE tenant_id = '%s' AND account = 'receivable'"
                        + " AND debit_cents = (SELECT max(debit_cents) FROM ledger_entries WHERE tenant_id = '%s')",
                company.id(),
                company.id());
        assertThat(found(Invariant.LEDGER, company))
                .hasSize(2)
                .anyMatch(what -> what.startsWith("ledger transaction"))
                .anyMatch(what -> what.startsWith("the receivables of USD are"));
    }

    @Test
    @DisplayName("I10: a posting of another tenant's invoice, and rows of nobody")
    void tenants() {
        Company company = lived();
        Company other = lived();
        breaks(
                "ledger_transactions",
                "UPDATE ledger_transactions SET reference_id = '%s' WHERE kind = 'invoice_finalized' AND reference_id = '%s'",
                other.lastInvoice().id(),
                company.lastInvoice().id());
        assertThat(found(Invariant.TENANTS, company))
                .singleElement()
                .asString()
                .endsWith("is of an invoice of tenant " + other.id());
        UUID nobody = UUID.fromString("ffffffff-ffff-7fff-bfff-ffffffffffff");
        owner.update("""
                INSERT INTO usage_rollups (tenant_id, meter, day, quantity, events, rolled_up_at)
                VALUES (?, 'tokens', '2026-01-01', 0, 0, now())""", nobody);
        try {
            assertThat(World.OPERATOR.call(() -> check.of(Invariant.TENANTS)).first())
                    .contains(new Offender(nobody, "1 rows of usage_rollups belong to a tenant that does not exist"));
        } finally {
            owner.update("DELETE FROM usage_rollups WHERE tenant_id = ?", nobody);
        }
    }

    @Test
    @DisplayName("I11: a run that nobody works on")
    void runs() {
        UUID run = UUID.randomUUID();
        String lease = InvoiceRuns.leaseOf(run);
        owner.update(
                "INSERT INTO leases (name, holder, until) VALUES (?, 'gone', now() - interval '2 minutes')", lease);
        // Held, or somebody would work on it at once.
        List<Offender> first = owner.during(
                () -> {
                    owner.update("""
                            INSERT INTO invoice_runs (id, as_of, dry_run, status, requested_by, created_at)
                            VALUES (?, now(), true, 'running', 'test', now() - interval '1 hour')""", run);
                    return World.OPERATOR.call(() -> check.of(Invariant.RUNS)).first();
                },
                "SELECT hold_lease(name, fence), set_config('idle_in_transaction_session_timeout', '0', true) FROM leases WHERE name = ?",
                lease);
        assertThat(first)
                .anyMatch(offender -> offender.what().startsWith(lease + " is running, and nobody works on it since"));
        Await.until(
                "somebody to work on it",
                () -> World.OPERATOR.call(() -> world.runs.get(run)).status(),
                status -> status == InvoiceRuns.Status.COMPLETED);
        assertThat(World.OPERATOR.call(() -> check.of(Invariant.RUNS)).first())
                .noneMatch(offender -> offender.what().startsWith(lease));
    }

    @Test
    @DisplayName("I12: an invoice before its period's end; a clock that goes back makes nothing new")
    void time() {
        Company company = lived();
        int before = company.invoices().size();
        String day = company.as(() -> world.clocks.current().now()).toString();
        company.on("2026-02-15").on("2026-03-31");
        assertThat(company.invoices()).hasSize(before);
        assertThat(company.as(() -> world.clocks.current().now())).hasToString(day);
        assertThat(found(Invariant.TIME, company)).isEmpty();
        breaks(
                "invoices",
                "UPDATE invoices SET finalized_at = period_end - interval '1 day' WHERE id = '%s'",
                company.lastInvoice().id());
        assertThat(found(Invariant.TIME, company))
                .singleElement()
                .asString()
                .startsWith("invoice " + company.lastInvoice().number());
    }

    @Test
    @DisplayName("INT-3: a check that is asked for asks all, tells whose it is, and is kept")
    void aWholeCheck() {
        Company company = lived();
        owner.update("UPDATE usage_counters SET used = used + 1 WHERE tenant_id = ? AND used = 7", company.id());

        Check asked = World.OPERATOR.call(() -> orders.start("test"));
        Check end = Await.until(
                "its end", () -> World.OPERATOR.call(() -> checks.get(asked.id())), one -> !one.isUnderWay());

        assertThat(end.status()).as(String.valueOf(end.reason())).isEqualTo("completed");
        assertThat(end.held()).isFalse();
        List<Answer> answers = World.OPERATOR.call(() -> checks.answers(asked.id()));
        assertThat(answers).extracting(Answer::invariant).containsExactly(Invariant.values());
        assertThat(answers.get(1).findings().first())
                .anySatisfy(offender -> assertThat(offender.tenant()).isEqualTo(company.id()));
        assertThat(World.OPERATOR.call(() -> checks.latest(1)))
                .singleElement()
                .extracting(Check::id)
                .isEqualTo(asked.id());
        Await.until(
                "the lease to be given back",
                () -> owner.count("SELECT count(*) FROM leases WHERE name = 'integrity-check'"),
                leases -> leases == 0);
    }
}
