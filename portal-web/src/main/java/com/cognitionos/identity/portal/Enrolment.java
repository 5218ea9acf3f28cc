package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Account;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A second factor that is being set up. It stays in the session until it is done, so that a mistyped code does not need a
 * new scan.
 */
public record Enrolment(String secret, QrCode qr) implements Serializable {

    private static final String ATTRIBUTE = Enrolment.class.getName();
    private static final int GROUP = 4;

    static void keep(HttpServletRequest request, Account.Enrolment begun) {
        request.getSession().setAttribute(ATTRIBUTE, new Enrolment(begun.secret(), QrCode.of(begun.uri())));
    }

    static @Nullable Enrolment in(HttpServletRequest request) {
        return (Enrolment) request.getSession().getAttribute(ATTRIBUTE);
    }

    static void forget(HttpServletRequest request) {
        request.getSession().removeAttribute(ATTRIBUTE);
    }

    /** In groups of four, for typing it in. */
    public String grouped() {
        return secret.replaceAll("(.{" + GROUP + "})(?!$)", "$1 ");
    }
}
