package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Drafting.NOW;
import static com.cognitionos.rating.entity.Drafting.amount;
import static com.cognitionos.rating.entity.Drafting.credit;
import static com.cognitionos.rating.entity.Drafting.draft;
import static com.cognitionos.rating.entity.Drafting.exclusive;
import static com.cognitionos.rating.entity.Drafting.percent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.cognitionos.rating.entity.Discount.Duration;
import com.cognitionos.rating.entity.Discount.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Credit lines of an invoice, and the discounts that they take back. */
class CreditLinesTest {

    @Test
    void aCreditIsTakenOffTheCharges() {
        InvoiceAmounts invoice = draft().charge("new", 19_900)
                .line(credit("old", -4900, Map.of()))
                .tax(exclusive("vat", "20"))
                .amounts();
        assertThat(invoice.subtotalCents()).isEqualTo(15_000);
        assertThat(invoice.totalCents()).isEqualTo(18_000);
        assertThat(invoice.lines()).map(InvoicedLine::taxCents).containsExactly(3980L, -980L);
    }

    @Test
    void whatCreditsExceedTheChargesByGoesToTheBalanceWithItsTax() {
        InvoiceAmounts invoice = draft().charge("new", 1000)
                .line(credit("old", -4000, Map.of()))
                .tax(exclusive("vat", "20"))
                .prepaid(prepaid("p", 500, null, 0))
                .balance(-100)
                .amounts();
        assertThat(invoice.totalCents()).isZero();
        assertThat(invoice.creditToBalanceCents()).isEqualTo(3600);
        assertThat(invoice.amountDueCents()).isZero();
        assertThat(invoice.creditsApplied()).isEmpty();
        assertThat(invoice.newBalance().cents()).isEqualTo(-3700);
    }

    /** the old item was free by a coupon, so its credit is worth nothing; the 72.00 stay granted. */
    @Test
    void aCreditGivesBackOnlyWhatWasPaid() {
        Discount once = percent("once", "100", Duration.ONCE);
        InvoiceAmounts first = draft().charge("1", 7200).discount(once).amounts();
        assertThat(first.totalCents()).isZero();

        Discount used = first.discounts().get(0).after();
        InvoiceDraft.Line unused =
                InvoiceDraft.Line.credit("credit", first.lines().get(0), 7200, List.of(), "plan", "pro", "standard");
        InvoiceAmounts second =
                draft().charge("2", 14_400).line(unused).discount(used).amounts();
        assertThat(second.amountDueCents()).isEqualTo(7200);
        assertThat(second.subtotalCents()).isEqualTo(7200);
        assertThat(second.discountCents()).isZero();
        assertThat(second.lines().get(1).netCents()).isZero();
        assertThat(second.discounts()).containsExactly(new InvoiceAmounts.DiscountAmount(used, 7200, 7200));
    }

    @Test
    void aCouponThatAppliesNoLongerIsNotGrantedAgain() {
        InvoiceDraft.Line unused = credit("old", -7200, Map.of("once", 7200L));
        assertThat(draft().charge("2", 14_400).line(unused).amounts().amountDueCents())
                .isEqualTo(14_400);

        Discount otherPlan = percent("once", "100", Duration.ONCE).on(new Scope(Set.of("team"), Set.of()));
        assertThat(draft().charge("2", 14_400)
                        .line(unused)
                        .discount(otherPlan)
                        .amounts()
                        .amountDueCents())
                .isEqualTo(14_400);
    }

    @Test
    void whatIsGrantedAgainIsAtMostTheNewCharge() {
        Discount used = percent("once", "100", Duration.ONCE)
                .apply(List.of(new Discount.Target("plan", "pro", 7200)), 0, "EUR")
                .after();
        InvoiceAmounts invoice = draft().charge("2", 3000)
                .line(credit("old", -7200, Map.of("once", 7200L)))
                .discount(used)
                .amounts();
        assertThat(invoice.totalCents()).isZero();
        assertThat(invoice.creditToBalanceCents()).isZero();
    }

    @Test
    void aPercentageThatRunsGrantsNothingTwice() {
        Discount running = percent("c", "20", Duration.FOREVER)
                .apply(List.of(new Discount.Target("plan", "pro", 7200)), 0, "EUR")
                .after();
        InvoiceAmounts invoice = draft().charge("2", 14_400)
                .line(credit("old", -7200, Map.of("c", 1440L)))
                .discount(running)
                .amounts();
        assertThat(invoice.amountDueCents()).isEqualTo(14_400 - 2880 - (7200 - 1440));
        assertThat(invoice.discounts().get(0).after().state().periodsUsed()).isEqualTo(1);
    }

    @Test
    void anAmountOfThePeriodStaysTheSameWhenItsItemIsExchanged() {
        Discount first = amount("c", 1000, Duration.repeating(3))
                .apply(List.of(new Discount.Target("plan", "pro", 4900)), 0, "EUR")
                .after();
        InvoiceAmounts halfway = draft().charge("2", 9950)
                .line(credit("old", -2450, Map.of("c", 500L)))
                .discount(first)
                .amounts();
        assertThat(halfway.amountDueCents()).isEqualTo(9950 - 500 - (2450 - 500));
        assertThat(halfway.discounts().get(0).after().state().periodsUsed()).isEqualTo(1);
    }

