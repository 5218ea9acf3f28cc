package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.rating.entity.Pricing.Flat;
import com.cognitionos.rating.entity.Pricing.Graduated;
import com.cognitionos.rating.entity.Pricing.Package;
import com.cognitionos.rating.entity.Pricing.PerUnit;
import com.cognitionos.rating.entity.Pricing.Percentage;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Included quantity, minimum and maximum around a pricing model. Amounts are cents. */
class PriceTest {

    private static final Price TEN_EACH = Price.of(new PerUnit(BigDecimal.TEN));

    @ParameterizedTest
    @CsvSource({"3, 0", "5, 0", "12, 10000", "15, 10000", "15.5, 20000"})
    @Scenario("LG-11")
    void packagesStartAboveTheIncludedQuantity(String units, long cents) {
        Price price = Price.of(new Package(BigDecimal.TEN, dec("10000"))).including(dec("5"));
        assertThat(price.amountCents(Usage.of(dec(units)))).isEqualTo(cents);
    }

    @Test
    void tiersStartAboveTheIncludedQuantity() {
        Price price = Price.of(new Graduated(
                        new PriceTier(dec("10"), dec("5"), dec("0")), new PriceTier(null, dec("1"), dec("0"))))
                .including(dec("100"));
        assertThat(price.amountCents(Usage.of(dec("112")))).isEqualTo(52);
    }

    @Test
    void anIncludedQuantityOfNullIsUnlimited() {
        assertThat(TEN_EACH.including(null).amountCents(Usage.of(dec("1E+18")))).isZero();
    }

    @Test
    void eventsInTheIncludedQuantityPayNoFee() {
        Price price = Price.of(new Percentage(dec("1"), 100, dec("500"))).including(dec("15"));
        assertThat(price.amountCents(Usage.ofEvents(List.of(dec("10"), dec("10"), dec("10")))))
                .isEqualTo(1015);
        assertThatIllegalArgumentException()
                .as("which events these are must be known")
                .isThrownBy(() -> price.amountCents(Usage.of(dec("30"), 3)));
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "9, 100", "10, 100", "11, 110", "20, 200", "21, 200"})
    void boundsHoldTheAmount(String units, long cents) {
        Price price = TEN_EACH.withMinimum(100L).withMaximum(200L);
        assertThat(price.amountCents(Usage.of(dec(units)))).isEqualTo(cents);
    }

    @Test
    void stepsExplainTheAmountWithItsBounds() {
        Graduated graduated = new Graduated(
                new PriceTier(dec("5"), dec("1.5"), dec("100")), new PriceTier(null, dec("0.001"), dec("50")));
        Price price = Price.of(graduated).including(dec("2"));
        assertThat(price.steps(Usage.of(dec("8"))))
                .extracting(
                        Step::kind,
                        Step::tier,
                        step -> step.amountCents().stripTrailingZeros(),
                        step -> step.quantity().intValueExact())
                .containsExactly(
                        tuple(Step.Kind.UNITS, 1, dec("7.5"), 5),
                        tuple(Step.Kind.FEE, 1, dec("1E+2"), 1),
                        tuple(Step.Kind.UNITS, 2, dec("0.001"), 1),
                        tuple(Step.Kind.FEE, 2, dec("5E+1"), 1));
        assertThat(last(price.withMinimum(1000L))).isEqualTo(Step.bound(Step.Kind.MINIMUM, dec("842.499")));
        assertThat(last(price.withMaximum(100L))).isEqualTo(Step.bound(Step.Kind.MAXIMUM, dec("-57.501")));
        assertThat(price.withMinimum(157L).steps(Usage.of(dec("8")))).hasSize(4);
    }

    @Test
    void aPartOfTheMonthHasItsShareOfWhatDoesNotDependOnUse() {
        assertThat(TEN_EACH.withMinimum(100L).withMaximum(201L).forPart(1, 2))
                .isEqualTo(TEN_EACH.withMinimum(50L).withMaximum(101L));
        assertThat(Price.of(new Flat(dec("100.5"))).forPart(1, 3)).isEqualTo(Price.of(new Flat(dec("34"))));
        assertThat(TEN_EACH.withMinimum(100L).forPart(0, 1)).isEqualTo(TEN_EACH.withMinimum(0L));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TEN_EACH.withMinimum(1L).forPart(2, 1));
    }

    @Test
    void boundsAreOrderedAndNothingIsNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> TEN_EACH.withMinimum(-1L));
        assertThatIllegalArgumentException().isThrownBy(() -> TEN_EACH.withMaximum(-1L));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TEN_EACH.withMaximum(9L).withMinimum(10L));
        assertThatIllegalArgumentException().isThrownBy(() -> TEN_EACH.including(dec("-1")));
    }

    private static Step last(Price price) {
        List<Step> steps = price.steps(Usage.of(dec("8")));
        return steps.get(steps.size() - 1);
    }

    private static BigDecimal dec(String value) {
        return new BigDecimal(value);
    }
}
