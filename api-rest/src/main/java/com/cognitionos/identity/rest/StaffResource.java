package com.cognitionos.identity.rest;

import com.cognitionos.identity.boundary.Staff;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The people who run the platform. */
@Path("/staff")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "People")
public class StaffResource {

    @EJB
    private Staff staff;

    public record StaffList(List<StaffMember> staff) {}

    public record StaffMember(UUID userId, String email, String name, List<String> roles, boolean secondFactor) {

        static StaffMember of(Staff.StaffView view) {
            return new StaffMember(
                    view.userId(),
                    view.email(),
                    view.name(),
                    view.roles().stream().map(Role::code).sorted().toList(),
                    view.secondFactor());
        }
    }

    /** Each one of operator, finance, reviewer; none takes the person off the platform. */
    public record NewRoles(@NotNull @Size(max = 10) List<String> roles) {}

    @GET
    @RequiresScope("operator:read")
    @Operation(summary = "The platform's people by name")
    public StaffList list() {
        return new StaffList(platform(staff::list).stream().map(StaffMember::of).toList());
    }

    @GET
    @Path("/invitations")
    @RequiresScope("operator:read")
    @Operation(summary = "Open invitations to the platform, newest first")
    public InvitationsResource.InvitationList invitations() {
        return new InvitationsResource.InvitationList(platform(staff::invitations).stream()
                .map(InvitationsResource.Invitation::of)
                .toList());
    }

    @POST
    @Path("/invitations")
    @RequiresScope("operator:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Invite to the platform by mail, with a link that is good for 7 days")
    @APIResponseSchema(value = InvitationsResource.Invitation.class, responseCode = "201")
    public Response invite(InvitationsResource.NewInvitation wanted) {
        return Response.status(Response.Status.CREATED)
                .entity(InvitationsResource.Invitation.of(
                        platform(() -> staff.invite(wanted.email(), Role.wanted(wanted.role(), true)))))
                .build();
    }

    @DELETE
    @Path("/invitations/{id}")
    @RequiresScope("operator:write")
    @Operation(summary = "Withdraw an invitation; its link is void at once")
    public void withdraw(@PathParam("id") UUID id) {
        Caller.current().acrossTenants().run(() -> staff.withdraw(id));
    }

    @PUT
    @Path("/{user_id}")
    @RequiresScope("operator:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change what a person is on the platform")
    public StaffMember change(@PathParam("user_id") UUID user, NewRoles wanted) {
        return StaffMember.of(platform(() -> staff.changeRoles(
                user,
                wanted.roles().stream().map(role -> Role.wanted(role, true)).collect(Collectors.toSet()))));
    }

    /** Staff is nobody's of a tenant, whichever one the request names. */
    private static <T> T platform(Supplier<T> work) {
        return Caller.current().acrossTenants().call(work);
    }
}
