package com.cognitionos.onboarding.portal;

import com.cognitionos.identity.boundary.SignUps;
import com.cognitionos.identity.boundary.SignUps.Wanted;
import com.cognitionos.identity.portal.LinkToken;
import com.cognitionos.identity.portal.SignIn;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Origins;
import com.cognitionos.onboarding.boundary.Onboarding;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The link of the mail to somebody who signed up: they choose a password, and are in. */
@Named
@RequestScoped
public class ConfirmPage {

    private static final Map<String, String> FIELDS = Map.of("/password", "confirm:password");

    @EJB
    private Onboarding onboarding;

    @EJB
    private SignUps signUps;

    @Inject
    private SignIn signIn;

    @Inject
    private Messages messages;

    @Inject
    private ExternalContext external;

    @Inject
    private HttpServletRequest request;

    private String password = "";
    private @Nullable Optional<Wanted> offer;

    public void open() throws IOException {
        if (LinkToken.SIGN_UP.takeOver(request)) {
            external.redirect("/confirm");
        }
    }

    public void submit() throws IOException {
        String token = LinkToken.SIGN_UP.in(request);
        if (token == null) {
            offer = Optional.empty();
            return;
        }
        try {
            Onboarding.Founded founded = as().call(() -> onboarding.found(token, password));
            LinkToken.SIGN_UP.forget(request);
            signIn.enter(founded.user(), null);
            external.redirect("/home");
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.NOT_FOUND) {
                offer = Optional.empty();
            } else {
                messages.show(problem, FIELDS);
            }
        }
    }

    private Caller as() {
        return Caller.job("sign-up").from(Origins.of(request));
    }

    /** Null for a link that is no good any more. */
    public @Nullable Wanted getOffer() {
        if (offer == null) {
            String token = LinkToken.SIGN_UP.in(request);
            offer = token == null ? Optional.empty() : as().call(() -> signUps.offer(token));
        }
        return offer.orElse(null);
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }
}
