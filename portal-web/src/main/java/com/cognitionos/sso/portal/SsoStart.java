package com.cognitionos.sso.portal;

import com.cognitionos.kernel.Problem;
import com.cognitionos.sso.boundary.SsoSignIns;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;

/** Sends the browser to a tenant's identity provider. */
@WebServlet("/sso/start")
public class SsoStart extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient SsoSignIns signIns;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String tenant = request.getParameter("tenant");
        try {
            SsoSignIns.Begun begun =
                    signIns.begin(tenant == null ? "" : tenant.strip().toLowerCase(Locale.ROOT));
            Attempts.keep(request, begun.attempt());
            response.sendRedirect(begun.location().toString());
        } catch (Problem problem) {
            SsoRefusal.show(problem, request, response);
        }
    }
}
