package com.cognitionos.metering.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.RunningTotals.Metric;
import com.cognitionos.rating.entity.Grain;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceRowTest {

    private static final Meter TOKENS = new Meter("tokens", "Tokens", Meter.Aggregation.SUM, "token");
    private static final MeterPrice PRICE = MeterPrice.perUnit("USD", BigDecimal.valueOf(2), BigDecimal.valueOf(1000));

    private static AllowanceRow row(
            String used, @Nullable String limit, @Nullable String percent, boolean hard, @Nullable MeterPrice price) {
        BigDecimal included = limit == null ? null : new BigDecimal(limit);
        Plan plan = new Plan(
                Tier.PRO,
                1,
                1,
                "Pro",
                false,
                Grain.SECOND,
                List.of(),
                List.of(new Plan.MeteredAllowance(TOKENS, included, price == null ? List.of() : List.of(price))),
                Map.of(),
                Map.of());
        return AllowanceRow.of(
                new Metric(
                        "tokens",
                        "token",
                        new BigDecimal(used),
                        included,
                        percent == null ? null : new BigDecimal(percent),
                        hard,
                        0),
                plan,
                "USD");
    }

    @Test
    void saysHowMuchOfWhat() {
        AllowanceRow row = row("4210000", "10000000", "42.1", false, PRICE);
        assertThat(row.title()).isEqualTo("Tokens");
        assertThat(row.figure()).isEqualTo("4,210,000 of 10,000,000 tokens");
        assertThat(row.percent()).isEqualTo("42.1\u00a0%");
        assertThat(row.above()).isEqualTo("Above this, $0.02 per 1,000 tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "79.9, false, calm, 79.9",
        "80, false, near, 80",
        "100, false, over, 100",
        "240, false, over, 100",
        "100, true, stop, 100"
    })
    void warnsBeforeItCosts(String percent, boolean hard, String level, BigDecimal filled) {
        AllowanceRow row = row("1", "2", percent, hard, PRICE);
        assertThat(row.level()).isEqualTo(level);
        assertThat(row.filled()).isEqualByComparingTo(filled);
    }

    @Test
    void aTrialRefusesEvenWhereThePlanHasAPrice() {
        assertThat(row("1", "2", "50", true, PRICE).above()).isEqualTo("Above this, events are refused");
    }

    @Test
    void nothingIsDrawnForWhatIsUnlimited() {
        AllowanceRow row = row("12", null, null, false, null);
        assertThat(row.limited()).isFalse();
        assertThat(row.above()).isEqualTo("No limit, included in the plan");
    }

    @Test
    void aLevelIsPricedByTheMonth() {
        Meter storage = new Meter("storage_mb", "Storage", Meter.Aggregation.TIME_WEIGHTED, "MB");
        assertThat(new MeterWords()
                        .price(new MeterPrice.Quote(BigDecimal.valueOf(50), BigDecimal.valueOf(1024)), storage, "USD"))
                .isEqualTo("$0.50 per 1,024 MB and month");
    }
}
