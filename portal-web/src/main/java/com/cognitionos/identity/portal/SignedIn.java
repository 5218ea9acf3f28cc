package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Users;
import com.cognitionos.kernel.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the session knows of the person: all that is needed to let a request in. */
public record SignedIn(UUID user, String email, String name, UUID tenant) implements Serializable {

    private static final String ATTRIBUTE = SignedIn.class.getName();

    /** Works in the first tenant that the person belongs to. */
    static SignedIn as(Users.Person person) {
        return new SignedIn(
                person.id(),
                person.email(),
                person.name(),
                person.memberships().get(0).tenant());
    }

    static @Nullable SignedIn in(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session == null ? null : (SignedIn) session.getAttribute(ATTRIBUTE);
    }

    /** Takes the session over under a new id, so that one planted before signing in is worth nothing. */
    void enter(HttpServletRequest request) {
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        request.getSession().setAttribute(ATTRIBUTE, this);
    }

    Caller caller() {
        return new Caller("user:" + user, false, tenant, Caller.ALL);
    }
}
