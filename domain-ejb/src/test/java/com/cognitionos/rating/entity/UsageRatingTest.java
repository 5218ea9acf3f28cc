package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.cognitionos.rating.entity.Pricing.Flat;
import com.cognitionos.rating.entity.Pricing.Graduated;
import com.cognitionos.rating.entity.Pricing.PerUnit;
import com.cognitionos.rating.entity.Pricing.Percentage;
import com.cognitionos.rating.entity.UsageRating.Charge;
import com.cognitionos.rating.entity.UsageRating.Part;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A usage month whose price changes on the way. Amounts are cents. */
class UsageRatingTest {

    @Test
    @Scenario("KB-41")
    void usageAtTheChangeBelongsToTheNewPrice() {
        Map<String, Integer> events = Map.of(
                "2026-05-28", 10, "2026-06-01", 5, "2026-06-05", 8, "2026-06-10", 3, "2026-06-17", 7, "2026-06-18", 4);
        List<Charge> charges = UsageRating.rate(List.of(
                part("2026-05-28", "2026-06-18", each("100"), events),
                part("2026-06-18", "2026-06-28", each("300"), events)));
        assertThat(charges).extracting(Charge::amountCents).containsExactly(3300L, 1200L);
        assertThat(charges)
                .extracting(Charge::period)
                .containsExactly(period("2026-05-28", "2026-06-18"), period("2026-06-18", "2026-06-28"));
    }

    @Test
    @Scenario("MT-05")
    void aPriceOnlyChangeSplitsUsageByTime() {
        List<Charge> charges = UsageRating.rate(List.of(
                part("2026-02-01", "2026-02-15", each("10"), 500), part("2026-02-15", "2026-03-01", each("11"), 800)));
        assertThat(1000 + UsageRating.amountCents(charges)).isEqualTo(14800);
    }

    @Test
    void thePoolIsTheLargestIncludedQuantityAndIsUsedUpInTime() {
        Price pro = each("10").including(dec(1000));
        Price team = each("8").including(dec(5000));
        List<Charge> upgrade = UsageRating.rate(
                List.of(part("2026-03-01", "2026-03-11", pro, 1500), part("2026-03-11", "2026-04-01", team, 4000)));
        assertThat(upgrade).extracting(Charge::free).containsExactly(dec(1500), dec(3500));
        assertThat(upgrade).extracting(Charge::amountCents).containsExactly(0L, 500 * 8L);

        List<Charge> downgrade = UsageRating.rate(
                List.of(part("2026-03-01", "2026-03-11", team, 6000), part("2026-03-11", "2026-04-01", pro, 4000)));
        assertThat(downgrade).extracting(Charge::amountCents).containsExactly(1000 * 8L, 4000 * 10L);
    }

    @Test
    void anUnlimitedPriceMakesTheWholePoolUnlimited() {
        List<Charge> charges = UsageRating.rate(List.of(
                part("2026-03-01", "2026-03-11", each("10").including(dec(1000)), 1500),
                part("2026-03-11", "2026-04-01", each("8").including(null), 4000)));
        assertThat(charges).extracting(Charge::amountCents).containsExactly(0L, 0L);
        assertThat(charges).extracting(Charge::free).containsExactly(dec(1500), dec(4000));
    }

    @Test
    void aPartFreeOfChargeLeavesThePoolAsItIs() {
        Price pro = each("10").including(dec(1000));
        List<Charge> charges = UsageRating.rate(
                List.of(part("2026-03-01", "2026-03-15", null, 7000), part("2026-03-15", "2026-04-01", pro, 1100)));
        assertThat(charges).hasSize(1);
        assertThat(charges.get(0).amountCents()).isEqualTo(100 * 10);
    }

    @Test
    void tiersStartAfreshWithEachPrice() {
        Price dear = Price.of(tiers("10", "5"));
        Price cheap = Price.of(tiers("8", "4"));
        assertThat(UsageRating.rate(List.of(
                        part("2026-03-01", "2026-03-11", dear, 12), part("2026-03-11", "2026-04-01", cheap, 12))))
                .extracting(Charge::amountCents)
                .containsExactly(110L, 88L);
    }

