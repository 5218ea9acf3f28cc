package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.ledger.boundary.Ledger.AccountBalance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Invoice numbers, immutability, ledger")
class BooksIT extends InContainer {

    private static final long PRO = 4_900;
    private static final long PRO_YEAR = 49_000;

    @Test
    @DisplayName("INV-3: numbers have no gap when many are invoiced at once and some of it is rolled back")
    void numbersAreGapless() {
        List<Company> companies = Stream.generate(() -> world.open(Tier.PRO, "2026-01-31"))
                .limit(6)
                .toList();

        crowd.allAtOnce(8, i -> () -> i < companies.size() ? companies.get(i).on("2026-12-31") : inVain());

        assertThat(companies)
                .allSatisfy(company -> assertThat(company.invoices()).hasSize(11));
        List<Long> numbers = owner.query(
                "SELECT substr(number, 11)::bigint FROM invoices WHERE number LIKE 'TEST-2026-%' ORDER BY 1",
                row -> row.getLong(1));
        assertThat(numbers)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, numbers.size()).boxed().toList());
        assertThat(owner.count("SELECT last FROM invoice_numbers WHERE series = 'TEST' AND year = 2026"))
                .isEqualTo(numbers.size());
    }

    /** Takes numbers, and gives them back. */
    private Company inVain() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        for (int n = 0; n < 10; n++) {
            assertThat(World.OPERATOR
                            .in(company.id())
                            .call(() -> probe.inVain(
                                    () -> world.billing.next(new Billing.Order(Dates.at("2026-03-01"), false, null)))))
                    .hasValueSatisfying(step -> assertThat(step.totalCents()).isEqualTo(PRO));
        }
        assertThat(company.invoices()).isEmpty();
        return company;
    }

    @Test
    @DisplayName("The database lets nobody change a finalised invoice, not even its owner")
    void invoicesAreImmutable() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01");
        UUID invoice = company.lastInvoice().id();
        String moreLines = """
                INSERT INTO invoice_lines SELECT tenant_id, invoice_id, position + 1, kind, description, meter, plan,
                    quantity, unit_price, amount_cents, period_start, period_end, proration
                FROM invoice_lines WHERE invoice_id = ?""";
        List<String> statements = new ArrayList<>(List.of(
                "UPDATE invoices SET total_cents = 1, subtotal_cents = 1 WHERE id = ?",
                "UPDATE invoices SET number = 'TEST-2026-999999' WHERE id = ?",
                "UPDATE invoices SET due_date = due_date + interval '1 day' WHERE id = ?",
                "UPDATE invoices SET buyer_name = 'Somebody else' WHERE id = ?",
                "UPDATE invoices SET status = 'draft', number = NULL, finalized_at = NULL WHERE id = ?",
                moreLines));

        for (String statement : statements) {
            assertThat(company.as(() -> probe.attempt(statement, invoice)))
                    .as(statement)
                    .isEqualTo("23000");
        }
        for (String statement : List.of(
                "DELETE FROM invoices WHERE id = ?",
                "DELETE FROM invoice_lines WHERE invoice_id = ?",
                "UPDATE invoice_lines SET amount_cents = 1 WHERE invoice_id = ?")) {
            assertThat(company.as(() -> probe.attempt(statement, invoice)))
                    .as(statement)
                    .isEqualTo("42501");
            statements.add(statement);
        }
        for (String statement : statements) {
            assertThat(owner.refusal(statement, invoice))
                    .as("owner: " + statement)
                    .isEqualTo("23000");
        }
        assertThat(owner.refusal("UPDATE invoices SET status = 'void' WHERE id = ?", invoice))
                .isEqualTo("accepted");
    }

    @Test
    @DisplayName("What points at no invoice or line is refused, and nothing that is pointed at moves away")
    void nothingPointsNowhere() {
        Company company =
                world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31").on("2026-03-01");
        UUID nowhere = UUID.randomUUID();
        Object[] tenant = {company.id(), nowhere};
        Map<String, Object[]> orphans = new LinkedHashMap<>();
        orphans.put("""
                INSERT INTO invoice_lines (tenant_id, invoice_id, position, kind, description, plan, quantity, unit_price,
                    amount_cents, period_start, period_end, proration)
                VALUES (?, ?, 1, 'plan', '', 'pro', 1, 1, 1, now(), now(), false)""", tenant);
        orphans.put("""
                INSERT INTO invoice_line_taxes (tenant_id, invoice_id, position, ordinal, code, percent, inclusive, cents)
                VALUES (?, ?, 1, 1, 'vat', 19, false, 1)""", tenant);
        orphans.put("""
                INSERT INTO invoice_line_discounts (tenant_id, invoice_id, position, discount_id, cents)
                VALUES (?, ?, 1, gen_random_uuid(), 1)""", tenant);
        orphans.put("""
                INSERT INTO revenue_schedules (tenant_id, invoice_id, currency, test_mode, position, period_start, period_end,
                    line_cents, plan_start, plan_cents, earned_until, next_at)
                VALUES (?, ?, 'USD', true, 1, '2026-03-01', '2026-04-01', 1, '2026-03-01', 1, '2026-03-01', '2026-04-01')""", tenant);
        orphans.put("""
                INSERT INTO ledger_entries (tenant_id, transaction_id, position, account, debit_cents, credit_cents)
                VALUES (?, ?, 1, 'cash', 1, 0), (?, ?, 2, 'tax', 0, 1)""", new Object[] {company.id(), nowhere, company.id(), nowhere});
        orphans.put("""
                WITH posted AS (
                    INSERT INTO ledger_transactions (tenant_id, id, kind, reference_id, currency, test_mode, posted_at)
                    VALUES (?, ?, 'invoice_finalized', gen_random_uuid(), 'USD', true, now()))
                INSERT INTO ledger_entries (tenant_id, transaction_id, position, account, debit_cents, credit_cents)
                VALUES (?, ?, 1, 'cash', 1, 0), (?, ?, 2, 'tax', 0, 1)""", new Object[] {nowhere, nowhere, nowhere, nowhere, nowhere, nowhere});
        orphans.put(
                "UPDATE revenue_schedules SET invoice_id = gen_random_uuid() WHERE tenant_id = ?",
                new Object[] {company.id()});
        orphans.put("UPDATE invoices SET id = gen_random_uuid() WHERE tenant_id = ?", new Object[] {company.id()});
        orphans.forEach((statement, parameters) ->
                assertThat(owner.refusal(statement, parameters)).as(statement).startsWith("23"));
        assertThat(owner.count("SELECT count(*) FROM revenue_schedules WHERE tenant_id = ?", company.id()))
                .isPositive();
    }

    @Test
    @DisplayName("LED-1: the database refuses an unbalanced ledger transaction, and one without entries")
    void unbalancedLedgerIsRefused() {
        Company company = world.open(Tier.PRO, "2026-01-31");

        assertThat(catchThrowable(() -> post(company, UUID.randomUUID(), 100, 99)))
                .isNotNull();
        assertThat(catchThrowable(() -> post(company, UUID.randomUUID(), 100, 0)))
                .isNotNull();
        assertThat(catchThrowable(() -> post(company, UUID.randomUUID(), 0, 0))).isNotNull();
        assertThat(ledgerRows(company)).isZero();

        UUID balanced = UUID.randomUUID();
        post(company, balanced, 100, 100);
        assertThat(ledgerRows(company)).isEqualTo(3);
        assertThat(catchThrowable(() -> company.as(() -> probe.commit(sql -> sql.update("""
                        INSERT INTO ledger_entries (tenant_id, transaction_id, position, account, debit_cents, credit_cents)
                        VALUES (?, ?, 3, 'cash', 1, 0)""", company.id(), balanced)))))
                .as("a later entry")
                .isNotNull();
        assertThat(ledgerRows(company)).isEqualTo(3);
    }

    @Test
    @DisplayName("LED-2: entries come with their transaction; nothing is added later, not even what balances in itself")
    void postedIsClosed() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        UUID posted = UUID.randomUUID();
        post(company, posted, 100, 100);
        String entry = """
                INSERT INTO ledger_entries (tenant_id, transaction_id, position, account, debit_cents, credit_cents)
                VALUES (?, ?, 3, 'cash', 1, 0), (?, ?, 4, 'tax', 0, 1)""";
        Object[] rows = {company.id(), posted, company.id(), posted};
        assertThat(company.as(() -> probe.attempt(entry, rows))).isEqualTo("23000");
        assertThat(owner.refusal(entry, rows)).isEqualTo("23000");

        String transaction = """
                WITH posted AS (
                    INSERT INTO ledger_transactions (tenant_id, id, kind, reference_id, currency, test_mode, posted_at)
                    VALUES (?, ?, 'invoice_finalized', gen_random_uuid(), ?, true, now()))
                INSERT INTO ledger_entries (tenant_id, transaction_id, position, account, debit_cents, credit_cents)
                VALUES (?, ?, 1, 'cash', 1, 0), (?, ?, 2, 'tax', 0, 1)""";
        UUID other = UUID.randomUUID();
        assertThat(company.as(() -> probe.attempt(
                        transaction, company.id(), other, "EUR", company.id(), other, company.id(), other)))
                .isEqualTo("accepted:2");
        for (String code : List.of("QQQ", "usd", "   ")) {
            assertThat(company.as(() -> probe.attempt(
                            transaction, company.id(), other, code, company.id(), other, company.id(), other)))
                    .as(code)
                    .isEqualTo("23514");
        }
        for (String table : List.of("ledger_entries", "ledger_transactions, ledger_entries")) {
            assertThat(owner.refusal("TRUNCATE " + table)).as(table).isEqualTo("23000");
        }
    }

    private void post(Company company, UUID id, long debit, long credit) {
        company.as(() -> probe.commit(sql -> sql.update("""
                WITH posted AS (
                    INSERT INTO ledger_transactions (tenant_id, id, kind, reference_id, currency, test_mode, posted_at)
                    VALUES (?, ?, 'invoice_finalized', ?, 'USD', true, now()))
                INSERT INTO ledger_entries (tenant_id, transaction_id, position, account, debit_cents, credit_cents)
                SELECT ?, ?, position, 'cash', debit, credit
                FROM (VALUES (1, ?::bigint, 0::bigint), (2, 0, ?::bigint)) AS e (position, debit, credit)
                WHERE debit + credit > 0""", company.id(), id, id, company.id(), id, debit, credit)));
    }

    private long ledgerRows(Company company) {
        return owner.count("""
                SELECT (SELECT count(*) FROM ledger_transactions WHERE tenant_id = ?)
                     + (SELECT count(*) FROM ledger_entries WHERE tenant_id = ?)""", company.id(), company.id());
    }

    @Test
    @DisplayName("LED-2: what was posted is never changed or removed")
    void ledgerOnlyGrows() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01");
        for (String table : List.of("ledger_transactions", "ledger_entries")) {
            String update = "UPDATE " + table + " SET tenant_id = tenant_id WHERE tenant_id = ?";
            String delete = "DELETE FROM " + table + " WHERE tenant_id = ?";
            assertThat(company.as(() -> probe.attempt(update, company.id()))).isEqualTo("42501");
            assertThat(company.as(() -> probe.attempt(delete, company.id()))).isEqualTo("42501");
            assertThat(owner.refusal(update, company.id())).isEqualTo("23000");
            assertThat(owner.refusal(delete, company.id())).isEqualTo("23000");
        }
    }

    @Test
    @DisplayName("LED-1, LED-3: the books of a tenant and of the platform balance, and receivables are what is unpaid")
    void booksBalance() {
        Company pays =
                world.open(Tier.TEAM, "2026-01-31").withCard(Company.VISA).on("2026-04-01");
        Company owes = world.open(Tier.TEAM, "2026-01-31").on("2026-04-01");

        assertThat(balance(pays, "receivable")).isZero();
        assertThat(balance(pays, "cash")).isEqualTo(2 * 19_900);
        assertThat(balance(owes, "receivable")).isEqualTo(2 * 19_900);
        assertThat(balance(owes, "cash")).isZero();
        for (List<AccountBalance> books : List.of(
                pays.as(() -> world.ledger.trialBalance(true)),
                owes.as(() -> world.ledger.trialBalance(true)),
                World.OPERATOR.call(() -> world.ledger.trialBalance(true)))) {
            assertThat(books).isNotEmpty();
            assertThat(books.stream().mapToLong(AccountBalance::balanceCents).sum())
                    .isZero();
        }
        assertThat(pays.as(() -> world.ledger.trialBalance(false)))
                .as("LED-4: apart from the business")
                .isEmpty();
    }

    private long balance(Company company, String account) {
        return company.as(() -> world.ledger.trialBalance(true)).stream()
                .filter(one -> one.account().equals(account))
                .mapToLong(AccountBalance::balanceCents)
                .sum();
    }

    @Test
    @DisplayName("INV-1: a dry run comes to the cent of what is then invoiced, and leaves nothing behind")
    void dryRunTellsAhead() {
        Company company = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        company.on("2026-02-10").uses("executions", 10_777).uses("storage_mb", 33_333);
        company.on("2026-03-05").used("tokens", 12_345_678, "2026-02-20");
        String before = everythingOf(company);

        List<Long> told = World.OPERATOR.in(company.id()).call(() -> world.settlement.dryRun(Dates.at("2026-06-01")));

        assertThat(everythingOf(company)).isEqualTo(before);
        int already = company.invoices().size();
        company.on("2026-06-01");
        assertThat(told).hasSize(3).containsExactlyElementsOf(company.totals().subList(already, already + 3));
        assertThat(everythingOf(company)).isNotEqualTo(before);
    }

    private String everythingOf(Company company) {
        StringBuilder all = new StringBuilder();
        for (String table : List.of(
                "invoices",
                "invoice_lines",
                "ledger_transactions",
                "ledger_entries",
                "payments",
                "subscriptions",
                "subscription_events",
                "late_usage",
                "test_clocks")) {
            all.append(table)
                    .append(owner.query(
                            "SELECT string_agg(to_jsonb(t)::text, ',' ORDER BY to_jsonb(t)::text) FROM " + table
                                    + " t WHERE tenant_id = ?",
                            row -> row.getString(1),
                            company.id()));
        }
        return all.append(owner.query(
                        "SELECT to_jsonb(n)::text FROM invoice_numbers n ORDER BY 1", row -> row.getString(1)))
                .toString();
    }
}
