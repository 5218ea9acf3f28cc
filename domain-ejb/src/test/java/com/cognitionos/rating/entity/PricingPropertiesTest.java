package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.rating.entity.Pricing.Flat;
import com.cognitionos.rating.entity.Pricing.Graduated;
import com.cognitionos.rating.entity.Pricing.GraduatedPercentage;
import com.cognitionos.rating.entity.Pricing.GraduatedPercentage.PercentageTier;
import com.cognitionos.rating.entity.Pricing.Package;
import com.cognitionos.rating.entity.Pricing.PerUnit;
import com.cognitionos.rating.entity.Pricing.Percentage;
import com.cognitionos.rating.entity.Pricing.Volume;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What holds for every price and every usage. */
class PricingPropertiesTest {

    private static final BigDecimal BIT = new BigDecimal("0.000001");

    /** With bounds, included quantities and rounding: steps add up to what is charged, and that is never negative. */
    @Property
    void stepsAddUpToAnAmountThatIsNeverNegative(
            @ForAll("pricings") Pricing pricing,
            @ForAll("events") List<BigDecimal> events,
            @ForAll("quantities") BigDecimal included,
            @ForAll("bounds") @Nullable Long minimum,
            @ForAll("bounds") @Nullable Long maximum) {
        boolean bothBound = minimum != null && maximum != null && minimum > maximum;
        Price price = new Price(pricing, included, bothBound ? maximum : minimum, maximum);
        Usage usage = Usage.ofEvents(events);

        long amount = price.amountCents(usage);

        assertThat(amount).isNotNegative();
        BigDecimal steps = price.steps(usage).stream()
                .map(step -> step.quantity().multiply(step.unitCents()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(steps.subtract(BigDecimal.valueOf(amount)).abs()).isLessThanOrEqualTo(new BigDecimal("0.5"));
        if (minimum != null && !bothBound) {
            assertThat(amount).isGreaterThanOrEqualTo(minimum);
        }
        if (maximum != null) {
            assertThat(amount).isLessThanOrEqualTo(maximum);
        }
    }

    /** The same sum by another way: from each tier's start on, the price of all further units changes. */
    @Property
    void graduatedIsTheSumOfItsChangesOfPrice(
            @ForAll("linearTiers") List<PriceTier> tiers, @ForAll("quantities") BigDecimal quantity) {
        BigDecimal expected = BigDecimal.ZERO;
        BigDecimal start = BigDecimal.ZERO;
        BigDecimal priceBefore = BigDecimal.ZERO;
        for (PriceTier tier : tiers) {
            BigDecimal above = quantity.subtract(start);
            if (above.signum() > 0) {
                expected = expected.add(above.multiply(tier.unitCents().subtract(priceBefore)))
                        .add(tier.flatCents());
            }
            priceBefore = tier.unitCents();
            start = tier.upTo() == null ? start : tier.upTo();
        }
        Graduated graduated = new Graduated(tiers, false);
        assertThat(graduated.exactCents(Usage.of(quantity))).isEqualByComparingTo(expected);
        assertThat(graduated.steps(Usage.of(quantity)).stream()
                        .filter(step -> step.kind() == Step.Kind.UNITS)
                        .map(Step::quantity)
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .as("each unit is charged in one tier")
                .isEqualByComparingTo(quantity);
    }

    @Property
    void graduatedNeverFalls(
            @ForAll("tiers") List<PriceTier> tiers,
            @ForAll("quantities") BigDecimal quantity,
            @ForAll("quantities") BigDecimal more,
            @ForAll boolean feeAtZero) {
        Graduated graduated = new Graduated(tiers, feeAtZero);
        assertThat(graduated.exactCents(Usage.of(quantity.add(more))))
                .isGreaterThanOrEqualTo(graduated.exactCents(Usage.of(quantity)));
    }

    @Property
    void graduatedJumpsAtABoundaryByTheFlatFeeAlone(@ForAll("linearTiers") List<PriceTier> tiers) {
        Graduated graduated = new Graduated(tiers, false);
        for (int i = 0; i < tiers.size() - 1; i++) {
            BigDecimal end = tiers.get(i).upTo();
            BigDecimal jump =
                    graduated.exactCents(Usage.of(end.add(BIT))).subtract(graduated.exactCents(Usage.of(end)));
            PriceTier next = tiers.get(i + 1);
            assertThat(jump)
                    .isEqualByComparingTo(next.flatCents().add(next.unitCents().multiply(BIT)));
        }
    }

    @Property
    void perUnitIsGraduatedAndVolumeOfOneTier(
            @ForAll("prices") BigDecimal cents, @ForAll("quantities") BigDecimal quantity) {
        Usage usage = Usage.of(quantity);
        PriceTier only = new PriceTier(null, cents, BigDecimal.ZERO);
        BigDecimal perUnit = new PerUnit(cents).exactCents(usage);
        assertThat(perUnit).isEqualByComparingTo(cents.multiply(quantity));
        assertThat(new Graduated(only).exactCents(usage)).isEqualByComparingTo(perUnit);
        assertThat(new Volume(only).exactCents(usage)).isEqualByComparingTo(perUnit);
    }

    @Property
    void volumeIsTheGraduatedPriceInsideItsFirstTier(
            @ForAll("tiers") List<PriceTier> tiers, @ForAll("quantities") BigDecimal quantity) {
        BigDecimal end = tiers.get(0).upTo();
        Usage usage = Usage.of(end == null ? quantity : quantity.min(end));
        assertThat(new Volume(tiers, false).steps(usage)).isEqualTo(new Graduated(tiers, false).steps(usage));
    }

    /** Billing after each event, or once: to the cent the same, whatever was rounded on the way. */
    @Property
    void slicesAddUpToTheWhole(
            @ForAll("tiers") List<PriceTier> tiers,
            @ForAll("events") List<BigDecimal> events,
            @ForAll("quantities") BigDecimal included,
            @ForAll("bounds") @Nullable Long maximum) {
        Price price = Price.of(new Graduated(tiers, false)).including(included).withMaximum(maximum);
        BigDecimal soFar = BigDecimal.ZERO;
        long billed = 0;
        for (BigDecimal event : events) {
            soFar = soFar.add(event);
            Slice slice = Slice.within(price, Usage.of(soFar), billed);
            assertThat(slice.creditCents()).isZero();
            billed += slice.dueCents();
        }
        Slice closing = Slice.closing(price, Usage.of(soFar), billed);
        assertThat(closing.dueCents()).isZero();
        assertThat(closing.creditCents()).isZero();
        assertThat(billed).isEqualTo(price.amountCents(Usage.of(soFar)));
    }

    /** Only where the first events are free does it matter which come first. */
    @Property
    void theOrderOfEventsDoesNotMatter(
            @ForAll("orderlessPricings") Pricing pricing,
            @ForAll("events") List<BigDecimal> events,
            @ForAll Random order) {
        List<BigDecimal> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, order);
        assertThat(pricing.exactCents(Usage.ofEvents(shuffled)))
                .isEqualByComparingTo(pricing.exactCents(Usage.ofEvents(events)));
    }

    /** The free part and the bounds against a plain walk over the events. */
    @Property
    void aPercentageIsTheSumOverItsEvents(
            @ForAll("percentages") Percentage price, @ForAll("events") List<BigDecimal> events) {
        BigDecimal expected = BigDecimal.ZERO;
        BigDecimal before = BigDecimal.ZERO;
        boolean free = price.freeQuantity() == null || price.freeQuantity().signum() > 0;
        for (int i = 0; i < events.size(); i++) {
            BigDecimal after = before.add(events.get(i));
            free = free && (price.freeEvents() == null || i < price.freeEvents());
            BigDecimal charged = events.get(i);
            boolean unitsFree = price.freeQuantity() == null || after.compareTo(price.freeQuantity()) <= 0;
            if (free && !unitsFree) {
                charged = after.subtract(price.freeQuantity());
                free = false;
            }
            if (!free) {
                BigDecimal amount = charged.multiply(price.percent())
                        .multiply(BigDecimal.valueOf(price.centsPerUnit()))
                        .movePointLeft(2)
                        .add(price.eventCents());
                amount = price.minimumCents() == null ? amount : amount.max(price.minimumCents());
                expected = expected.add(price.maximumCents() == null ? amount : amount.min(price.maximumCents()));
            }
            before = after;
        }
        assertThat(price.exactCents(Usage.ofEvents(events))).isEqualByComparingTo(expected);
    }

    @Provide
    Arbitrary<BigDecimal> quantities() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 60).map(BigDecimal::valueOf),
                Arbitraries.longs().between(0, 60_000_000).map(millionths -> BigDecimal.valueOf(millionths, 6)));
    }

    @Provide
    Arbitrary<BigDecimal> prices() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 500).map(BigDecimal::valueOf),
                Arbitraries.longs().between(0, 5_000_000_000_000L).map(units -> BigDecimal.valueOf(units, 12)));
    }

    @Provide
    Arbitrary<List<BigDecimal>> events() {
        return quantities().list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<Long> bounds() {
        return Arbitraries.longs().between(0, 20_000).injectNull(0.3);
    }

    @Provide
    Arbitrary<List<PriceTier>> linearTiers() {
        return ladder(Arbitraries.just(BigDecimal.ZERO));
    }

    @Provide
    Arbitrary<List<PriceTier>> tiers() {
        return ladder(Arbitraries.integers().between(0, 7).map(BigDecimal::valueOf));
    }

    @Provide
    Arbitrary<Percentage> percentages() {
        Arbitrary<BigDecimal> percent = Arbitraries.integers().between(0, 400).map(n -> BigDecimal.valueOf(n, 2));
        Arbitrary<Long> freeEvents = Arbitraries.longs().between(0, 5).injectNull(0.3);
        Arbitrary<BigDecimal> freeQuantity = quantities().injectNull(0.3);
        Arbitrary<BigDecimal> minimum =
                Arbitraries.integers().between(0, 60).map(BigDecimal::valueOf).injectNull(0.5);
        Arbitrary<BigDecimal> maximum =
                Arbitraries.integers().between(60, 120).map(BigDecimal::valueOf).injectNull(0.5);
        return Combinators.combine(
                        percent,
                        Arbitraries.of(1L, 100L),
                        Arbitraries.integers().between(0, 50),
                        freeEvents,
                        freeQuantity,
                        minimum,
                        maximum)
                .as((rate, worth, fee, events, quantity, least, most) -> new Percentage(
                        rate,
                        worth,
                        BigDecimal.valueOf(fee),
                        events == null && quantity == null ? Long.valueOf(0) : events,
                        quantity,
                        least,
                        most));
    }

    @Provide
    Arbitrary<Pricing> orderlessPricings() {
        return Arbitraries.oneOf(
                prices().map(Flat::new),
                prices().map(PerUnit::new),
                Combinators.combine(Arbitraries.integers().between(1, 9), prices())
                        .as((size, cents) -> new Package(BigDecimal.valueOf(size), cents)),
                Combinators.combine(tiers(), Arbitraries.of(true, false)).as(Graduated::new),
                Combinators.combine(tiers(), Arbitraries.of(true, false)).as(Volume::new),
                linearTiers().map(PricingPropertiesTest::percentageOf),
                percentages()
                        .map(price -> new Percentage(
                                price.percent(),
                                price.centsPerUnit(),
                                price.eventCents(),
                                0L,
                                null,
                                price.minimumCents(),
                                price.maximumCents())));
    }

    @Provide
    Arbitrary<Pricing> pricings() {
        return Arbitraries.oneOf(orderlessPricings(), percentages().map(Pricing.class::cast));
    }

    /** @param per 0 is no package */
    private Arbitrary<List<PriceTier>> ladder(Arbitrary<BigDecimal> per) {
        Arbitrary<PriceTier> tier = Combinators.combine(
                        Arbitraries.longs().between(1, 20_000_000), prices(), Arbitraries.of(0, 0, 1, 250), per)
                .as((length, cents, flat, size) -> new PriceTier(
                        BigDecimal.valueOf(length, 6),
                        cents,
                        BigDecimal.valueOf(flat),
                        size.signum() == 0 ? null : size));
        return tier.list().ofMinSize(1).ofMaxSize(5).map(PricingPropertiesTest::stacked);
    }

    /** Turns lengths into ends. */
    private static List<PriceTier> stacked(List<PriceTier> lengths) {
        List<PriceTier> tiers = new ArrayList<>();
        BigDecimal end = BigDecimal.ZERO;
        for (int i = 0; i < lengths.size(); i++) {
            PriceTier tier = lengths.get(i);
            end = end.add(tier.upTo());
            boolean last = i == lengths.size() - 1;
            tiers.add(new PriceTier(last ? null : end, tier.unitCents(), tier.flatCents(), tier.per()));
        }
        return tiers;
    }

    private static Pricing percentageOf(List<PriceTier> tiers) {
        return new GraduatedPercentage(
                100,
                tiers.stream()
                        .map(tier -> new PercentageTier(tier.upTo(), BigDecimal.valueOf(25, 1), tier.flatCents()))
                        .toList());
    }
}
