package com.cognitionos.sso.entity;

import java.util.UUID;

/**
 * A tenant as its provider knows it.
 *
 * @param vouched whether an owner or the operator saved the settings (SSO-7)
 */
public record Client(UUID tenant, SsoSettings settings, String secret, boolean vouched) {

    /** The secret must not get into a log by chance. */
    @Override
    public String toString() {
        return "Client[" + tenant + ", " + settings.issuer() + "]";
    }
}
