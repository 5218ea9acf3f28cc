package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.cognitionos.rating.entity.Pricing.Package;
import com.cognitionos.rating.entity.Pricing.PerUnit;
import com.cognitionos.rating.entity.Pricing.Volume;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Progressive billing of one period. Amounts are cents. */
class SliceTest {

    private static final Price PACKAGES = Price.of(new Package(BigDecimal.TEN, dec("1500")));

    @Test
    @Scenario("OM-07")
    void aSliceChargesTheWholePackagesThatItStarts() {
        assertThat(Slice.within(PACKAGES, Usage.of(dec("10")), 0).dueCents()).isEqualTo(1500);
        assertThat(Slice.within(PACKAGES, Usage.of(dec("5")), 0).dueCents()).isEqualTo(1500);
        long before = PACKAGES.amountCents(Usage.of(dec("17")));
        assertThat(Slice.within(PACKAGES, Usage.of(dec("22")), before).dueCents())
                .as("one package more")
                .isEqualTo(1500);
        assertThat(Slice.within(PACKAGES, Usage.of(dec("18")), before).dueCents())
                .as("inside a package that is paid")
                .isZero();
    }

    @Test
    @Scenario("OM-07")
    void theMaximumHoldsOverAllSlices() {
        Price capped = PACKAGES.withMaximum(10_000L);
        Slice second = Slice.within(capped, Usage.of(dec("110")), 9_000);
        assertThat(second.dueCents()).isEqualTo(1_000);
        assertThat(Slice.within(capped, Usage.of(dec("200")), 10_000).dueCents())
                .isZero();
        assertThat(Slice.within(capped, Usage.of(dec("200")), 12_000).dueCents())
                .as("never negative")
                .isZero();
    }

    @Test
    @Scenario("LG-19")
    void aThresholdInvoiceIsCreditedOnThePeriodInvoice() {
        Price perUnit = Price.of(new PerUnit(dec("0.02")));
        Slice threshold = Slice.within(perUnit, Usage.of(dec("1000000")), 0);
        assertThat(threshold.dueCents()).isEqualTo(20_000);
        Slice period = Slice.closing(perUnit, Usage.of(dec("2000000")), threshold.dueCents());
        assertThat(3_100 + period.amountCents()).isEqualTo(43_100);
        assertThat(period.billedBeforeCents()).isEqualTo(20_000);
        assertThat(3_100 + period.dueCents()).isEqualTo(23_100);
    }

    @Test
    void theMinimumWaitsForTheClosingSlice() {
        Price committed = PACKAGES.withMinimum(10_000L);
        assertThat(Slice.within(committed, Usage.of(dec("5")), 0).dueCents()).isEqualTo(1_500);
        assertThat(Slice.closing(committed, Usage.of(dec("5")), 1_500).dueCents())
                .isEqualTo(8_500);
    }

    @Test
    void whatFallsAgainIsACreditAtTheClose() {
        Price volume = Price.of(
                new Volume(new PriceTier(dec("5"), dec("500"), dec("0")), new PriceTier(null, dec("400"), dec("0"))));
        Slice close = Slice.closing(volume, Usage.of(dec("6")), 2_500);
        assertThat(close.dueCents()).isZero();
        assertThat(close.creditCents()).isEqualTo(100);
        assertThat(Slice.closing(volume, Usage.of(dec("7")), 2_500).creditCents())
                .isZero();
    }

    @Test
    void amountsAreNeverNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Slice(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Slice(0, -1));
    }

    private static BigDecimal dec(String value) {
        return new BigDecimal(value);
    }
}
