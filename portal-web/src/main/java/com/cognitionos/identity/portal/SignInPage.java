package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.SignIns;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Origins;
import com.cognitionos.kernel.portal.Paths;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Signing in: address and password, then the code where there is a second factor. */
@Named
@RequestScoped
public class SignInPage {

    private static final String HOME = "/home";

    @EJB
    private SignIns signIns;

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

    @Inject
    @ManagedProperty("#{param.to}")
    private @Nullable String to;

    @Inject
    @ConfigProperty(name = "cognitionos.demo", defaultValue = "false")
    private boolean demo;

    private String email = "";
    private String password = "";
    private String code = "";

    /** Who is in already goes on. */
    public void open() throws IOException {
        if (me.recognise()) {
            external.redirect(getTo());
        }
    }

    /** The second step is for whoever did the first. */
    public void openCode() throws IOException {
        if (PendingSignIn.in(request, me.now()).isEmpty()) {
            external.redirect("/sign-in");
        }
    }

    public void submit() throws IOException {
        Origin origin = Origins.of(request);
        go(Caller.job("sign-in").from(origin).call(() -> signIns.password(email, password, origin)));
    }

    public void submitCode() throws IOException {
        PendingSignIn pending = PendingSignIn.in(request, me.now()).orElse(null);
        if (pending == null) {
            external.redirect("/sign-in");
            return;
        }
        Origin origin = Origins.of(request);
        go(Caller.job("sign-in").from(origin).call(() -> signIns.secondFactor(pending.user(), code, origin)));
    }

    private void go(SignIns.Result result) throws IOException {
        switch (result.outcome()) {
            case IN -> {
                signIn.enter(Objects.requireNonNull(result.user()), null);
                external.redirect(getTo());
            }
            case SECOND_FACTOR -> {
                PendingSignIn.begin(request, Objects.requireNonNull(result.user()), me.now());
                external.redirect("/sign-in-code?to=" + URLEncoder.encode(getTo(), StandardCharsets.UTF_8));
            }
            case SLOWED -> messages.failed(SlowedDown.words(result.retryAfterSeconds()));
            default ->
                messages.failed(
                        PendingSignIn.in(request, me.now()).isPresent() && !code.isEmpty()
                                ? "The code is wrong, or was used already."
                                : "The e-mail address or the password is wrong.");
        }
    }

    /** Where to go afterwards. */
    public String getTo() {
        return to != null && Paths.isLocal(to) ? to : HOME;
    }

    public boolean isDemo() {
        return demo;
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

    public String getCode() {
        return code;
    }

    public void setCode(String code) {
        this.code = code;
    }
}
