package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Run;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Status;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.batch.runtime.BatchStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Invoice run as a batch job")
class InvoiceRunIT extends InContainer {

    private static final int COMPANIES = 30;
    private static final Instant AS_OF = Dates.at("2026-03-01");
    private static final long PRICE = 4_900;

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
