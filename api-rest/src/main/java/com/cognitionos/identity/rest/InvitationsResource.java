package com.cognitionos.identity.rest;

import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who is invited to a tenant. The link itself is only in the mail. */
@Path("/invitations")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "People")
public class InvitationsResource {

    @EJB
    private Members members;

    public record InvitationList(List<Invitation> invitations) {}

    public record Invitation(
            UUID id, String email, String role, String invitedBy, Instant invitedAt, Instant expiresAt) {

        static Invitation of(Members.InvitationView view) {
            return new Invitation(
                    view.id(), view.email(), view.role().code(), view.invitedBy(), view.invitedAt(), view.expiresAt());
        }
    }

    public record NewInvitation(
            @NotNull @Size(min = 1, max = 254) String email,
            @NotNull String role) {}

    @GET
    @RequiresScope("tenants:read")
    @Operation(summary = "Open invitations, newest first")
    public InvitationList list() {
        return new InvitationList(
                members.invitations().stream().map(Invitation::of).toList());
    }

    @POST
    @RequiresScope("tenants:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Invite by mail, with a link that is good for 7 days; a key invites no owner")
    @APIResponseSchema(value = Invitation.class, responseCode = "201")
    public Response invite(NewInvitation wanted) {
        return Response.status(Response.Status.CREATED)
                .entity(Invitation.of(members.invite(wanted.email(), Role.wanted(wanted.role(), false))))
                .build();
    }

    @DELETE
    @Path("/{id}")
    @RequiresScope("tenants:write")
    @Operation(summary = "Withdraw an invitation; its link is void at once")
    public void withdraw(@PathParam("id") UUID id) {
        members.withdraw(id);
    }
}
