package com.cognitionos.catalog.rest;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a plan says, for the API's document: the catalogue reads it as a whole, so that each fault is told with
 * where it is.
 *
 * @param name of the plan, as invoices write it
 * @param custom whether the price is agreed by contract; left out, it is not
 * @param grain how a part of a period is weighed; second when left out
 * @param features by name: true, false or a number; null is an unlimited number
 */
@Schema(name = "PlanTerms")
public record PlanTerms(
        String name,
        @Nullable Boolean custom,

        @Nullable @Schema(enumeration = {"second", "day", "day_inclusive", "fixed30"})
        String grain,

        List<Price> prices,
        @Nullable List<Allowance> meters,
        @Nullable List<Committed> commitments,
        Map<String, @Nullable Object> features) {

    /** {@code timing} is at_period_end for a month and in_advance for a year when left out. */
    @Schema(name = "PlanPrice")
    public record Price(
            @Schema(enumeration = {"monthly", "yearly"}) String billingCycle,

            @Schema(examples = "EUR") String currency,
            long amountCents,

            @Nullable @Schema(enumeration = {"in_advance", "at_period_end", "in_arrears"})
            String timing) {}

    /** {@code included} per month, null is unlimited; without {@code prices} more is refused. */
    @Schema(name = "PlanMeter")
    public record Allowance(
            String meter,
            @Nullable BigDecimal included,
            @Nullable List<Rate> prices) {}

    /** The price above what is included: the fields of its model, and a least and a most for the month. */
    @Schema(name = "MeterPrice")
    public record Rate(
            @Schema(examples = "EUR") String currency,

            @Schema(
                    enumeration = {
                        "flat",
                        "per_unit",
                        "package",
                        "graduated",
                        "volume",
                        "percentage",
                        "graduated_percentage"
                    })
            String model,

            @Nullable BigDecimal flatCents,
            @Nullable BigDecimal unitCents,
            @Nullable BigDecimal per,
            @Nullable BigDecimal packageSize,
            @Nullable BigDecimal packageCents,
            @Nullable BigDecimal percent,
            @Nullable Long centsPerUnit,
            @Nullable List<Step> tiers,
            @Nullable Boolean feeAtZero,
            @Nullable Long minimumCents,
            @Nullable Long maximumCents) {}

    /** {@code up_to} is the last quantity of the tier, null in the last one. */
    @Schema(name = "PriceTier")
    public record Step(
            @Nullable BigDecimal upTo,
            @Nullable BigDecimal unitCents,
            @Nullable BigDecimal per,
            @Nullable BigDecimal percent,
            @Nullable BigDecimal flatCents) {}

    /** What a month's charges come to at least and at most. */
    @Schema(name = "PlanCommitment")
    public record Committed(
            String currency,
            @Nullable Long minimumCents,
            @Nullable Long maximumCents) {}
}
