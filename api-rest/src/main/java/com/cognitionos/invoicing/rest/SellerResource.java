package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.Sellers;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who makes the invoices out. */
@Path("/finance/seller")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class SellerResource {

    @EJB
    private Sellers sellers;

    /**
     * @param address the lines of a letter, without the country
     * @param country ISO 3166-1 alpha-2
     * @param taxNumber a VAT number in the European Union, any tax number elsewhere
     * @param registrationNumber in a register of companies
     * @param iban the account that invoices name
     * @param paymentTerms what invoices say about their payment
     * @param warnings what should be mended, though nothing is refused
     */
    public record SellerReply(
            String legalName,
            String address,
            String country,
            @Nullable String taxNumber,
            @Nullable String registrationNumber,
            @Nullable String email,
            @Nullable String iban,
            @Nullable String bic,
            @Nullable String paymentTerms,
            Instant updatedAt,
            long version,
            List<SellerWarning> warnings) {

        static SellerReply of(Sellers.SellerView view, List<Sellers.Warning> warnings) {
            Seller seller = view.seller();
            return new SellerReply(
                    seller.name(),
                    seller.address(),
                    seller.country(),
                    seller.taxNumber(),
                    seller.registrationNumber(),
                    seller.email(),
                    seller.iban(),
                    seller.bic(),
                    seller.paymentTerms(),
                    view.updatedAt(),
                    view.version(),
                    SellerWarning.of(warnings));
        }
    }

    /** @param code such as {@code seller_without_tax_number} */
    public record SellerWarning(String code, String detail) {
        public static List<SellerWarning> of(List<Sellers.Warning> warnings) {
            return warnings.stream()
                    .map(warning -> new SellerWarning(warning.code(), warning.detail()))
                    .toList();
        }
    }

    /**
     * The whole seller; what is left out is not told any more.
     *
     * @param version of the seller it was made from, the present one when left out
     */
    public record NewSeller(
            @NotNull @Size(min = 1, max = 255) String legalName,
            @NotNull @Size(min = 1, max = 500) String address,
            @NotNull @Size(min = 2, max = 2) String country,
            @Nullable @Size(max = 50) String taxNumber,
            @Nullable @Size(max = 50) String registrationNumber,
            @Nullable @Size(max = 255) String email,
            @Nullable @Size(max = 50) String iban,
            @Nullable @Size(max = 20) String bic,
            @Nullable @Size(max = 500) String paymentTerms,
            @Nullable Long version) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "Who makes the invoices out")
    public SellerReply get() {
        return Caller.current().acrossTenants().call(() -> SellerReply.of(sellers.view(), sellers.warnings()));
    }

    @PUT
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change who makes out the invoices and credit notes to come; earlier ones keep theirs")
    public SellerReply change(NewSeller wanted) {
        Seller seller = new Seller(
                wanted.legalName(),
                wanted.address(),
                wanted.country(),
                wanted.taxNumber(),
                wanted.registrationNumber(),
                wanted.email(),
                wanted.iban(),
                wanted.bic(),
                wanted.paymentTerms());
        return Caller.current()
                .acrossTenants()
                .call(() -> SellerReply.of(sellers.change(seller, wanted.version()), sellers.warnings()));
    }
}
