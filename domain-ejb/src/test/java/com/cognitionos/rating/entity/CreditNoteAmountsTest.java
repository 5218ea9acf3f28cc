package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Drafting.amount;
import static com.cognitionos.rating.entity.Drafting.credit;
import static com.cognitionos.rating.entity.Drafting.draft;
import static com.cognitionos.rating.entity.Drafting.exclusive;
import static com.cognitionos.rating.entity.Drafting.inclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.cognitionos.rating.entity.CreditNoteAmounts.ExceedsRest;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.rating.entity.Discount.Duration;
import com.cognitionos.rating.entity.Discount.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Credit notes never exceed their invoice, and sum to it. */
class CreditNoteAmountsTest {

    private final List<CreditNoteAmounts> notes = new ArrayList<>();

    @Test
    @Scenario("LG-05")
    void twoNotesSumExactlyToTheInvoice() {
        InvoiceAmounts invoice =
                draft().charge("fee", 76_900).tax(exclusive("vat", "20")).amounts();
        assertThat(invoice.totalCents()).isEqualTo(92_280);

        CreditNoteAmounts first = note(invoice, Map.of("fee", 72_686L));
        assertThat(first.netCents()).isEqualTo(72_686);
        assertThat(first.taxCents()).isEqualTo(14_537);
        assertThat(first.totalCents()).isEqualTo(87_223);

        CreditNoteAmounts second = note(invoice, Map.of("fee", 4214L));
        assertThat(second.netCents()).isEqualTo(4214);
        assertThat(second.taxCents()).isEqualTo(843);
        assertThat(second.totalCents()).isEqualTo(5057);
    }

    @Test
    void aNotesTaxIsThatOfItsNetUntilTheInvoiceIsUsedUp() {
        InvoiceAmounts invoice = draft().charge("1", 6833)
                .charge("2", 6833)
                .charge("3", 6833)
                .charge("4", 6833)
                .tax(exclusive("vat", "20"))
                .amounts();
        for (String line : List.of("1", "2", "3")) {
            assertThat(note(invoice, Map.of(line, 6833L)).taxCents()).isEqualTo(1367);
        }
        assertThat(note(invoice, Map.of("4", 1367L)).taxCents()).isEqualTo(273);
        assertThat(note(invoice, Map.of("4", 2233L)).taxCents()).isEqualTo(447);
        CreditNoteAmounts last = note(invoice, Map.of("4", 3233L));
        assertThat(last.taxCents()).isEqualTo(645);
        assertThat(last.totalCents()).isEqualTo(3878);
    }

    @Test
    void aNoteTakesNoMoreOfATaxThanIsLeft() {
        Drafting draft = draft().tax(exclusive("vat", "50"));
        for (int i = 0; i < 10; i++) {
            draft.charge("line " + i, 1);
        }
        InvoiceAmounts invoice = draft.amounts();
        assertThat(invoice.taxCents()).isEqualTo(5);
        long tax = 0;
        for (int i = 0; i < 10; i++) {
            tax += note(invoice, Map.of("line " + i, 1L)).taxCents();
            assertThat(tax).isLessThanOrEqualTo(5);
        }
        assertThat(tax).isEqualTo(5);
    }

    @Test
    void theDiscountOfWhatIsCreditedGoesWithIt() {
        InvoiceAmounts invoice = draft().charge("1", 1999)
                .charge("2", 6833)
                .charge("3", 20_033)
                .tax(exclusive("vat", "20"))
                .discount(amount("c", 1000, Duration.ONCE))
                .amounts();
        assertThat(invoice.totalCents()).isEqualTo(33_438);

        CreditNoteAmounts first = note(invoice, Map.of("1", 1999L));
        assertThat(first.discountCents()).isEqualTo(69);
        assertThat(first.totalCents()).isEqualTo(2316);
        assertThat(note(invoice, Map.of("2", 6833L)).totalCents()).isEqualTo(7915);
        CreditNoteAmounts last = note(invoice, Map.of("3", 20_033L));
        assertThat(last.discountCents()).isEqualTo(694);
        assertThat(last.totalCents()).isEqualTo(23_207);
    }

