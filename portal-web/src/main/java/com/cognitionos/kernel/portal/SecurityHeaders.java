package com.cognitionos.kernel.portal;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The headers of every response. The policy for scripts stands in web.xml, where PrimeFaces reads it too: it adds its
 * nonce at the end of the policy and sends that for the pages that it renders.
 */
public class SecurityHeaders extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final String CSP = "Content-Security-Policy";

    /** Whether people reach this installation by TLS. */
    @Inject
    @ConfigProperty(name = "cognitionos.tls", defaultValue = "false")
    private transient boolean tls;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader(CSP, getServletContext().getInitParameter("primefaces.CSP_POLICY"));
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Not "no-referrer": browsers would then send "Origin: null" with our own forms.
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader(
                "Permissions-Policy",
                "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()");
        if (tls) {
            // Also behind a balancer that does not say so; where it does, the server adds this to every answer.
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
        if (!Paths.of(request).startsWith(Paths.RESOURCES)) {
            response.setHeader("Cache-Control", "no-store");
        }
        chain.doFilter(request, new OnePolicy(response));
    }

    /** PrimeFaces adds its policy; beside ours, which knows no nonce, both would hold and its scripts would be refused. */
    private static final class OnePolicy extends HttpServletResponseWrapper {

        OnePolicy(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void addHeader(String name, String value) {
            if (name.equalsIgnoreCase(CSP)) {
                setHeader(name, value);
            } else {
                super.addHeader(name, value);
            }
        }
    }
}
