package com.cognitionos.sso.portal;

import com.cognitionos.sso.entity.Attempt;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What this browser has begun (SSO-3): each counts once, and of several tabs the last five. */
final class Attempts implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final String ATTRIBUTE = Attempts.class.getName();
    private static final int MOST = 5;

    private final ArrayDeque<Attempt> open = new ArrayDeque<>();

    static void keep(HttpServletRequest request, Attempt attempt) {
        HttpSession session = request.getSession();
        synchronized (Attempts.class) {
            Attempts attempts = (Attempts) session.getAttribute(ATTRIBUTE);
            Attempts kept = attempts == null ? new Attempts() : attempts;
            Deque<Attempt> queue = kept.open;
            queue.addLast(attempt);
            if (queue.size() > MOST) {
                queue.removeFirst();
            }
            session.setAttribute(ATTRIBUTE, kept);
        }
    }

    /** Takes the attempt of that state out, so that nothing can come back to it a second time. */
    static Optional<Attempt> take(HttpServletRequest request, String state) {
        HttpSession session = request.getSession(false);
        synchronized (Attempts.class) {
            if (session == null || !(session.getAttribute(ATTRIBUTE) instanceof Attempts attempts)) {
                return Optional.empty();
            }
            Optional<Attempt> found = attempts.open.stream()
                    .filter(attempt -> attempt.state().equals(state))
                    .findFirst();
            found.ifPresent(attempts.open::remove);
            session.setAttribute(ATTRIBUTE, attempts);
            return found;
        }
    }
}
