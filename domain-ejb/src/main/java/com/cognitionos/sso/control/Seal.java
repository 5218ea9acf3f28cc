package com.cognitionos.sso.control;

import com.cognitionos.kernel.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A client secret at rest: it opens for its own tenant only. */
@ApplicationScoped
public class Seal {

    private static final String PURPOSE = "sso client secret";

    @Inject
    private Vault vault;

    public byte[] close(UUID tenant, String secret) {
        return vault.seal(PURPOSE, tenant.toString(), secret.getBytes(StandardCharsets.UTF_8));
    }

    public String open(UUID tenant, byte[] sealed) {
        return new String(vault.open(PURPOSE, tenant.toString(), sealed), StandardCharsets.UTF_8);
    }
}