    @Test
    void theTaxOfANoteIsRoundedInOneAndSplitOverItsTaxes() {
        InvoiceAmounts invoice = draft().charge("1", 17_900)
                .line(InvoiceDraft.Line.charge("2", 39_900, "plan", "team", "two"))
                .tax(exclusive("general", "10"))
                .tax(exclusive("plan", "10"), "two")
                .discount(amount("c", 25_000, Duration.FOREVER).on(new Scope(Set.of("team"), Set.of())))
                .amounts();
        assertThat(invoice.taxCents()).isEqualTo(4770);
        assertThat(invoice.totalCents()).isEqualTo(37_570);

        CreditNoteAmounts note = note(invoice, Map.of("2", 26_260L));
        assertThat(note.discountCents()).isEqualTo(16_454);
        assertThat(note.netCents()).isEqualTo(9806);
        assertThat(note.taxCents()).isEqualTo(1961);
        assertThat(note.taxCents(exclusive("general", "10"))).isEqualTo(981);
        assertThat(note.totalCents()).isEqualTo(11_767);
    }

    @Test
    void theDiscountOfANoteIsRoundedOverItsLinesTogether() {
        Drafting draft = draft().charge("0", 99_290)
                .charge("1", 299_770)
                .charge("2", 3130)
                .charge("3", 6460)
                .charge("4", 3130)
                .charge("5", 1999)
                .tax(exclusive("vat", "10"))
                .discount(amount("a", 1000, Duration.ONCE), amount("b", 1000, Duration.ONCE));
        InvoiceAmounts invoice = draft.amounts();
        assertThat(invoice.taxCents()).isEqualTo(41_178);
        assertThat(invoice.totalCents()).isEqualTo(452_957);
        CreditNoteAmounts note = note(invoice, Map.of("1", 100L, "2", 100L, "3", 100L, "4", 100L, "5", 100L));
        assertThat(note.discountCents()).isEqualTo(2);
        assertThat(note.netCents()).isEqualTo(498);
        assertThat(note.taxCents()).isEqualTo(50);
    }

    @Test
    void aNoteTakesNoMoreDiscountBackThanItCredits() {
        InvoiceAmounts invoice = draft().charge("1", 100)
                .charge("2", 100)
                .charge("3", 100)
                .discount(amount("c", 270, Duration.ONCE))
                .amounts();
        assertThat(note(invoice, Map.of("1", 6L, "2", 6L, "3", 6L)).lines())
                .map(CreditNoteAmounts.CreditedLine::discountCents)
                .containsExactly(6L, 5L, 5L);
        assertThat(note(invoice, Map.of("2", 1L, "3", 1L)).lines())
                .as("2.6 cents of discount are due on 2 cents")
                .map(CreditNoteAmounts.CreditedLine::discountCents)
                .containsExactly(1L, 1L);
    }

    @Test
    void aTaxRoundedUpBeforeIsNotChargedBack() {
        InvoiceAmounts invoice = draft().charge("1", 20)
                .charge("2", 20)
                .charge("3", 20)
                .charge("4", 80)
                .tax(exclusive("vat", "5"))
                .amounts();
        assertThat(note(invoice, Map.of("1", 7L, "2", 7L, "3", 7L)).lines())
                .map(CreditNoteAmounts.CreditedLine::taxCents)
                .containsExactly(1L, 0L, 0L);
        assertThat(note(invoice, Map.of("1", 1L, "4", 40L)).lines())
                .map(CreditNoteAmounts.CreditedLine::taxCents)
                .containsExactly(0L, 2L);
    }

    @Test
    void aNoteInFullIsTheRestOfTheInvoice() {
        InvoiceAmounts invoice = draft().charge("1", 999)
                .charge("2", 333)
                .tax(exclusive("vat", "7.7"))
                .discount(amount("c", 100, Duration.ONCE))
                .amounts();
        long partial = note(invoice, Map.of("1", 400L)).totalCents();
        CreditNoteAmounts rest = creditable(invoice).creditInFull(Payout.BALANCE);
        assertThat(rest.totalCents()).isEqualTo(invoice.totalCents() - partial);
        notes.add(rest);
        assertThatExceptionOfType(ExceedsRest.class)
                .isThrownBy(() -> creditable(invoice).creditInFull(Payout.BALANCE))
                .satisfies(refused -> assertThat(refused.leftCents()).isZero());
    }

    @Test
    void anInclusiveTaxIsCreditedWithinThePrice() {
        InvoiceAmounts invoice =
                draft().charge("1", 11_900).tax(inclusive("vat", "19")).amounts();
        CreditNoteAmounts half = note(invoice, Map.of("1", 5950L));
        assertThat(half.totalCents()).isEqualTo(5950);
        assertThat(half.taxCents()).isEqualTo(950);
        assertThat(half.netCents()).isEqualTo(5000);
    }

