package com.cognitionos.kernel.portal;

import jakarta.servlet.http.HttpServletRequest;

/** Addresses inside the portal. */
public final class Paths {

    /** Where Faces serves scripts and styles from. */
    public static final String RESOURCES = "/jakarta.faces.resource/";

    private Paths() {}

    /** As the container understood it: decoded, without parameters and dots. */
    public static String of(HttpServletRequest request) {
        String more = request.getPathInfo();
        return more == null ? request.getServletPath() : request.getServletPath() + more;
    }

    /** Whether a browser that is sent there stays on this site and comes to a page. */
    public static boolean isLocal(String target) {
        boolean rooted = target.startsWith("/") && !target.startsWith("//");
        // Browsers take a backslash for a slash and drop control characters.
        return rooted
                && target.chars().noneMatch(c -> c == '\\' || c < 0x21 || c == 0x7f)
                && !target.startsWith("/sign-");
    }
}
