package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.boundary.Members.InvitationView;
import com.cognitionos.identity.boundary.Members.MemberView;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who belongs to the tenant, and as what. */
@Named
@RequestScoped
public class TeamPage {

    private static final Map<String, String> FIELDS =
            Map.of("/email", "invite:email", "already_member", "invite:email", "/role", "invite:role");

    @EJB
    private Members members;

    @Inject
    private Me me;

    @Inject
    private Roles roles;

    @Inject
    private Messages messages;

    @Inject
    private ExternalContext external;

    @Inject
    @ManagedProperty("#{param.member}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{param.invitation}")
    private @Nullable String chosenInvitation;

    @Inject
    @ManagedProperty("#{param.role}")
    private @Nullable String chosenRole;

    private @Nullable List<MemberView> list;
    private @Nullable List<InvitationView> open;
    private String email = "";
    private Role role = Role.VIEWER;

    @RequiresScope("tenants:write")
    @StepUp
    public void invite() {
        attempt(() -> {
            InvitationView sent = members.invite(email, role);
            messages.done("An invitation is on its way to " + sent.email() + ".");
            email = "";
        });
    }

    @RequiresScope("tenants:write")
    public void withdraw() {
        attempt(() -> {
            members.withdraw(GivenId.of(chosenInvitation, "invitation"));
            messages.done("The invitation is withdrawn; its link is void.");
        });
    }

    @RequiresScope("tenants:write")
    @StepUp
    public void changeRole() {
        attempt(() -> {
            Role wanted = Role.wanted(chosenRole == null ? "" : chosenRole, false);
            MemberView changed = members.changeRole(GivenId.of(chosen, "member"), wanted);
            messages.done(changed.name() + " is now: " + roles.name(changed.role()) + ".");
        });
    }

    @RequiresScope("tenants:write")
    @StepUp
    public void remove() {
        attempt(() -> {
            members.remove(GivenId.of(chosen, "member"));
            messages.done("The member is removed and out at once; API keys stay.");
        });
    }

    /** What everybody may do for themselves. */
    @RequiresScope("tenants:read")
    @StepUp
    public void leave() throws IOException {
        try {
            members.remove(me.getUser());
        } catch (Problem problem) {
            messages.show(problem, FIELDS);
            return;
        }
        external.redirect("/");
    }

    private void attempt(Runnable change) {
        try {
            change.run();
        } catch (Problem problem) {
            messages.show(problem, FIELDS);
        }
        list = null;
        open = null;
    }

    public List<MemberView> getMembers() {
        if (list == null) {
            list = members.list();
        }
        return list;
    }

    public List<InvitationView> getInvitations() {
        if (open == null) {
            open = members.invitations();
        }
        return open;
    }

    /** The roles that this person may give. */
    public List<Role> getRoles() {
        return Role.ofTenants().stream()
                .filter(possible -> possible != Role.OWNER || isAbleToMakeOwners())
                .toList();
    }

    public boolean isAbleToMakeOwners() {
        return me.getRole() == Role.OWNER || me.isStaff();
    }

    public boolean isMe(MemberView member) {
        return member.userId().equals(me.getUser());
    }

    public boolean isChangeable(MemberView member) {
        return me.may("tenants:write") && (member.role() != Role.OWNER || isAbleToMakeOwners());
    }

    public String getEmail() {
        return email;
    }

    public void setEmail(String email) {
        this.email = email;
    }

    public Role getRole() {
        return role;
    }

    public void setRole(Role role) {
        this.role = role;
    }
}
