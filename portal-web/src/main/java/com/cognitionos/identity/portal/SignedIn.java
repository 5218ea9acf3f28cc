package com.cognitionos.identity.portal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the browser's session knows of the person. What they may do is asked anew for every request ({@link Standing}).
 *
 * @param session the session as the person sees it in the list and can end it from elsewhere
 * @param onlyTenant set when that tenant's own identity provider let them in
 * @param tenant the one chosen to work in; null where nothing was chosen, or for staff across tenants
 * @param confirmedAt when it was last certain that it is them: at sign-in or by a {@link StepUp}
 */
record SignedIn(
        UUID user,
        UUID session,
        @Nullable UUID onlyTenant,
        @Nullable UUID tenant,
        Instant confirmedAt) implements Serializable {

    private static final String ATTRIBUTE = SignedIn.class.getName();

    static @Nullable SignedIn in(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session == null ? null : (SignedIn) session.getAttribute(ATTRIBUTE);
    }

    void keep(HttpServletRequest request) {
        request.getSession().setAttribute(ATTRIBUTE, this);
    }

    SignedIn workingIn(@Nullable UUID chosen) {
        return new SignedIn(user, session, onlyTenant, chosen, confirmedAt);
    }

    SignedIn confirmed(Instant at) {
        return new SignedIn(user, session, onlyTenant, tenant, at);
    }
}
