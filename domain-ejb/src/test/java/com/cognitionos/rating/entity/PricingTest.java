package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.rating.entity.Pricing.Flat;
import com.cognitionos.rating.entity.Pricing.Graduated;
import com.cognitionos.rating.entity.Pricing.GraduatedPercentage;
import com.cognitionos.rating.entity.Pricing.GraduatedPercentage.PercentageTier;
import com.cognitionos.rating.entity.Pricing.Package;
import com.cognitionos.rating.entity.Pricing.PerUnit;
import com.cognitionos.rating.entity.Pricing.Percentage;
import com.cognitionos.rating.entity.Pricing.Volume;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pricing models; some are worked cases of public peers. Amounts are cents. */
class PricingTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "85, 295", "100, 295", "100.5, 590", "199, 590", "350, 1180"})
    @Scenario("KB-37")
    void aStartedPackageCountsWhole(String units, long cents) {
        assertThat(amount(new Package(dec("100"), dec("295")), units)).isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"150, 100000", "0, 0", "50, 10000", "100, 10000"})
    @Scenario("KB-39")
    void aPeakIsPricedByTheTierThatItReaches(String peak, long cents) {
        Volume capacity = new Volume(tier("100", "0", "10000"), tier(null, "0", "100000"));
        assertThat(amount(capacity, peak)).isEqualTo(cents);
    }

    @Test
    @Scenario("KB-45")
    void eachGraduatedTierHasItsOwnPackages() {
        Graduated blocks = new Graduated(packages("1000", "100", "100"), packages(null, "100", "1000"));
        assertThat(amount(blocks, "5325")).isEqualTo(1500);
        assertThat(blocks.steps(Usage.of(dec("5325"))))
                .extracting(Step::tier, step -> step.quantity().intValueExact(), Step::kind)
                .containsExactly(tuple(1, 10, Step.Kind.PACKAGES), tuple(2, 5, Step.Kind.PACKAGES));
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "101000, 10100", "101001, 5100", "300000, 15000"})
    @Scenario("KB-45")
    void aVolumeTierCountsThePackagesOfTheWholeQuantity(String units, long cents) {
        Volume blocks = new Volume(
                packages("1000", "100", "100"), packages("101000", "100", "1000"), packages(null, "50", "1000"));
        assertThat(amount(blocks, units)).isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"3, 10000", "5, 10000", "5.001, 15000", "7, 15000", "10, 15000", "12, 17000", "22, 23500", "0, 0"})
    @Scenario("OM-05")
    void aGraduatedTierIsEnteredByTheFirstQuantityInIt(String units, long cents) {
        assertThat(amount(new Graduated(omTiers(), false), units)).isEqualTo(cents);
    }

    @Test
    void theFirstFlatFeeIsDueWithoutUsageWhereThePriceSaysSo() {
        assertThat(amount(new Graduated(omTiers(), true), "0")).isEqualTo(10000);
        assertThat(amount(new Graduated(omTiers(), true), "7")).isEqualTo(15000);
        assertThat(amount(new Volume(omTiers(), true), "0")).isEqualTo(10000);
        assertThat(amount(new Volume(omTiers(), false), "0")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 500", "5, 2500", "6, 2400", "20, 4000", "21, 2100", "25, 2500"})
    @Scenario("ST-03")
    void volumeCanFall(String units, long cents) {
        assertThat(amount(new Volume(stTiers(), false), units)).isEqualTo(cents);
    }

    @Test
    @Scenario("ST-03")
    void graduatedRisesOnTheSameTiers() {
        assertThat(amount(new Graduated(stTiers(), false), "6")).isEqualTo(2900);
    }

    @ParameterizedTest
    @CsvSource({"5, 12500", "15, 8000", "10, 15000", "11, 7200"})
    @Scenario("LG-11")
    void volume(String units, long cents) {
        assertThat(amount(new Volume(tier("10", "500", "10000"), tier(null, "200", "5000")), units))
                .isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"3, 10000", "15, 20000"})
    @Scenario("LG-11")
    void packages(String units, long cents) {
        assertThat(amount(new Package(dec("10"), dec("10000")), units)).isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"3, 13000", "8, 21500"})
    @Scenario("LG-11")
    void graduated(String units, long cents) {
        assertThat(amount(new Graduated(tier("5", "1000", "10000"), tier(null, "500", "5000")), units))
                .isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "50, 250", "100, 500", "150, 1600"})
    @Scenario("LG-11")
    void graduatedPercentage(String euros, long cents) {
        GraduatedPercentage pricing = new GraduatedPercentage(
                100,
                List.of(
                        new PercentageTier(dec("100"), dec("5"), dec("0")),
                        new PercentageTier(null, dec("2"), dec("1000"))));
        assertThat(amount(pricing, euros)).isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"10 10 10, 0", "10 10 10 10, 510", "10 10 10 10 1, 1011"})
    @Scenario("LG-11")
    void theFirstEventsAreFreeWithAllTheirUnits(String events, long cents) {
        assertThat(amount(onePercent().withFreeEvents(3), events(events))).isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"4 4 4, 0", "4 4 4 4, 501", "4 4 4 4 10, 1011", "15, 0", "16, 501"})
    @Scenario("LG-11")
    void theFirstUnitsAreFreeAndSoAreTheEventsInThem(String events, long cents) {
        assertThat(amount(onePercent().withFreeQuantity(dec("15")), events(events)))
                .isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"1 1 1, 0", "1 1 1 1, 501", "10, 0", "10 10, 505", "10 10 10, 1015"})
    void theFreePartEndsWithItsEventsOrItsUnitsWhicheverIsSooner(String events, long cents) {
        Percentage both = new Percentage(dec("1"), 100, dec("500"), 3L, dec("15"), null, null);
        assertThat(amount(both, events(events))).isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"100, 200", "100 1000, 1300", "100 1000 10000, 2500", "100 1000 10000 20, 2675"})
    void aPercentageIsBoundedForEachEvent(String events, long cents) {
        Percentage bounded = new Percentage(dec("1"), 100, dec("100"), 0L, null, dec("175"), dec("1200"));
        assertThat(amount(bounded, events(events))).isEqualTo(cents);
    }

    @Test
    void aPercentageOfCents() {
        Percentage card = new Percentage(dec("2.9"), 1, dec("30"));
        assertThat(amount(card, Usage.of(dec("10050"), 1)))
                .as("291.45 + 30, rounded once")
                .isEqualTo(321);
        assertThat(amount(card, Usage.of(dec("20100"), 2)))
                .as("not twice 321.45 rounded")
                .isEqualTo(643);
    }

    @Test
    void aFeeForEachEventNeedsToKnowTheEvents() {
        Percentage card = new Percentage(dec("2.9"), 1, dec("30"));
        assertThatIllegalArgumentException().isThrownBy(() -> card.steps(Usage.of(dec("100"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> card.withFreeEvents(3).steps(Usage.of(dec("100"), 4)));
        Percentage bounded = new Percentage(dec("1"), 1, dec("0"), 0L, null, dec("1"), null);
        assertThatIllegalArgumentException().isThrownBy(() -> bounded.steps(Usage.of(dec("100"), 4)));
        assertThat(amount(new Percentage(dec("1"), 1, dec("0")), Usage.of(dec("100"))))
                .as("without a fee they do not matter")
                .isEqualTo(1);
    }

    @Test
    void aFlatPriceDoesNotDependOnUse() {
        assertThat(amount(new Flat(dec("4900")), "0")).isEqualTo(4900);
        assertThat(amount(new Flat(dec("4900")), "1000000")).isEqualTo(4900);
    }

    @Test
    void aUnitPriceOfTwelvePlacesIsExactUntilItIsRoundedHalfUp() {
        PerUnit tiny = new PerUnit(dec("0.000000000001"));
        assertThat(amount(tiny, "499999999999")).isZero();
        assertThat(amount(tiny, "500000000000")).isEqualTo(1);
        assertThat(tiny.exactCents(Usage.of(dec("0.000001")))).isEqualByComparingTo("0.000000000000000001");
    }

    @Test
    void aPriceQuotedForSeveralUnitsIsChargedInProportion() {
        assertThat(amount(PerUnit.of(dec("2"), dec("1000")), "250"))
                .as("0.5 cents")
                .isEqualTo(1);
        assertThat(amount(PerUnit.of(dec("2"), dec("1000")), "249")).isZero();
        assertThat(PerUnit.of(dec("50"), dec("1024"))).isEqualTo(new PerUnit(dec("0.048828125")));
        assertThatIllegalArgumentException().isThrownBy(() -> PerUnit.of(dec("1"), dec("3")));
    }

    @Test
    void tiersRiseAndTheLastAloneHasNoEnd() {
        assertRefused(() -> new Graduated(List.of(), false));
        assertRefused(() -> new Graduated(tier("5", "1", "0")));
        assertRefused(() -> new Graduated(tier(null, "1", "0"), tier(null, "1", "0")));
        assertRefused(() -> new Volume(tier("5", "1", "0"), tier("5", "1", "0"), tier(null, "1", "0")));
        assertRefused(() -> new Volume(tier("6", "1", "0"), tier("5", "1", "0"), tier(null, "1", "0")));
        assertRefused(() -> tier("0", "1", "0"));
        assertRefused(() -> new GraduatedPercentage(100, List.of(new PercentageTier(dec("100"), dec("5"), dec("0")))));
    }

    @Test
    void pricesAreNeverNegativeAndHaveAtMostTwelvePlaces() {
        assertRefused(() -> new Flat(dec("-1")));
        assertRefused(() -> new PerUnit(dec("-0.01")));
        assertRefused(() -> new PerUnit(dec("0.0000000000001")));
        assertRefused(() -> new Package(dec("0"), dec("1")));
        assertRefused(() -> new Package(dec("10"), dec("-1")));
        assertRefused(() -> tier("5", "-1", "0"));
        assertRefused(() -> tier("5", "1", "-1"));
        assertRefused(() -> packages("5", "1", "0"));
        assertRefused(() -> new Percentage(dec("-1"), 100, dec("0")));
        assertRefused(() -> new Percentage(dec("0.00000000001"), 100, dec("0")));
        assertRefused(() -> new Percentage(dec("1"), 0, dec("0")));
        assertRefused(() -> new Percentage(dec("1"), 100, dec("-5")));
        assertRefused(() -> onePercent().withFreeEvents(-1));
        assertRefused(() -> new Percentage(dec("1"), 100, dec("5"), null, null, null, null));
        assertRefused(() -> new Percentage(dec("1"), 100, dec("5"), 0L, null, dec("2"), dec("1")));
    }

    @Test
    void pricesOfOneValueAreEqualHoweverTheyAreWritten() {
        assertThat(new PerUnit(dec("1.50"))).isEqualTo(new PerUnit(dec("1.5")));
        assertThat(new Package(dec("1E+2"), dec("295.0"))).isEqualTo(new Package(dec("100"), dec("295")));
        assertThat(new Package(dec("100.00"), dec("1")).toString())
                .contains("100")
                .doesNotContain("E");
    }

    @Test
    void aTierWithoutAFeeMakesNoStepOfIt() {
        assertThat(new Graduated(tier(null, "1", "0")).steps(Usage.of(dec("3"))))
                .extracting(Step::kind)
                .containsExactly(Step.Kind.UNITS);
        assertThat(new Graduated(tier(null, "1", "7")).steps(Usage.of(dec("3"))))
                .extracting(Step::kind)
                .containsExactly(Step.Kind.UNITS, Step.Kind.FEE);
    }

    @Test
    void anEventsBoundsMakeAStepOnlyWhereTheyChangeIt() {
        Percentage fixed = new Percentage(dec("1"), 100, dec("0"), 0L, null, dec("100"), dec("100"));
        assertThat(fixed.steps(events("100"))).extracting(Step::kind).containsExactly(Step.Kind.UNITS);
        assertThat(amount(fixed, events("50"))).isEqualTo(100);
        assertThat(amount(fixed, events("200"))).isEqualTo(100);
        assertThat(new Percentage(dec("1"), 100, dec("0")).steps(events("100")))
                .extracting(Step::kind)
                .containsExactly(Step.Kind.UNITS);
        assertThat(new Percentage(dec("1"), 100, dec("5")).steps(Usage.of(dec("0"), 0)))
                .isEmpty();
    }

    @Test
    void moneyIsWorthMoreThanNothing() {
        assertRefused(() -> new GraduatedPercentage(0, List.of(new PercentageTier(null, dec("5"), dec("0")))));
    }

    @Test
    void theTierThatIsWrongIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Volume(tier("6", "1", "0"), tier("5", "1", "0"), tier(null, "1", "0")))
                .withMessage("tier 2 ends above 6");
    }

    private static void assertRefused(ThrowingCallable making) {
        assertThatIllegalArgumentException().isThrownBy(making);
    }

    private static long amount(Pricing pricing, String quantity) {
        return amount(pricing, Usage.of(dec(quantity)));
    }

    private static long amount(Pricing pricing, Usage usage) {
        return Price.of(pricing).amountCents(usage);
    }

    private static Percentage onePercent() {
        return new Percentage(dec("1"), 100, dec("500"));
    }

    private static List<PriceTier> omTiers() {
        return List.of(
                tier("5", "0", "10000"), tier("10", "0", "5000"), tier("15", "1000", "0"), tier(null, "500", "0"));
    }

    private static List<PriceTier> stTiers() {
        return List.of(
                tier("5", "500", "0"),
                tier("10", "400", "0"),
                tier("15", "300", "0"),
                tier("20", "200", "0"),
                tier(null, "100", "0"));
    }

    private static PriceTier tier(@Nullable String upTo, String unit, String flat) {
        return new PriceTier(upTo == null ? null : dec(upTo), dec(unit), dec(flat));
    }

    private static PriceTier packages(@Nullable String upTo, String cents, String per) {
        return PriceTier.ofPackages(upTo == null ? null : dec(upTo), dec(cents), dec(per));
    }

    private static Usage events(String quantities) {
        return Usage.ofEvents(
                Stream.of(quantities.split(" ")).map(BigDecimal::new).toList());
    }

    private static BigDecimal dec(String value) {
        return new BigDecimal(value);
    }
}
