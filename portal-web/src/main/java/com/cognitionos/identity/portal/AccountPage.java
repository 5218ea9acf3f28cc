package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Account;
import com.cognitionos.identity.boundary.Sessions;
import com.cognitionos.identity.boundary.Sessions.SessionView;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The person's own account: name, password, second factor, sessions. */
@Named
@RequestScoped
public class AccountPage {

    private static final Map<String, String> FIELDS = Map.of(
            "/name", "profile:name",
            "/password", "password:new",
            "/new_password", "password:new",
            "wrong_code", "enrol:code",
            "/code", "enrol:code");

    @EJB
    private Account account;

    @EJB
    private Sessions sessions;

    @Inject
    private Me me;

    @Inject
    private Messages messages;

    @Inject
    private HttpServletRequest request;

    @Inject
    @ManagedProperty("#{param.session}")
    private @Nullable String chosen;

    private @Nullable List<SessionView> list;
    private List<String> recoveryCodes = List.of();
    private @Nullable String name;
    private String newPassword = "";
    private String code = "";

    public void rename() {
        attempt(() -> {
            me.withAccount(() -> account.rename(me.getUser(), getName()));
            me.reload();
            messages.done("Your name is saved.");
        });
    }

    @StepUp
    public void changePassword() {
        attempt(() -> {
            me.withAccount(() -> account.changePassword(me.getUser(), newPassword, mySession()));
            messages.done("Your password is changed; every other session of yours was ended.");
        });
    }

    /** Shows the secret; nothing counts until a code proves that the app has it. */
    @StepUp
    public void beginSecondFactor() {
        attempt(() -> Enrolment.keep(request, me.withAccount(() -> account.beginEnrolment(me.getUser()))));
    }

    public void cancelSecondFactor() {
        Enrolment.forget(request);
    }

    @StepUp
    public void confirmSecondFactor() {
        attempt(() -> {
            recoveryCodes = me.withAccount(() -> account.enrol(me.getUser(), code, mySession()));
            Enrolment.forget(request);
            me.reload();
            messages.done("The second factor is on; every other session of yours was ended.");
        });
        code = "";
    }

    @StepUp
    public void renewRecoveryCodes() {
        attempt(() -> {
            recoveryCodes = me.withAccount(() -> account.newRecoveryCodes(me.getUser()));
            me.reload();
            messages.done("Here are ten new codes; the old ones are void.");
        });
    }

    @StepUp
    public void removeSecondFactor() {
        attempt(() -> {
            me.withAccount(() -> account.removeSecondFactor(me.getUser()));
            me.reload();
            messages.done("The second factor is off; your password alone lets you in.");
        });
    }

    public void endSession() {
        attempt(() -> {
            UUID session = GivenId.of(chosen, "session");
            me.withAccount(() -> sessions.end(me.getUser(), session));
            messages.done("That session is ended.");
        });
        list = null;
    }

    public void endOtherSessions() {
        attempt(() -> {
            int ended = me.withAccount(() -> sessions.endAll(me.getUser(), mySession()));
            messages.done(ended == 1 ? "One other session was ended." : ended + " other sessions were ended.");
        });
        list = null;
    }

    private void attempt(Runnable change) {
        messages.attempt(FIELDS, change);
    }

    private UUID mySession() {
        return me.session().session();
    }

    public List<SessionView> getSessions() {
        if (list == null) {
            list = me.withAccount(() -> sessions.of(me.getUser()));
        }
        return list;
    }

    public boolean isThisOne(SessionView session) {
        return session.id().equals(mySession());
    }

    /** The second factor that is being set up; null when none is. */
    public @Nullable Enrolment getEnrolment() {
        return me.isSecondFactor() ? null : Enrolment.in(request);
    }

    /** Codes that were just made; shown in this answer only. */
    public List<String> getRecoveryCodes() {
        return recoveryCodes;
    }

    public String getName() {
        return name == null ? me.getName() : name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getNewPassword() {
        return newPassword;
    }

    public void setNewPassword(String newPassword) {
        this.newPassword = newPassword;
    }

    public String getCode() {
        return code;
    }

    public void setCode(String code) {
        this.code = code;
    }
}
