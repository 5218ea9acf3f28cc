package com.cognitionos.sso.portal;

import com.cognitionos.kernel.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says why nobody was signed in. */
final class SsoRefusal {

    static final String REASON = "ssoRefusal";

    private SsoRefusal() {}

    /**
     * By a redirect: to a forward the server would answer an upgrade to HTTP/2 a second time, and hang. The reason stays in
     * the session, so that no address can put words on that page.
     */
    static void show(Problem problem, HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.getSession().setAttribute(REASON, words(problem));
        response.sendRedirect("/sso-refused");
    }

    /** What is wrong with the provider is for the tenant's administrator, who sees it on the page with the settings. */
    private static @Nullable String words(Problem problem) {
        return problem.code().equals("provider_unavailable")
                ? "The company's identity provider does not answer as it should; try again later or ask your"
                        + " administrator."
                : problem.getMessage();
    }
}
