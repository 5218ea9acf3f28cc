package com.cognitionos.kernel.portal;

import com.cognitionos.kernel.SecurityLog;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a form of a page that comes without the page's secret (POR-4). Faces itself would take it for a visit and show
 * the page as if nothing had been asked.
 */
public class ViewStateGate extends HttpFilter {

    private static final long serialVersionUID = 1L;

    /** Pages without a person keep no state; {@link SameOrigin} alone guards their forms. */
    private static final Set<String> WITHOUT_STATE = Set.of(
            "/sign-in", "/sign-in-code", "/sign-up", "/confirm", "/forgot", "/reset", "/invitation", "/sso-sign-in");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean page = "faces".equals(request.getHttpServletMapping().getServletName());
        if (page
                && request.getMethod().equals("POST")
                && !isGood(Paths.of(request), request.getParameter("jakarta.faces.ViewState"))) {
            SecurityLog.refused(SecurityLog.Event.FORGED_POST, null, Origins.of(request), null);
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        } else {
            chain.doFilter(request, response);
        }
    }

    static boolean isGood(String path, @Nullable String state) {
        if (state == null) {
            return false;
        }
        return WITHOUT_STATE.contains(path) ? state.equals("stateless") : isNumber(state);
    }

    /** Whether it looks like what Faces gives out: a number in hex, in Base64. Rubbish would be an error of ours there. */
    private static boolean isNumber(String state) {
        try {
            String number = new String(Base64.getDecoder().decode(state), StandardCharsets.ISO_8859_1);
            return number.matches("([0-9a-fA-F]{2}){8,64}");
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }
}
