package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Members.InvitationView;
import com.cognitionos.identity.boundary.Staff;
import com.cognitionos.identity.boundary.Staff.StaffView;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import jakarta.annotation.PostConstruct;
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

    @EJB
    private Staff staff;

    @Inject
    private Roles roles;

    @Inject
    private Messages messages;

    @Inject
    private InvitationForm form;

    @Inject
    @ManagedProperty("#{param.person}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{paramValues.roles}")
    private String @Nullable [] chosenRoles;

    private @Nullable List<StaffView> list;

    @PostConstruct
    void start() {
        form.setRole(Role.REVIEWER);
    }

    @RequiresScope("operator:write")
    @StepUp
    public void invite() {
        form.send(staff::invite);
    }

    @RequiresScope("operator:write")
    public void withdraw() {
        form.withdraw(staff::withdraw);
    }

    @RequiresScope("operator:write")
    @StepUp
    public void changeRoles() {
        messages.attempt(Map.of(), () -> {
            Set<Role> wanted = Arrays.stream(chosenRoles == null ? new String[0] : chosenRoles)
                    .map(code -> Role.wanted(code, true))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            StaffView changed = staff.changeRoles(GivenId.of(chosen, "person"), wanted);
            messages.done(
                    wanted.isEmpty()
                            ? changed.name() + " is no longer one of the staff."
                            : changed.name() + " is now: " + names(changed.roles()) + ".");
        });
        list = null;
    }

    public List<StaffView> getPeople() {
        if (list == null) {
            list = staff.list();
        }
        return list;
    }

    public List<InvitationView> getInvitations() {
        return form.open(staff::invitations);
    }

    public InvitationForm getForm() {
        return form;
    }

    public String names(Set<Role> held) {
        return held.stream().sorted().map(roles::name).collect(Collectors.joining(", "));
    }

    public List<Role> getRoles() {
        return Role.ofPlatform();
    }
}
