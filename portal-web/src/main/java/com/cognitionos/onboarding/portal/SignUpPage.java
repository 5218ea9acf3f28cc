package com.cognitionos.onboarding.portal;

import com.cognitionos.identity.boundary.SignUps;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Origins;
import com.cognitionos.mail.boundary.MailSink;
import com.cognitionos.onboarding.boundary.Onboarding;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signing up: the person, the company and its first plan. The mail leads on to {@link ConfirmPage}. */
@Named
@RequestScoped
public class SignUpPage {

    private static final String PRO = "pro";
    private static final Map<String, String> FIELDS = Map.of(
            "/email", "signup:email",
            "/company", "signup:company",
            "/name", "signup:name");

    @EJB
    private Onboarding onboarding;

    @EJB
    private MailSink sink;

    @Inject
    private Messages messages;

    @Inject
    private HttpServletRequest request;

    @Inject
    @ManagedProperty("#{param.plan}")
    private @Nullable String wishedPlan;

    private String company = "";
    private String name = "";
    private String email = "";
    private boolean asked;
    private @Nullable String plan;

    /** The same words for everybody, or the page would tell who has an account. */
    public void submit() {
        try {
            Caller.job("sign-up")
                    .from(Origins.of(request))
                    .run(() -> onboarding.signUp(new SignUps.Wanted(company, name, email, PRO.equals(plan))));
            asked = true;
        } catch (Problem problem) {
            messages.show(problem, FIELDS);
        }
    }

    public boolean isAsked() {
        return asked;
    }

    /** Whether the mail can be read in the portal. */
    public boolean isDemo() {
        return sink.isOpen();
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

    /** {@code free} or {@code pro}; a link may name it before the form is sent. */
    public String getPlan() {
        String wished = plan == null ? wishedPlan : plan;
        return PRO.equals(wished) ? PRO : "free";
    }

    public void setPlan(String plan) {
        this.plan = plan;
    }
}
