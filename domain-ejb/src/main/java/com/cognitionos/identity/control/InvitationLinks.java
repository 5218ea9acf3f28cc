package com.cognitionos.identity.control;

import com.cognitionos.kernel.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** What is stored of the links in invitations. */
@ApplicationScoped
public class InvitationLinks {

    @Inject
    private Vault vault;

    public byte[] mac(String token) {
        return vault.mac("invitation", token);
    }
}
