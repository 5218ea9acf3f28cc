package com.cognitionos.identity.portal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * The secret from a link in a mail. It leaves the address at the first visit, or it would stay in the browser's history
 * and whoever looks over a shoulder could take it.
 */
public enum LinkToken {
    RESET,
    INVITATION,
    SIGN_UP;

    private static final int MAX_LENGTH = 100;

    private String attribute() {
        return LinkToken.class.getName() + "." + name();
    }

    /** @return whether there was one in the address, so that the browser must be sent to the bare address */
    public boolean takeOver(HttpServletRequest request) {
        String given = request.getParameter("token");
        if (given == null || !request.getMethod().equals("GET")) {
            return false;
        }
        request.getSession()
                .setAttribute(attribute(), given.length() > MAX_LENGTH ? given.substring(0, MAX_LENGTH) : given);
        return true;
    }

    @Nullable
    public String in(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session == null ? null : (String) session.getAttribute(attribute());
    }

    public void forget(HttpServletRequest request) {
        request.getSession().removeAttribute(attribute());
    }
}
