package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Drafting.amount;
import static com.cognitionos.rating.entity.Drafting.draft;
import static com.cognitionos.rating.entity.Drafting.percent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.cognitionos.rating.entity.Discount.Duration;
import com.cognitionos.rating.entity.Discount.Scope;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Coupons. */
class DiscountTest {

    @Test
    @Scenario("MT-07")
    void aCouponReducesThePrice() {
        assertThat(total(4900, amount("c", 1000, Duration.ONCE))).isEqualTo(3900);
        assertThat(total(4900, percent("c", "20", Duration.ONCE))).isEqualTo(3920);
        assertThat(total(9900, percent("c", "20", Duration.FOREVER))).isEqualTo(7920);
    }

    @Test
    void thePercentageOfAnInvoiceIsRoundedOnce() {
        Discount half = percent("c", "50", Duration.ONCE);
        assertThat(apply(half, 1, 1, 1).parts()).containsExactly(1L, 1L, 0L);
        assertThat(apply(percent("c", "33.3333", Duration.ONCE), 300_000).cents())
                .isEqualTo(100_000);
    }

    @Test
    void noLineFallsBelow0AndCreditsAreNotDiscounted() {
        assertThat(apply(amount("c", 1000, Duration.ONCE), 300, -500, 200).parts())
                .containsExactly(300L, 0L, 200L);
        assertThat(apply(percent("c", "100", Duration.ONCE), 300, -500).parts()).containsExactly(300L, 0L);
    }

    @Test
    void onceIsOneInvoice() {
        Discount.Application first = apply(percent("c", "10", Duration.ONCE), 1000);
        assertThat(first.cents()).isEqualTo(100);
        assertThat(apply(first.after(), 1000).cents()).isZero();
        assertThat(apply(first.after().inNextPeriod(), 1000).cents()).isZero();
    }

    @Test
    void aRepeatingPercentageReducesEveryInvoiceOfItsPeriods() {
        Discount twice = percent("c", "10", Duration.repeating(2));
        Discount first = apply(twice, 1000).after();
        assertThat(apply(first, 500).cents())
                .as("a second invoice in the period")
                .isEqualTo(50);
        Discount second = apply(first, 500).after().inNextPeriod();
        assertThat(apply(second, 1000).cents()).isEqualTo(100);
        Discount third = apply(second, 1000).after().inNextPeriod();
        assertThat(apply(third, 1000).cents()).isZero();
    }

    @Test
    void aRepeatingAmountIsGivenOnceAPeriod() {
        Discount first = apply(amount("c", 300, Duration.repeating(2)), 1000).after();
        assertThat(apply(first, 500).cents()).isZero();
        assertThat(apply(first.inNextPeriod(), 1000).cents()).isEqualTo(300);
        assertThat(apply(apply(first.inNextPeriod(), 1000).after().inNextPeriod(), 1000)
                        .cents())
                .isZero();
    }

    @Test
    void foreverNeverEnds() {
        Discount discount = amount("c", 300, Duration.FOREVER);
        for (int period = 0; period < 100; period++) {
            Discount.Application applied = apply(discount, 1000);
            assertThat(applied.cents()).isEqualTo(300);
            discount = applied.after().inNextPeriod();
        }
    }

    @Test
    void theRestOfAnAmountIsLostOrCarriedAsTheFlagSays() {
        Discount.Application lost = apply(amount("c", 1000, Duration.ONCE), 300);
        assertThat(apply(lost.after().inNextPeriod(), 5000).cents()).isZero();

        Discount.Application carried = apply(amount("c", 1000, Duration.ONCE).keepingRest(), 300);
        assertThat(carried.after().state().carriedCents()).isEqualTo(700);
        Discount.Application rest = apply(carried.after(), 5000);
        assertThat(rest.cents()).isEqualTo(700);
        assertThat(apply(rest.after().inNextPeriod(), 5000).cents()).isZero();
    }

    @Test
    void anInvoiceThatHasNothingToReduceUsesNothingUp() {
        Discount discount = percent("c", "10", Duration.ONCE).on(new Scope(Set.of("team"), Set.of()));
        assertThat(apply(discount, 1000).after()).isEqualTo(discount);
        assertThat(apply(percent("c", "10", Duration.ONCE), -5).after().state()).isEqualTo(Discount.State.NEW);
    }

