package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Members.InvitationView;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import jakarta.enterprise.context.Dependent;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The form {@code invite} of a page and its open invitations, to a tenant or to the platform. */
@Dependent
public class InvitationForm {

    private static final Map<String, String> FIELDS =
            Map.of("/email", "invite:email", "already_member", "invite:email", "/role", "invite:role");

    @Inject
    private Messages messages;

    // The row's own id, not its place: the list may have changed since it was shown.
    @Inject
    @ManagedProperty("#{param.invitation}")
    private @Nullable String chosen;

    private @Nullable List<InvitationView> open;
    private String email = "";
    private Role role = Role.VIEWER;

    void send(BiFunction<String, Role, InvitationView> invite) {
        messages.attempt(FIELDS, () -> {
            InvitationView sent = invite.apply(email, role);
            messages.done("An invitation is on its way to " + sent.email() + ".");
            email = "";
        });
        open = null;
    }

    void withdraw(Consumer<UUID> withdraw) {
        messages.attempt(Map.of(), () -> {
            withdraw.accept(GivenId.of(chosen, "invitation"));
            messages.done("The invitation is withdrawn; its link is void.");
        });
        open = null;
    }

    List<InvitationView> open(Supplier<List<InvitationView>> source) {
        if (open == null) {
            open = source.get();
        }
        return open;
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
