package com.cognitionos.rest;

import com.cognitionos.gateway.boundary.KeyAuthentication;
import com.cognitionos.kernel.Caller;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The one way in. Finds out who calls and for which tenant, and lets the rest of the request run as that caller. A
 * request without a good key goes on without a caller, so that it reaches what is public and nothing else (RES-1).
 */
public class ApiGate extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final Caller GATEWAY = Caller.job("gateway");
    private static final String BEARER = "Bearer ";

    @EJB
    private transient KeyAuthentication keys;

    @Inject
    private transient TenantSelection tenants;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Trace-Id", Trace.of(request));
        try {
            if (request.getContentLengthLong() > BodyReader.MAX_BYTES) {
                throw BodyReader.tooLarge();
            }
            Optional<Caller> caller = presentedKey(request).flatMap(key -> GATEWAY.call(() -> keys.verify(key)));
            if (caller.isPresent()) {
                tenants.select(caller.get(), request).run(() -> proceed(chain, request, response));
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

    private static Optional<String> presentedKey(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        return Optional.ofNullable(request.getHeader("X-API-Key")).map(String::strip);
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
