package com.cognitionos.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The id that ties a reply to the log: the caller's W3C trace where it sends one, else a new one. */
final class Trace {

    private static final String ATTRIBUTE = "com.cognitionos.trace-id";
    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

    private Trace() {}

    static String of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        String parent = request.getHeader("traceparent");
        Matcher matcher = TRACEPARENT.matcher(parent == null ? "" : parent);
        String id = matcher.matches()
                ? matcher.group(1)
                : UUID.randomUUID().toString().replace("-", "");
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }
}
