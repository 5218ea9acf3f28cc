package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Drafting.NOW;
import static com.cognitionos.rating.entity.Drafting.amount;
import static com.cognitionos.rating.entity.Drafting.credit;
import static com.cognitionos.rating.entity.Drafting.draft;
import static com.cognitionos.rating.entity.Drafting.exclusive;
import static com.cognitionos.rating.entity.Drafting.inclusive;
import static com.cognitionos.rating.entity.Drafting.percent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.cognitionos.rating.entity.Discount.Duration;
import com.cognitionos.rating.entity.Discount.Scope;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Charges, coupons, tax, prepaid credits and balance, in this order. */
class InvoiceAmountsTest {

    @Nested
    class TaxOnTheInvoice {

        /** LG-13. */
        @Test
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
            assertThat(draft().charge("1", 50)
                            .tax(exclusive("vat", "5"))
                            .amounts()
                            .taxCents())
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

    @Nested
    class CreditLines {

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

        /** ST-05: the old item was free by a coupon, so its credit is worth nothing; the 72.00 stay granted. */
        @Test
        void aCreditGivesBackOnlyWhatWasPaid() {
            Discount once = percent("once", "100", Duration.ONCE);
            InvoiceAmounts first = draft().charge("1", 7200).discount(once).amounts();
            assertThat(first.totalCents()).isZero();

            Discount used = first.discounts().get(0).after();
            InvoiceDraft.Line unused = InvoiceDraft.Line.credit(
                    "credit", first.lines().get(0), 7200, List.of(), "plan", "pro", "standard");
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
            assertThat(Cents.sum(earlier, CreditNoteAmounts.CreditedLine::cents))
                    .isEqualTo(100);
            assertThat(Cents.sum(earlier, CreditNoteAmounts.CreditedLine::discountCents))
                    .isEqualTo(33);
        }

        /** KB-21: 249.95, adjusted by 10.00; the unused 30 of 31 days would be 241.89. */
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
    }

    @Nested
    class PrepaidCreditsAndBalance {

        @Test
        void creditsAreConsumedByPriorityThenExpiryThenAge() {
            InvoiceAmounts invoice = draft().charge("1", 1000)
                    .prepaid(
                            new PrepaidCredit("never", 100, null, 1, NOW.minusSeconds(9)),
                            new PrepaidCredit("later", 100, NOW.plusSeconds(60), 1, NOW.minusSeconds(8)),
                            new PrepaidCredit("a younger", 100, NOW.plusSeconds(30), 1, NOW.minusSeconds(1)),
                            new PrepaidCredit("an older", 100, NOW.plusSeconds(30), 1, NOW.minusSeconds(2)),
                            new PrepaidCredit("first", 100, null, 0, NOW))
                    .amounts();
            assertThat(invoice.creditsApplied())
                    .map(PrepaidCredit.Use::creditId)
                    .containsExactly("first", "an older", "a younger", "later", "never");
            assertThat(invoice.amountDueCents()).isEqualTo(500);
        }

        @Test
        void theLastCreditIsConsumedInPart() {
            InvoiceAmounts invoice = draft().charge("1", 150)
                    .prepaid(prepaid("a", 100, null, 0), prepaid("b", 100, null, 1), prepaid("c", 100, null, 2))
                    .amounts();
            assertThat(invoice.creditsApplied())
                    .containsExactly(new PrepaidCredit.Use("a", 100), new PrepaidCredit.Use("b", 50));
        }

        @Test
        void anExpiredCreditPaysNothing() {
            InvoiceAmounts invoice = draft().charge("1", 100)
                    .prepaid(prepaid("at", 30, NOW, 0), prepaid("after", 30, NOW.plusNanos(1), 0))
                    .amounts();
            assertThat(invoice.creditsApplied()).containsExactly(new PrepaidCredit.Use("after", 30));
        }

        @Test
        void creditsPayTheTaxToo() {
            InvoiceAmounts invoice = draft().charge("1", 100)
                    .tax(exclusive("vat", "20"))
                    .prepaid(prepaid("a", 500, null, 0))
                    .amounts();
            assertThat(invoice.creditsAppliedCents()).isEqualTo(120);
            assertThat(invoice.taxCents()).isEqualTo(20);
        }

