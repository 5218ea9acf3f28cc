package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.metering.boundary.Retractions.Retraction;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.rating.entity.Period;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Late usage")
class LateUsageIT extends InContainer {

    @Test
    @DisplayName("MET-5: usage of an invoiced month is made up for once, on the next invoice, at that month's price")
    void lateUsage() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-10").uses("executions", 10_500);
        company.on("2026-03-05").used("executions", 100, "2026-02-20").used("tokens", 10, "2026-02-20");
        company.on("2026-03-06").used("executions", 7, "2026-02-27T23:59");
        assertThat(unsettled(company)).isEqualTo(3);

        company.on("2026-05-01");

        assertThat(company.totals()).containsExactly(4_900L + 5_000, 4_900L + 1_070, 4_900L);
        InvoiceView second = company.invoices().get(1);
        assertThat(second.lines())
                .filteredOn(line -> line.kind() == InvoiceLine.Kind.ADJUSTMENT)
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.meter()).isEqualTo("executions");
                    assertThat(line.amountCents()).isEqualTo(1_070);
                    assertThat(line.period()).isEqualTo(new Period(Dates.at("2026-01-31"), Dates.at("2026-02-28")));
                });
        assertThat(unsettled(company)).isZero();
        assertThat(owner.query(
                        "SELECT DISTINCT invoice_id::text FROM late_usage WHERE tenant_id = ?",
                        row -> row.getString(1),
                        company.id()))
                .containsExactly(second.id().toString());
    }

    @Test
    @DisplayName("MET-5: more late usage of a month that was adjusted already is adjusted by the difference")
    void lateUsageTwice() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-10").uses("executions", 10_000);
        company.on("2026-03-05").used("executions", 10, "2026-02-27");
        // The month that the first one was adjusted in is closed; the event lies 34 days back.
        company.on("2026-04-02").used("executions", 5, "2026-02-27T12:00");

        company.on("2026-05-01");

        assertThat(company.totals()).containsExactly(4_900L, 4_900L + 100, 4_900L + 50);
    }

    @Test
    @DisplayName("MET-5: a final invoice makes up for late usage too, and says so in the register")
    void lateUsageOnTheFinalInvoice() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-10").uses("executions", 10_500);
        company.on("2026-03-05").used("executions", 100, "2026-02-20");
        company.does(() -> world.settlement.cancelNow("no longer needed"));

        assertThat(company.lastInvoice().kind()).isEqualTo("final");
        assertThat(company.lastInvoice().lines())
                .filteredOn(line -> line.kind() == InvoiceLine.Kind.ADJUSTMENT)
                .singleElement()
                .satisfies(line -> assertThat(line.amountCents()).isEqualTo(1_000));
        assertThat(unsettled(company)).isZero();
    }

    private Retraction retract(Company company, String event) {
        return company.as(() -> world.retractions.retract(event));
    }

    private static void sends(Company company, String id, long executions, String day) {
        assertThat(company.sends(Company.event(id, "executions", Long.toString(executions), Dates.at(day)))
                        .accepted())
                .isEqualTo(1);
    }

    @Test
    @DisplayName(
            "MET-13: an event of the running month that is taken back counts no more, once, and its id stays taken")
    void retractedInTime() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-10").uses("executions", 10_000);
        sends(company, "wrong", 500, "2026-02-09");
        company.rollsUp();
        assertThat(company.usage("executions", "2026-01-31", "2026-02-28")).isEqualByComparingTo("10500");

        Retraction gone = retract(company, "wrong");

        assertThat(gone.late()).isFalse();
        assertThat(gone.quantity()).isEqualByComparingTo("500");
        assertThat(retract(company, "wrong")).isEqualTo(gone);
        assertThat(company.usage("executions", "2026-01-31", "2026-02-28")).isEqualByComparingTo("10000");
        assertThat(owner.count(
                        "SELECT sum(used) FROM usage_counters WHERE tenant_id = ? AND meter = 'executions'",
                        company.id()))
                .as("MET-12")
                .isEqualTo(10_000);
        assertThat(company.rollsUp().usage("executions", "2026-01-31", "2026-02-28"))
                .isEqualByComparingTo("10000");
        assertThat(company.sends(Company.event("wrong", "executions", "500", Dates.at("2026-02-09")))
                        .duplicates())
                .isEqualTo(1);
        assertRefused(Kind.NOT_FOUND, () -> retract(company, "never reported"));
        company.on("2026-03-01");
        assertThat(company.totals()).containsExactly(4_900L);
        assertThat(owner.count(
                        "SELECT count(*) FROM billing_audit_log WHERE tenant_id = ? AND action = 'usage.retracted'",
                        company.id()))
                .isEqualTo(1);
    }

    @Test
    @DisplayName(
            "MET-5, MET-13: an event of an invoiced month that is taken back is made up for once, on the next invoice")
    void retractedLate() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-20").uses("executions", 10_000);
        sends(company, "wrong", 100, "2026-02-20");
        company.on("2026-03-05");
        assertThat(company.totals()).containsExactly(4_900L + 1_000);

        assertThat(retract(company, "wrong").late()).isTrue();
        assertThat(retract(company, "wrong").late()).isTrue();
        assertThat(company.as(() -> world.lateUsage.list(false, new Page.Request(1, 10)))
                        .items())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.kind()).isEqualTo("retracted");
                    assertThat(entry.quantity()).isEqualByComparingTo("-100");
                    assertThat(entry.invoice()).isNull();
                });
        company.on("2026-05-01");

        assertThat(company.totals()).containsExactly(4_900L + 1_000, 4_900L - 1_000, 4_900L);
        UUID settledOn = company.invoices().get(1).id();
        assertThat(company.as(() -> world.lateUsage.list(true, new Page.Request(1, 10)))
                        .items())
                .singleElement()
                .satisfies(entry -> assertThat(entry.invoice()).isEqualTo(settledOn));
        assertThat(problemOf(() -> retract(company, "too old to be known")).kind())
                .isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    @DisplayName("MET-13: an event that is too old to be late is too old to be taken back")
    void retractedTooLate() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-10");
        sends(company, "old", 1, "2026-02-10");
        company.on("2026-04-01");

        assertThat(problemOf(() -> retract(company, "old")).code()).isEqualTo("too_late");
        company.does(() -> world.settlement.cancelNow(null));
        assertThat(problemOf(() -> retract(company, "old")).code()).isEqualTo("no_subscription");
    }

    @Test
    @DisplayName("INV-18: what a note has given back of a month is not given back again by an adjustment")
    void retractedAfterANote() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-02-27");
        company.uses("executions", 10_000);
        sends(company, "one", 100, "2026-02-27");
        sends(company, "two", 100, "2026-02-27");
        company.on("2026-03-05");
        company.credited(company.lastInvoice().id(), List.of(new CreditNotes.Wanted(2, 1_500)), Payout.REFUND);

        retract(company, "one");
        company.on("2026-04-01");

        assertThat(company.lastInvoice().totalCents()).isEqualTo(4_900 - 500);
        retract(company, "two");
        company.on("2026-05-01");
        assertThat(company.lastInvoice().totalCents()).isEqualTo(4_900);
    }

    @Test
    @DisplayName(
            "MET-5, MET-13: late and taken back in any order comes to the cents of what was reported rightly in time")
    void anyOrder() {
        for (long seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            Company inTime = world.open(Tier.PRO, "2026-01-31").on("2026-02-01").uses("executions", 10_000);
            Company anyhow = world.open(Tier.PRO, "2026-01-31").on("2026-02-01").uses("executions", 10_000);
            List<String> toRetract = new ArrayList<>();
            for (String month : List.of("2026-02", "2026-03", "2026-04")) {
                List<Runnable> late = new ArrayList<>();
                inTime.on(month + "-20");
                anyhow.on(month + "-20");
                for (int n = 0; n < 5; n++) {
                    String id = month + n;
                    String day = month + "-1" + random.nextInt(10);
                    long quantity = 1 + random.nextInt(40);
                    boolean wrong = random.nextBoolean();
                    if (!wrong) {
                        sends(inTime, id, quantity, day);
                    }
                    if (random.nextBoolean()) {
                        sends(anyhow, id, quantity, day);
                    } else {
                        late.add(() -> sends(anyhow, id, quantity, day));
                    }
                    if (wrong) {
                        toRetract.add(id);
                    }
                }
                anyhow.on(nextMonth(month) + "-05");
                late.forEach(Runnable::run);
                toRetract.forEach(event -> retract(anyhow, event));
                toRetract.clear();
            }
            inTime.on("2026-07-01");
            anyhow.on("2026-07-01");

            assertThat(charged(anyhow)).as("seed " + seed).isEqualTo(charged(inTime));
            assertThat(unsettled(anyhow)).isZero();
        }
    }

    private static String nextMonth(String month) {
        return YearMonth.parse(month).plusMonths(1).toString();
    }

    /** What it was charged in all, less what it was given back. */
    private static long charged(Company company) {
        return company.invoices().stream()
                        .mapToLong(invoice -> invoice.totalCents() - invoice.balanceAppliedCents())
                        .sum()
                - company.balance();
    }

    private long unsettled(Company company) {
        return owner.count("SELECT count(*) FROM late_usage WHERE tenant_id = ? AND invoice_id IS NULL", company.id());
    }
}
