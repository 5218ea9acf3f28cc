package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Statements;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Page;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.boundary.Ledger.AccountBalance;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.ledger.entity.RevenueSchedule.Released;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Deferred revenue and the journal")
class LedgerIT extends InContainer {

    private static final long PRO_YEAR = 49_000;

    /** On 1 January 2026 a year is charged, 365 days of 49,000 cents. */
    private Company yearly() {
        return world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-01").withCard(Company.VISA);
    }

    private long balance(Company company, String account) {
        return balance(company, account, null);
    }

    private long balance(Company company, String account, Instant before) {
        return company.as(() -> world.ledger.trialBalance(true, before)).stream()
                .filter(one -> one.account().equals(account))
                .mapToLong(AccountBalance::balanceCents)
                .sum();
    }

    private List<Ledger.Transaction> recognised(Company company) {
        return journal(company).stream()
                .filter(one -> one.kind() == Posting.Kind.REVENUE_RECOGNIZED)
                .toList();
    }

    /** Oldest first. */
    private List<Ledger.Transaction> journal(Company company) {
        return company.as(() -> world.ledger.next(new Ledger.Wanted(null, null, null, null, null), null));
    }

    private List<Instant> datesAsPosted(Company company) {
        return owner.query(
                "SELECT posted_at FROM ledger_transactions WHERE tenant_id = ? ORDER BY id",
                row -> row.getTimestamp(1).toInstant(),
                company.id());
    }

    private static long cents(Ledger.Transaction transaction) {
        return transaction.entries().get(0).debitCents();
    }

    @Test
    @DisplayName("LED-5, LED-6, LED-8: a year is earned month by month, whether its clock strides or strolls")
    void yearIsEarned() {
        Company strides = yearly();
        assertThat(balance(strides, "deferred_revenue")).isEqualTo(-PRO_YEAR);
        assertThat(balance(strides, "revenue")).isZero();
        strides.on("2026-12-31T23:59:59");
        Company strolls = yearly();
        for (String day : List.of("2026-01-31", "2026-02-01", "2026-02-01T00:00:01", "2026-03-15", "2026-09-01")) {
            strolls.on(day);
        }
        assertThat(balance(strolls, "deferred_revenue")).isEqualTo(-PRO_YEAR + 32_622);
        strolls.on("2026-12-31T23:59:59");

        assertThat(recognised(strides)).hasSize(11);
        assertThat(recognised(strides).get(1))
                .satisfies(february -> assertThat(february.at()).isEqualTo("2026-02-28T23:59:59.999999Z"))
                .satisfies(february -> assertThat(cents(february)).isEqualTo(3_759))
                .extracting(Ledger.Transaction::description, Ledger.Transaction::line)
                .containsExactly("Revenue earned in 2026-02", 1);
        assertThat(recognised(strolls))
                .extracting(Ledger.Transaction::at, LedgerIT::cents)
                .isEqualTo(recognised(strides).stream()
                        .map(one -> tuple(one.at(), cents(one)))
                        .toList());
        assertThat(balance(strides, "deferred_revenue")).isEqualTo(-4_162);

        strides.on("2027-01-01");
        assertThat(balance(strides, "deferred_revenue", Dates.at("2027-01-01"))).isZero();
        assertThat(balance(strides, "revenue", Dates.at("2027-01-01"))).isEqualTo(-PRO_YEAR);
        assertThat(balance(strides, "deferred_revenue")).as("the next year").isEqualTo(-PRO_YEAR);
    }

    @Test
    @DisplayName("LED-6: a clock moved over three years recognises all that has ended, in the order of time")
    void threeYears() {
        Company company = yearly().on("2029-01-01");
        assertThat(company.totals()).hasSize(4);
        assertThat(recognised(company)).hasSize(36);
        assertThat(balance(company, "revenue")).isEqualTo(-3 * PRO_YEAR);
        assertThat(balance(company, "deferred_revenue")).isEqualTo(-PRO_YEAR);
        assertThat(datesAsPosted(company)).isSorted();
        assertThat(journal(company).stream()
                        .flatMap(one -> one.entries().stream())
                        .mapToLong(entry -> entry.debitCents() - entry.creditCents())
                        .sum())
                .isZero();
    }

    @Test
    @DisplayName("LED-7: a cancelled year ends with nothing deferred and the used part earned")
    void cancelledYear() {
        Company company = yearly().on("2026-05-14T10:20:30");
        company.does(() -> world.settlement.cancelNow(null));
        long refunded = company.lastInvoice().lines().stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.PLAN)
                .mapToLong(InvoiceLine::amountCents)
                .sum();
        assertThat(refunded).isNegative();

