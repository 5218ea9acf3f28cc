package com.cognitionos.identity.portal;

import com.cognitionos.kernel.portal.Paths;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;

/**
 * Lets people in by password once and by the session from then on. The container's own remembered login would be a
 * token in a cookie that stays good after signing out (POR-2), so none is asked for.
 */
@ApplicationScoped
public class SessionAuthentication implements HttpAuthenticationMechanism {

    @Inject
    private IdentityStoreHandler stores;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        if (context.isAuthenticationRequest()) {
            return signIn(request, context.getAuthParameters().getCredential(), context);
        }
        // Styles and scripts are for everybody.
        SignedIn present = Paths.of(request).startsWith(Paths.RESOURCES) ? null : SignedIn.in(request);
        return present == null
                ? context.doNothing()
                : context.notifyContainerAboutLogin(present.user().toString(), Set.of());
    }

    private AuthenticationStatus signIn(HttpServletRequest request, Credential credential, HttpMessageContext context) {
        CredentialValidationResult result = stores.validate(credential);
        if (!(result.getCallerPrincipal() instanceof Member member)) {
            return AuthenticationStatus.SEND_FAILURE;
        }
        member.signedIn().enter(request);
        return context.notifyContainerAboutLogin(result);
    }
}
