package com.cognitionos.identity.portal;

import com.cognitionos.kernel.portal.Paths;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;

/**
 * Tells the container who it is by the session. The container's own remembered login would be a token in a cookie that
 * stays good after signing out (POR-2), so none is asked for.
 */
@ApplicationScoped
public class SessionAuthentication implements HttpAuthenticationMechanism {

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        // Styles and scripts are for everybody.
        SignedIn present = Paths.of(request).startsWith(Paths.RESOURCES) ? null : SignedIn.in(request);
        return present == null
                ? context.doNothing()
                : context.notifyContainerAboutLogin(present.user().toString(), Set.of());
    }
}
