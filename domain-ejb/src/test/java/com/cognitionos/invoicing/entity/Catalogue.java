package com.cognitionos.invoicing.entity;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Meter.Aggregation;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.catalog.entity.Plan.Price;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** The plans that SPEC section 1 seeds, as far as an invoice needs them. */
final class Catalogue {

    static final Plan PRO = new Plan(
            Tier.PRO,
            1,
            200,
            "Pro",
            false,
            Grain.SECOND,
            List.of(
                    new Price(BillingCycle.MONTHLY, "USD", 4900, Timing.AT_PERIOD_END),
                    new Price(BillingCycle.YEARLY, "USD", 49000, Timing.IN_ADVANCE)),
            List.of(
                    meter("executions", Aggregation.SUM, "execution", "10000", "10", "1"),
                    meter("tokens", Aggregation.SUM, "token", "10000000", "2", "1000"),
                    meter("api_calls", Aggregation.SUM, "API call", "100000", "0.1", "1"),
                    meter("storage_mb", Aggregation.TIME_WEIGHTED, "MB", "10000", "50", "1024")),
            Map.of(),
            Map.of());

    static final Plan FREE = new Plan(
            Tier.FREE,
            1,
            100,
            "Free",
            false,
            Grain.SECOND,
            List.of(new Price(BillingCycle.MONTHLY, "USD", 0, Timing.AT_PERIOD_END)),
            List.of(new MeteredAllowance(
                    new Meter("executions", "Executions", Aggregation.SUM, "execution"),
                    BigDecimal.valueOf(100),
                    List.of())),
            Map.of(),
            Map.of());

    static final Plan TEAM = new Plan(
            Tier.TEAM,
            1,
            300,
            "Team",
            false,
            Grain.SECOND,
            List.of(new Price(BillingCycle.MONTHLY, "USD", 19_900, Timing.AT_PERIOD_END)),
            PRO.meters(),
            Map.of(),
            Map.of());

    private Catalogue() {}

    private static MeteredAllowance meter(
            String code, Aggregation aggregation, String unit, String included, String cents, String per) {
        return new MeteredAllowance(
                new Meter(code, code, aggregation, unit),
                new BigDecimal(included),
                List.of(MeterPrice.perUnit("USD", new BigDecimal(cents), new BigDecimal(per))));
    }
}
