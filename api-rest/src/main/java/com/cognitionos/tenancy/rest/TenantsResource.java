package com.cognitionos.tenancy.rest;

import com.cognitionos.identity.boundary.Users;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.onboarding.boundary.Onboarding;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Texts;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.entity.TenantStatus;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tenants; in a path with an id, the gate has made sure that the caller works in that tenant. */
@Path("/tenants")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tenants")
public class TenantsResource {

    @EJB
    private Tenants tenants;

    @EJB
    private Onboarding onboarding;

    /** What is left out stays; {@code version} is the one that the change was made from. */
    public record TenantChange(
            @Nullable @Size(min = 1, max = 255) String name,
            @Nullable @Size(min = 1, max = 255) String billingEmail,
            @Nullable Long version) {}

    public record Suspension(
            @NotNull @Size(min = 1, max = 500) String reason) {}

    public record TenantPage(List<TenantReply> tenants, long total, int page, int pageSize) {}

    @GET
    @RequiresScope("operator:read")
    @Operation(summary = "All tenants, newest first")
    public TenantPage list(
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize,
            @QueryParam("status") @Nullable String status,
            @QueryParam("q") @Nullable String text) {
        if (text != null && !Texts.isStorable(text)) {
            throw Problem.invalid("q", "invalid_characters", "q has a character that no text may have");
        }
        TenantStatus only = status == null || status.isEmpty() ? null : TenantStatus.of(status);
        Page<TenantView> found =
                Caller.current().acrossTenants().call(() -> tenants.list(only, text, Texts.page(page, pageSize)));
        return new TenantPage(
                found.items().stream().map(TenantReply::of).toList(), found.total(), found.page(), found.pageSize());
    }

    @POST
    @RequiresScope("operator:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a tenant and start its subscription")
    @APIResponseSchema(value = TenantReply.class, responseCode = "201")
    public Response open(NewTenant wanted) {
        TenantView made = Caller.current().acrossTenants().call(() -> onboarding.open(wanted.complete()));
        return Response.status(Response.Status.CREATED)
                .entity(TenantReply.of(made))
                .build();
    }

    @GET
    @Path("/{tenant}")
    @RequiresScope("tenants:read")
    @OpenWhenSuspended
    @Operation(summary = "A tenant")
    public TenantReply get() {
        return TenantReply.of(tenants.current());
    }

    @PUT
    @Path("/{tenant}")
    @RequiresScope("tenants:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change a tenant's name or billing e-mail")
    public TenantReply change(TenantChange change) {
        String email = change.billingEmail() == null ? null : Users.checkEmail("billing_email", change.billingEmail());
        String name = change.name() == null ? null : change.name().strip();
        return TenantReply.of(tenants.rename(name, email, change.version()));
    }

    @POST
    @Path("/{tenant}/suspend")
    @RequiresScope("operator:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Suspend a tenant; its billing stays open")
    public TenantReply suspend(Suspension suspension) {
        return TenantReply.of(tenants.suspend(suspension.reason().strip()));
    }

    @POST
    @Path("/{tenant}/reactivate")
    @RequiresScope("operator:write")
    @Operation(summary = "Let a suspended tenant work again")
    public TenantReply reactivate() {
        return TenantReply.of(tenants.reactivate());
    }
}
