package com.cognitionos.audit.portal;

import com.cognitionos.audit.boundary.AuditTrail.Wanted;
import com.cognitionos.kernel.portal.Asked;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Which entries an address asks for; a person may have typed it, so what is no day and what no entry can hold is left out.
 *
 * @param from the first day, as {@code 2026-11-24}; empty for no limit
 * @param to the last day
 */
public record AuditFilter(String action, String actor, String target, String from, String to) {

    static AuditFilter of(HttpServletRequest request) {
        return new AuditFilter(
                Asked.text(request, "action"),
                Asked.text(request, "actor"),
                Asked.text(request, "target"),
                Asked.day(request, "from"),
                Asked.day(request, "to"));
    }

    Wanted wanted() {
        return new Wanted(orNull(action), orNull(actor), orNull(target), Asked.startOf(from), Asked.endOf(to));
    }

    boolean any() {
        return !(action + actor + target + from + to).isEmpty();
    }

    /** As it goes on in an address. */
    public String query() {
        return "action=" + Asked.encoded(action) + "&actor=" + Asked.encoded(actor) + "&target=" + Asked.encoded(target)
                + "&from=" + from + "&to=" + to;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
