package com.cognitionos.identity.portal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Somebody whose password was right and whose code is awaited; until then they are nobody. */
record PendingSignIn(UUID user, Instant until) implements Serializable {

    private static final String ATTRIBUTE = PendingSignIn.class.getName();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    static void begin(HttpServletRequest request, UUID user, Instant now) {
        request.getSession();
        request.changeSessionId();
        request.getSession().setAttribute(ATTRIBUTE, new PendingSignIn(user, now.plus(PATIENCE)));
    }

    static Optional<PendingSignIn> in(HttpServletRequest request, Instant now) {
        HttpSession session = request.getSession(false);
        return Optional.ofNullable(session)
                .map(found -> (PendingSignIn) found.getAttribute(ATTRIBUTE))
                .filter(pending -> pending.until().isAfter(now));
    }

    static void end(HttpServletRequest request) {
        request.getSession().removeAttribute(ATTRIBUTE);
    }
}
