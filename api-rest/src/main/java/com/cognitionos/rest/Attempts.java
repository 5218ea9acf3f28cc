package com.cognitionos.rest;

import com.cognitionos.gateway.boundary.Admission;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.SecurityLog;
import com.cognitionos.kernel.SecurityLog.Event;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which refusals are attempts to get round something, and go to the security log (RES-8). */
final class Attempts {

    private static final Map<String, Event> EVENTS = Map.of(
            "unauthenticated", Event.BAD_KEY,
            "key_in_query", Event.KEY_IN_ADDRESS,
            "insufficient_scope", Event.SCOPE_REFUSED,
            "tenant_forbidden", Event.FOREIGN_TENANT,
            "signature_invalid", Event.BAD_SIGNATURE,
            "signature_expired", Event.BAD_SIGNATURE,
            "rate_limited", Event.RATE_LIMITED);

    private Attempts() {}

    static void note(Failure failure, HttpServletRequest request, String trace) {
        Event event = event(failure.code(), ApiGate.presentedKey(request) != null);
        if (event != null) {
            String subject = ApiGate.admission(request)
                    .flatMap(Admission::verified)
                    .map(Caller::subject)
                    .orElse(null);
            SecurityLog.refused(event, subject, new Origin("rest", request.getRemoteAddr(), null), trace);
        }
    }

    /** Who sends no key at all tries nothing. */
    static @Nullable Event event(String code, boolean keyed) {
        Event event = EVENTS.get(code);
        return event == Event.BAD_KEY && !keyed ? null : event;
    }
}
