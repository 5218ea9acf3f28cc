package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Members.InvitationView;
import com.cognitionos.identity.boundary.Staff;
import com.cognitionos.identity.boundary.Staff.StaffView;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The people who run the platform. */
@Named
@RequestScoped
public class StaffPage {

    private static final Map<String, String> FIELDS =
            Map.of("/email", "invite:email", "already_member", "invite:email", "/role", "invite:role");

    @EJB
    private Staff staff;

    @Inject
    private Roles roles;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.person}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{param.invitation}")
    private @Nullable String chosenInvitation;

    @Inject
    @ManagedProperty("#{paramValues.roles}")
    private String @Nullable [] chosenRoles;

    private @Nullable List<StaffView> list;
    private @Nullable List<InvitationView> open;
    private String email = "";
    private Role role = Role.REVIEWER;

    @RequiresScope("operator:write")
    @StepUp
    public void invite() {
        attempt(() -> {
            InvitationView sent = staff.invite(email, role);
            messages.done("An invitation is on its way to " + sent.email() + ".");
            email = "";
        });
    }

    @RequiresScope("operator:write")
    public void withdraw() {
        attempt(() -> {
            staff.withdraw(GivenId.of(chosenInvitation, "invitation"));
            messages.done("The invitation is withdrawn; its link is void.");
        });
    }

    @RequiresScope("operator:write")
    @StepUp
    public void changeRoles() {
        attempt(() -> {
            Set<Role> wanted = Arrays.stream(chosenRoles == null ? new String[0] : chosenRoles)
                    .map(code -> Role.wanted(code, true))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            StaffView changed = staff.changeRoles(GivenId.of(chosen, "person"), wanted);
            messages.done(
                    wanted.isEmpty()
                            ? changed.name() + " is no longer one of the staff."
                            : changed.name() + " is now: " + names(changed.roles()) + ".");
        });
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

    public List<StaffView> getPeople() {
        if (list == null) {
            list = staff.list();
        }
        return list;
    }

    public List<InvitationView> getInvitations() {
        if (open == null) {
            open = staff.invitations();
        }
        return open;
    }

    public String names(Set<Role> held) {
        return held.stream().sorted().map(roles::name).collect(Collectors.joining(", "));
    }

    public List<Role> getRoles() {
        return Role.ofPlatform();
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
