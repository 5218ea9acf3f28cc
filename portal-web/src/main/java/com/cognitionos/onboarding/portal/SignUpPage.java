package com.cognitionos.onboarding.portal;

import com.cognitionos.identity.boundary.SignIns;
import com.cognitionos.identity.portal.SignIn;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Origins;
import com.cognitionos.onboarding.boundary.Onboarding;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Signing up: the person, the company and its first plan. */
@Named
@RequestScoped
public class SignUpPage {

    private static final String PRO = "pro";
    private static final Map<String, String> FIELDS = Map.of(
            "/email", "signup:email",
            "/owner_email", "signup:email",
            "email_taken", "signup:email",
            "/name", "signup:name",
            "/password", "signup:password");

    @EJB
    private Onboarding onboarding;

    @EJB
    private SignIns signIns;

    @Inject
    private SignIn signIn;

    @Inject
    private Messages messages;

    @Inject
    private ExternalContext external;

    @Inject
    private HttpServletRequest request;

    @Inject
    @ManagedProperty("#{param.plan}")
    private @Nullable String wishedPlan;

    private String company = "";
    private String name = "";
    private String email = "";
    private String password = "";
    private @Nullable String plan;

    public void submit() throws IOException {
        Origin origin = Origins.of(request);
        try {
            Caller.job("sign-up")
                    .from(origin)
                    .call(() ->
                            onboarding.signUp(new Onboarding.SignUp(company, name, email, password, PRO.equals(plan))));
        } catch (Problem problem) {
            messages.show(problem, FIELDS);
            return;
        }
        SignIns.Result result =
                Caller.job("sign-in").from(origin).call(() -> signIns.password(email, password, origin));
        if (result.outcome() == SignIns.Outcome.IN) {
            signIn.enter(Objects.requireNonNull(result.user()), null);
            external.redirect("/home");
        } else {
            external.redirect("/sign-in");
        }
    }

    public String getCompany() {
        return company;
    }

    public void setCompany(String company) {
        this.company = company;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
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

    /** {@code free} or {@code pro}; a link may name it before the form is sent. */
    public String getPlan() {
        String wished = plan == null ? wishedPlan : plan;
        return PRO.equals(wished) ? PRO : "free";
    }

    public void setPlan(String plan) {
        this.plan = plan;
    }
}
