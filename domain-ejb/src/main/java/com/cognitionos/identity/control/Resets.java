package com.cognitionos.identity.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Vault;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/** Links to set a new password. */
@ApplicationScoped
public class Resets {

    private static final Caller CALLER = Caller.job("password-reset");

    @Resource
    private ManagedExecutorService executor;

    @Inject
    private Vault vault;

    @EJB
    private ResetLinks links;

    /** Goes on behind the reply, so that its time does not tell whether there is such an account. */
    public void begin(String account, Instant now) {
        executor.execute(() -> CALLER.run(() -> links.send(account, now)));
    }

    public byte[] mac(String token) {
        return vault.mac("password reset", token);
    }
}
