package com.cognitionos.identity.control;

import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.mail.boundary.Links;
import com.cognitionos.mail.boundary.Mails;
import com.cognitionos.mail.boundary.Mails.Mail;
import com.cognitionos.mail.boundary.Wording;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The mails that people get about themselves, queued in the present transaction. */
@ApplicationScoped
public class Letters {

    private static final Caller CALLER = Caller.job("mail");

    @Inject
    private Links links;

    @EJB
    private Mails mails;

    public void reset(String email, String name, String token) {
        send(null, email, "Set a new password", """
                Hello %s,

                somebody, probably you, asked for a new password for your CognitionOS account. To set one, follow this
                link within an hour; it is good once:

                %s

                If it was not you, do nothing: your password stays as it is.
                """.formatted(
                        Wording.plain(name), links.to("/reset", Map.of("token", token))));
    }

    public void signUp(String email, String name, String token) {
        send(null, email, "Finish signing up", """
                Hello %s,

                somebody, probably you, signed up for CognitionOS with this address. To choose a password and begin,
                follow this link within 24 hours; it is good once:

                %s

                If it was not you, do nothing: there is no account yet.
                """.formatted(
                        Wording.plain(name), links.to("/confirm", Map.of("token", token))));
    }

    public void alreadyThere(String email, String name) {
        send(null, email, "You have an account already", """
                Hello %s,

                somebody, probably you, signed up for CognitionOS with this address, which has an account. Sign in:

                %s

                If the password is forgotten, ask for a new one:

                %s

                If it was not you, do nothing: nothing was changed.
                """.formatted(
                        Wording.plain(name), links.to("/sign-in", Map.of()), links.to("/forgot", Map.of())));
    }

    /** @param what in one sentence */
    public void changed(String email, String name, String what) {
        send(null, email, "Your account was changed", """
                Hello %s,

                %s

                If it was not you, set a new password at once:

                %s
                """.formatted(
                        Wording.plain(name), what, links.to("/sign-in", Map.of())));
    }

    /** @param tenantName null for the platform itself */
    public void invited(
            @Nullable UUID tenant, @Nullable String tenantName, String email, Role role, String by, String token) {
        String where = tenantName == null ? "the CognitionOS platform team" : Wording.plain(tenantName);
        send(tenant, email, "Invitation to " + where, """
                Hello,

                %s invites you to %s on CognitionOS, as %s. To accept, follow this link within 7 days:

                %s

                If you do not expect this, do nothing.
                """.formatted(
                        Wording.plain(by), where, role.code(), links.to("/invitation", Map.of("token", token))));
    }

    private void send(@Nullable UUID tenant, String to, String subject, String text) {
        CALLER.run(() -> mails.queue(new Mail(tenant, to, subject, text)));
    }
}
