package com.cognitionos.catalog.rest;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.PriceDocument;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Public;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The catalogue. */
@Path("/plans")
@ApplicationScoped
@OpenWhenSuspended
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Plans")
public class PlansResource {

    // The catalogue is nobody's own, and this may be called without a key.
    private static final Caller ANYBODY = Caller.job("catalogue");

    @EJB
    private Plans plans;

    @Inject
    private BusinessClock clock;

    /** All that is on sale now. */
    public record Catalogue(List<PlanOnSale> plans) {}

    /**
     * A plan.
     *
     * @param custom whether its price is agreed by contract
     * @param features true, false or a number; null is an unlimited number
     */
    public record PlanOnSale(
            String tier,
            String name,
            int version,
            boolean custom,
            List<Price> prices,
            List<Allowance> meters,
            Map<String, @Nullable Object> features) {

        static PlanOnSale of(Plan plan) {
            Map<String, @Nullable Object> features = new LinkedHashMap<>();
            plan.features()
                    .forEach((name, feature) ->
                            features.put(name, feature.enabled() == null ? feature.amount() : feature.enabled()));
            return new PlanOnSale(
                    plan.tier().code(),
                    plan.name(),
                    plan.version(),
                    plan.custom(),
                    plan.prices().stream()
                            .map(price -> new Price(price.cycle().code(), price.currency(), price.amountCents()))
                            .toList(),
                    plan.meters().stream().map(Allowance::of).toList(),
                    features);
        }
    }

    /** Per billing cycle. */
    public record Price(String billingCycle, String currency, long amountCents) {}

    /**
     * A meter in a plan.
     *
     * @param included per month; null is unlimited
     * @param overage null where usage above it is refused, has no limit or is not priced by the unit
     * @param prices of usage above it, one a currency
     */
    public record Allowance(
            String meter,
            String unit,
            @Nullable BigDecimal included,
            boolean hardLimit,
            @Nullable Overage overage,
            List<Map<String, @Nullable Object>> prices) {

        static Allowance of(Plan.MeteredAllowance allowance) {
            MeterPrice.Quote quote = allowance.prices().stream()
                    .sorted(Comparator.comparing(price -> !price.currency().equals(Subscriptions.CURRENCY)))
                    .findFirst()
                    .map(MeterPrice::quote)
                    .orElse(null);
            return new Allowance(
                    allowance.meter().code(),
                    allowance.meter().unit(),
                    allowance.included(),
                    allowance.hardLimited(),
                    quote == null ? null : new Overage(quote.cents(), quote.per()),
                    allowance.prices().stream().map(PriceDocument::write).toList());
        }
    }

    /** {@code cents} per {@code per} units. */
    public record Overage(BigDecimal cents, BigDecimal per) {}

    @GET
    @Public
    @Operation(summary = "Plans on sale, smallest first")
    @SecurityRequirements
    public Catalogue onSale() {
        return new Catalogue(ANYBODY.call(() -> plans.onSale(clock.system())).stream()
                .map(PlanOnSale::of)
                .toList());
    }
}
