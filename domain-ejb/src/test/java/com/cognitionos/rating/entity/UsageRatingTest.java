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
import java.math.RoundingMode;
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
    void aPriceIncludesWhatItSaysWhileItHolds() {
        Price pro = each("10").including(dec(1000));
        Price team = each("8").including(dec(5000));
        List<Charge> upgrade = UsageRating.rate(List.of(april("01", "16", pro, 1500), april("16", "31", team, 4000)));
        assertThat(upgrade).extracting(Charge::included).containsExactly(dec(3000), dec(5000));
        assertThat(upgrade).extracting(Charge::amountCents).containsExactly(0L, 500 * 8L);

        List<Charge> downgrade = UsageRating.rate(List.of(april("01", "16", team, 4500), april("16", "31", pro, 200)));
        assertThat(downgrade).extracting(Charge::included).containsExactly(dec(5000), dec(3000));
        assertThat(downgrade)
                .extracting(Charge::amountCents)
                .as("what was free stays free")
                .containsExactly(0L, 200 * 10L);
    }

    /** 1,000 × 15/30 + 5,000 × 15/30: what was paid for is free, also where it was used before. */
    @Test
    void theMonthIncludesTheMeanByTime() {
        Price pro = each("10").including(dec(1000));
        Price team = each("8").including(dec(5000));
        assertThat(UsageRating.rate(List.of(april("01", "16", pro, 3001), april("16", "31", team, 1999))))
                .extracting(Charge::amountCents)
                .containsExactly(10L, 0L);
        assertThat(UsageRating.rate(List.of(april("01", "16", team, 2999), april("16", "31", pro, 2))))
                .extracting(Charge::amountCents)
                .containsExactly(0L, 10L);
    }

    @Test
    void aSecondOnALargerPlanIsWorthASecond() {
        Price pro = each("10").including(dec(10_000));
        Price team = each("10").including(dec(100_000));
        Instant noon = Instant.parse("2026-04-16T12:00:00Z");
        List<Charge> charges = UsageRating.rate(List.of(
                new Part(new Period(at("2026-04-01"), noon), pro, Usage.of(dec(12_000))),
                new Part(new Period(noon, noon.plusSeconds(1)), team, Usage.NONE),
                new Part(new Period(noon.plusSeconds(1), at("2026-05-01")), pro, Usage.of(dec(500)))));
        assertThat(charges).extracting(Charge::included).containsExactly(dec(10_000), dec(100_000), dec(10_000));
        assertThat(charges).extracting(Charge::amountCents).containsExactly(20_000L, 0L, 5_000L);
    }

    @Test
    void whatAPriceIncludesWithoutEndIsNotCounted() {
        Price pro = each("10").including(dec(1000));
        List<Part> parts = List.of(
                april("01", "16", pro, 1500),
                april("16", "26", each("8").including(null), 4000),
                april("26", "31", pro, 100));
        List<Charge> charges = UsageRating.rate(parts);
        assertThat(charges).extracting(Charge::amountCents).containsExactly(500 * 10L, 0L, 100 * 10L);
        assertThat(charges.get(1).included()).isNull();
        assertThat(UsageRating.included(period("2026-04-01", "2026-05-01"), parts))
                .as("beside all that was used")
                .isEqualByComparingTo("5000");
        assertThat(UsageRating.included(period("2026-04-01", "2026-05-01"), parts.subList(0, 2)))
                .isNull();
    }

    @Test
    void aPartFreeOfChargeIsNotCounted() {
        Price pro = each("10").including(dec(1000));
        List<Charge> charges = UsageRating.rate(List.of(april("01", "15", null, 7000), april("15", "31", pro, 1100)));
        assertThat(charges).hasSize(1);
        assertThat(charges.get(0).amountCents()).isEqualTo(100 * 10);
    }

    @Test
    void aMonthThatEndsEarlyIncludesWhatTheWholeWouldHave() {
        Price pro = each("10").including(dec(1000));
        Price team = each("8").including(dec(5000));
        assertThat(UsageRating.rate(
                        period("2026-04-01", "2026-05-01"),
                        List.of(april("01", "16", team, 3000), april("16", "17", pro, 1))))
                .extracting(Charge::included)
                .containsExactly(dec(5000), dec(3000));
    }

    @Test
    void theMeanHasTheDecimalsOfThePrices() {
        Price one = each("10").including(new BigDecimal("1.5"));
        Price two = each("10").including(dec(2));
        assertThat(UsageRating.rate(List.of(april("01", "11", two, 0), april("11", "31", one, 0))))
                .as("2 × 10/30 + 1.5 × 20/30")
                .extracting(Charge::included)
                .containsExactly(dec(2), new BigDecimal("1.7"));
        assertThat(UsageRating.rate(List.of(april("01", "11", each("1"), 0), april("11", "31", each("2"), 0))))
                .extracting(Charge::included)
                .containsExactly(dec(0), dec(0));
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

    /**
     * Whatever the month goes on to hold, a part never costs more than as it was used; and all in all no more than the mean
     * of what is included leaves to pay.
     */
    @Property
    void nothingCostsMoreForWhatComesLater(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 60) Integer> quantities,
            @ForAll @Size(8) List<@IntRange(min = 0, max = 100) Integer> included,
            @ForAll @Size(8) List<@IntRange(min = 0, max = 3) Integer> kinds) {
        List<Part> parts = new ArrayList<>();
        long mean = 0;
        long used = 0;
        Period month = new Period(at("2026-03-01"), at("2026-03-01").plusSeconds(86_400L * quantities.size()));
        for (int day = 0; day < quantities.size(); day++) {
            // Of one price each, so that none is joined and its tiers do not matter.
            Price price = kinds.get(day) == 0
                    ? null
                    : each(kinds.get(day) + "." + (day + 1)).including(dec(included.get(day)));
            Instant start = at("2026-03-01").plusSeconds(86_400L * day);
            parts.add(
                    new Part(new Period(start, start.plusSeconds(86_400)), price, Usage.of(dec(quantities.get(day)))));
            mean += price == null ? 0 : included.get(day);
            used += price == null ? 0 : quantities.get(day);
        }

        List<Charge> charges = UsageRating.rate(month, parts);

        BigDecimal charged =
                charges.stream().map(charge -> charge.charged().quantity()).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal most = dec(used).subtract(dec(mean).divide(dec(parts.size()), 0, RoundingMode.HALF_UP));
        assertThat(charged).isLessThanOrEqualTo(most.max(BigDecimal.ZERO));
        for (int day = 0; day < parts.size(); day++) {
            Period then = parts.get(day).period();
            long cents = sum(charges, then);
            assertThat(cents).isBetween(0L, sum(UsageRating.rate(month, parts.subList(0, day + 1)), then));
        }
    }

    /** What {@code included} says is where more begins to cost. */
    @Property
    void aUnitMoreCostsWhereTheMonthIsUsedUp(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 60) Integer> quantities,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 100) Integer> included,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 4) Integer> kinds) {
        List<Part> parts = new ArrayList<>();
        int last = quantities.size() - 1;
        for (int day = 0; day <= last; day++) {
            int kind = day == last ? 1 : kinds.get(day);
            Price price = kind == 0
                    ? null
                    : each(kind + "." + (day + 1)).including(kind == 4 ? null : dec(included.get(day)));
            Instant start = at("2026-03-01").plusSeconds(86_400L * day);
            parts.add(
                    new Part(new Period(start, start.plusSeconds(86_400)), price, Usage.of(dec(quantities.get(day)))));
        }
        Period month = new Period(at("2026-03-01"), at("2026-03-01").plusSeconds(86_400L * (last + 2)));
        List<Part> more = new ArrayList<>(parts.subList(0, last));
        Part end = parts.get(last);
        more.add(new Part(
                end.period(), end.price(), Usage.of(end.usage().quantity().add(BigDecimal.ONE))));

        BigDecimal all = quantities.stream().map(UsageRatingTest::dec).reduce(BigDecimal.ZERO, BigDecimal::add);
        boolean costs = UsageRating.amountCents(UsageRating.rate(month, more))
                > UsageRating.amountCents(UsageRating.rate(month, parts));
        assertThat(costs).isEqualTo(all.compareTo(UsageRating.included(month, parts)) >= 0);
    }

    private static long sum(List<Charge> charges, Period within) {
        return UsageRating.amountCents(charges.stream()
                .filter(charge -> charge.period().equals(within))
                .toList());
    }

    private static Part april(String from, String to, @Nullable Price price, long quantity) {
        String end = to.equals("31") ? "2026-05-01" : "2026-04-" + to;
        return part("2026-04-" + from, end, price, quantity);
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

    private static BigDecimal dec(Integer value) {
        return BigDecimal.valueOf(value);
    }

    private static BigDecimal dec(long value) {
        return BigDecimal.valueOf(value);
    }
}
