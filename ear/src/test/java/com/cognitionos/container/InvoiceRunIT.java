package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.audit.boundary.AuditTrail;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Change;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Kind;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Sum;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Wanted;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Run;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Status;
import com.cognitionos.invoicing.boundary.PlainMonths;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.onboarding.boundary.Onboarding;
import com.cognitionos.tax.boundary.TaxRates;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.batch.runtime.BatchStatus;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Invoice run as a batch job")
class InvoiceRunIT extends InContainer {

    private static final int COMPANIES = 30;
    private static final Instant AS_OF = Dates.at("2026-03-01");
    private static final long PRICE = 4_900;
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** What a run writes to, and the order of its rows: of postings not that in which they were made, but of what they are. */
    private static final Map<String, String> MADE = new LinkedHashMap<>();

    static {
        MADE.put("subscriptions", "id");
        MADE.put("invoices", "id");
        MADE.put("invoice_lines", "invoice_id, position");
        MADE.put("invoice_line_taxes", "invoice_id, position, ordinal");
        MADE.put("ledger_transactions", "posted_at, kind, reference_id, line");
        MADE.put("ledger_entries", """
                (SELECT ROW(posted_at, kind, reference_id, line) FROM ledger_transactions t
                 WHERE t.tenant_id = x.tenant_id AND t.id = x.transaction_id), position""");
        MADE.put("revenue_schedules", "invoice_id, position");
        MADE.put("billing_audit_log", "seq");
        MADE.put("webhook_events", "id");
        MADE.put("webhook_deliveries", "id");
        MADE.put("payments", "id");
        MADE.put("dunning_cases", "id");
        MADE.put("customer_balances", "currency");
        MADE.put("invoice_run_tenants", "run_id");
    }

    @Inject
    private Terms terms;

    @Inject
    private TransactionalWorkshop workshop;

    @EJB
    private AuditTrail trail;

    @EJB
    private PlainMonths months;

    @EJB
    private InvoiceRunChanges changes;

    @Inject
    private Crowd crowd;

    private List<Company> companies(int number) {
        return Stream.generate(() -> world.open(Tier.PRO, "2026-01-31"))
                .limit(number)
                .toList();
    }

    private static List<UUID> ids(List<Company> companies) {
        return companies.stream().map(Company::id).toList();
    }

    private UUID order(List<Company> companies, boolean dry) {
        return World.OPERATOR.call(() ->
                world.runs.create(AS_OF, dry, ids(companies), true, "test").id());
    }

    private void start(UUID run) {
        World.OPERATOR.run(() -> world.runStarter.start(run));
    }

    private Run run(UUID run) {
        return World.OPERATOR.call(() -> world.runs.get(run));
    }

    private Run awaitEnd(UUID id, Predicate<Run> wanted) {
        return Await.until(
                "the end of run " + id,
                () -> run(id),
                run -> run.status() == Status.FAILED || (run.endedAt() != null && wanted.test(run)));
    }

    private Run carriedOut(List<Company> companies, boolean dry) {
        UUID id = order(companies, dry);
        start(id);
        return awaitEnd(id, run -> true);
    }

    private long invoicesOf(List<Company> companies) {
        return owner.count(
                "SELECT count(*) FROM invoices WHERE tenant_id = ANY (?)",
                new Sql.Array("uuid", ids(companies).toArray()));
    }

