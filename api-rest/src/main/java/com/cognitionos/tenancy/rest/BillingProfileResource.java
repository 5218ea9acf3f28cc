package com.cognitionos.tenancy.rest;

import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Uncounted;
import com.cognitionos.tenancy.boundary.BillingProfiles;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Whom a tenant's invoices are made out to. */
@Path("/billing-profile")
@ApplicationScoped
@OpenWhenSuspended
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Invoices")
public class BillingProfileResource {

    @EJB
    private BillingProfiles profiles;

    /**
     * @param legalName in place of the tenant's name
     * @param region ISO 3166-2 subdivision without the country
     * @param country ISO 3166-1 alpha-2
     * @param taxNumber a VAT number in the European Union, any tax number elsewhere
     */
    public record Profile(
            @Nullable String legalName,
            @Nullable String addressLine1,
            @Nullable String addressLine2,
            @Nullable String postalCode,
            @Nullable String city,
            @Nullable String region,
            @Nullable String country,
            @Nullable String taxNumber,
            boolean taxExempt,
            @Nullable Instant updatedAt,
            long version) {

        static Profile of(BillingProfiles.ProfileView view) {
            BillingProfile profile = view.profile();
            return new Profile(
                    profile.legalName(),
                    profile.addressLine1(),
                    profile.addressLine2(),
                    profile.postalCode(),
                    profile.city(),
                    profile.region(),
                    profile.country(),
                    profile.taxNumber(),
                    profile.taxExempt(),
                    view.updatedAt(),
                    view.version());
        }
    }

    /**
     * The whole profile; what is left out is not known any more, but for {@code tax_exempt}, which stays and is the
     * platform's to change.
     *
     * @param version of the profile it was made from, the present one when left out
     */
    public record NewProfile(
            @Nullable @Size(max = 255) String legalName,
            @Nullable @Size(max = 255) String addressLine1,
            @Nullable @Size(max = 255) String addressLine2,
            @Nullable @Size(max = 20) String postalCode,
            @Nullable @Size(max = 255) String city,
            @Nullable @Size(max = 3) String region,
            @Nullable @Size(max = 2) String country,
            @Nullable @Size(max = 50) String taxNumber,
            @Nullable Boolean taxExempt,
            @Nullable Long version) {}

    @GET
    @RequiresScope("invoices:read")
    @Operation(summary = "Whom the invoices are made out to")
    public Profile get() {
        return Profile.of(profiles.view());
    }

    @PUT
    @RequiresScope("invoices:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change whom the invoices to come are made out to; it decides which taxes they bear")
    public Profile change(NewProfile wanted) {
        BillingProfile profile = new BillingProfile(
                wanted.legalName(),
                wanted.addressLine1(),
                wanted.addressLine2(),
                wanted.postalCode(),
                wanted.city(),
                wanted.region(),
                wanted.country(),
                wanted.taxNumber(),
                false);
        return Profile.of(profiles.change(profile, wanted.taxExempt(), wanted.version()));
    }
}
