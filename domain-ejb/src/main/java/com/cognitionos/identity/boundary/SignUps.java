package com.cognitionos.identity.boundary;

import com.cognitionos.identity.control.Throttle;
import com.cognitionos.identity.control.Throttle.Window;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Keeps signing up from being a way to ask which addresses have an account (IDE-10). It tells: whoever signs up with a
 * taken address learns that. But from one place it tells ten times an hour, then nobody signs up from there.
 */
@Stateless
@TenantWall
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SignUps {

    private static final String TAKEN = "email_taken";

    @EJB
    private Throttle throttle;

    @Inject
    private BusinessClock clock;

    /**
     * Does the sign-up, which has transactions of its own, for the place of the current caller.
     *
     * @throws Problem TOO_MANY_REQUESTS, or what the sign-up says
     */
    public <T> T attempt(Supplier<T> signUp) {
        String address = Caller.current().origin().address();
        Instant now = clock.system();
        long wait = throttle.attemptFrom(Window.TAKEN_ADDRESSES, address, now);
        if (wait > 0) {
            throw Problem.tooMany("too_many_sign_ups", "Too many sign-ups came from your network.", wait);
        }
        boolean taken = false;
        try {
            return signUp.get();
        } catch (Problem problem) {
            taken = problem.code().equals(TAKEN);
            throw problem;
        } finally {
            if (!taken) {
                throttle.takeBackFrom(Window.TAKEN_ADDRESSES, address, now);
            }
        }
    }
}
