package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Drafting.NOW;
import static com.cognitionos.rating.entity.Drafting.amount;
import static com.cognitionos.rating.entity.Drafting.credit;
import static com.cognitionos.rating.entity.Drafting.draft;
import static com.cognitionos.rating.entity.Drafting.exclusive;
import static com.cognitionos.rating.entity.Drafting.inclusive;
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
import org.junit.jupiter.api.Test;

/** Charges, coupons, tax, prepaid credits and balance, in this order. */
class InvoiceAmountsTest {

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

    @Test
    void onWhatWasGivenBackBeforeItWasChargedNoDiscount() {
        InvoiceDraft.Line charge = new InvoiceDraft.Line("1", 1_000, "plan", "pro", "standard", Map.of(), 400);
        InvoiceAmounts amounts = Drafting.draft()
                .line(charge)
                .discount(Drafting.percent("half", "50", Discount.Duration.FOREVER))
                .tax(Drafting.exclusive("vat", "10"))
                .amounts();
        assertThat(amounts.discountCents()).isEqualTo(300);
        assertThat(amounts.taxCents()).isEqualTo(70);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InvoiceDraft.Line("1", 1_000, "plan", "pro", "standard", Map.of(), 1_001));
    }
}