    @Test
    @DisplayName(
            "INV-7: a tenant that cannot be invoiced fails alone, with its reason, and a retry after the repair finishes it")
    void oneFaultStopsNobodyElse() {
        List<Company> companies = companies(COMPANIES);
        Company broken = companies.get(7);
        owner.update("UPDATE subscriptions SET currency = 'XTS' WHERE tenant_id = ?", broken.id());

        Run first = carriedOut(companies, false);

        assertThat(first.status()).isEqualTo(Status.COMPLETED);
        assertThat(first.tenantsTotal()).isEqualTo(COMPANIES);
        assertThat(first.tenantsDone()).isEqualTo(COMPANIES - 1);
        assertThat(first.invoices()).isEqualTo(COMPANIES - 1);
        assertThat(first.amountCents()).isEqualTo((COMPANIES - 1) * PRICE);
        assertThat(first.failed()).isEqualTo(1);
        assertThat(first.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.tenant()).isEqualTo(broken.id());
            assertThat(failure.reason()).contains("XTS");
        });
        assertThat(invoicesOf(companies)).isEqualTo(COMPANIES - 1);
        assertThat(broken.invoices()).isEmpty();

        owner.update("UPDATE subscriptions SET currency = 'USD' WHERE tenant_id = ?", broken.id());
        assertThat(World.OPERATOR.call(() -> world.runs.retry(first.id()))).isTrue();
        start(first.id());
        Run second = awaitEnd(first.id(), run -> run.tenantsDone() == COMPANIES);

        assertThat(second.status()).isEqualTo(Status.COMPLETED);
        assertThat(second.failed()).isZero();
        assertThat(second.invoices()).isEqualTo(COMPANIES);
        assertThat(second.amountCents()).isEqualTo(COMPANIES * PRICE);
        assertThat(broken.totals()).containsExactly(PRICE);
        assertThat(invoicesOf(companies)).isEqualTo(COMPANIES);
        assertThat(World.OPERATOR.call(() -> world.runs.retry(first.id())))
                .as("anything left")
                .isFalse();
    }

    @Test
    @DisplayName("INV-4: a second run as of the same instant does every tenant and makes nothing")
    void secondRunMakesNothing() {
        List<Company> companies = companies(3);
        assertThat(carriedOut(companies, false).invoices()).isEqualTo(3);

        Run again = carriedOut(companies, false);

        assertThat(again.status()).isEqualTo(Status.COMPLETED);
        assertThat(again.tenantsDone()).isEqualTo(3);
        assertThat(again.invoices()).isZero();
        assertThat(again.amountCents()).isZero();
        assertThat(invoicesOf(companies)).isEqualTo(3);
    }

    @Test
    @DisplayName("INV-1: a dry run finds what the run then makes, and makes nothing itself")
    void dryRunTellsAhead() {
        List<Company> companies = companies(3);
        companies.get(0).on("2026-02-10").uses("executions", 10_250);

        Run dry = carriedOut(companies, true);
        assertThat(dry.status()).isEqualTo(Status.COMPLETED);
        assertThat(invoicesOf(companies)).isZero();
        assertThat(companies.get(1).as(() -> world.clocks.current().now())).isEqualTo(Dates.at("2026-01-31"));
        Run real = carriedOut(companies, false);

        assertThat(dry.amountCents()).isEqualTo(3 * PRICE + 2_500).isEqualTo(real.amountCents());
        assertThat(dry.invoices()).isEqualTo(3).isEqualTo(real.invoices());
    }

    @Test
    @DisplayName("A run stops after the tenants under way when it is asked to, and goes on where it stopped")
    void stopsAndGoesOn() {
        List<Company> companies = companies(COMPANIES);
        UUID id = order(companies, false);

        // With every subscription locked, each of the job's threads waits in its first tenant.
        owner.during(
                () -> {
                    start(id);
                    Await.until("a tenant under way", owner::applicationsWaiting, waiting -> waiting > 0);
                    return World.OPERATOR.call(() -> world.runs.stop(id));
                },
                "SELECT 1 FROM subscriptions WHERE tenant_id = ANY (?) FOR UPDATE",
                new Sql.Array("uuid", ids(companies).toArray()));
        Run stopped = awaitEnd(id, run -> true);

        assertThat(stopped.status()).isEqualTo(Status.STOPPED);
        assertThat(stopped.tenantsDone()).isBetween(1L, 4L);
        assertThat(stopped.failed()).isZero();
        assertThat(invoicesOf(companies)).isEqualTo(stopped.tenantsDone()).isEqualTo(stopped.invoices());

        assertThat(World.OPERATOR.call(() -> world.runs.retry(id))).isTrue();
        start(id);
        Run finished = awaitEnd(id, run -> run.tenantsDone() == COMPANIES);
        assertThat(finished.status()).isEqualTo(Status.COMPLETED);
        assertThat(finished.invoices()).isEqualTo(COMPANIES);
        assertThat(invoicesOf(companies)).isEqualTo(COMPANIES);
        Problems.assertRefused(Problem.Kind.CONFLICT, () -> World.OPERATOR.call(() -> world.runs.stop(id)));
    }

    @Test
    @DisplayName("A stop that is asked for before the job begins holds")
    void stopsBeforeItBegins() {
        List<Company> companies = companies(3);
        UUID id = order(companies, false);
        World.OPERATOR.run(() -> world.runs.stop(id));

        start(id);

        assertThat(awaitEnd(id, run -> true).status()).isEqualTo(Status.STOPPED);
        assertThat(invoicesOf(companies)).isZero();
    }

    @Test
    @DisplayName("The job repository lies in PostgreSQL, in the schema batch, and tells how each run's job ended")
    void repositoryIsInTheDatabase() {
        Run run = carriedOut(companies(1), false);
        assertThat(run.status()).isEqualTo(Status.COMPLETED);

        assertThat(owner.query("SELECT tablename FROM pg_tables WHERE schemaname = 'batch'", row -> row.getString(1)))
                .contains("jb_jobinstance", "jb_jobexecution", "jb_stepthreadexecution");
        long execution = owner.count("SELECT execution_id FROM invoice_runs WHERE id = ?", run.id());
        Await.until(
                "the job's end",
                () -> BatchRuntime.getJobOperator().getJobExecution(execution).getBatchStatus(),
                status -> status == BatchStatus.COMPLETED || status == BatchStatus.FAILED);
        assertThat(owner.query(
                        "SELECT batchstatus FROM batch.jb_jobexecution WHERE jobexecid = ?",
                        row -> row.getString(1),
                        execution))
                .as("the job's status in the repository")
                .singleElement()
                .isNotNull();
        assertThat(BatchRuntime.getJobOperator().getJobExecution(execution).getBatchStatus())
                .isEqualTo(BatchStatus.COMPLETED);
    }

    @Test
    @DisplayName("MET-7: the rollup job rolls up every tenant that is behind")
    void rollupJobCatchesUp() {
        List<Company> companies = companies(5);
        companies.forEach(company -> company.uses("tokens", 7).uses("api_calls", 3));

        long execution = World.OPERATOR.call(world.rollupStarter::start);
        BatchStatus end = Await.until(
                "the rollup job's end",
                () -> BatchRuntime.getJobOperator().getJobExecution(execution).getBatchStatus(),
                status -> status == BatchStatus.COMPLETED || status == BatchStatus.FAILED);

        assertThat(end).isEqualTo(BatchStatus.COMPLETED);
        // Events that came while a job was under way are the next one's.
        Await.until("nothing behind", () -> behind(companies), behind -> behind == 0 || startAnother());
        assertThat(owner.count(
                        "SELECT count(*) FROM usage_rollups WHERE tenant_id = ANY (?)",
                        new Sql.Array("uuid", ids(companies).toArray())))
                .isEqualTo(10);
        assertThat(companies)
                .allSatisfy(company -> assertThat(company.usage("tokens", "2026-01-31", "2026-02-01"))
                        .isEqualByComparingTo("7"));
    }

    @Test
    @DisplayName("INV-26: what a run makes of many tenants at once is, row by row, what it makes of each by itself")
    void manyAtOnceAsEachByItself() {
        String region = Terms.region();
        at(
                "2031-01-01",
                () -> World.OPERATOR.call(() -> terms.rates.add(new TaxRates.NewRate(
                        "vat_" + region.toLowerCase(Locale.ROOT),
                        new BigDecimal("19"),
                        false,
                        "DE",
                        region,
                        Set.of(),
                        LocalDate.parse("2031-01-01"),
                        null))));
        List<Life> lives = lives(region);
        List<Company> alone = lives.stream().map(life -> life.begin().get()).toList();
        List<Company> together = lives.stream().map(life -> life.begin().get()).toList();
        Instant asOf = Dates.at("2031-03-05");
        long before = invoicesOf(together);
        long beforeAlone = invoicesOf(alone);

        UUID counted = at("2031-03-05T10:00", () -> {
            UUID run = unattended(asOf, alone);
            alone.forEach(company -> World.OPERATOR.run(() -> world.runs.found(
                    run, company.id(), World.OPERATOR.in(company.id()).call(() -> world.settlement.dryRun(asOf)))));
            return run;
        });
        Set<UUID> countedAtOnce = at("2031-03-05T10:00", () -> {
            UUID run = unattended(asOf, together);
            Set<UUID> some = World.OPERATOR.call(() -> months.count(ids(together), asOf, run));
            // A dry run comes to them again where its server was cut off, and counts them once all the same.
            World.OPERATOR.call(() -> months.count(ids(together), asOf, run));
            together.stream()
                    .filter(company -> !some.contains(company.id()))
                    .forEach(company -> World.OPERATOR.run(() -> world.runs.found(
                            run,
                            company.id(),
                            World.OPERATOR.in(company.id()).call(() -> world.settlement.dryRun(asOf)))));
            return some;
        });
        long ahead = owner.count("SELECT sum(invoices) FROM invoice_run_tenants WHERE run_id = ?", counted);
        assertThat(ahead).isPositive();
        assertThat(invoicesOf(together)).as("made by counting").isEqualTo(before);
        at("2031-03-05T10:00", () -> {
            UUID run = unattended(asOf, alone);
            alone.forEach(company -> {
                World.OPERATOR.in(company.id()).run(() -> world.settlement.carryTo(asOf, run));
                World.OPERATOR.run(() -> world.runs.done(run, company.id()));
            });
            return null;
        });
        assertThat(invoicesOf(alone)).as("counted ahead").isEqualTo(beforeAlone + ahead);
        List<UUID> left = at("2031-03-05T10:00", () -> {
            UUID run = unattended(asOf, together);
            List<UUID> rest = World.OPERATOR.call(() -> world.settlement.carryAllTo(ids(together), asOf, run));
            rest.forEach(company -> {
                World.OPERATOR.in(company).run(() -> world.settlement.carryTo(asOf, run));
                World.OPERATOR.run(() -> world.runs.done(run, company));
            });
            return rest;
        });

        for (int i = 0; i < lives.size(); i++) {
            String name = lives.get(i).name();
            assertThat(left.contains(together.get(i).id()))
                    .as("%s: goes by itself", name)
                    .isNotEqualTo(lives.get(i).plain())
                    .isNotEqualTo(countedAtOnce.contains(together.get(i).id()));
            assertThat(rows(together.get(i))).as(name).isEqualTo(rows(alone.get(i)));
            UUID tenant = together.get(i).id();
            assertThat(World.OPERATOR.in(tenant).call(trail::verify).fault())
                    .as("audit of %s", name)
                    .isNull();
        }
        hasNoGaps(2031);
    }

    private void hasNoGaps(int year) {
        assertThat(owner.count("SELECT last FROM invoice_numbers WHERE series = 'INV' AND year = ?", year))
                .isPositive()
                .isEqualTo(owner.count(
                        "SELECT count(DISTINCT number) FROM invoices WHERE number LIKE ?", "INV-" + year + "-%"));
    }

    @Test
    @DisplayName("INV-28: one run in one share, or two runs at once in sixteen each, come to the same, row by row")
    void howeverARunIsCut() {
        Instant asOf = Dates.at("2034-04-05");
        String now = "2034-04-05T10:00";
        List<Company> whole = used(12);
        List<Company> cut = used(12);

        at(now, () -> {
            works(unattended(asOf, whole), 0, 1);
            return null;
        });
        UUID one = at(now, () -> unattended(asOf, cut));
        UUID other = at(now, () -> unattended(asOf, cut));
        crowd.allAtOnce(
                32,
                i -> () -> at(now, () -> {
                    works(i % 2 == 0 ? one : other, i / 2, 16);
                    return i;
                }));

        for (int i = 0; i < whole.size(); i++) {
            assertThat(made(cut.get(i))).isEqualTo(made(whole.get(i)));
        }
        assertThat(owner.count(
                        "SELECT sum(invoices) FROM invoice_run_tenants WHERE run_id = ANY (?) AND status = 'done'",
                        new Sql.Array("uuid", new UUID[] {one, other})))
                .as("invoices that the runs have counted")
                .isEqualTo(2L * cut.size());
        hasNoGaps(2034);
    }

    /** Does a share of a run as its job does. */
    private void works(UUID run, int share, int shares) {
        UUID last = null;
        while (true) {
            UUID after = last;
            List<UUID> page = World.OPERATOR.call(() -> world.runs.pending(run, share, shares, after, 5));
            if (page.isEmpty()) {
                return;
            }
            last = page.get(page.size() - 1);
            Instant asOf = World.OPERATOR.call(() -> world.runs.get(run)).asOf();
            World.OPERATOR
                    .call(() -> world.settlement.carryAllTo(page, asOf, run))
                    .forEach(tenant -> {
                        World.OPERATOR.in(tenant).run(() -> world.settlement.carryTo(asOf, run));
                        World.OPERATOR.run(() -> world.runs.done(run, tenant));
                    });
        }
    }

    private List<Company> used(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> uses(
                        uses(
                                live(Tier.PRO, BillingCycle.MONTHLY, UTC, "2034-01-31"),
                                "2034-02-10",
                                "executions",
                                10_000 + 10 * i),
                        "2034-03-10",
                        "tokens",
                        20_000_000))
                .toList();
    }

    /** What was made of it, without which run it was. */
    private List<String> made(Company company) {
        return rows(company).stream()
                .filter(row -> !row.startsWith("invoice_run_tenants"))
                .toList();
    }

    @Test
    @DisplayName("INV-27: a run is compared with an earlier one, tenant by tenant, the largest change first")
    void comparedWithAnEarlierRun() {
        List<Company> companies = companies(5);
        Company fresh = world.open(Tier.TEAM, "2026-02-20");
        companies.get(0).on("2026-02-10").uses("executions", 10_250);
        companies.get(3).on("2026-02-10").uses("executions", 10_020);
        owner.update(
                "UPDATE subscriptions SET currency = 'XTS' WHERE tenant_id = ?",
                companies.get(4).id());
        List<Company> all = Stream.concat(companies.stream(), Stream.of(fresh)).toList();
        Run first = carriedOut(all, false);
        assertThat(first.invoices()).isEqualTo(4);
        companies.get(1).on("2026-03-10").uses("executions", 10_100);
        companies.get(2).on("2026-03-10").uses("executions", 10_000);
        companies.get(3).does(() -> world.settlement.amend(new Amendment.Cancel(null), Effective.NOW));

        Run second = World.OPERATOR.call(() -> world.runs.create(Dates.at("2026-04-01"), true, ids(all), true, "test"));
        start(second.id());
        Run end = awaitEnd(second.id(), run -> true);
        assertThat(end.failed()).isEqualTo(1);

        UUID against = World.OPERATOR
                .call(() -> changes.against(second.id(), null))
                .orElseThrow()
                .id();
        assertThat(against).isEqualTo(first.id());
        List<Change> found = World.OPERATOR.call(() -> changes.next(second.id(), against, Wanted.ALL, null));
        assertThat(found)
                .extracting(Change::tenant, Change::kind, Change::beforeCents, Change::cents)
                .containsExactly(
                        tuple(fresh.id(), Kind.NEW, 0L, 19_900L),
                        tuple(companies.get(3).id(), Kind.GONE, PRICE + 200, 0L),
                        tuple(companies.get(0).id(), Kind.SMALLER, PRICE + 2_500, PRICE),
                        tuple(companies.get(1).id(), Kind.LARGER, PRICE, PRICE + 1_000),
                        tuple(companies.get(4).id(), Kind.FAILED, 0L, 0L));
        assertThat(found.get(2).changePercent()).isEqualByComparingTo("-33.8");
        assertThat(found.get(0).changePercent()).isNull();
        assertThat(World.OPERATOR.call(() -> changes.next(second.id(), against, Wanted.ALL, found.get(1))))
                .isEqualTo(found.subList(2, 5));
        assertThat(World.OPERATOR
                        .call(() -> changes.list(
                                second.id(), against, new Wanted(null, BigDecimal.valueOf(25)), new Page.Request(1, 3)))
                        .total())
                .as("without what changed by a fifth")
                .isEqualTo(4);
        assertThat(World.OPERATOR
                        .call(() -> changes.list(
                                second.id(), against, new Wanted(Kind.SAME, BigDecimal.ZERO), new Page.Request(1, 3)))
                        .items())
                .extracting(Change::tenant)
                .containsExactly(companies.get(2).id());
        assertThat(World.OPERATOR.call(() -> changes.sums(second.id(), against)))
                .filteredOn(sum -> sum.kind() != Kind.FAILED)
                .extracting(Sum::kind, Sum::tenants)
                .containsExactlyInAnyOrder(
                        tuple(Kind.NEW, 1L),
                        tuple(Kind.GONE, 1L),
                        tuple(Kind.LARGER, 1L),
                        tuple(Kind.SMALLER, 1L),
                        tuple(Kind.SAME, 1L));
        assertThat(World.OPERATOR.call(() -> changes.against(first.id(), null)))
                .as("before the first")
                .isEmpty();
        owner.update(
                "UPDATE subscriptions SET currency = 'USD' WHERE tenant_id = ?",
                companies.get(4).id());
    }

    @Test
    @DisplayName("INV-27: a run of some tenants says nothing of others, and is not what one of all is compared with")
    void comparedAsFarAsBothReach() {
        List<UUID> six = ids(companies(6));
        UUID all = told("2035-01-01", "all", six, "USD");
        UUID some = told("2035-01-15", "named", six.subList(0, 2), "USD");
        UUID allAgain = told("2035-02-01", "all", six.subList(0, 5), "USD");
        UUID one = told("2035-02-15", "named", six.subList(0, 1), "EUR");
        UUID few = told("2035-02-20", "all", six.subList(0, 1), "USD");
        UUID three = told("2035-02-25", "named", six.subList(0, 3), "USD");

        assertThat(usual(allAgain)).as("of all, over one of some that is later").contains(all);
        assertThat(usual(some)).as("of some, with one of all that had them").contains(all);
        assertThat(usual(three)).as("over later ones that had one of them").contains(allAgain);
        assertThat(usual(few))
                .as("of all, with one of all that had six times as many")
                .isEmpty();
        assertThat(World.OPERATOR.call(() -> changes.earlier(few)))
                .extracting(InvoiceRunChanges.Earlier::id)
                .containsExactlyInAnyOrder(one, allAgain, some, all);
        assertThat(kinds(allAgain, all))
                .containsExactlyInAnyOrder(
                        tuple(six.get(0), Kind.SAME),
                        tuple(six.get(1), Kind.SAME),
                        tuple(six.get(2), Kind.SAME),
                        tuple(six.get(3), Kind.SAME),
                        tuple(six.get(4), Kind.SAME),
                        tuple(six.get(5), Kind.GONE));
        assertThat(kinds(some, all))
                .containsExactlyInAnyOrder(tuple(six.get(0), Kind.SAME), tuple(six.get(1), Kind.SAME));
        assertThat(kinds(allAgain, some))
                .containsExactlyInAnyOrder(tuple(six.get(0), Kind.SAME), tuple(six.get(1), Kind.SAME));
        assertThat(kinds(one, some))
                .as("in another currency, and not in both")
                .containsExactlyInAnyOrder(tuple(six.get(0), Kind.GONE), tuple(six.get(0), Kind.NEW));
        assertThat(World.OPERATOR.call(() -> changes.sums(one, some)))
                .extracting(Sum::kind, Sum::currency, Sum::beforeCents, Sum::cents)
                .containsExactlyInAnyOrder(tuple(Kind.GONE, "USD", PRICE, 0L), tuple(Kind.NEW, "EUR", 0L, PRICE));
        assertThat(World.OPERATOR.call(() -> world.runs.amounts(one)))
                .extracting(InvoiceRuns.Amount::currency)
                .containsExactly("EUR");

        UUID stopped = told("2035-03-01", "all", six, "USD");
        owner.update("UPDATE invoice_runs SET status = 'stopped' WHERE id = ?", stopped);
        ended(stopped, six.get(0), "pending", 0);
        ended(stopped, six.get(1), "pending", 1);
        ended(stopped, six.get(2), "failed", 0);
        UUID after = told("2035-04-01", "all", six.subList(0, 4), "USD");
        assertThat(kinds(after, stopped))
                .as("what was not come to, or not to the end, is not compared; what failed is new")
                .containsExactlyInAnyOrder(
                        tuple(six.get(2), Kind.NEW),
                        tuple(six.get(3), Kind.SAME),
                        tuple(six.get(4), Kind.GONE),
                        tuple(six.get(5), Kind.GONE));

        UUID older = told("2035-05-01", "unknown", six, "USD");
        UUID next = told("2035-06-01", "all", six.subList(0, 5), "USD");
        assertThat(usual(next)).as("by its size").contains(older);
        UUID olderOfSome = told("2035-07-01", "unknown", six.subList(0, 4), "USD");
        assertThat(kinds(olderOfSome, next))
                .as("nobody is gone who may not have been meant")
                .extracting(kind -> kind.toList().get(1))
                .containsOnly(Kind.SAME)
                .hasSize(4);
        assertThat(kinds(next, olderOfSome)).as("nor new").hasSize(4);
    }

    @Test
    @DisplayName("INV-27: a tenant that failed before it ever subscribed has no money to compare")
    void withoutCurrency() {
        List<UUID> two = ids(companies(2));
        UUID stranger = UUID.randomUUID();
        owner.update("""
                INSERT INTO tenants (id, name, slug, status, owner_email, billing_email, tier, plan_version, test_mode,
                    created_at, updated_at, version)
                SELECT ?, name, ?, status, owner_email, billing_email, tier, plan_version, test_mode, created_at, updated_at, 0
                FROM tenants WHERE id = ?""", stranger, World.unique("stranger"), two.get(0));
        UUID before = told("2036-01-01", "named", two, "USD");
        UUID run = told("2036-02-01", "named", List.of(two.get(0), two.get(1), stranger), "USD");
        ended(run, two.get(1), "failed", 0);
        owner.update(
                "UPDATE invoice_run_tenants SET status = 'failed', invoices = 0, amount_cents = 0, currency = NULL"
                        + " WHERE run_id = ? AND tenant_id = ?",
                run,
                stranger);
        assertThat(kinds(run, before))
                .containsExactlyInAnyOrder(tuple(two.get(0), Kind.SAME), tuple(two.get(1), Kind.FAILED));
        assertThat(World.OPERATOR.call(() -> changes.next(run, null, Wanted.ALL, null)))
                .extracting(Change::tenant, Change::kind)
                .containsExactlyInAnyOrder(tuple(two.get(0), Kind.NEW), tuple(two.get(1), Kind.FAILED));
        assertThat(World.OPERATOR.call(() -> changes.sums(run, null)))
                .extracting(Sum::currency)
                .containsOnly("USD");
        owner.update("DELETE FROM invoice_run_tenants WHERE tenant_id = ?", stranger);
        owner.update("DELETE FROM tenants WHERE id = ?", stranger);
    }

    /** Where a run left a tenant. */
    private void ended(UUID run, UUID tenant, String status, int invoices) {
        owner.update(
                "UPDATE invoice_run_tenants SET status = ?, invoices = ?, amount_cents = ? WHERE run_id = ? AND tenant_id = ?",
                status,
                invoices,
                invoices * PRICE,
                run,
                tenant);
    }

    /** A run that came to its end on that day, with an invoice of each of these tenants. */
    private UUID told(String day, String scope, List<UUID> tenants, String currency) {
        UUID id = UUID.randomUUID();
        owner.update("""
                INSERT INTO invoice_runs (id, as_of, dry_run, scope, status, requested_by, created_at)
                VALUES (?, ?, true, ?, 'completed', 'test', ?)""", id, Dates.at(day), scope, Dates.at(day));
        owner.update("""
                INSERT INTO invoice_run_tenants (tenant_id, run_id, status, invoices, amount_cents, currency)
                SELECT t, ?, 'done', 1, ?, ? FROM unnest(?::uuid[]) AS t""", id, PRICE, currency, new Sql.Array("uuid", tenants.toArray()));
        return id;
    }

    private Optional<UUID> usual(UUID run) {
        return World.OPERATOR.call(() -> changes.against(run, null)).map(Run::id);
    }

    private List<Tuple> kinds(UUID run, UUID against) {
        return Stream.concat(
                        World.OPERATOR.call(() -> changes.next(run, against, Wanted.ALL, null)).stream(),
                        World.OPERATOR
                                .call(() -> changes.next(run, against, new Wanted(Kind.SAME, BigDecimal.ZERO), null))
                                .stream())
                .map(change -> tuple(change.tenant(), change.kind()))
                .toList();
    }

    @Test
    @DisplayName(
            "INV-26, INV-7: one whose data is wrong keeps none of the others from being closed at once, and is left as it was")
    void oneFaultAmongMany() {
        List<Company> companies = Stream.generate(() -> live(Tier.PRO, BillingCycle.MONTHLY, UTC, "2032-01-31"))
                .limit(5)
                .toList();
        Company broken = companies.get(2);
        owner.update("UPDATE subscriptions SET currency = 'XTS' WHERE tenant_id = ?", broken.id());
        Instant asOf = Dates.at("2032-03-01");
        UUID run = at("2032-03-01T10:00", () -> unattended(asOf, companies));

        List<UUID> left = at(
                "2032-03-01T10:00",
                () -> World.OPERATOR.call(() -> world.settlement.carryAllTo(ids(companies), asOf, run)));

        assertThat(left).containsExactly(broken.id());
        assertThat(run(run).tenantsDone()).isEqualTo(4);
        assertThat(run(run).invoices()).isEqualTo(4);
        assertThat(invoicesOf(companies)).isEqualTo(4);
        owner.update(
                "UPDATE subscriptions SET status = 'canceled', ended_at = now(), next_due_at = NULL WHERE tenant_id = ?",
                broken.id());
    }

    @Test
    @DisplayName("INV-26: a tenant that somebody else is at is left to be done by itself, and nobody is waited for")
    void nobodyIsWaitedFor() {
        List<Company> companies = Stream.generate(() -> live(Tier.PRO, BillingCycle.MONTHLY, UTC, "2033-01-31"))
                .limit(4)
                .toList();
        Instant asOf = Dates.at("2033-03-01");
        UUID run = at("2033-03-01T10:00", () -> unattended(asOf, companies));

        List<UUID> left = owner.during(
                () -> at(
                        "2033-03-01T10:00",
                        () -> World.OPERATOR.call(() -> world.settlement.carryAllTo(ids(companies), asOf, run))),
                """
                SELECT 1 FROM (SELECT tenant_id FROM subscriptions WHERE tenant_id = ? FOR UPDATE) locked
                CROSS JOIN pg_advisory_xact_lock_shared(hashtextextended(?, 0))""",
                companies.get(0).id(),
                companies.get(1).id().toString());

        assertThat(left)
                .containsExactlyInAnyOrder(
                        companies.get(0).id(), companies.get(1).id());
        assertThat(run(run).invoices()).isEqualTo(2);
    }

    /** A run that no job takes up. */
    private UUID unattended(Instant asOf, List<Company> companies) {
        UUID[] run = new UUID[1];
        World.OPERATOR.run(() -> workshop.together(() -> {
            run[0] = world.runs
                    .create(asOf, false, ids(companies), false, "test")
                    .id();
            world.runs.stop(run[0]);
        }));
        return run[0];
    }

    /** A live tenant that starts on that day of years to come, so that no timer of the server finds anything of it due. */
    private Company live(Tier tier, BillingCycle cycle, ZoneId zone, String start) {
        String slug = World.unique("live");
        return new Company(
                world,
                at(
                        start,
                        () -> World.OPERATOR
                                .call(() -> world.onboarding.openUnannounced(new Onboarding.NewTenant(
                                        "Company",
                                        slug,
                                        "owner@live.example",
                                        "billing@live.example",
                                        tier,
                                        cycle,
                                        0,
                                        false,
                                        null,
                                        zone)))
                                .id()));
    }

    private static <T> T at(String day, Supplier<T> work) {
        return BusinessClock.at(Dates.at(day), work);
    }

    private static Company does(Company company, String day, Runnable work) {
        at(day, () -> {
            company.does(work);
            return null;
        });
        return company;
    }

    private static Company uses(Company company, String day, String meter, long quantity) {
        return does(company, day, () -> company.used(meter, quantity, day));
    }

    /** What a tenant does up to the run. @param plain whether it is closed among many */
    private record Life(String name, boolean plain, Supplier<Company> begin) {}

    private Company pro() {
        return live(Tier.PRO, BillingCycle.MONTHLY, UTC, "2031-01-31");
    }

    private List<Life> lives(String region) {
        return List.of(
                new Life("nothing but its plan", true, this::pro),
                new Life("free", true, () -> live(Tier.FREE, BillingCycle.MONTHLY, UTC, "2031-01-31")),
                new Life("yearly", true, () -> live(Tier.PRO, BillingCycle.YEARLY, BERLIN, "2031-01-20")),
                new Life("usage at the edges of the month", true, () -> {
                    Company team = live(Tier.TEAM, BillingCycle.MONTHLY, BERLIN, "2031-01-14T13:07");
                    uses(team, "2031-01-14T13:07", "executions", 60_000);
                    uses(team, "2031-02-01", "executions", 60_011);
                    uses(team, "2031-02-13", "tokens", 123_456_789);
                    uses(team, "2031-02-14T13:06", "api_calls", 1_000_123);
                    return uses(team, "2031-02-14T13:07", "api_calls", 77);
                }),
                new Life("usage rolled up, and a level", true, () -> {
                    Company company = uses(pro(), "2031-01-31", "storage_mb", 204_800);
                    uses(company, "2031-02-10", "executions", 12_345);
                    uses(company, "2031-02-10", "storage_mb", 20_480);
                    company.rollsUp();
                    return uses(company, "2031-02-11", "executions", 5);
                }),
                new Life("taxes", true, () -> profile(pro(), Terms.at(region, null), false)),
                new Life("two months", true, () -> {
                    Company company = live(Tier.PRO, BillingCycle.MONTHLY, UTC, "2031-01-03");
                    uses(company, "2031-01-10", "executions", 10_100);
                    return uses(company, "2031-02-10", "executions", 10_200);
                }),
                new Life("exempt", true, () -> profile(pro(), Terms.at(region, null), true)),
                new Life("reverse charge", true, () -> profile(pro(), Terms.at(region, "DE123456789"), false)),
                new Life("a card", true, () -> does(pro(), "2031-02-01", () -> world.cards.add(Company.VISA, true))),
                new Life(
                        "a card that fails",
                        true,
                        () -> does(pro(), "2031-02-01", () -> world.cards.add(Company.FAILING, true))),
                new Life("an endpoint", true, () -> {
                    Company company = pro();
                    owner.update("""
                            INSERT INTO webhook_endpoints
                                (tenant_id, id, url, description, events, enabled, secret, created_at, updated_at)
                            VALUES (?, gen_random_uuid(), 'https://hook.example/', '', '{}', true, '', now(), now())""", company.id());
                    return company;
                }),
                new Life(
                        "another plan in the month",
                        false,
                        () -> does(
                                pro(),
                                "2031-02-10",
                                () -> world.settlement.amend(
                                        new Amendment.ToPlan(Tier.TEAM, BillingCycle.MONTHLY, null), Effective.NOW))),
                new Life(
                        "the end",
                        false,
                        () -> does(
                                pro(),
                                "2031-02-10",
                                () -> world.settlement.amend(new Amendment.Cancel(null), Effective.PERIOD_END))),
                new Life(
                        "a credit",
                        false,
                        () -> does(
                                pro(),
                                "2031-02-10",
                                () -> terms.prepaid.grant(new PrepaidCredits.NewCredit(
                                        PrepaidCredits.Kind.PAID, "USD", 1_000, null, 0, "")))));
    }

    private Company profile(Company company, BillingProfile profile, boolean exempt) {
        at(
                "2031-02-01",
                () -> World.OPERATOR.in(company.id()).call(() -> terms.profiles.change(profile, exempt, null)));
        return company;
    }

    /** All that a run makes of a tenant, but for ids, numbers and the machine's clock. */
    private List<String> rows(Company company) {
        List<String> rows = new ArrayList<>();
        MADE.forEach((table, order) -> rows.addAll(owner.query(
                "SELECT '" + table
                        + " ' || (to_jsonb(x) - ARRAY['at', 'hash', 'prev_hash', 'customer_ref', 'provider_ref', "
                        + "'begun_at', 'began_at', 'next_attempt_at', 'number', 'slug'])::text FROM " + table
                        + " x WHERE tenant_id = ? ORDER BY " + order,
                row -> row.getString(1),
                company.id())));
        // Ids are made in the order in which things happen.
        Map<String, String> names = new HashMap<>();
        return rows.stream()
                .map(row -> UUIDS.matcher(row)
                        .replaceAll(id -> names.computeIfAbsent(id.group(), any -> "id " + names.size())))
                .map(row ->
                        row.replaceAll("INV-20[0-9]{2}-[0-9]{6}", "number").replaceAll("live-[0-9a-f-]{18}", "slug"))
                .toList();
    }

    private boolean startAnother() {
        World.OPERATOR.call(world.rollupStarter::start);
        return false;
    }

    private long behind(List<Company> companies) {
        return owner.count(
                "SELECT count(*) FROM usage_pending WHERE tenant_id = ANY (?)",
                new Sql.Array("uuid", ids(companies).toArray()));
    }
}
