package com.cognitionos.invoicing.boundary;

import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.invoicing.control.CreditedSoFar;
import com.cognitionos.invoicing.control.DueLines;
import com.cognitionos.invoicing.control.FactsOfRecord;
import com.cognitionos.invoicing.control.InvoiceTerms;
import com.cognitionos.invoicing.entity.BillingFacts;
import com.cognitionos.invoicing.entity.BillingFacts.Month;
import com.cognitionos.invoicing.entity.InvoiceCalculator;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.boundary.Allowances;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.metering.entity.Allowance;
import com.cognitionos.rating.entity.InvoiceAmounts;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.Subscription;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the running month comes to so far, by the same function that will invoice it (INV-1). */
@Stateless
@TenantWall
public class RunningTotals {

    /** A pace of minutes says nothing about a month. */
    private static final Duration LEAST = Duration.ofDays(1);

    @Inject
    private FactsOfRecord factsOfRecord;

    @Inject
    private CreditedSoFar credited;

    @Inject
    private InvoiceTerms terms;

    @Inject
    private BusinessClock clock;

    @EJB
    private Usage usage;

    @EJB
    private Allowances allowances;

    @EJB
    private Subscriptions subscriptions;

    /**
     * One meter in the running month.
     *
     * @param limit what may be used (MET-6), or where usage is not refused, what is included; null is unlimited
     * @param percentage of the limit that is used, with one decimal; null when unlimited
     * @param hardLimit whether usage above the limit is refused rather than charged
     */
    public record Metric(
            String meter,
            String unit,
            BigDecimal current,
            @Nullable BigDecimal limit,
            @Nullable BigDecimal percentage,
            boolean hardLimit,
            long overageCents) {}

    /**
     * The running month.
     *
     * @param lines before discounts and tax
     * @param totalCents what an invoice made now would come to, with discounts and tax
     * @param projectedCents what it comes to if usage goes on at the pace so far, that of a day at least
     * @param countedUpTo the instant that the figures are true for
     */
    public record Totals(
            Period period,
            List<Metric> metrics,
            List<InvoiceLine> lines,
            long totalCents,
            long projectedCents,
            String currency,
            Instant countedUpTo) {}

    /** @throws Problem NOT_FOUND when the tenant never had a subscription */
    public Totals current() {
        Subscription subscription = subscriptions.latest().orElseThrow(() -> Problem.notFound("subscription"));
        Instant now = clock.now(Caller.currentTenant());
        Period month = subscription.usagePeriod();
        Map<String, BigDecimal> used = usage.inPeriod(month);
        BillingFacts facts = factsOfRecord.running(subscription, used);
        Month soFar = Objects.requireNonNull(facts.month());
        Plan plan = soFar.terms().plan();
        DueLines due = due(subscription, facts);
        DueLines projected = due(subscription, facts.with(soFar.with(toCome(used, plan, month, now))));
        Map<String, Allowance> limits = allowances.limits();
        List<Metric> metrics = new ArrayList<>();
        for (Plan.MeteredAllowance allowance : plan.meters()) {
            String meter = allowance.meter().code();
            Allowance holds = limits.getOrDefault(
                    meter,
                    Allowance.of(
                            allowance, subscription.currency(), soFar.terms().free(), null, null));
            metrics.add(metric(holds, used, due.lines()));
        }
        return new Totals(
                month,
                metrics,
                InvoiceCalculator.settled(due.lines()),
                total(subscription, due, now),
                total(subscription, projected, month.end()),
                subscription.currency(),
                now);
    }

    /** @param overageCents of the month, before discounts and tax */
    public record Projection(long totalCents, long overageCents) {}

    /**
     * What the month's invoice comes to with other quantities at its end.
     *
     * @param ends of each by meter what is added to those so far; of a mean level it may be below 0
     * @return in the order of the ends
     * @throws Problem NOT_FOUND when the tenant never had a subscription
     */
    public List<Projection> projected(List<Map<String, BigDecimal>> ends) {
        Subscription subscription = subscriptions.latest().orElseThrow(() -> Problem.notFound("subscription"));
        Period month = subscription.usagePeriod();
        BillingFacts facts = factsOfRecord.running(subscription, usage.inPeriod(month));
        Month soFar = Objects.requireNonNull(facts.month());
        return ends.stream()
                .map(more -> projected(subscription, facts.with(soFar.with(more))))
                .toList();
    }

    private Projection projected(Subscription subscription, BillingFacts facts) {
        DueLines due = due(subscription, facts);
        long overage = due.lines().stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.OVERAGE)
                .mapToLong(InvoiceLine::amountCents)
                .sum();
        return new Projection(
                total(subscription, due, subscription.usagePeriod().end()), overage);
    }

    private DueLines due(Subscription subscription, BillingFacts facts) {
        return subscription.isLive() ? credited.due(subscription.id(), InvoiceCalculator.lines(facts)) : DueLines.NONE;
    }

    private long total(Subscription subscription, DueLines due, Instant at) {
        return InvoiceAmounts.of(terms.estimate(subscription, due, at)).totalCents();
    }

    private static Metric metric(Allowance allowance, Map<String, BigDecimal> used, List<InvoiceLine> lines) {
        String code = allowance.meter().code();
        BigDecimal current = Sql.plain(used.getOrDefault(code, BigDecimal.ZERO));
        BigDecimal limit = allowance.shown();
        long overage = lines.stream()
                .filter(line -> code.equals(line.meter()) && line.kind() == InvoiceLine.Kind.OVERAGE)
                .mapToLong(InvoiceLine::amountCents)
                .sum();
        return new Metric(
                code,
                allowance.meter().unit(),
                current,
                limit,
                limit == null ? null : percentage(current, limit),
                allowance.limit() != null,
                overage);
    }

    private static BigDecimal percentage(BigDecimal current, BigDecimal limit) {
        return limit.signum() == 0
                ? BigDecimal.valueOf(100)
                : Sql.plain(current.multiply(BigDecimal.valueOf(100)).divide(limit, 1, RoundingMode.HALF_UP));
    }

    /** What more is used at this pace: a sum grows with time; a mean level stays what it is. */
    private static Map<String, BigDecimal> toCome(Map<String, BigDecimal> used, Plan plan, Period month, Instant now) {
        Duration passed = Duration.between(month.start(), now);
        if (passed.isNegative() || passed.isZero() || !now.isBefore(month.end())) {
            return Map.of();
        }
        BigDecimal part = BigDecimal.valueOf(Math.max(LEAST.toMillis(), passed.toMillis()));
        BigDecimal rest = BigDecimal.valueOf(month.length().toMillis()).subtract(part);
        Map<String, BigDecimal> more = new HashMap<>();
        plan.meters().stream()
                .map(Plan.MeteredAllowance::meter)
                .filter(meter -> meter.aggregation().adds() && used.containsKey(meter.code()))
                .forEach(meter -> more.put(
                        meter.code(), used.get(meter.code()).multiply(rest).divide(part, 6, RoundingMode.HALF_UP)));
        return more;
    }
}
