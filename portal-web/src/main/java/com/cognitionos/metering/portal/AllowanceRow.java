package com.cognitionos.metering.portal;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.kernel.portal.Figures;
import java.math.BigDecimal;

/**
 * A meter against what the plan includes, in the running month.
 *
 * @param figure what is used, of what, with the unit
 * @param limited whether there is a limit to draw a bar for
 * @param percent as text; empty without a limit
 * @param filled 0 to 100
 * @param level {@code calm}, {@code near} from 80 %, {@code over} where more costs, {@code stop} where more is refused
 * @param above what happens above the limit
 */
public record AllowanceRow(
        String meter,
        String title,
        String figure,
        boolean limited,
        String percent,
        BigDecimal filled,
        String level,
        String above,
        long overageCents) {

    private static final BigDecimal FULL = BigDecimal.valueOf(100);
    private static final BigDecimal NEAR = BigDecimal.valueOf(80);

    public static AllowanceRow of(RunningTotals.Metric metric, Plan plan, String currency) {
        MeterWords words = new MeterWords();
        Plan.MeteredAllowance allowance = plan.allowance(metric.meter()).orElseThrow();
        Meter meter = allowance.meter();
        BigDecimal percentage = metric.percentage() == null ? BigDecimal.ZERO : metric.percentage();
        boolean mean = meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED;
        return new AllowanceRow(
                metric.meter(),
                words.title(metric.meter(), metric.unit()),
                figure(metric, words) + (mean ? " on average" : ""),
                metric.limit() != null,
                metric.percentage() == null ? "" : new Figures().percent(percentage),
                percentage.min(FULL),
                level(percentage, metric.hardLimit()),
                above(metric, allowance, currency, words),
                metric.overageCents());
    }

    private static String figure(RunningTotals.Metric metric, MeterWords words) {
        return metric.limit() == null
                ? words.amount(metric.current(), metric.unit())
                : new Figures().quantity(metric.current()) + " of " + words.amount(metric.limit(), metric.unit());
    }

    private static String level(BigDecimal percentage, boolean hardLimit) {
        if (percentage.compareTo(FULL) >= 0) {
            return hardLimit ? "stop" : "over";
        }
        return percentage.compareTo(NEAR) >= 0 ? "near" : "calm";
    }

    private static String above(
            RunningTotals.Metric metric, Plan.MeteredAllowance allowance, String currency, MeterWords words) {
        if (metric.limit() == null) {
            return "No limit, included in the plan";
        }
        MeterPrice price = allowance.price(currency);
        if (metric.hardLimit() || price == null) {
            return "Above this, events are refused";
        }
        MeterPrice.Quote quote = price.quote();
        return "Above this, "
                + (quote == null ? "usage is charged by your plan" : words.price(quote, allowance.meter(), currency));
    }
}
