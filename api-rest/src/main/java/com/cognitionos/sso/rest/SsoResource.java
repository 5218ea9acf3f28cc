package com.cognitionos.sso.rest;

import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.sso.boundary.Sso;
import com.cognitionos.sso.boundary.SsoSignIns;
import com.cognitionos.sso.entity.SsoSettings;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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

/** A tenant's own identity provider. */
@Path("/sso")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Single sign-on")
public class SsoResource {

    @EJB
    private Sso sso;

    @Inject
    private SsoSignIns signIns;

    /**
     * The provider and what it may do.
     *
     * @param clientSecret may be left out while issuer and client_id stay
     * @param provision whether somebody unknown becomes a member; true when left out
     * @param required whether passwords no longer open the tenant, owners' aside; false when left out
     */
    public record WantedSso(
            @NotNull @Size(min = 8, max = 512) String issuer,
            @NotNull @Size(min = 1, max = 255) String clientId,
            @Nullable @Size(min = 1, max = 1024) String clientSecret,
            @NotNull @Size(min = 1, max = 50) List<String> domains,
            @NotNull String defaultRole,
            @Nullable Boolean provision,
            @Nullable Boolean required) {}

    /**
     * As it stands; the secret is never shown.
     *
     * @param ownersToo whether owners may sign in by it: an owner or the operator has saved it
     * @param redirectUri what the provider must know to send people back to
     */
    public record CurrentSso(
            String issuer,
            String clientId,
            List<String> domains,
            String defaultRole,
            boolean provision,
            boolean required,
            boolean ownersToo,
            String redirectUri,
            Instant updatedAt) {}

    @GET
    @RequiresScope("tenants:read")
    @Operation(summary = "The tenant's identity provider, without its secret")
    public CurrentSso get() {
        return reply(sso.current()
                .orElseThrow(() -> sso.isOffered() ? Problem.notFound("single sign-on") : Sso.notInThePlan()));
    }

    @PUT
    @RequiresScope("tenants:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Name the identity provider by which the tenant's people sign in")
    public CurrentSso configure(WantedSso wanted) {
        return reply(sso.configure(
                new SsoSettings(
                        wanted.issuer(),
                        wanted.clientId(),
                        wanted.domains(),
                        role(wanted.defaultRole()),
                        !Boolean.FALSE.equals(wanted.provision()),
                        Boolean.TRUE.equals(wanted.required())),
                wanted.clientSecret()));
    }

    @DELETE
    @RequiresScope("tenants:write")
    @Operation(summary = "Take single sign-on away; passwords open the tenant again")
    public void remove() {
        sso.remove();
    }

    private static Role role(String code) {
        try {
            return Role.wanted(code, false);
        } catch (Problem problem) {
            throw Problem.invalid("default_role", "unknown_role", problem.getMessage());
        }
    }

    private CurrentSso reply(Sso.SsoView view) {
        SsoSettings settings = view.settings();
        return new CurrentSso(
                settings.issuer(),
                settings.clientId(),
                settings.domains(),
                settings.defaultRole().code(),
                settings.provision(),
                settings.required(),
                view.vouched(),
                signIns.back().toString(),
                view.updatedAt());
    }
}
