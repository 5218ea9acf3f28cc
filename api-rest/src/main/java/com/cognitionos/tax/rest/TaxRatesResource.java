package com.cognitionos.tax.rest;

import com.cognitionos.invoicing.boundary.Sellers;
import com.cognitionos.invoicing.rest.SellerResource.SellerWarning;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Day;
import com.cognitionos.tax.boundary.TaxRates;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tax rates. A rate never changes; another one follows it. */
@Path("/finance/tax-rates")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class TaxRatesResource {

    @EJB
    private TaxRates rates;

    @EJB
    private Sellers sellers;

    /** @param warnings what should be mended, such as a seller without a tax number */
    public record Rates(List<Rate> taxRates, List<SellerWarning> warnings) {}

    /** A new rate. @param warnings as those of {@link Rates} */
    public record AddedRate(
            UUID id,
            String code,
            BigDecimal percent,
            boolean inclusive,
            String country,
            @Nullable String region,
            List<String> categories,
            LocalDate validFrom,
            @Nullable LocalDate validTo,
            Instant createdAt,
            List<SellerWarning> warnings) {

        static AddedRate of(TaxRates.RateView view, List<SellerWarning> warnings) {
            Rate rate = Rate.of(view);
            return new AddedRate(
                    rate.id(),
                    rate.code(),
                    rate.percent(),
                    rate.inclusive(),
                    rate.country(),
                    rate.region(),
                    rate.categories(),
                    rate.validFrom(),
                    rate.validTo(),
                    rate.createdAt(),
                    warnings);
        }
    }

    /** @param validTo first day on which it is no longer in force */
    public record Rate(
            UUID id,
            String code,
            BigDecimal percent,
            boolean inclusive,
            String country,
            @Nullable String region,
            List<String> categories,
            LocalDate validFrom,
            @Nullable LocalDate validTo,
            Instant createdAt) {

        static Rate of(TaxRates.RateView view) {
            return new Rate(
                    view.id(),
                    view.rate().tax().code(),
                    view.rate().tax().percent(),
                    view.rate().tax().inclusive(),
                    view.rate().jurisdiction().country(),
                    view.rate().jurisdiction().region(),
                    view.rate().categories().stream().sorted().toList(),
                    view.rate().from(),
                    view.rate().to(),
                    view.createdAt());
        }
    }

    /** Added to the prices unless {@code inclusive}; for all tax categories where none is named. */
    public record NewRate(
            @NotNull @Size(min = 1, max = 63) String code,
            @NotNull BigDecimal percent,
            @Nullable Boolean inclusive,
            @NotNull @Size(min = 2, max = 2) String country,
            @Nullable @Size(min = 1, max = 3) String region,
            @Nullable @Size(max = 50) List<String> categories,
            @NotNull Day validFrom,
            @Nullable Day validTo) {}

    public record End(@NotNull Day validTo) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "All tax rates, by country, region, code and first day")
    public Rates list() {
        return Caller.current()
                .acrossTenants()
                .call(() -> new Rates(rates.list().stream().map(Rate::of).toList(), warnings()));
    }

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Add a tax rate; of one code, jurisdiction and category none may be in force then")
    @APIResponseSchema(value = AddedRate.class, responseCode = "201")
    public Response add(NewRate wanted) {
        TaxRates.NewRate rate = new TaxRates.NewRate(
                wanted.code(),
                wanted.percent(),
                Boolean.TRUE.equals(wanted.inclusive()),
                wanted.country(),
                wanted.region(),
                wanted.categories() == null ? Set.of() : Set.copyOf(wanted.categories()),
                wanted.validFrom().date(),
                wanted.validTo() == null ? null : wanted.validTo().date());
        return Response.status(Response.Status.CREATED)
                .entity(Caller.current().acrossTenants().call(() -> AddedRate.of(rates.add(rate), warnings())))
                .build();
    }

    private List<SellerWarning> warnings() {
        return SellerWarning.of(sellers.warnings());
    }

    @POST
    @Path("/{id}/end")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Say on which day a rate is no longer in force; it can be said once")
    public Rate end(@PathParam("id") UUID id, End end) {
        return Rate.of(Caller.current()
                .acrossTenants()
                .call(() -> rates.end(id, end.validTo().date())));
    }
}
