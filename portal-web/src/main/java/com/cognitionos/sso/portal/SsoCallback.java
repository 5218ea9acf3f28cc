package com.cognitionos.sso.portal;

import com.cognitionos.identity.portal.SignIn;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.SecurityLog;
import com.cognitionos.kernel.portal.Origins;
import com.cognitionos.sso.boundary.SsoSignIns;
import com.cognitionos.sso.boundary.SsoSignIns.Admitted;
import com.cognitionos.sso.boundary.SsoSignIns.Answer;
import com.cognitionos.sso.entity.Attempt;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where a tenant's identity provider sends the browser back to. */
@WebServlet("/sso/callback")
public class SsoCallback extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient SsoSignIns signIns;

    @Inject
    private transient SignIn signIn;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            String state = single(request, "state");
            Attempt attempt = Attempts.take(request, state == null ? "" : state)
                    .orElseThrow(() -> new Problem(
                            Problem.Kind.FORBIDDEN,
                            "sso_not_begun",
                            "This sign-in was not begun in this browser, or is over; begin again."));
            Admitted admitted = signIns.complete(
                    attempt,
                    new Answer(single(request, "code"), single(request, "iss"), single(request, "error")),
                    Origins.of(request));
            signIn.enter(admitted.user(), admitted.tenant());
            response.sendRedirect("/home");
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.FORBIDDEN) {
                SecurityLog.refused(SecurityLog.Event.SIGN_IN_FAILED, null, Origins.of(request), null);
            }
            SsoRefusal.show(problem, request, response);
        }
    }

    private static @Nullable String single(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        if (values != null && values.length > 1) {
            throw new Problem(Problem.Kind.FORBIDDEN, "sso_denied", "The identity provider's answer is ambiguous.");
        }
        return values == null ? null : values[0];
    }
}