    @Test
    void anAmountInAnotherCurrencyDoesNotApply() {
        Discount dollars = Discount.of("c", new Discount.Amount(100, "USD"), Duration.ONCE);
        Discount.Application applied = apply(dollars, 1000, 1000);
        assertThat(applied.parts()).containsExactly(0L, 0L);
        assertThat(applied.after()).isEqualTo(dollars);
    }

    @Test
    void aScopeRestrictsToPlansAndKinds() {
        List<Discount.Target> lines = List.of(
                new Discount.Target("plan", "pro", 100),
                new Discount.Target("usage", "pro", 100),
                new Discount.Target("plan", "team", 100),
                new Discount.Target("usage", null, 100));
        Discount all = percent("c", "10", Duration.ONCE);
        assertThat(all.on(new Scope(Set.of("pro"), Set.of()))
                        .apply(lines, 0, "EUR")
                        .parts())
                .containsExactly(10L, 10L, 0L, 0L);
        assertThat(all.on(new Scope(Set.of(), Set.of("usage")))
                        .apply(lines, 0, "EUR")
                        .parts())
                .containsExactly(0L, 10L, 0L, 10L);
        assertThat(all.on(new Scope(Set.of("pro"), Set.of("usage")))
                        .apply(lines, 0, "EUR")
                        .parts())
                .containsExactly(0L, 10L, 0L, 0L);
    }

    @Test
    void couponsApplyOneAfterTheOtherByPriority() {
        Discount fixed = amount("fixed", 1000, Duration.ONCE);
        Discount tenth = percent("tenth", "10", Duration.ONCE);
        assertThat(total(10_000, fixed.withPriority(1), tenth.withPriority(2))).isEqualTo(8100);
        assertThat(total(10_000, fixed.withPriority(2), tenth.withPriority(1))).isEqualTo(8000);
        assertThat(total(10_000, tenth, percent("other", "10", Duration.ONCE))).isEqualTo(8100);
    }

    @Test
    void ofEqualPriorityRestrictedCouponsComeFirst() {
        Discount fixed = amount("fixed", 1000, Duration.ONCE);
        Discount tenth = percent("tenth", "10", Duration.ONCE);
        assertThat(total(10_000, fixed, tenth)).as("as listed").isEqualTo(8100);
        assertThat(total(10_000, fixed, tenth.on(new Scope(Set.of("pro"), Set.of()))))
                .isEqualTo(8000);
    }

    @Test
    void aDiscountIsFrom0To100PerCentWithAtMost4Places() {
        assertThatIllegalArgumentException().isThrownBy(() -> percent("c", "100.0001", Duration.ONCE));
        assertThatIllegalArgumentException().isThrownBy(() -> percent("c", "-1", Duration.ONCE));
        assertThatIllegalArgumentException().isThrownBy(() -> percent("c", "1.00001", Duration.ONCE));
        assertThat(new Discount.Percent(new BigDecimal("1.000000")).percent()).isEqualByComparingTo("1");
        assertThatIllegalArgumentException().isThrownBy(() -> amount("c", 0, Duration.ONCE));
        assertThatIllegalArgumentException().isThrownBy(() -> Duration.repeating(0));
    }

    /** What is given and what is carried is what was offered, and no line is given more than it has. */
    @Property
    void nothingIsGivenTwice(
            @ForAll @Size(max = 8) List<@LongRange(min = -500, max = 500) Long> lines,
            @ForAll @LongRange(min = 1, max = 2000) long cents,
            @ForAll @LongRange(min = 0, max = 300) long takenBack) {
        Discount discount = amount("c", cents, Duration.ONCE).keepingRest();
        Discount.Application applied = discount.apply(
                lines.stream()
                        .map(line -> new Discount.Target("plan", "pro", line))
                        .toList(),
                takenBack,
                "EUR");
        boolean used = applied.after().state().usedThisPeriod();
        assertThat(applied.cents() + applied.after().state().carriedCents()).isEqualTo((used ? cents : 0) + takenBack);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(applied.parts().get(i)).isBetween(0L, Math.max(0, lines.get(i)));
        }
    }

    private static Discount.Application apply(Discount discount, long... lines) {
        return discount.apply(
                LongStream.of(lines)
                        .mapToObj(cents -> new Discount.Target("plan", "pro", cents))
                        .toList(),
                0,
                "EUR");
    }

    private static long total(long cents, Discount... discounts) {
        return draft().charge("1", cents).discount(discounts).amounts().totalCents();
    }
}
