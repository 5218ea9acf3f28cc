package com.cognitionos.rest;

import com.cognitionos.gateway.boundary.Admission;
import com.cognitionos.gateway.boundary.Gateway;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.boundary.UsageUploads;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one way in. Finds out who calls and for which tenant, whether there is room for the request (RES-5), and lets the
 * rest of it run as that caller. A request without a good key goes on without a caller, so that it reaches what is
 * public and nothing else (RES-1).
 */
public class ApiGate extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final String BEARER = "Bearer ";
    /** Whoever calls it shows by its signature who it is. */
    private static final String SIGNED = "/api/v3/webhooks/stripe";

    /** Takes files, which it reads a line at a time. */
    private static final String FILES = "/api/v3/usage/uploads";

    private static final String ADMISSION = "com.cognitionos.admission";
    /** A key, with its underscore as such or percent-encoded. */
    private static final Pattern KEY = Pattern.compile("cog(_|%5f)[0-9a-f]{32}", Pattern.CASE_INSENSITIVE);

    @Inject
    private transient Gateway gateway;

    @Inject
    private transient TenantSelection tenants;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
        response.setHeader("X-Trace-Id", Trace.of(request));
        if (SIGNED.equals(request.getRequestURI())) {
            // An invoice run makes a provider send thousands of events at once, from few addresses; what is not signed
            // by it
            // costs less to refuse than to count.
            chain.doFilter(request, response);
            return;
        }
        try {
            Admission admission = gateway.admit(presentedKey(request), request.getRemoteAddr());
            request.setAttribute(ADMISSION, admission);
            RateLimitHeaders.of(admission).forEach(response::setHeader);
            refuse(admission, request);
            Optional<Caller> caller = admission.verified();
            if (caller.isPresent()) {
                Origin origin = new Origin("rest", request.getRemoteAddr(), request.getHeader("User-Agent"));
                tenants.select(caller.get().from(origin), request).run(() -> proceed(chain, request, response));
            } else {
                chain.doFilter(request, response);
            }
        } catch (UncheckedServletException e) {
            throw e.cause;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            if (response.isCommitted()) {
                throw e;
            }
            ProblemReply.of(e).send(request, response);
        }
    }

    private static void refuse(Admission admission, HttpServletRequest request) {
        if (!admission.admitted()) {
            throw Problem.tooMany(
                    "rate_limited",
                    "Too many requests within 60 seconds; try again after the time in Retry-After.",
                    admission.retryAfterSeconds());
        }
        String query = request.getQueryString();
        if (query != null && KEY.matcher(query).find()) {
            // Addresses end up in logs, histories and Referer headers of others, whatever we do.
            throw new Problem(
                    Problem.Kind.BAD_REQUEST,
                    "key_in_query",
                    "An API key belongs in the Authorization header. This one may be in logs by now: rotate it.");
        }
        long most = FILES.equals(request.getRequestURI()) ? UsageUploads.MAX_BYTES : BodyReader.MAX_BYTES;
        if (request.getContentLengthLong() > most) {
            throw BodyReader.tooLarge(most);
        }
    }

    /** What the gate knows of this request. */
    static Optional<Admission> admission(HttpServletRequest request) {
        return request.getAttribute(ADMISSION) instanceof Admission admission
                ? Optional.of(admission)
                : Optional.empty();
    }

    static @Nullable String presentedKey(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        String key = request.getHeader("X-API-Key");
        return key == null ? null : key.strip();
    }

    private static void proceed(FilterChain chain, HttpServletRequest request, HttpServletResponse response) {
        try {
            chain.doFilter(request, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ServletException e) {
            throw new UncheckedServletException(e);
        }
    }

    private static final class UncheckedServletException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final ServletException cause;

        UncheckedServletException(ServletException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
