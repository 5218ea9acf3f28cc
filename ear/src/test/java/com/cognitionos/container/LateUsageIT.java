package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.rating.entity.Period;
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

    private long unsettled(Company company) {
        return owner.count("SELECT count(*) FROM late_usage WHERE tenant_id = ? AND invoice_id IS NULL", company.id());
    }
}