    @Test
    void equalPricesThatFollowEachOtherRateAsOne() {
        List<Charge> charges = UsageRating.rate(List.of(
                part("2026-03-01", "2026-03-11", Price.of(tiers("10", "5.0")), 12),
                part("2026-03-11", "2026-04-01", Price.of(tiers("10", "5.00")), 12)));
        assertThat(charges).hasSize(1);
        assertThat(charges.get(0).amountCents()).isEqualTo(100 + 14 * 5);
        assertThat(charges.get(0).period()).isEqualTo(period("2026-03-01", "2026-04-01"));
        assertThat(charges.get(0).charged()).isEqualTo(Usage.of(dec(24)));
    }

    @Test
    void equalPricesWithAnotherBetweenStayApart() {
        Price tiers = Price.of(tiers("10", "5"));
        assertThat(UsageRating.rate(List.of(
                        part("2026-03-01", "2026-03-11", tiers, 12),
                        part("2026-03-11", "2026-03-12", each("1"), 1),
                        part("2026-03-12", "2026-04-01", tiers, 12))))
                .extracting(Charge::amountCents)
                .containsExactly(110L, 1L, 110L);
    }

    @Test
    void equalPricesWithAPauseBetweenStayApart() {
        Price tiers = Price.of(tiers("10", "5"));
        assertThat(UsageRating.rate(List.of(
                        part("2026-03-01", "2026-03-11", tiers, 12), part("2026-03-12", "2026-04-01", tiers, 12))))
                .extracting(Charge::amountCents)
                .containsExactly(110L, 110L);
    }

    @Test
    void eachPartIsRoundedOnce() {
        assertThat(UsageRating.rate(List.of(
                        part("2026-03-01", "2026-03-11", each("0.5"), 1),
                        part("2026-03-11", "2026-04-01", each("0.4"), 1))))
                .extracting(Charge::amountCents)
                .containsExactly(1L, 0L);
    }

    @Test
    void whatDoesNotDependOnUseIsSharedByTime() {
        Period april = period("2026-04-01", "2026-05-01");
        List<Charge> charges = UsageRating.rate(
                april,
                List.of(
                        part("2026-04-01", "2026-04-11", null, 5),
                        part("2026-04-11", "2026-04-21", each("1").withMinimum(300L), 5),
                        part("2026-04-21", "2026-05-01", Price.of(new Flat(dec(1000))), 5)));
        assertThat(charges).extracting(Charge::amountCents).containsExactly(100L, 333L);
        assertThat(charges.get(0).price().minimumCents()).as("as agreed").isEqualTo(300);
        assertThat(UsageRating.rate(
                        april,
                        List.of(part("2026-04-01", "2026-04-11", each("1").withMaximum(9L), 5))))
                .extracting(Charge::amountCents)
                .containsExactly(3L);
        assertThat(UsageRating.rate(
                        List.of(part("2026-04-01", "2026-04-11", each("1").withMinimum(9L), 5))))
                .as("parts that tile the month")
                .extracting(Charge::amountCents)
                .containsExactly(9L);
    }

    @Test
    void eventsInThePoolPayNoFee() {
        Price card = Price.of(new Percentage(dec(1), 100, dec(500))).including(dec(25));
        Price dearer = Price.of(new Percentage(dec(2), 100, dec(500))).including(dec(25));
        List<BigDecimal> tens = List.of(dec(10), dec(10));
        List<Charge> charges = UsageRating.rate(List.of(
                new Part(period("2026-03-01", "2026-03-11"), card, Usage.ofEvents(tens)),
                new Part(period("2026-03-11", "2026-04-01"), dearer, Usage.ofEvents(tens))));
        assertThat(charges).extracting(Charge::amountCents).containsExactly(0L, 30L + 2 * 500);
    }

