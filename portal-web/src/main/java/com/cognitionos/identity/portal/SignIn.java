package com.cognitionos.identity.portal;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.SecurityContext;
import jakarta.security.enterprise.authentication.mechanism.http.AuthenticationParameters;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Signs the person of this request in. */
@RequestScoped
public class SignIn {

    @Inject
    private SecurityContext security;

    /** @return whether address and password belong together */
    public boolean attempt(HttpServletRequest request, HttpServletResponse response, String email, String password) {
        AuthenticationStatus status = security.authenticate(
                request,
                response,
                AuthenticationParameters.withParams().credential(new UsernamePasswordCredential(email, password)));
        return status == AuthenticationStatus.SUCCESS;
    }
}