    @Test
    void partsOfAChargeTakeBackExactlyItsDiscount() {
        InvoiceAmounts invoice = draft().charge("1", 100)
                .discount(amount("c", 33, Duration.ONCE))
                .amounts();
        InvoicedLine charge = invoice.lines().get(0);
        List<CreditNoteAmounts.CreditedLine> earlier =
                new ArrayList<>(new CreditableInvoice(invoice.lines(), List.of(), 0, 0)
                        .credit(Map.of("1", 20L), CreditNoteAmounts.Payout.BALANCE)
                        .lines());
        for (int part = 0; part < 12; part++) {
            InvoiceDraft.Line credit = InvoiceDraft.Line.credit("x", charge, 7, earlier, "plan", "pro", "standard");
            earlier.add(CreditNoteAmounts.CreditedLine.byCreditLine(
                    "1", draft().line(credit).amounts().lines().get(0)));
        }
        assertThat(Cents.sum(earlier, CreditNoteAmounts.CreditedLine::cents)).isEqualTo(100);
        assertThat(Cents.sum(earlier, CreditNoteAmounts.CreditedLine::discountCents))
                .isEqualTo(33);
    }

    /** 249.95, adjusted by 10.00; the unused 30 of 31 days would be 241.89. */
    @Test
    void aRepairGivesBackNoMoreThanIsLeftOfTheItem() {
        InvoicedLine item = draft().charge("item", 24_995).amounts().lines().get(0);
        CreditNoteAmounts.CreditedLine adjusted = new CreditNoteAmounts.CreditedLine("item", 1000, 0, List.of());
        InvoiceDraft.Line repair =
                InvoiceDraft.Line.credit("repair", item, 24_189, List.of(adjusted), "plan", "pro", "standard");
        assertThat(repair.cents()).isEqualTo(-23_995);

        InvoiceAmounts invoice = draft().charge("new", 963).line(repair).amounts();
        assertThat(invoice.totalCents()).isZero();
        assertThat(invoice.creditToBalanceCents()).isEqualTo(23_032);
        assertThat(invoice.newBalance().cents()).isEqualTo(-23_032);
    }

    @Test
    void aCreditTakesBackNoMoreThanItself() {
        assertThatIllegalArgumentException().isThrownBy(() -> credit("x", -100, Map.of("c", 101L)));
        assertThatIllegalArgumentException().isThrownBy(() -> credit("x", 100, Map.of("c", 1L)));
        assertThatIllegalArgumentException().isThrownBy(() -> credit("x", -100, Map.of("c", -1L)));
        InvoicedLine item = draft().charge("item", 100).amounts().lines().get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InvoiceDraft.Line.credit("x", item, -1, List.of(), "plan", null, "standard"));
    }

    /** Of 1,200 the invoice itself gave 1,000 back: the discount of 100 was granted on the other 200. */
    @Test
    void theDiscountOfANoteIsOfThePartThatWasCharged() {
        InvoicedLine charge =
                new InvoicedLine("charge", 1_200, List.of(new InvoicedLine.DiscountShare("coupon", 100)), List.of());
        CreditNoteAmounts.CreditedLine ahead = new CreditNoteAmounts.CreditedLine("charge", 1_000, 0, List.of(), true);
        CreditableInvoice invoice = new CreditableInvoice(List.of(charge), List.of(ahead), 100, 0);
        assertThat(invoice.credit(Map.of("charge", 100L), CreditNoteAmounts.Payout.BALANCE)
                        .totalCents())
                .isEqualTo(50);
        assertThat(invoice.creditInFull(CreditNoteAmounts.Payout.BALANCE).totalCents())
                .isEqualTo(100);
    }

    @Test
    void aCreditCountsWhatWasCreditedOfItsOwnChargeOnly() {
        InvoicedLine item = draft().charge("item", 100).amounts().lines().get(0);
        CreditNoteAmounts.CreditedLine other = new CreditNoteAmounts.CreditedLine("other", 60, 0, List.of());
        CreditNoteAmounts.CreditedLine half = new CreditNoteAmounts.CreditedLine("item", 50, 0, List.of());
        assertThat(InvoiceDraft.Line.credit("x", item, 100, List.of(other), "plan", null, "standard")
                        .cents())
                .isEqualTo(-100);
        assertThat(InvoiceDraft.Line.credit("x", item, 100, List.of(other, half), "plan", null, "standard")
                        .cents())
                .isEqualTo(-50);
        assertThat(InvoiceDraft.Line.credit("x", item, 1, List.of(half, half), "plan", null, "standard")
                        .cents())
                .as("nothing is left")
                .isZero();
        assertThat(InvoiceDraft.Line.credit("x", item, 0, List.of(), "plan", null, "standard")
                        .cents())
                .isZero();
    }

    @Test
    void aShareOf0IsNotListed() {
        InvoiceAmounts invoice = draft().line(credit("old", -100, Map.of("c", 0L, "d", 1L)))
                .discount(percent("none", "0", Duration.ONCE))
                .charge("new", 200)
                .amounts();
        assertThat(invoice.lines().get(0).discounts()).containsExactly(new InvoicedLine.DiscountShare("d", -1));
        assertThat(invoice.lines().get(1).discounts()).isEmpty();
    }

    private static PrepaidCredit prepaid(String id, long cents, @Nullable Instant expiresAt, int priority) {
        return new PrepaidCredit(id, cents, expiresAt, priority, NOW.minusSeconds(100));
    }
}
