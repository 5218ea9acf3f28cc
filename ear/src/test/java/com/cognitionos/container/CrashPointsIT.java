package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.integrity.boundary.IntegrityCheck;
import com.cognitionos.integrity.entity.Invariant;
import com.cognitionos.integrity.entity.Offender;
import com.cognitionos.invoicing.batch.InvoiceRunWork;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Run;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.IngestResult;
import com.cognitionos.metering.entity.UsageEvent;
import jakarta.ejb.EJB;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a node does ends at each of its statements and each of its commits in turn, with and without the commit's answer; it is done
 * again, and must come to the same end as if nothing had been. How many points there were is printed. Of the many of an invoice
 * run {@code verify} tries each fourth, from another one every day; the profile nightly tries all.
 */
@DisplayName("A crash at each statement and each commit")
class CrashPointsIT extends InContainer {

    /** So many months of a company are billed in turn. */
    private static final int MONTHS = 12;

    private static final int TOO_MANY = 5_000;
    private static final int STRIDE = Integer.getInteger("crash.stride", 1);

    @EJB
    private IntegrityCheck check;

    @EJB
    private InvoiceRunWork work;

    private final Set<UUID> tenants = new HashSet<>();

    /**
     * Until no point is left.
     *
     * @param stride from one point to the next
     * @param fresh what it is done to
     * @param done what is done, and done again after the crash
     * @param checked that all is as it should be
     */
    private <T> void at(String what, int stride, Supplier<T> fresh, Consumer<T> done, Consumer<T> checked) {
        T calm = fresh.get();
        done.accept(calm);
        checked.accept(calm);
        int points = 0;
        int commits = 0;
        int last = 0;
        for (int point = 1 + LocalDate.now().getDayOfYear() % stride; point < TOO_MANY; point += stride) {
            T victim = fresh.get();
            CutOff cut = CutOff.at(point);
            try (cut) {
                done.accept(victim);
            } catch (RuntimeException crash) {
                assertThat(cut.came())
                        .as("%s failed by itself: %s", what, crash)
                        .isTrue();
            }
            if (!cut.came()) {
                break;
            }
            points++;
            last = point;
            commits += cut.toString().contains("after COMMIT") ? 1 : 0;
            try {
                done.accept(victim);
                checked.accept(victim);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(what + ", cut off at " + cut, e);
            }
        }
        System.out.println(
                "CrashPointsIT: " + what + ": " + points + " points, " + commits + " of them after a commit");
        assertThat(points).isPositive();
        if (stride == 1) {
            assertThat(commits).isPositive().isLessThan(points / 2);
        }
        everythingHolds();
    }

    private void everythingHolds() {
        for (Invariant invariant : Invariant.values()) {
            assertThat(World.OPERATOR.call(() -> check.of(invariant)).first())
                    .as(invariant.code())
                    .filteredOn(offender -> tenants.contains(offender.tenant()))
                    .extracting(Offender::what)
                    .isEmpty();
        }
    }

