package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Invitations;
import com.cognitionos.identity.boundary.Invitations.Offer;
import com.cognitionos.identity.boundary.Users.Membership;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Origins;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The link of an invitation: joining as a new person or as one who has an account. */
@Named
@RequestScoped
public class InvitationPage {

    private static final Map<String, String> FIELDS =
            Map.of("/name", "join:name", "/password", "join:password", "/new_password", "join:password");

    @EJB
    private Invitations invitations;

    @Inject
    private SignIn signIn;

    @Inject
    private Me me;

    @Inject
    private Messages messages;

    @Inject
    private ExternalContext external;

    @Inject
    private HttpServletRequest request;

    private String name = "";
    private String password = "";
    private @Nullable Optional<Offer> offer;

    public void open() throws IOException {
        if (LinkToken.INVITATION.takeOver(request)) {
            external.redirect("/invitation");
        } else {
            me.recognise();
        }
    }

    /** A new person. */
    public void join() throws IOException {
        String token = LinkToken.INVITATION.in(request);
        if (token == null) {
            offer = Optional.empty();
            return;
        }
        try {
            UUID user = as().call(() -> invitations.acceptAsNew(token, name, password));
            LinkToken.INVITATION.forget(request);
            signIn.enter(user, null);
            external.redirect("/home");
        } catch (Problem problem) {
            show(problem);
        }
    }

    /** The person who is signed in. */
    public void accept() throws IOException {
        String token = LinkToken.INVITATION.in(request);
        if (token == null || !me.recognise()) {
            offer = Optional.empty();
            return;
        }
        List<UUID> before = me.getMemberships().stream().map(Membership::tenant).toList();
        try {
            me.withAccount(() -> invitations.acceptAs(me.getUser(), token));
        } catch (Problem problem) {
            show(problem);
            return;
        }
        LinkToken.INVITATION.forget(request);
        me.reload();
        me.getMemberships().stream()
                .map(Membership::tenant)
                .filter(tenant -> !before.contains(tenant))
                .findFirst()
                .ifPresent(joined -> me.remember(me.session().workingIn(joined)));
        external.redirect("/home");
    }

    private void show(Problem problem) {
        if (problem.kind() == Problem.Kind.NOT_FOUND) {
            offer = Optional.empty();
        } else {
            messages.show(problem, FIELDS);
        }
    }

    private Caller as() {
        return Caller.job("invitation").from(Origins.of(request));
    }

    /** Null for a link that is no good any more. */
    public @Nullable Offer getOffer() {
        if (offer == null) {
            String token = LinkToken.INVITATION.in(request);
            offer = token == null ? Optional.empty() : as().call(() -> invitations.offer(token));
        }
        return offer.orElse(null);
    }

    /** Where one is invited to, in words. */
    public String getPlace() {
        Offer found = getOffer();
        return found == null || found.tenantName() == null ? "the platform’s team" : found.tenantName();
    }

    /** Whether the person signed in is the one whom the invitation names. */
    public boolean isForMe() {
        Offer found = getOffer();
        return me.recognise() && found != null && found.email().equalsIgnoreCase(me.getEmail());
    }

    public boolean isSignedIn() {
        return me.recognise();
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }
}
