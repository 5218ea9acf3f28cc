package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Run;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Status;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.LeaseLost;
import com.cognitionos.kernel.Leases;
import jakarta.ejb.EJB;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("KER-9: what one node at a time works on")
class LeaseIT extends InContainer {

    @EJB
    private Leases leases;

    private final String name = "test " + UUID.randomUUID();

    private Optional<Lease> take() {
        return World.OPERATOR.call(() -> leases.take(name));
    }

    private void runsOut() {
        owner.update("UPDATE leases SET until = now() - interval '1 s' WHERE name = ?", name);
    }

    @Test
    @DisplayName("Nobody takes it until it has run out; a later fence is higher, also after it was given back")
    void oneAtATime() {
        Lease first = take().orElseThrow();
        assertThat(take()).isEmpty();
        runsOut();
        assertThat(World.OPERATOR.call(() -> leases.keep(first)))
                .as("in time, since nobody took it")
                .isTrue();
        assertThat(take()).isEmpty();

        runsOut();
        Lease second = take().orElseThrow();
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(World.OPERATOR.call(() -> leases.keep(first))).isFalse();
        World.OPERATOR.run(() -> leases.release(first));
        assertThat(take()).as("what is not its own is not given back").isEmpty();
        World.OPERATOR.run(() -> leases.release(second));
        assertThat(take().orElseThrow().fence()).isGreaterThan(second.fence());
    }

    @Test
    @DisplayName("What is done by a lease that another has by now leaves nothing, at whichever transaction it notices")
    void tooLate() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        Lease first = take().orElseThrow();
        first.run(() -> company.uses("executions", 5));
        runsOut();
        Lease second = take().orElseThrow();

        assertThatThrownBy(() -> first.run(() -> company.uses("executions", 7))).isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() ->
                        first.run(() -> company.does(() -> world.settlement.carryTo(Dates.at("2026-03-01"), null))))
                .isInstanceOf(LeaseLost.class);

        assertThat(company.usage("executions", "2026-01-31", "2026-02-01")).isEqualByComparingTo("5");
        assertThat(company.invoices()).isEmpty();
        second.run(() -> company.uses("executions", 7));
        assertThat(company.usage("executions", "2026-01-31", "2026-02-01")).isEqualByComparingTo("12");
    }

    @Test
    @DisplayName("While a transaction by it is open it is kept, but not taken; one that falls silent is ended")
    void heldToTheCommit() {
        Lease first = take().orElseThrow();
        runsOut();
        owner.during(
                () -> {
                    assertThat(take()).as("it may yet commit").isEmpty();
                    assertThat(World.OPERATOR.call(() -> leases.keep(first))).isTrue();
                    runsOut();
                    return null;
                },
                "SELECT hold_lease(?, ?), set_config('idle_in_transaction_session_timeout', '0', true)",
                name,
                first.fence());
        assertThat(take()).isPresent();

        assertThat(owner.query(
                        "SELECT hold_lease(?, ?), current_setting('idle_in_transaction_session_timeout')",
                        row -> row.getBoolean(1) + " " + row.getString(2),
                        name,
                        first.fence()))
                .containsExactly("false 10s");
    }

    @Test
    @DisplayName(
            "INV-7: a run whose node fell silent goes on at another, and its own node can neither go on nor end it")
    void aRunOfADeadNode() throws InterruptedException {
        List<Company> companies = List.of(world.open(Tier.PRO, "2026-01-31"), world.open(Tier.PRO, "2026-01-31"));
        String lease = """
                INSERT INTO leases (name, holder, until) VALUES (?, 'a node that is gone', now() + ?::interval)
                RETURNING fence""";
        // As a dead node leaves it: running, in the repository too, and nobody takes it while it may live.
        UUID id = UUID.randomUUID();
        long fence = owner.query(lease, row -> row.getLong(1), InvoiceRuns.leaseOf(id), "1 h")
                .get(0);
        owner.update("""
                INSERT INTO invoice_runs (id, as_of, dry_run, status, requested_by, created_at, started_at)
                VALUES (?, ?, false, 'running', 'test', now(), now())""", id, Dates.at("2026-03-01"));
        companies.forEach(company -> owner.update("""
                INSERT INTO invoice_run_tenants (tenant_id, run_id, status) VALUES (?, ?, 'pending')""", company.id(), id));
        World.OPERATOR.run(() -> world.runStarter.start(id));
        TimeUnit.SECONDS.sleep(4);
        assertThat(run(id).tenantsDone()).as("while it may live").isZero();

        owner.update("UPDATE leases SET until = now() - interval '1 s' WHERE fence = ?", fence);
        Run end = Await.until("the end of the run", () -> run(id), run -> run.status() == Status.COMPLETED);

        assertThat(end.invoices()).isEqualTo(2);
        Await.until(
                "the lease to be given back",
                () -> owner.count("SELECT count(*) FROM leases WHERE name = ?", InvoiceRuns.leaseOf(id)),
                leases -> leases == 0);
        Lease late = new Lease(InvoiceRuns.leaseOf(id), fence);
        assertThatThrownBy(() -> late.run(() -> World.OPERATOR.run(() -> world.runs.ended(id, Status.FAILED, late))))
                .isInstanceOf(LeaseLost.class);
        assertThat(run(id).status()).isEqualTo(Status.COMPLETED);
        assertThat(World.OPERATOR.call(() -> world.runs.take(id)))
                .as("at its end")
                .isEmpty();
    }

    @Test
    @DisplayName("A run whose job breaks off goes on by itself, five times, and has then failed")
    void breaksOff() {
        UUID id = World.OPERATOR
                .call(() -> world.runs.create(Dates.at("2026-01-01"), true, List.of(), true, "test"))
                .id();
        Await.until("its end", () -> run(id), run -> run.status() == Status.COMPLETED);
        owner.update("UPDATE invoice_runs SET status = 'running' WHERE id = ?", id);
        owner.update(
                "INSERT INTO leases (name, holder, until) VALUES (?, 'test', now() + interval '1 h')",
                InvoiceRuns.leaseOf(id));
        Lease lease = new Lease(
                InvoiceRuns.leaseOf(id),
                owner.count("SELECT fence FROM leases WHERE name = ?", InvoiceRuns.leaseOf(id)));
        for (int i = 0; i < 5; i++) {
            World.OPERATOR.run(() -> world.runs.brokeOff(id, lease));
            assertThat(run(id).status()).isEqualTo(Status.RUNNING);
        }
        World.OPERATOR.run(() -> world.runs.brokeOff(id, lease));
        assertThat(run(id).status()).isEqualTo(Status.FAILED);
    }

    private Run run(UUID id) {
        return World.OPERATOR.call(() -> world.runs.get(id));
    }
}
