package com.cognitionos.identity.portal;

import com.cognitionos.identity.portal.PageTable.Kind;
import com.cognitionos.identity.portal.PageTable.Need;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.SecurityLog;
import com.cognitionos.kernel.portal.Origins;
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
import java.util.Optional;

/**
 * The one place where a browser's request gets its person, tenant and scopes (POR-1, POR-5, POR-6). Nothing of it is
 * remembered from request to request but the session: a role that was taken away is gone at the next one.
 */
public class SignInGate extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final String NOWHERE = "/nowhere";
    private static final String PLATFORM_HOME = "/platform/tenants";

    @Inject
    private transient CurrentTenant tenant;

    @Inject
    private transient Me me;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = Paths.of(request);
        if (path.startsWith(Paths.RESOURCES)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<Need> need = PageTable.of(path);
        if (need.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (need.get().kind() == Kind.OPEN) {
            chain.doFilter(request, response);
        } else if (!me.recognise()) {
            send(request, response, "/sign-in" + wished(request));
        } else {
            admit(need.get(), request, response, chain);
        }
    }

    private void admit(Need need, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Caller caller = me.caller().orElse(null);
        boolean enough = need.scope().isEmpty() || me.may(need.scope());
        if (caller == null) {
            // Somebody who belongs nowhere: there is no tenant, so nobody is on the thread.
            if (need.kind() == Kind.PERSON) {
                chain.doFilter(request, response);
            } else {
                send(request, response, NOWHERE);
            }
        } else if (need.kind() == Kind.TENANT && caller.tenant() == null) {
            send(request, response, me.may("operator:read") ? PLATFORM_HOME : NOWHERE);
        } else if (!enough) {
            SecurityLog.refused(SecurityLog.Event.SCOPE_REFUSED, caller.subject(), Origins.of(request), null);
            refuse(request, response);
        } else {
            Caller acting = need.kind() == Kind.PLATFORM ? caller.acrossTenants() : caller;
            run(acting, () -> pass(need, caller, request, response, chain));
        }
    }

    private void pass(
            Need need, Caller caller, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (caller.tenant() != null) {
            caller.run(tenant::enter);
            if (tenant.isSuspended() && !need.openWhenSuspended() && !caller.platform()) {
                send(request, response, "/home");
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private static String wished(HttpServletRequest request) {
        String query = request.getQueryString();
        String target = request.getRequestURI() + (query == null ? "" : "?" + query);
        boolean worthIt = request.getMethod().equals("GET") && !target.equals("/") && Paths.isLocal(target);
        return worthIt ? "?to=" + URLEncoder.encode(target, StandardCharsets.UTF_8) : "";
    }

    private static void send(HttpServletRequest request, HttpServletResponse response, String target)
            throws IOException {
        if (isBackground(request)) {
            // A script would follow a plain redirect itself and find no answer that it understands.
            response.setContentType("text/xml;charset=UTF-8");
            response.getWriter()
                    .write("<?xml version=\"1.0\" encoding=\"UTF-8\"?><partial-response><redirect url=\""
                            + target.replace("&", "&amp;") + "\"/></partial-response>");
        } else {
            response.sendRedirect(target);
        }
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isBackground(request)) {
            send(request, response, "/refused");
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    private static boolean isBackground(HttpServletRequest request) {
        return "partial/ajax".equals(request.getHeader("Faces-Request"));
    }

    private interface Work {
        void run() throws IOException, ServletException;
    }

    private static void run(Caller caller, Work work) throws IOException, ServletException {
        try {
            caller.run(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (ServletException e) {
                    throw new Refused(e);
                }
            });
        } catch (Refused e) {
            throw e.reason();
        } catch (UncheckedIOException e) {
            throw e.getCause();
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
