package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Drafting.NOW;
import static com.cognitionos.rating.entity.Drafting.amount;
import static com.cognitionos.rating.entity.Drafting.draft;
import static com.cognitionos.rating.entity.Drafting.exclusive;
import static com.cognitionos.rating.entity.Drafting.inclusive;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.rating.entity.Discount.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tax on an invoice. */
class TaxOnInvoiceTest {

    @Test
    @Scenario("LG-13")
    void theCouponIsSpreadAndThenTaxed() {
        Drafting draft = draft().charge("1", 10_000, "ten")
                .charge("2", 5_000, "none")
                .charge("3", 3_000, "twenty")
                .charge("4", 2_000, "twenty")
                .tax(exclusive("banking", "10"), "ten")
                .tax(exclusive("sales-fr", "0"), "none")
                .tax(exclusive("sales", "20"), "twenty")
                .discount(amount("c", 1000, Duration.ONCE));
        InvoiceAmounts invoice = draft.amounts();
        assertThat(invoice.lines()).map(InvoicedLine::taxCents).containsExactly(950L, 0L, 570L, 380L);
        assertThat(invoice.lines()).map(InvoicedLine::discountCents).containsExactly(500L, 250L, 150L, 100L);
        assertThat(invoice.totalCents()).isEqualTo(20_900);

        InvoiceAmounts free =
                draft.discount(amount("larger", 30_000, Duration.ONCE)).amounts();
        assertThat(free.taxCents()).isZero();
        assertThat(free.totalCents()).isZero();
        assertThat(free.newBalance()).isEqualTo(CustomerBalance.ZERO);
    }

    @Test
    void aTaxIsRoundedOncePerInvoiceAndItsLinesSumToIt() {
        InvoiceAmounts invoice = draft().charge("1", 6833)
                .charge("2", 6833)
                .charge("3", 6833)
                .charge("4", 6833)
                .tax(exclusive("vat", "20"))
                .amounts();
        assertThat(invoice.taxCents()).isEqualTo(5466);
        assertThat(invoice.totalCents()).isEqualTo(32_798);
        assertThat(invoice.lines()).map(InvoicedLine::taxCents).containsExactly(1367L, 1367L, 1366L, 1366L);
    }

    @Test
    void halfACentIsRoundedUp() {
        assertThat(draft().charge("1", 50).tax(exclusive("vat", "5")).amounts().taxCents())
                .isEqualTo(3);
    }

    @Test
    void eachOfSeveralTaxesIsRoundedByItself() {
        InvoiceAmounts invoice = draft().charge("1", 1010)
                .tax(exclusive("state", "4"))
                .tax(exclusive("city", "4.5"))
                .amounts();
        assertThat(invoice.taxes())
                .containsExactly(
                        new InvoiceAmounts.TaxAmount(exclusive("city", "4.5"), 1010, 45),
                        new InvoiceAmounts.TaxAmount(exclusive("state", "4"), 1010, 40));
        assertThat(invoice.totalCents()).isEqualTo(1095);
    }

    @Test
    void anInclusiveTaxIsTakenOutOfAPriceThatStays() {
        InvoiceAmounts invoice = draft().charge("1", 11_900)
                .charge("2", 999)
                .tax(inclusive("vat", "19"))
                .amounts();
        assertThat(invoice.totalCents()).isEqualTo(12_899);
        assertThat(invoice.taxCents()).isEqualTo(2060);
        assertThat(invoice.exclusiveTaxCents()).isZero();
        assertThat(invoice.lines()).map(InvoicedLine::netCents).containsExactly(10_000L, 839L);
        assertThat(invoice.lines()).map(InvoicedLine::grossCents).containsExactly(11_900L, 999L);
    }

    @Test
    void anExclusiveTaxIsOnThePriceWithoutTheInclusiveOnes() {
        InvoiceAmounts invoice = draft().charge("1", 11_900)
                .tax(inclusive("vat", "19"))
                .tax(exclusive("city", "1"))
                .amounts();
        assertThat(invoice.taxCents()).isEqualTo(2000);
        assertThat(invoice.totalCents()).isEqualTo(12_000);
    }

    @Test
    void aCreditGivesBackTheTaxesOfItsCharge() {
        InvoiceDraft.Line credit = Drafting.credit("1", -1000, Map.of());
        InvoiceAmounts dearer = draft().line(credit.bearing(List.of(exclusive("vat", "19"))))
                .charge("2", 2000)
                .tax(exclusive("vat", "20"))
                .amounts();
        assertThat(dearer.lines()).map(InvoicedLine::taxCents).containsExactly(-190L, 400L);
        assertThat(dearer.taxes())
                .containsExactly(
                        new InvoiceAmounts.TaxAmount(exclusive("vat", "19"), -1000, -190),
                        new InvoiceAmounts.TaxAmount(exclusive("vat", "20"), 2000, 400));
        assertThat(dearer.totalCents()).isEqualTo(1210);

        assertThat(draft().line(credit.bearing(List.of()))
                        .tax(exclusive("vat", "20"))
                        .amounts()
                        .creditToBalanceCents())
                .as("it bore none")
                .isEqualTo(1000);
        assertThat(draft().line(credit.bearing(List.of(inclusive("vat", "25"))))
                        .amounts()
                        .taxes())
                .as("none is in force")
                .containsExactly(new InvoiceAmounts.TaxAmount(inclusive("vat", "25"), -800, -200));
    }

    @Test
    void theTreatmentStandsOnTheInvoice() {
        InvoiceAmounts invoice = InvoiceAmounts.of(new InvoiceDraft(
                "EUR",
                List.of(InvoiceDraft.Line.charge("1", 100, "plan", null, "standard")),
                List.of(),
                new Taxes.InForce(Taxes.Treatment.REVERSE_CHARGE, List.of()),
                List.of(),
                CustomerBalance.ZERO,
                0,
                NOW));
        assertThat(invoice.treatment()).isEqualTo(Taxes.Treatment.REVERSE_CHARGE);
        assertThat(invoice.taxes()).isEmpty();
        assertThat(invoice.totalCents()).isEqualTo(100);
    }
}
