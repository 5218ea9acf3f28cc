package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Sessions;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Origins;
import jakarta.ejb.EJB;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Ends the session, in the browser and in the list. */
@WebServlet("/sign-out")
public class SignOut extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @EJB
    private transient Sessions sessions;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        SignedIn present = SignedIn.in(request);
        if (present != null) {
            end(present, request);
        }
        request.logout();
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
        // What a browser may still keep of the person; the theme goes with it, which is little.
        response.setHeader("Clear-Site-Data", "\"cookies\", \"storage\"");
        response.sendRedirect("/sign-in");
    }

    private void end(SignedIn present, HttpServletRequest request) {
        try {
            Caller.job("sign-out").from(Origins.of(request)).run(() -> sessions.end(present.user(), present.session()));
        } catch (Problem over) {
            // It was ended from elsewhere.
        }
    }

    /** Somebody typed the address: nothing to see, and a link must not be able to sign anybody out. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.sendRedirect("/home");
    }
}