        company.on("2026-06-01");
        assertThat(Math.abs(balance(company, "deferred_revenue")))
                .as("earned up to the day, but for the rounding of a month")
                .isLessThanOrEqualTo(1);
        company.on("2028-01-01");
        assertThat(balance(company, "deferred_revenue")).isZero();
        assertThat(balance(company, "revenue")).isEqualTo(-(PRO_YEAR + refunded));
    }

    @Test
    @DisplayName("LED-6: asked for again and on two nodes at once, a part is posted once")
    void recognisedOnce() {
        Company company = yearly();
        List<Integer> posted = crowd.allAtOnce(
                6,
                i -> () -> World.OPERATOR
                        .in(company.id())
                        .call(() -> world.recognition.recognise(
                                Dates.at("2026-04-15").plusSeconds(i))));

        assertThat(posted.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3);
        assertThat(datesAsPosted(company)).isSorted();
        assertThat(recognised(company)).hasSize(3);
        assertThat(balance(company, "deferred_revenue")).isEqualTo(-PRO_YEAR + 12_082);
        assertThat(owner.refusal("""
                        INSERT INTO ledger_transactions
                            (tenant_id, id, kind, reference_id, line, currency, test_mode, posted_at)
                        SELECT tenant_id, gen_random_uuid(), kind, reference_id, line, currency, test_mode, posted_at
                        FROM ledger_transactions WHERE tenant_id = ? AND kind = 'revenue_recognized' LIMIT 1""", company.id())).isEqualTo("23505");
    }

    @Test
    @DisplayName("LED-6: the timer's list has live tenants with something due, and no test tenants")
    void liveTenantsAreDue() {
        Company test = yearly();
        Instant late = Dates.at("2100-01-01");
        UUID before = new UUID(test.id().getMostSignificantBits(), test.id().getLeastSignificantBits() - 1);
        assertThat(World.OPERATOR.call(() -> world.recognition.tenantsDue(late, before, 1)))
                .doesNotContain(test.id());
        owner.update("UPDATE revenue_schedules SET test_mode = false WHERE tenant_id = ?", test.id());
        assertThat(World.OPERATOR.call(() -> world.recognition.tenantsDue(late, before, 1)))
                .containsExactly(test.id());
        assertThat(World.OPERATOR.call(() -> world.recognition.tenantsDue(Dates.at("2026-01-31"), before, 1)))
                .doesNotContain(test.id());
        owner.update("UPDATE revenue_schedules SET test_mode = true WHERE tenant_id = ?", test.id());
    }

    @Test
    @DisplayName("LED-6: many at once earn what each earns by itself, and one that somebody else is at is left to them")
    void manyAtOnce() {
        Company alone = yearly();
        Company together = yearly();
        Company held = yearly();
        Instant late = Dates.at("2026-04-15");
        World.OPERATOR.in(alone.id()).call(() -> world.recognition.recognise(late));

        owner.during(
                () -> {
                    World.OPERATOR.run(() -> world.recognition.recogniseAll(List.of(together.id(), held.id()), late));
                    return true;
                },
                "SELECT 1 FROM revenue_schedules WHERE tenant_id = ? FOR UPDATE",
                held.id());

        assertThat(recognised(together))
                .extracting(Ledger.Transaction::at, LedgerIT::cents)
                .hasSize(3)
                .isEqualTo(recognised(alone).stream()
                        .map(one -> tuple(one.at(), cents(one)))
                        .toList());
        assertThat(recognised(held)).isEmpty();
    }

    @Test
    @DisplayName("LED-7: a credit comes out of what is not earned yet, then out of revenue")
    void released() {
        Company company = yearly().on("2026-07-10");
        UUID invoice = company.invoices().get(0).id();
        long rest = -balance(company, "deferred_revenue");
        assertThat(rest).isEqualTo(24_701);

        assertThat(release(company, invoice, 1, 4_701)).isEqualTo(new Released(4_701, 0));
        assertThat(release(company, invoice, 2, 500)).as("not deferred").isEqualTo(new Released(0, 500));
        company.on("2026-08-01");
        // 31 of the 184 days that were left, of 20,000.
        assertThat(cents(recognised(company).get(6))).isEqualTo(3_370);
        assertThat(release(company, invoice, 1, 20_000)).isEqualTo(new Released(16_630, 3_370));
        int before = recognised(company).size();
        company.on("2026-12-01");
        assertThat(recognised(company)).hasSize(before);
    }

    @Test
    @DisplayName("LED-7: what a credit line has given back is not taken out of deferred revenue a second time")
    void releasedAfterACreditLine() {
        Company company = yearly().on("2026-07-01");
        UUID charge = company.invoices().get(0).id();
        company.does(() -> world.settlement.cancelNow(null));
        long given = -company.lastInvoice().lines().stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.PLAN)
                .mapToLong(InvoiceLine::amountCents)
                .sum();
        long used = PRO_YEAR - given;

        Released rest = release(company, charge, 1, used);

        assertThat(rest.fromDeferredCents() + rest.fromRevenueCents()).isEqualTo(used);
        assertThat(rest.fromDeferredCents()).isEqualTo(-balance(company, "deferred_revenue"));
        assertThat(rest.fromRevenueCents()).isEqualTo(-balance(company, "revenue"));
    }

    private Released release(Company company, UUID invoice, int position, long cents) {
        return company.as(() -> world.recognition.release(
                invoice, position, cents, world.clocks.current().now()));
    }

    @Test
    @DisplayName("LED-9: the journal filters by account and time, pages, and tells what a transaction refers to")
    void journalIsRead() {
        Company company = yearly().on("2026-03-10");
        UUID invoice = company.invoices().get(0).id();

        assertThat(journal(company))
                .extracting(Ledger.Transaction::kind, one -> one.at().toString())
                .containsExactly(
                        tuple(Posting.Kind.INVOICE_FINALIZED, "2026-01-01T00:00:00Z"),
                        tuple(Posting.Kind.PAYMENT_SUCCEEDED, "2026-01-01T00:00:00Z"),
                        tuple(Posting.Kind.REVENUE_RECOGNIZED, "2026-01-31T23:59:59.999999Z"),
                        tuple(Posting.Kind.REVENUE_RECOGNIZED, "2026-02-28T23:59:59.999999Z"));
        assertThat(journal(company).get(0).entries())
                .containsExactly(
                        new Posting.Entry(Account.RECEIVABLE, PRO_YEAR, 0),
                        new Posting.Entry(Account.DEFERRED_REVENUE, 0, PRO_YEAR));
        assertThat(journal(company)).allMatch(Ledger.Transaction::testMode);
        assertThat(journal(company))
                .filteredOn(one -> one.reference().equals(invoice))
                .extracting(Ledger.Transaction::line)
                .containsExactly(null, 1, 1);
        assertThat(journal(company).get(1).description())
                .isEqualTo("Payment of invoice " + company.lastInvoice().number());

        Ledger.Wanted february =
                new Ledger.Wanted(company.id(), true, Account.REVENUE, Dates.at("2026-02-01"), Dates.at("2026-03-01"));
        Page<Ledger.Transaction> found =
                World.OPERATOR.call(() -> world.ledger.list(february, new Page.Request(1, 20)));
        assertThat(found.total()).isEqualTo(1);
        assertThat(found.items().get(0).tenantName()).startsWith("Company ");
        List<Ledger.Transaction> paged = IntStream.rangeClosed(1, 4)
                .mapToObj(page -> company.as(() ->
                        world.ledger.list(new Ledger.Wanted(null, null, null, null, null), new Page.Request(page, 1))))
                .flatMap(page -> page.items().stream())
                .toList();
        assertThat(paged)
                .extracting(Ledger.Transaction::id)
                .containsExactly(
                        journal(company).get(3).id(),
                        journal(company).get(2).id(),
                        journal(company).get(1).id(),
                        journal(company).get(0).id());
        assertThat(company.as(() -> world.ledger.next(
                        new Ledger.Wanted(null, null, null, null, null),
                        journal(company).get(2))))
                .containsExactly(journal(company).get(3));
        assertThat(World.OPERATOR.call(() -> world.ledger.list(
                        new Ledger.Wanted(company.id(), false, null, null, null), new Page.Request(1, 20))))
                .as("LED-4")
                .extracting(Page::total)
                .isEqualTo(0L);
    }

    @Test
    @DisplayName(
            "INV-10: wherever a statement is cut, its balances are the ledger's: receivable less the customer's credit")
    void statementIsTheLedger() {
        Company company =
                world.open(Tier.TEAM, "2026-01-31").withCard(Company.VISA).on("2026-02-14");
        company.does(
                () -> world.settlement.changeNow(Tier.PRO, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED));
        Company owes = yearly();
        company.on("2026-06-01");

        Statements.Statement whole = statement(company, null, null);
        assertThat(whole.openingCents()).isZero();
        assertThat(whole.movements()).extracting(Statements.Movement::cents).anyMatch(cents -> cents < 0);
        assertThat(whole.movements())
                .extracting(Statements.Movement::balanceCents)
                .anyMatch(cents -> cents < 0);
        assertThat(whole.movements()).extracting(Statements.Movement::at).isSorted();
        assertThat(whole.movements().stream()
                        .mapToLong(Statements.Movement::cents)
                        .sum())
                .isEqualTo(whole.closingCents());
        for (String day : List.of("2026-01-31", "2026-02-14", "2026-02-14T00:00:01", "2026-03-31", "2026-05-31")) {
            Instant cut = Dates.at(day);
            long booked = balance(company, "receivable", cut) + balance(company, "customer_credit", cut);
            assertThat(statement(company, null, cut).closingCents()).as(day).isEqualTo(booked);
            assertThat(statement(company, cut, null).openingCents()).as(day).isEqualTo(booked);
            assertThat(statement(company, cut, null).closingCents()).as(day).isEqualTo(whole.closingCents());
        }
        List<Statements.Part> pages = new ArrayList<>();
        do {
            pages.add(page(company, pages.size() + 1, null));
        } while (pages.size() < pages.get(0).pages());
        assertThat(pages)
                .hasSizeGreaterThan(1)
                .allSatisfy(page ->
                        assertThat(page.total()).isEqualTo(whole.movements().size()));
        assertThat(pages.stream().flatMap(page -> page.statement().movements().stream()))
                .containsExactlyElementsOf(whole.movements());
        for (int i = 1; i < pages.size(); i++) {
            assertThat(pages.get(i).statement().openingCents())
                    .as("brought forward")
                    .isEqualTo(pages.get(i - 1).statement().closingCents());
        }
        Statements.Part last = pages.get(pages.size() - 1);
        assertThat(page(company, null, null)).as("the newest").isEqualTo(last);
        assertThat(page(company, 99, null)).as("one that there is not").isEqualTo(last);
        assertThat(page(company, 1, Dates.at("2026-03-31")).statement().openingCents())
                .isEqualTo(statement(company, Dates.at("2026-03-31"), null).openingCents());
        assertThat(page(company, null, Dates.at("2027-01-01")).statement())
                .as("nothing in that time")
                .isEqualTo(statement(company, Dates.at("2027-01-01"), null));
        assertThat(statement(owes, null, null).closingCents()).isEqualTo(PRO_YEAR);
        assertThat(World.OPERATOR.call(
                        () -> world.statements.of(world.statements.extent(company.id(), "USD", null, null))))
                .isEqualTo(whole);
        assertThat(company.as(() ->
                        world.statements.extent(owes.id(), null, null, null).tenant()))
                .as("a tenant's own, whatever it names")
                .isEqualTo(company.id());
    }

    private Statements.Statement statement(Company company, Instant from, Instant to) {
        return company.as(() -> world.statements.of(world.statements.extent(null, null, from, to)));
    }

    private Statements.Part page(Company company, @Nullable Integer page, @Nullable Instant from) {
        return company.as(() -> world.statements.part(world.statements.extent(null, null, from, null), page, 3));
    }

    @Test
    @DisplayName("LED-9, INV-10: exports read portion by portion have every line once")
    void exportsAreWhole() throws IOException {
        Company company = yearly();
        int more = 1_203;
        List<Posting> postings = IntStream.range(0, more)
                .mapToObj(i -> new Posting.Draft()
                        .debit(Account.RECEIVABLE, i + 1L)
                        .credit(Account.REVENUE, i + 1L)
                        .as(Posting.Kind.INVOICE_FINALIZED, UUID.randomUUID(), "USD", true, Dates.at("2026-01-05")))
                .toList();
        company.does(() -> world.ledger.post(postings));

        List<String> journal =
                lines(company.as(() -> world.journalExport.of(new Ledger.Wanted(null, null, null, null, null))));
        assertThat(journal).hasSize(1 + 2 * (more + 1)).doesNotHaveDuplicates();
        List<String> statement =
                lines(company.as(() -> world.statementExport.of(world.statements.extent(null, null, null, null))));
        assertThat(statement).hasSize(1 + 2 + more + 1).doesNotHaveDuplicates();
        long owed = PRO_YEAR + more * (more + 1) / 2;
        assertThat(statement.get(statement.size() - 1)).endsWith("," + owed);
        assertThat(statement(company, null, null).movements()).hasSize(more + 1);
        assertThat(statement(company, null, null).closingCents()).isEqualTo(owed);
    }

    private static List<String> lines(Csv.Content content) throws IOException {
        StringWriter text = new StringWriter();
        content.writeTo(text);
        return text.toString().lines().toList();
    }
}
