package com.cognitionos.identity.boundary;

import com.cognitionos.identity.control.Passwords;
import com.cognitionos.identity.control.People;
import com.cognitionos.identity.control.People.Known;
import com.cognitionos.identity.control.SecondFactors;
import com.cognitionos.identity.control.Throttle;
import com.cognitionos.identity.control.Throttle.Guess;
import com.cognitionos.identity.control.Throttle.Turn;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.SecurityLog;
import com.cognitionos.kernel.SecurityLog.Event;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Letting people in, slowed down for whoever guesses. Runs for the platform, as {@code Caller.job("sign-in")}. Outside of
 * transactions: a count stays whatever comes of the guess, and no connection waits for a hash.
 */
@Stateless
@TenantWall
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SignIns {

    private static final Logger LOG = Logger.getLogger(SignIns.class.getName());

    @EJB
    private Throttle throttle;

    @EJB
    private People people;

    @EJB
    private SecondFactors secondFactors;

    @Inject
    private Passwords passwords;

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
    public record Result(Outcome outcome, @Nullable UUID user, long retryAfterSeconds) {

        private static Result slowed(Turn turn, @Nullable UUID user, Origin origin) {
            SecurityLog.refused(Event.SIGN_IN_SLOWED, subject(user), origin, null);
            return new Result(Outcome.SLOWED, null, turn.waitSeconds());
        }

        /** The address that was typed stays out of the log: people type passwords there. */
        private static Result wrong(Event event, @Nullable UUID user, Origin origin) {
            SecurityLog.refused(event, subject(user), origin, null);
            return new Result(Outcome.WRONG, null, 0);
        }

        private static @Nullable String subject(@Nullable UUID user) {
            return user == null ? null : "user:" + user;
        }
    }

    /** Address and password. A person without any membership or platform role gets in too: they may be invited later. */
    public Result password(String email, String password, Origin origin) {
        String account = email.strip().toLowerCase(Locale.ROOT);
        Turn turn = throttle.begin(Guess.PASSWORD, account, origin.address());
        if (turn.held()) {
            return Result.slowed(turn, null, origin);
        }
        Optional<Known> known = people.byEmail(account);
        boolean right = passwords.matches(password, known.map(Known::hash).orElse(null));
        if (!right) {
            return Result.wrong(Event.SIGN_IN_FAILED, known.map(Known::id).orElse(null), origin);
        }
        throttle.right(turn);
        Known person = known.orElseThrow();
        return person.secondFactor()
                ? new Result(Outcome.SECOND_FACTOR, person.id(), 0)
                : in(person.id(), "password", origin);
    }

    /** The second step: a TOTP code or a recovery code, each good once. */
    public Result secondFactor(UUID user, String code, Origin origin) {
        Turn turn = throttle.begin(Guess.SECOND_FACTOR, user.toString(), origin.address());
        if (turn.held()) {
            return Result.slowed(turn, user, origin);
        }
        if (!secondFactors.use(user, code)) {
            return Result.wrong(Event.SIGN_IN_FAILED, user, origin);
        }
        throttle.right(turn);
        return in(user, "password and second factor", origin);
    }

    /**
     * Step-up: makes sure that it is still the same person, by the second factor where there is one, else by password.
     *
     * @return IN, WRONG or SLOWED
     */
    public Result confirm(UUID user, String secret, Origin origin) {
        Known person = people.byId(user);
        // Codes share the count of signing in, so that there is no second place to guess at; a password has one of its
        // own, or a stranger at the sign-in page could keep the person from confirming.
        Guess guess = person.secondFactor() ? Guess.SECOND_FACTOR : Guess.CONFIRMATION;
        Turn turn = throttle.begin(guess, user.toString(), origin.address());
        if (turn.held()) {
            return Result.slowed(turn, user, origin);
        }
        boolean right =
                person.secondFactor() ? secondFactors.use(user, secret) : passwords.matches(secret, person.hash());
        if (!right) {
            return Result.wrong(Event.CONFIRMATION_FAILED, user, origin);
        }
        throttle.right(turn);
        return new Result(Outcome.IN, user, 0);
    }

    private Result in(UUID user, String by, Origin origin) {
        people.enterSignIn(user, origin, by);
        LOG.info(() -> "User " + user + " signed in by " + by + " from " + origin.address());
        return new Result(Outcome.IN, user, 0);
    }
}
