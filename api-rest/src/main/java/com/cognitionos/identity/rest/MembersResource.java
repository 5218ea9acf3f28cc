package com.cognitionos.identity.rest;

import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who belongs to a tenant. */
@Path("/members")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "People")
public class MembersResource {

    @EJB
    private Members members;

    public record MemberList(List<Member> members) {}

    public record Member(
            UUID userId,
            String email,
            String name,
            String role,
            boolean secondFactor,
            Instant since,
            @Nullable Instant lastSeenAt) {

        static Member of(Members.MemberView view) {
            return new Member(
                    view.userId(),
                    view.email(),
                    view.name(),
                    view.role().code(),
                    view.secondFactor(),
                    view.since(),
                    view.lastSeenAt());
        }
    }

    /** One of owner, admin, billing, developer, viewer. */
    public record NewRole(@NotNull String role) {}

    @GET
    @RequiresScope("tenants:read")
    @Operation(summary = "Members by name")
    public MemberList list() {
        return new MemberList(members.list().stream().map(Member::of).toList());
    }

    @PUT
    @Path("/{user_id}")
    @RequiresScope("tenants:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change a member's role; a key makes or changes no owner")
    public Member change(@PathParam("user_id") UUID user, NewRole wanted) {
        return Member.of(members.changeRole(user, Role.wanted(wanted.role(), false)));
    }

    @DELETE
    @Path("/{user_id}")
    @RequiresScope("tenants:write")
    @Operation(summary = "Remove a member at once; a key removes no owner")
    public void remove(@PathParam("user_id") UUID user) {
        members.remove(user);
    }
}
