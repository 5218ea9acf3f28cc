package com.cognitionos.identity.portal;

import jakarta.security.enterprise.CallerPrincipal;

/** The caller whom the container knows; carries what goes into the session. */
final class Member extends CallerPrincipal {

    private static final long serialVersionUID = 1L;

    private final SignedIn signedIn;

    Member(SignedIn signedIn) {
        super(signedIn.user().toString());
        this.signedIn = signedIn;
    }

    SignedIn signedIn() {
        return signedIn;
    }
}
