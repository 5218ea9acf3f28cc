package com.cognitionos.sso.portal;

import com.cognitionos.kernel.Problem;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says why nobody was signed in. */
final class SsoRefusal {

    static final String REASON = "ssoRefusal";

    private SsoRefusal() {}

    static void show(Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        response.setStatus(status(problem.kind()));
        request.setAttribute(REASON, words(problem));
        request.getRequestDispatcher("/sso-refused.xhtml").forward(request, response);
    }

    private static int status(Problem.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> HttpServletResponse.SC_NOT_FOUND;
            case UNAVAILABLE -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            default -> HttpServletResponse.SC_FORBIDDEN;
        };
    }

    /** What is wrong with the provider is for the tenant's administrator, who sees it on the page with the settings. */
    private static @Nullable String words(Problem problem) {
        return problem.code().equals("provider_unavailable")
                ? "The company's identity provider does not answer as it should; try again later or ask your"
                        + " administrator."
                : problem.getMessage();
    }
}