    @Test
    void partsNeitherOverlapNorLeaveTheMonth() {
        Part march = part("2026-03-01", "2026-04-01", each("1"), 1);
        Part late = part("2026-03-31", "2026-04-02", each("2"), 1);
        assertThatIllegalArgumentException().isThrownBy(() -> UsageRating.rate(List.of(march, late)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsageRating.rate(period("2026-03-01", "2026-04-01"), List.of(late)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsageRating.rate(period("2026-03-02", "2026-04-01"), List.of(march)));
        assertThat(UsageRating.rate(List.of())).isEmpty();
    }

    /** Where the price stays, splitting the month changes nothing; nor does the order in which the parts are given. */
    @Property
    void splittingAMonthUnderOnePriceChangesNothing(
            @ForAll @Size(min = 1, max = 12) List<@LongRange(min = 0, max = 5_000_000) Long> millionths,
            @ForAll @IntRange(min = 0, max = 20) int included,
            @ForAll @LongRange(min = 0, max = 10_000) long unit,
            @ForAll Random order) {
        Price price = Price.of(tiers(dec(unit).movePointLeft(3).toPlainString(), "0.7"))
                .including(dec(included))
                .withMinimum(3L);
        List<Part> parts = new ArrayList<>();
        BigDecimal sum = BigDecimal.ZERO;
        for (int day = 0; day < millionths.size(); day++) {
            BigDecimal quantity = BigDecimal.valueOf(millionths.get(day), 6);
            sum = sum.add(quantity);
            Instant start = at("2026-03-01").plusSeconds(86_400L * day);
            parts.add(new Part(new Period(start, start.plusSeconds(86_400)), price, Usage.of(quantity)));
        }
        Collections.shuffle(parts, order);

        List<Charge> charges = UsageRating.rate(parts);

        assertThat(charges).hasSize(1);
        assertThat(charges.get(0).amountCents()).isEqualTo(price.amountCents(Usage.of(sum)));
    }

    /** The pool is given out once: no more than there is, and only when it is empty does a part pay. */
    @Property
    void thePoolIsGivenOutOnce(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 60) Integer> quantities,
            @ForAll @Size(8) List<@IntRange(min = 0, max = 100) Integer> included,
            @ForAll @Size(8) List<@IntRange(min = 0, max = 3) Integer> kinds) {
        List<Part> parts = new ArrayList<>();
        int pool = 0;
        int used = 0;
        for (int day = 0; day < quantities.size(); day++) {
            Price price = kinds.get(day) == 0
                    ? null
                    : each(String.valueOf(kinds.get(day))).including(dec(included.get(day)));
            Instant start = at("2026-03-01").plusSeconds(86_400L * day);
            parts.add(
                    new Part(new Period(start, start.plusSeconds(86_400)), price, Usage.of(dec(quantities.get(day)))));
            pool = price == null ? pool : Math.max(pool, included.get(day));
            used += price == null ? 0 : quantities.get(day);
        }

        List<Charge> charges = UsageRating.rate(parts);

        int left = Math.min(pool, used);
        assertThat(charges.stream().map(Charge::free).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(dec(left));
        for (Charge charge : charges) {
            left -= charge.free().intValueExact();
            assertThat(charge.amountCents()).isNotNegative();
            assertThat(Exact.cents(Step.sum(charge.steps()))).isEqualTo(charge.amountCents());
            if (charge.charged().quantity().signum() > 0) {
                assertThat(left).as("left in the pool when a part pays").isZero();
            }
        }
    }

    private static Pricing tiers(String first, String rest) {
        return new Graduated(
                new PriceTier(BigDecimal.TEN, new BigDecimal(first), BigDecimal.ZERO),
                new PriceTier(null, new BigDecimal(rest), BigDecimal.ZERO));
    }

    private static Price each(String cents) {
        return Price.of(new PerUnit(new BigDecimal(cents)));
    }

    private static Part part(String from, String to, Price price, Map<String, Integer> events) {
        Period period = period(from, to);
        int sum = events.entrySet().stream()
                .filter(event -> period.contains(at(event.getKey())))
                .mapToInt(Map.Entry::getValue)
                .sum();
        return new Part(period, price, Usage.of(dec(sum)));
    }

    private static Part part(String from, String to, @Nullable Price price, long quantity) {
        return new Part(period(from, to), price, Usage.of(dec(quantity)));
    }

    private static Period period(String from, String to) {
        return new Period(at(from), at(to));
    }

    private static Instant at(String day) {
        return LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private static BigDecimal dec(long value) {
        return BigDecimal.valueOf(value);
    }
}