    @Test
    void aCreditAboveWhatIsLeftOfALineIsRefusedAndSaysHowMuchIsLeft() {
        InvoiceAmounts invoice = draft().charge("1", 1000).charge("2", 1000).amounts();
        note(invoice, Map.of("1", 300L));
        assertThatExceptionOfType(ExceedsRest.class)
                .isThrownBy(() -> note(invoice, Map.of("1", 701L)))
                .withMessageContaining("700 cents are left")
                .satisfies(refused -> {
                    assertThat(refused.leftCents()).isEqualTo(700);
                    assertThat(refused.lineId()).isEqualTo("1");
                });
        assertThat(note(invoice, Map.of("1", 700L)).totalCents()).isEqualTo(700);
    }

    @Test
    void aCreditAboveWhatIsLeftOfTheInvoiceIsRefused() {
        InvoiceAmounts invoice = draft().charge("new", 100)
                .line(credit("old", -30, Map.of()))
                .tax(exclusive("vat", "20"))
                .amounts();
        assertThat(creditable(invoice).leftCents()).isEqualTo(84);
        assertThatExceptionOfType(ExceedsRest.class)
                .isThrownBy(() -> note(invoice, Map.of("new", 100L)))
                .satisfies(refused -> {
                    assertThat(refused.leftCents()).isEqualTo(84);
                    assertThat(refused.lineId()).isNull();
                });
        assertThat(note(invoice, Map.of("new", 70L)).totalCents()).isEqualTo(84);
    }

    @Test
    void aNoteInFullTakesTheCreditLinesBackToo() {
        InvoiceAmounts invoice = draft().charge("new", 100)
                .line(credit("old", -30, Map.of("gone", 10L)))
                .tax(exclusive("vat", "20"))
                .amounts();
        CreditNoteAmounts note = creditable(invoice).creditInFull(Payout.BALANCE);
        assertThat(note.lines()).map(CreditNoteAmounts.CreditedLine::cents).containsExactly(100L, -30L);
        assertThat(note.totalCents()).isEqualTo(invoice.totalCents()).isEqualTo(96);
        assertThat(note.discountCents()).isEqualTo(-10);
    }

    @Test
    void anInvoiceThatBecameCreditHasNothingLeftToCredit() {
        InvoiceAmounts invoice =
                draft().charge("new", 100).line(credit("old", -300, Map.of())).amounts();
        assertThatExceptionOfType(ExceedsRest.class)
                .isThrownBy(() -> note(invoice, Map.of("new", 1L)))
                .satisfies(refused -> assertThat(refused.leftCents()).isZero());
    }

    @Test
    void whatIsUnpaidReducesTheAmountDueAndWhatWasPaidIsGivenBack() {
        List<InvoicedLine> lines = draft().charge("1", 1000).amounts().lines();
        Map<String, Long> all = Map.of("1", 1000L);

        assertThat(new CreditableInvoice(lines, List.of(), 1000, 0).credit(all, Payout.REFUND))
                .satisfies(note -> assertThat(payout(note)).containsExactly(1000L, 0L, 0L));
        assertThat(new CreditableInvoice(lines, List.of(), 0, 1000).credit(all, Payout.REFUND))
                .satisfies(note -> assertThat(payout(note)).containsExactly(0L, 1000L, 0L));
        assertThat(new CreditableInvoice(lines, List.of(), 0, 1000).credit(all, Payout.BALANCE))
                .satisfies(note -> assertThat(payout(note)).containsExactly(0L, 0L, 1000L));
        assertThat(new CreditableInvoice(lines, List.of(), 400, 500).credit(all, Payout.REFUND))
                .as("100 were paid by credit")
                .satisfies(note -> assertThat(payout(note)).containsExactly(400L, 500L, 100L));
    }

    @Test
    void whatALaterInvoiceCreditedIsNotCreditedAgain() {
        InvoiceAmounts invoice = draft().charge("1", 1000)
                .tax(exclusive("vat", "20"))
                .discount(amount("c", 100, Duration.ONCE))
                .amounts();
        InvoiceAmounts later = draft().line(InvoiceDraft.Line.credit(
                        "x", invoice.lines().get(0), 600, List.of(), "plan", "pro", "standard"))
                .tax(exclusive("vat", "20"))
                .amounts();
        CreditableInvoice creditable = new CreditableInvoice(
                invoice.lines(),
                List.of(CreditNoteAmounts.CreditedLine.byCreditLine(
                        "1", later.lines().get(0))),
                0,
                0);
        assertThat(creditable.leftCents("1")).isEqualTo(400);
        CreditNoteAmounts rest = creditable.creditInFull(Payout.BALANCE);
        assertThat(rest.totalCents() + later.creditToBalanceCents()).isEqualTo(invoice.totalCents());
        assertThat(rest.discountCents()).isEqualTo(40);
    }