        @Test
        void theBalancePaysWhatCreditsLeave() {
            InvoiceAmounts invoice = draft().charge("1", 1000)
                    .prepaid(prepaid("a", 300, null, 0))
                    .balance(-5000)
                    .amounts();
            assertThat(invoice.balanceAppliedCents()).isEqualTo(700);
            assertThat(invoice.amountDueCents()).isZero();
            assertThat(invoice.newBalance().cents()).isEqualTo(-4300);
        }

        @Test
        void anAmountBelowTheMinimumIsCarriedOverAndCollectedNextTime() {
            InvoiceAmounts small = draft().charge("1", 49).minimum(50).amounts();
            assertThat(small.isCarriedOver()).isTrue();
            assertThat(small.totalCents()).isEqualTo(49);
            assertThat(small.amountDueCents()).isZero();
            assertThat(small.newBalance().cents()).isEqualTo(49);

            InvoiceAmounts next = draft().charge("1", 1)
                    .minimum(50)
                    .balance(small.newBalance().cents())
                    .amounts();
            assertThat(next.isCarriedOver()).isFalse();
            assertThat(next.balanceAppliedCents()).isEqualTo(-49);
            assertThat(next.amountDueCents()).isEqualTo(50);
            assertThat(next.newBalance()).isEqualTo(CustomerBalance.ZERO);
        }

        @Test
        void aCreditForTheBalanceFirstPaysWhatWasCarriedOver() {
            InvoiceAmounts invoice =
                    draft().line(credit("old", -30, Map.of())).balance(49).amounts();
            assertThat(invoice.totalCents()).isZero();
            assertThat(invoice.amountDueCents()).isEqualTo(19);
            assertThat(invoice.newBalance()).isEqualTo(CustomerBalance.ZERO);
        }

        /** KB-47: credit of 300.00 for an unpaid invoice of 249.95. */
        @Test
        void aCreditLargerThanTheOpenInvoiceStaysOnTheBalance() {
            CustomerBalance.Settlement settled =
                    CustomerBalance.ZERO.credited(30_000).pay(24_995);
            assertThat(settled.dueCents()).isZero();
            assertThat(settled.appliedCents()).isEqualTo(24_995);
            assertThat(settled.balance().cents()).isEqualTo(-5005);
        }

        @Test
        void aBalanceWithoutCreditPaysNothing() {
            CustomerBalance.Settlement settled = new CustomerBalance(10).pay(100);
            assertThat(settled.dueCents()).isEqualTo(100);
            assertThat(settled.balance().cents()).isEqualTo(10);
        }
    }

    /** One of the two lines gets the odd cent of the discount: always the same, or the tax would differ. */
    @Test
    void theOrderOfLinesDoesNotMoveADiscountBetweenTaxCategories() {
        Drafting one = draft().charge("1", 100, "full").charge("2", 100, "none");
        Drafting other = draft().charge("2", 100, "none").charge("1", 100, "full");
        for (Drafting draft : List.of(one, other)) {
            InvoiceAmounts invoice = draft.tax(exclusive("vat", "100"), "full")
                    .discount(amount("c", 1, Duration.ONCE))
                    .amounts();
            assertThat(invoice.totalCents()).isEqualTo(298);
        }
    }

    @Test
    void anEmptyInvoiceIs0() {
        InvoiceAmounts invoice = draft().amounts();
        assertThat(invoice.totalCents()).isZero();
        assertThat(invoice.amountDueCents()).isZero();
    }

