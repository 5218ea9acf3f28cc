package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.ledger.boundary.Ledger.AccountBalance;
import com.cognitionos.onboarding.boundary.Onboarding;
import com.cognitionos.rating.entity.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What falls due over years comes in its order, whether a test clock goes there at once or a month at a time. */
@DisplayName("A test clock over years")
class YearsIT extends InContainer {

    private static final String END = "2027-06-15";

    /** An invoice but for its number and ids. */
    private record Turn(
            String kind, Instant at, Period period, List<InvoiceLine> lines, long total, long paid, long balance) {

        static Turn of(InvoiceView invoice) {
            return new Turn(
                    invoice.kind(),
                    invoice.createdAt(),
                    invoice.period(),
                    invoice.lines(),
                    invoice.totalCents(),
                    invoice.amountPaidCents(),
                    invoice.balanceAppliedCents());
        }
    }

    private static Instant midnight(ZoneId zone, String day) {
        return LocalDate.parse(day).atStartOfDay(zone).toInstant();
    }

    private Company open(ZoneId zone, BillingCycle cycle) {
        String slug = World.unique("years");
        Company company = new Company(
                world,
                World.OPERATOR
                        .call(() -> world.onboarding.open(new Onboarding.NewTenant(
                                "Company " + slug,
                                slug,
                                "owner@" + slug + ".example",
                                "billing@" + slug + ".example",
                                Tier.PRO,
                                cycle,
                                0,
                                true,
                                midnight(zone, "2024-01-31"),
                                zone)))
                        .id());
        // A level that holds for years: each month of each length has its mean.
        company.withCard(Company.VISA).uses("storage_mb", 204_800);
        Amendment toTeam = new Amendment.ToPlan(Tier.TEAM, cycle, null);
        company.does(() -> world.settlement.amend(
                toTeam, Effective.at(midnight(zone, "2025-03-30").plusSeconds(5_400))));
        return company;
    }

    private List<Turn> turns(Company company) {
        return company.invoices().stream().map(Turn::of).toList();
    }

    @Test
    @DisplayName(
            "INV-6, TEN-5: three years and a half at once are the same as month by month, in both cycles and two zones")
    void atOnceOrMonthByMonth() {
        for (String place : List.of("Europe/Berlin", "America/New_York")) {
            ZoneId zone = ZoneId.of(place);
            for (BillingCycle cycle : BillingCycle.values()) {
                Company slow = open(zone, cycle);
                for (LocalDate day = LocalDate.parse("2024-02-15"); day.isBefore(LocalDate.parse(END)); ) {
                    slow.on(day.toString());
                    day = day.plusMonths(1).minusDays(day.getDayOfMonth() % 3);
                }
                slow.on(END);
                Company fast = open(zone, cycle);
                fast.on(END);

                assertThat(turns(fast)).as("%s, %s", place, cycle).isEqualTo(turns(slow));
                fast.on(END);
                assertThat(turns(fast)).as("again").isEqualTo(turns(slow));
                assertInOrder(fast.invoices());
                assertTiled(fast, zone);
                assertThat(fast.subscription().tier()).isEqualTo("team");
                assertThat(fast.invoices())
                        .allSatisfy(invoice -> assertThat(invoice.status()).isEqualTo("paid"));
                assertThat(fast.as(() -> world.ledger.trialBalance(true)).stream()
                                .mapToLong(AccountBalance::balanceCents)
                                .sum())
                        .isZero();
            }
        }
        assertGapless();
    }

    private static void assertInOrder(List<InvoiceView> invoices) {
        assertThat(invoices).extracting(InvoiceView::createdAt).isSorted();
        assertThat(invoices.stream().map(InvoiceView::number).toList())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(invoices)
                .allSatisfy(invoice -> assertThat(invoice.number())
                        .startsWith("TEST-"
                                + invoice.createdAt().atZone(ZoneId.of("UTC")).getYear() + "-"));
    }

    /** The usage months touch, begin at midnight of the place on the 31st or the month's last day, and none is missing. */
    private void assertTiled(Company company, ZoneId zone) {
        List<Period> months = new ArrayList<>(company.invoices().stream()
                .filter(invoice -> invoice.kind().equals("period"))
                .map(InvoiceView::period)
                .toList());
        months.add(company.subscription().usagePeriod());
        Instant end = midnight(zone, "2024-01-31");
        for (Period month : months) {
            assertThat(month.start()).isEqualTo(end);
            ZonedDateTime local = month.end().atZone(zone);
            assertThat(local.toLocalTime()).isEqualTo(LocalTime.MIDNIGHT);
            assertThat(local.getDayOfMonth()).isEqualTo(local.toLocalDate().lengthOfMonth());
            end = month.end();
        }
        assertThat(months).hasSize(41);
        assertThat(months.get(0).end()).isEqualTo(midnight(zone, "2024-02-29"));
    }

    private void assertGapless() {
        assertThat(owner.query("""
                        SELECT n.year FROM invoice_numbers n WHERE n.series = 'TEST' AND n.last <> (
                            SELECT count(*) FROM invoices i WHERE i.number LIKE 'TEST-' || n.year || '-%')""", row -> row.getInt(1))).isEmpty();
    }
}