    private Company company() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        tenants.add(company.id());
        return company;
    }

    @Test
    @DisplayName("MET-1, MET-2: of a batch that is sent again after a crash, each event counts once")
    void ingestion() {
        UsageEvent[] batch = {
            Company.event("a", "executions", "3", Dates.at("2026-01-31")),
            Company.event("b", "executions", "4", Dates.at("2026-01-31")),
            Company.event("c", "tokens", "5.5", Dates.at("2026-01-31")),
            Company.event("d", "storage_mb", "6", Dates.at("2026-01-31"))
        };
        at(
                "ingestion",
                1,
                this::company,
                company -> {
                    IngestResult result = company.sends(batch);
                    assertThat(result.rejected()).isEmpty();
                    assertThat(result.accepted() + result.duplicates()).isEqualTo(batch.length);
                },
                company -> {
                    assertThat(owner.count("SELECT count(*) FROM usage_records WHERE tenant_id = ?", company.id()))
                            .isEqualTo(batch.length);
                    assertThat(company.usage("executions", "2026-01-31", "2026-02-01"))
                            .isEqualByComparingTo("7");
                    assertThat(company.usage("tokens", "2026-01-31", "2026-02-01"))
                            .isEqualByComparingTo("5.5");
                });
    }

    @Test
    @DisplayName("MET-7: a rollup that is begun again is that of all records")
    void rollup() {
        at(
                "rollup",
                1,
                () -> company()
                        .uses("executions", 7)
                        .uses("tokens", 11)
                        .on("2026-02-02")
                        .uses("executions", 9)
                        .used("tokens", 1, "2026-02-01"),
                Company::rollsUp,
                company -> {
                    assertThat(owner.count("SELECT count(*) FROM usage_pending WHERE tenant_id = ?", company.id()))
                            .isZero();
                    assertThat(owner.query("""
                                    SELECT meter || ' ' || day || ' ' || trim_scale(quantity) || ' ' || events
                                    FROM usage_rollups WHERE tenant_id = ? ORDER BY 1""", row -> row.getString(1), company.id()))
                            .containsExactly(
                                    "executions 2026-01-31 7 1",
                                    "executions 2026-02-02 9 1",
                                    "tokens 2026-01-31 11 1",
                                    "tokens 2026-02-01 1 1");
                });
    }

    /** A run over one month of its tenants: one with a card and overage, one without a card. */
    private record Ordered(UUID run, int months, List<Company> companies) {}

    private List<Company> companies = List.of();
    private int months;

    @Tag("nightly")
    @Test
    @DisplayName(
            "INV-4, INV-7, PAY-2: an invoice run that goes on after a crash makes each invoice and each charge once")
    void invoiceRun() {
        List<List<String>> calm = new ArrayList<>();
        at("invoice run", STRIDE, this::ordered, this::goesOn, ordered -> {
            List<String> found = new ArrayList<>();
            for (Company company : ordered.companies()) {
                assertThat(company.invoices()).hasSize(ordered.months());
                InvoiceView invoice = company.lastInvoice();
                found.add(content(invoice));
                found.add(
                        "payments " + owner.count("SELECT count(*) FROM payments WHERE invoice_id = ?", invoice.id()));
                assertThat(company.imbalance()).isZero();
            }
            Run run = World.OPERATOR.call(() -> world.runs.get(ordered.run()));
            found.add(run.tenantsDone() + " done, " + run.failed() + " failed, " + run.invoices() + " invoices of "
                    + run.amountCents());
            if (calm.isEmpty()) {
                calm.add(found);
                assertThat(found).contains("2 done, 0 failed, 2 invoices of 14800", "payments 1", "payments 0");
            }
            assertThat(found).isEqualTo(calm.get(0));
        });
    }

    private static String content(InvoiceView invoice) {
        return invoice.status() + " " + invoice.totalCents() + " " + invoice.amountPaidCents() + " "
                + invoice.lines().stream()
                        .map(line -> line.description() + " " + line.amountCents())
                        .toList();
    }

    /** The next month of the same companies, or the first one of new ones after a year: to open them costs more than to bill them. */
    private Ordered ordered() {
        if (months == 0 || months == MONTHS) {
            companies = List.of(company().withCard(Company.VISA), company());
            months = 0;
        }
        companies.get(0).uses("executions", 10_500);
        companies.get(1).uses("tokens", 3);
        Instant asOf =
                Dates.at("2026-03-01").atZone(ZoneOffset.UTC).plusMonths(months).toInstant();
        months++;
        UUID run = UUID.randomUUID();
        // At its end already for whoever looks for work, so that nobody but this test works on it.
        owner.update("""
                INSERT INTO invoice_runs (id, as_of, dry_run, status, requested_by, created_at)
                VALUES (?, ?, false, 'completed', 'test', now())""", run, asOf);
        owner.update(
                "INSERT INTO invoice_run_tenants (tenant_id, run_id, status) SELECT unnest(?::uuid[]), ?, 'pending'",
                new Sql.Array("uuid", companies.stream().map(Company::id).toArray()),
                run);
        return new Ordered(run, months, companies);
    }

    private void goesOn(Ordered ordered) {
        List<UUID> pending = World.OPERATOR.call(() -> world.runs.pending(ordered.run(), 0, 1, null, 10));
        work.invoice(ordered.run(), pending);
    }
}