    @Test
    void aLineIsCreditedInItsOwnDirection() {
        InvoiceAmounts invoice =
                draft().charge("1", 100).line(credit("old", -30, Map.of())).amounts();
        assertThatIllegalArgumentException().isThrownBy(() -> note(invoice, Map.of("1", -1L)));
        assertThatIllegalArgumentException().isThrownBy(() -> note(invoice, Map.of("1", 0L)));
        assertThatIllegalArgumentException().isThrownBy(() -> note(invoice, Map.of("old", 1L)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> note(invoice, Map.of("old", -1L)))
                .withMessageContaining("cannot charge");
        assertThatIllegalArgumentException().isThrownBy(() -> note(invoice, Map.of("unknown", 1L)));
        assertThatIllegalArgumentException().isThrownBy(() -> note(invoice, Map.of()));
    }

    /** I4 and I11: in any split and any order, the notes sum to the invoice, and none takes what is not there. */
    @Property
    void notesInAnySplitSumToTheInvoice(
            @ForAll @Size(min = 1, max = 6) List<@LongRange(min = 1, max = 60) Long> lines,
            @ForAll @LongRange(min = 1, max = 200) long discount,
            @ForAll @IntRange(max = 10_000) int rate,
            @ForAll boolean contained,
            @ForAll Random random) {
        Drafting draft = draft().tax(
                        contained ? inclusive("vat", percent(rate)) : exclusive("vat", percent(rate)), "standard")
                .tax(exclusive("city", percent(rate / 3)))
                .discount(amount("c", discount, Duration.ONCE));
        for (int i = 0; i < lines.size(); i++) {
            draft.charge("line " + i, lines.get(i), i % 3 == 2 ? "other" : "standard");
        }
        InvoiceAmounts invoice = draft.amounts();

        List<CreditNoteAmounts> split = new ArrayList<>();
        while (true) {
            CreditableInvoice creditable = new CreditableInvoice(invoice.lines(), credited(split), 0, 0);
            Map<String, Long> wanted = new HashMap<>();
            long left = 0;
            for (InvoicedLine line : invoice.lines()) {
                long rest = creditable.leftCents(line.id());
                left += rest;
                if (rest > 0 && random.nextBoolean()) {
                    wanted.put(line.id(), Math.min(rest, 1 + random.nextInt(random.nextBoolean() ? 3 : 60)));
                }
            }
            if (left == 0) {
                break;
            }
            if (!wanted.isEmpty()) {
                CreditNoteAmounts note = creditable.credit(wanted, Payout.BALANCE);
                assertThat(note.totalCents()).isBetween(0L, creditable.leftCents());
                assertThat(note.discountCents()).isNotNegative();
                assertThat(note.lines()).allSatisfy(line -> {
                    assertThat(line.discountCents()).isBetween(0L, line.cents());
                    assertThat(line.taxes())
                            .allSatisfy(share -> assertThat(share.cents()).isNotNegative());
                });
                split.add(note);
            }
        }

        assertThat(Cents.sum(split, CreditNoteAmounts::totalCents)).isEqualTo(invoice.totalCents());
        assertThat(Cents.sum(split, CreditNoteAmounts::discountCents)).isEqualTo(invoice.discountCents());
        assertThat(Cents.sum(split, CreditNoteAmounts::netCents))
                .isEqualTo(Cents.sum(invoice.lines(), InvoicedLine::netCents));
        for (InvoiceAmounts.TaxAmount tax : invoice.taxes()) {
            assertThat(Cents.sum(split, note -> note.taxCents(tax.tax()))).isEqualTo(tax.cents());
        }
        for (InvoicedLine line : invoice.lines()) {
            assertThat(Cents.sum(
                            split,
                            note -> Cents.sum(
                                    note.lines(),
                                    credited -> credited.lineId().equals(line.id()) ? credited.discountCents() : 0)))
                    .isEqualTo(line.discountCents());
        }
    }

    /** The same where credits stand among the charges: what notes take, the last one completes. */
    @Property
    void theRestOfAMixedInvoiceIsWhatItsNotesLeft(
            @ForAll @Size(min = 1, max = 6) List<@LongRange(min = -40, max = 60) Long> lines,
            @ForAll @IntRange(max = 10_000) int rate,
            @ForAll @Size(max = 4) List<@Size(max = 6) List<@LongRange(min = -9, max = 9) Long>> wishes) {
        Drafting draft =
                draft().tax(exclusive("vat", percent(rate)), "standard").discount(amount("c", 30, Duration.ONCE));
        for (int i = 0; i < lines.size(); i++) {
            long cents = lines.get(i);
            draft.line(new InvoiceDraft.Line(
                    "line " + i,
                    cents,
                    "plan",
                    "pro",
                    i % 3 == 2 ? "other" : "standard",
                    Map.of("old", Math.max(0, -cents / 3))));
        }
        InvoiceAmounts invoice = draft.amounts();
        Assume.that(invoice.creditToBalanceCents() == 0);

        List<CreditNoteAmounts> accepted = new ArrayList<>();
        for (List<Long> wish : wishes) {
            Map<String, Long> wanted = new HashMap<>();
            for (int i = 0; i < Math.min(wish.size(), lines.size()); i++) {
                wanted.put("line " + i, wish.get(i));
            }
            try {
                accepted.add(new CreditableInvoice(invoice.lines(), credited(accepted), 0, 0)
                        .credit(wanted, Payout.BALANCE));
            } catch (IllegalArgumentException refused) {
                // Wishes are arbitrary.
            }
        }
        CreditableInvoice rest = new CreditableInvoice(invoice.lines(), credited(accepted), 0, 0);
        assertThat(rest.leftCents()).isNotNegative();
        if (invoice.lines().stream().anyMatch(line -> rest.leftCents(line.id()) != 0)) {
            accepted.add(rest.creditInFull(Payout.BALANCE));
        }

        assertThat(Cents.sum(accepted, CreditNoteAmounts::totalCents)).isEqualTo(invoice.totalCents());
        assertThat(Cents.sum(accepted, CreditNoteAmounts::discountCents)).isEqualTo(invoice.discountCents());
        assertThat(Cents.sum(accepted, CreditNoteAmounts::taxCents)).isEqualTo(invoice.taxCents());
    }

    private CreditNoteAmounts note(InvoiceAmounts invoice, Map<String, Long> wanted) {
        CreditNoteAmounts note = creditable(invoice).credit(wanted, Payout.BALANCE);
        notes.add(note);
        return note;
    }

    private CreditableInvoice creditable(InvoiceAmounts invoice) {
        return new CreditableInvoice(invoice.lines(), credited(notes), 0, 0);
    }

    @Test
    void whatIsLeftOfAnInvoiceIsWithoutItsNotes() {
        InvoiceAmounts invoice =
                draft().charge("1", 1000).tax(exclusive("vat", "20")).amounts();
        note(invoice, Map.of("1", 300L));
        assertThat(creditable(invoice).leftCents()).isEqualTo(840);
        note(invoice, Map.of("1", 700L));
        assertThat(creditable(invoice).leftCents()).isZero();
    }

    @Test
    void whyANoteIsRefusedSaysHowMuch() {
        InvoiceAmounts invoice =
                draft().charge("1", 100).line(credit("old", -30, Map.of())).amounts();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> note(invoice, Map.of("old", -1L)))
                .withMessageContaining("cannot charge 1 cents");
        assertThatExceptionOfType(ExceedsRest.class)
                .isThrownBy(() -> note(invoice, Map.of("1", 100L)))
                .withMessageContaining("left of the invoice");
        assertThatExceptionOfType(ExceedsRest.class)
                .isThrownBy(() -> note(invoice, Map.of("1", 101L)))
                .withMessageContaining("left of line 1");
    }

    private static List<CreditNoteAmounts.CreditedLine> credited(List<CreditNoteAmounts> notes) {
        return notes.stream().flatMap(note -> note.lines().stream()).toList();
    }

    private static List<Long> payout(CreditNoteAmounts note) {
        return List.of(note.reducedDueCents(), note.refundCents(), note.toBalanceCents());
    }

    private static String percent(int hundredths) {
        return hundredths / 100 + "." + hundredths / 10 % 10 + hundredths % 10;
    }
}
