package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Account;
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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A forgotten password: asking for the link, and what it leads to. */
@Named
@RequestScoped
public class PasswordResetPage {

    private static final Map<String, String> FIELDS =
            Map.of("/password", "reset:password", "/new_password", "reset:password");

    @EJB
    private Account account;

    @Inject
    private Messages messages;

    @Inject
    private ExternalContext external;

    @Inject
    private HttpServletRequest request;

    private String email = "";
    private String password = "";
    private boolean asked;
    private boolean changed;
    private @Nullable Optional<String> offer;

    /** The same words for everybody, or the page would tell who has an account. */
    public void ask() {
        as().run(() -> account.forgotPassword(email, request.getRemoteAddr()));
        asked = true;
    }

    public void open() throws IOException {
        if (LinkToken.RESET.takeOver(request)) {
            external.redirect("/reset");
        }
    }

    public void submit() {
        String token = LinkToken.RESET.in(request);
        try {
            if (token == null) {
                throw Problem.notFound("link");
            }
            as().run(() -> account.resetPassword(token, password));
            LinkToken.RESET.forget(request);
            changed = true;
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.NOT_FOUND) {
                offer = Optional.empty();
            } else {
                messages.show(problem, FIELDS);
            }
        }
    }

    private Caller as() {
        return Caller.job("password-reset").from(Origins.of(request));
    }

    /** Whose password it is; null for a link that is no good any more. */
    public @Nullable String getOffer() {
        if (offer == null) {
            String token = LinkToken.RESET.in(request);
            offer = token == null ? Optional.empty() : as().call(() -> account.resetOffer(token));
        }
        return offer.orElse(null);
    }

    public boolean isAsked() {
        return asked;
    }

    public boolean isChanged() {
        return changed;
    }

    public String getEmail() {
        return email;
    }

    public void setEmail(String email) {
        this.email = email;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }
}
