package com.cognitionos.identity.portal;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.portal.Paths;
import com.cognitionos.tenancy.portal.CurrentTenant;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The one place where a browser's request gets its tenant (POR-1, POR-5). What is not named here as open is closed. */
public class SignInGate extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final Set<String> OPEN = Set.of(
            "/sign-in",
            "/sign-up",
            "/sign-out",
            "/expired",
            "/failed",
            "/sso-sign-in",
            "/sso-refused",
            "/sso/start",
            "/sso/callback");
    private static final Set<String> OPEN_WHEN_SUSPENDED =
            Set.of("", "/", "/home", "/invoices", "/invoice", "/invoice-pdf", "/billing");

    @Inject
    private transient CurrentTenant tenant;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = Paths.of(request);
        if (OPEN.contains(path) || path.startsWith(Paths.RESOURCES)) {
            chain.doFilter(request, response);
            return;
        }
        SignedIn person = SignedIn.in(request);
        if (person == null) {
            send(request, response, "/sign-in" + wished(request));
            return;
        }
        try {
            person.caller().run(() -> pass(person, path, request, response, chain));
        } catch (Refused e) {
            throw e.reason();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void pass(
            SignedIn person, String path, HttpServletRequest request, HttpServletResponse response, FilterChain chain) {
        try {
            tenant.enter(person.name());
            if (tenant.isSuspended() && !OPEN_WHEN_SUSPENDED.contains(path)) {
                send(request, response, "/home");
            } else {
                chain.doFilter(request, response);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ServletException e) {
            throw new Refused(e);
        }
    }

    private static String wished(HttpServletRequest request) {
        String query = request.getQueryString();
        String target = request.getRequestURI() + (query == null ? "" : "?" + query);
        boolean worthIt = request.getMethod().equals("GET") && !target.equals("/") && Paths.isLocal(target);
        return worthIt ? "?to=" + URLEncoder.encode(target, StandardCharsets.UTF_8) : "";
    }

    private static void send(HttpServletRequest request, HttpServletResponse response, String target)
            throws IOException {
        if ("partial/ajax".equals(request.getHeader("Faces-Request"))) {
            // A script would follow a plain redirect itself and find no answer that it understands.
            response.setContentType("text/xml;charset=UTF-8");
            response.getWriter()
                    .write("<?xml version=\"1.0\" encoding=\"UTF-8\"?><partial-response><redirect url=\""
                            + target.replace("&", "&amp;") + "\"/></partial-response>");
        } else {
            response.sendRedirect(target);
        }
    }

    /** Carries a checked exception out of {@link Caller#run}. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(ServletException reason) {
            super(reason);
        }

        ServletException reason() {
            return (ServletException) getCause();
        }
    }
}
