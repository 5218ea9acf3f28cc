package com.cognitionos.identity.control;

import com.cognitionos.kernel.Problem;
import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Argon2id with the parameters that OWASP ASVS 5.0 lists (m = 19456 KiB, t = 2, p = 1). */
@ApplicationScoped
public class Passwords {

    public static final int MIN_LENGTH = 12;
    public static final int MAX_LENGTH = 128;

    private static final Argon2Function ARGON2 = Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);

    // Each check costs 19 MiB and a core for some 30 ms: no more at once than there are cores.
    private final Semaphore atOnce =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors()));

    private final LongAdder computed = new LongAdder();

    private final String nobody = argon2("nobody has this password");

    /**
     * @param known what anybody would try for this person: address, name
     * @throws Problem INVALID
     */
    public void check(String password, String... known) {
        if (password.length() < MIN_LENGTH || password.length() > MAX_LENGTH) {
            throw Problem.invalid(
                    "password", "length", "A password has " + MIN_LENGTH + " to " + MAX_LENGTH + " characters.");
        }
        if (CommonPasswords.contains(password, known)) {
            throw Problem.invalid("password", "common", "That password is one of the first that anybody would try.");
        }
    }

    public String hash(String password) {
        return limited(() -> argon2(password));
    }

    private static String argon2(String password) {
        return Password.hash(password).addRandomSalt(16).with(ARGON2).getResult();
    }

    /** @param hash null for a user that does not exist, which takes as long and is always false */
    public boolean matches(String password, @Nullable String hash) {
        String candidate = password.length() > MAX_LENGTH ? password.substring(0, MAX_LENGTH) : password;
        boolean same = limited(
                () -> Password.check(candidate, hash == null ? nobody : hash).with(ARGON2));
        return same && hash != null && candidate.length() == password.length();
    }

    /** How many hashes were computed since the server started: what guessing costs it. */
    public long computed() {
        return computed.sum();
    }

    private <T> T limited(Supplier<T> work) {
        try {
            if (!atOnce.tryAcquire(5, TimeUnit.SECONDS)) {
                throw new Problem(
                        Problem.Kind.UNAVAILABLE, "busy", "Too many people are signing in; try again in a moment.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.UNAVAILABLE, "busy", "The server is stopping.");
        }
        try {
            computed.increment();
            return work.get();
        } finally {
            atOnce.release();
        }
    }
}
