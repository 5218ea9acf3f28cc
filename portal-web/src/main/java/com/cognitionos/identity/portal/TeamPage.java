package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.boundary.Members.InvitationView;
import com.cognitionos.identity.boundary.Members.MemberView;
import com.cognitionos.identity.entity.Role;
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
    private InvitationForm form;

    @Inject
    @ManagedProperty("#{param.member}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{param.role}")
    private @Nullable String chosenRole;

    private @Nullable List<MemberView> list;

    @RequiresScope("tenants:write")
    @StepUp
    public void invite() {
        form.send(members::invite);
    }

    @RequiresScope("tenants:write")
    public void withdraw() {
        form.withdraw(members::withdraw);
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
        if (messages.attempt(Map.of(), () -> members.remove(me.getUser()))) {
            external.redirect("/");
        }
    }

    private void attempt(Runnable change) {
        messages.attempt(Map.of(), change);
        list = null;
    }

    public List<MemberView> getMembers() {
        if (list == null) {
            list = members.list();
        }
        return list;
    }

    public List<InvitationView> getInvitations() {
        return form.open(members::invitations);
    }

    public InvitationForm getForm() {
        return form;
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
}