    @Test
    void whatIsGivenTwiceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draft().charge("1", 1).charge("1", 2).amounts());
        Discount discount = amount("c", 1, Duration.ONCE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draft().discount(discount, discount).amounts());
        PrepaidCredit credit = prepaid("p", 1, null, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draft().prepaid(credit, credit).amounts());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draft().minimum(-1).amounts());
        assertThatIllegalArgumentException().isThrownBy(() -> prepaid("p", -1, null, 0));
    }

    @Test
    void anAmountThatDoesNotFitIsRefused() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(
                        () -> draft().charge("1", Long.MAX_VALUE).charge("2", 1).amounts());
    }

    /** I4 and I11: everything sums, nothing is below 0, and no credit is consumed beyond what it has. */
    @Property
    void everythingSums(@ForAll("drafts") InvoiceDraft draft) {
        InvoiceAmounts invoice = InvoiceAmounts.of(draft);

        assertThat(invoice.subtotalCents() - invoice.discountCents() + invoice.exclusiveTaxCents())
                .isEqualTo(invoice.totalCents() - invoice.creditToBalanceCents());
        assertThat(Math.min(invoice.totalCents(), invoice.creditToBalanceCents()))
                .isZero();
        assertThat(invoice.subtotalCents()).isEqualTo(Cents.sum(draft.lines(), InvoiceDraft.Line::cents));
        assertThat(invoice.amountDueCents()).isNotNegative();
        assertThat(invoice.amountDueCents() == 0 || invoice.amountDueCents() >= draft.minimumCents())
                .isTrue();
        assertThat(invoice.newBalance().cents() - draft.balance().cents())
                .as("the balance moves by what was applied, carried over and credited")
                .isEqualTo(invoice.balanceAppliedCents() + invoice.carriedOverCents() - invoice.creditToBalanceCents());
        for (InvoiceAmounts.TaxAmount tax : invoice.taxes()) {
            assertThat(invoice.lines().stream()
                            .flatMap(line -> line.taxes().stream())
                            .filter(share -> share.tax().equals(tax.tax()))
                            .mapToLong(InvoicedLine.TaxShare::cents)
                            .sum())
                    .isEqualTo(tax.cents());
        }
        for (InvoicedLine line : invoice.lines()) {
            assertThat(line.grossCents() - line.taxCents()).isEqualTo(line.netCents());
            assertThat(Long.signum(line.cents()) * line.discountCents()).isBetween(0L, Math.abs(line.cents()));
        }
        for (InvoiceAmounts.DiscountAmount discount : invoice.discounts()) {
            assertThat(invoice.lines().stream()
                            .flatMap(line -> line.discounts().stream())
                            .filter(share ->
                                    share.discountId().equals(discount.after().id()))
                            .mapToLong(InvoicedLine.DiscountShare::cents)
                            .sum())
                    .isEqualTo(discount.grantedCents() - discount.takenBackCents());
        }
        Map<String, Long> remaining = new HashMap<>();
        draft.credits().forEach(credit -> remaining.put(credit.id(), credit.remainingCents()));
        for (PrepaidCredit.Use use : invoice.creditsApplied()) {
            assertThat(use.cents()).isBetween(1L, remaining.remove(use.creditId()));
        }
        assertThat(invoice.creditsAppliedCents()).isLessThanOrEqualTo(invoice.totalCents());
    }

    @Property
    void theOrderOfLinesChangesNoTotal(@ForAll("drafts") InvoiceDraft draft, @ForAll Random random) {
        List<InvoiceDraft.Line> shuffled = new ArrayList<>(draft.lines());
        Collections.shuffle(shuffled, random);
        InvoiceAmounts one = InvoiceAmounts.of(draft);
        InvoiceAmounts other = InvoiceAmounts.of(new InvoiceDraft(
                draft.currency(),
                shuffled,
                draft.discounts(),
                draft.taxes(),
                draft.credits(),
                draft.balance(),
                draft.minimumCents(),
                draft.at()));

        assertThat(other.discounts()).isEqualTo(one.discounts());
        assertThat(other.taxes())
                .map(InvoiceAmounts.TaxAmount::cents)
                .isEqualTo(one.taxes().stream()
                        .map(InvoiceAmounts.TaxAmount::cents)
                        .toList());
        assertThat(other.totalCents()).isEqualTo(one.totalCents());
        assertThat(other.creditsApplied()).isEqualTo(one.creditsApplied());
        assertThat(other.newBalance()).isEqualTo(one.newBalance());
        assertThat(other.lines())
                .map(InvoicedLine::id)
                .isEqualTo(shuffled.stream().map(InvoiceDraft.Line::id).toList());
    }

    @Provide
    Arbitrary<InvoiceDraft> drafts() {
        return Combinators.combine(
                        lines(),
                        discounts(),
                        taxes(),
                        Arbitraries.longs().between(0, 3000).list().ofMaxSize(4),
                        Arbitraries.longs().between(-3000, 3000),
                        Arbitraries.longs().between(0, 100))
                .as((lines, discounts, taxes, credits, balance, minimum) -> new InvoiceDraft(
                        "EUR",
                        lines,
                        discounts,
                        taxes,
                        IntStream.range(0, credits.size())
                                .mapToObj(i -> prepaid("p" + i, credits.get(i), null, i % 2))
                                .toList(),
                        new CustomerBalance(balance),
                        minimum,
                        NOW));
    }

    private static Arbitrary<List<InvoiceDraft.Line>> lines() {
        Arbitrary<Long> cents = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.longs().between(-2000, 5000)),
                Tuple.of(1, Arbitraries.longs().between(-3, 3)));
        return Combinators.combine(
                        cents,
                        Arbitraries.of("plan", "usage"),
                        Arbitraries.of("pro", "team"),
                        Arbitraries.of("standard", "reduced", "none"),
                        Arbitraries.integers().between(0, 100))
                .as((amount, kind, plan, category, back) -> amount >= 0
                        ? InvoiceDraft.Line.charge("", amount, kind, plan, category)
                        : new InvoiceDraft.Line(
                                "", amount, kind, plan, category, Map.of("d" + back % 3, -amount * back / 100)))
                .list()
                .ofMaxSize(8)
                .map(lines -> IntStream.range(0, lines.size())
                        .mapToObj(i -> new InvoiceDraft.Line(
                                "line " + i,
                                lines.get(i).cents(),
                                lines.get(i).kind(),
                                lines.get(i).plan(),
                                lines.get(i).taxCategory(),
                                lines.get(i).takenBack()))
                        .toList());
    }

    private static Arbitrary<List<Discount>> discounts() {
        Arbitrary<Discount> one = Combinators.combine(
                        Arbitraries.longs().between(1, 3000),
                        Arbitraries.of(Duration.ONCE, Duration.repeating(2), Duration.FOREVER),
                        Arbitraries.of(
                                Scope.EVERYTHING,
                                new Scope(Set.of("pro"), Set.of()),
                                new Scope(Set.of(), Set.of("usage"))),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(true, false),
                        Arbitraries.of(Discount.State.NEW, new Discount.State(1, true, 0)))
                .as((size, duration, scope, priority, keeps, state) -> new Discount(
                        "",
                        size % 2 == 0
                                ? new Discount.Amount(size, "EUR")
                                : new Discount.Percent(BigDecimal.valueOf(size % 1000, 1)),
                        duration,
                        scope,
                        priority,
                        keeps,
                        state));
        return one.list()
                .ofMaxSize(3)
                .map(discounts -> IntStream.range(0, discounts.size())
                        .mapToObj(i -> new Discount(
                                "d" + i,
                                discounts.get(i).effect(),
                                discounts.get(i).duration(),
                                discounts.get(i).scope(),
                                discounts.get(i).priority(),
                                discounts.get(i).keepsRest(),
                                discounts.get(i).state()))
                        .toList());
    }

    private static Arbitrary<Taxes.InForce> taxes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2500),
                        Arbitraries.integers().between(0, 1000),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((standard, city, inclusive, both) -> {
                    List<TaxRate> rates = new ArrayList<>();
                    rates.add(rate("vat", standard, inclusive, Set.of("standard")));
                    rates.add(rate("vat", standard / 3, inclusive, Set.of("reduced")));
                    if (both) {
                        rates.add(rate("city", city, false, Set.of()));
                    }
                    return new Taxes.InForce(Taxes.Treatment.STANDARD, rates);
                });
    }

    private static TaxRate rate(String code, int hundredths, boolean inclusive, Set<String> categories) {
        return new TaxRate(
                new Tax(code, BigDecimal.valueOf(hundredths, 2), inclusive),
                Jurisdiction.of("DE"),
                categories,
                LocalDate.parse("2026-01-01"),
                null);
    }

    private static PrepaidCredit prepaid(String id, long cents, @Nullable Instant expiresAt, int priority) {
        return new PrepaidCredit(id, cents, expiresAt, priority, NOW.minusSeconds(100));
    }
}
