package com.cognitionos.identity.portal;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Paths;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Signing in. */
@Named
@RequestScoped
public class SignInPage {

    private static final String HOME = "/home";

    @Inject
    private SignIn signIn;

    @Inject
    private Messages messages;

    @Inject
    private ExternalContext external;

    @Inject
    @ManagedProperty("#{param.to}")
    private @Nullable String to;

    @Inject
    @ConfigProperty(name = "cognitionos.demo", defaultValue = "false")
    private boolean demo;

    private String email = "";
    private String password = "";

    /** Who is in already goes on. */
    public void open() throws IOException {
        if (SignedIn.in((HttpServletRequest) external.getRequest()) != null) {
            external.redirect(getTo());
        }
    }

    public void submit() throws IOException {
        try {
            boolean in = signIn.attempt(
                    (HttpServletRequest) external.getRequest(),
                    (HttpServletResponse) external.getResponse(),
                    email,
                    password);
            if (in) {
                external.redirect(getTo());
            } else {
                messages.failed("The e-mail address or the password is wrong.");
            }
        } catch (Problem problem) {
            messages.show(problem, Map.of());
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
}
