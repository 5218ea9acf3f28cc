package com.cognitionos.identity.boundary;

import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Letting people in, slowed down for whoever guesses. Runs for the platform, as {@code Caller.job("sign-in")}.
 */
@Stateless
@TenantWall
public class SignIns {

    public enum Outcome {
        /** {@code person} is who it says. */
        IN,
        /** The password was right; {@link #secondFactor} must follow. */
        SECOND_FACTOR,
        /** Address or password is wrong, or the code; nobody learns which. */
        WRONG,
        /** Too many wrong ones; {@code retryAfterSeconds} says when to try again, and nothing was looked at. */
        SLOWED
    }

    /**
     * @param user set for IN and SECOND_FACTOR
     * @param retryAfterSeconds set for SLOWED
     */
    public record Result(Outcome outcome, @Nullable UUID user, long retryAfterSeconds) {}

    /** Address and password. A person without any membership or platform role gets in too: they may be invited later. */
    public Result password(String email, String password, Origin origin) {
        throw new UnsupportedOperationException();
    }

    /** The second step: a TOTP code or a recovery code, each good once. */
    public Result secondFactor(UUID user, String code, Origin origin) {
        throw new UnsupportedOperationException();
    }

    /**
     * Step-up: makes sure that it is still the same person, by the second factor where there is one, else by password.
     *
     * @return IN, WRONG or SLOWED
     */
    public Result confirm(UUID user, String secret, Origin origin) {
        throw new UnsupportedOperationException();
    }
}
