package com.cognitionos.identity.portal;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;

/** Lets in whom a tenant's identity provider has vouched for, into that tenant alone. */
public final class SsoEntrance {

    private SsoEntrance() {}

    public static void enter(HttpServletRequest request, UUID user, UUID onlyTenant) {
        new SignedIn(user, "", "Signed in by SSO", onlyTenant).enter(request);
    }
}
