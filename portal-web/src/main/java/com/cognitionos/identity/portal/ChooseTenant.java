package com.cognitionos.identity.portal;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.SecurityLog;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Origins;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;

/** The menu of tenants in the head of each page: goes to one that the person belongs to; staff also back to none. */
@WebServlet("/choose-tenant")
public class ChooseTenant extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient Me me;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String wanted = request.getParameter("tenant");
        if (me.isStaff() && "".equals(wanted)) {
            me.remember(me.session().workingIn(null));
            response.sendRedirect("/platform/tenants");
            return;
        }
        UUID tenant;
        try {
            tenant = GivenId.of(wanted, "tenant");
        } catch (Problem noId) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        if (me.getMemberships().stream()
                .noneMatch(membership -> membership.tenant().equals(tenant))) {
            // Not even whether there is such a tenant.
            SecurityLog.refused(SecurityLog.Event.FOREIGN_TENANT, "user:" + me.getUser(), Origins.of(request), null);
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        me.remember(me.session().workingIn(tenant));
        response.sendRedirect("/home");
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.sendRedirect("/home");
    }
}
