package com.cognitionos.identity.boundary;

import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person does with their own account; whoever calls has made sure that it is the person. Runs for the platform.
 */
@Stateless
@TenantWall
public class Account {

    public record Profile(UUID id, String email, String name, boolean secondFactor, int recoveryCodesLeft) {}

    /**
     * A second factor that is being set up.
     *
     * @param secret base32, for typing it in
     * @param uri {@code otpauth://totp/…}, for a QR code
     */
    public record Enrolment(String secret, String uri) {}

    public Profile profile(UUID user) {
        throw new UnsupportedOperationException();
    }

    /** Where the person may act now. */
    public Users.Person person(UUID user) {
        throw new UnsupportedOperationException();
    }

    public void rename(UUID user, String name) {
        throw new UnsupportedOperationException();
    }

    /** Ends every other session and tells the person by mail. @throws com.cognitionos.kernel.Problem INVALID */
    public void changePassword(UUID user, String password, @Nullable UUID keepSession) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a link, good for an hour and once, if there is such an account. Takes as long and says the same when there
     * is none; asking too often for one address or from one place is swallowed.
     */
    public void forgotPassword(String email, @Nullable String address) {
        throw new UnsupportedOperationException();
    }

    /** @return the address that the link is for, or empty for a bad link */
    public Optional<String> resetOffer(String token) {
        throw new UnsupportedOperationException();
    }

    /** Ends all sessions; the second factor stays. @throws com.cognitionos.kernel.Problem NOT_FOUND, INVALID */
    public void resetPassword(String token, String password) {
        throw new UnsupportedOperationException();
    }

    /** A new secret, which counts from {@link #enrol} on. */
    public Enrolment beginEnrolment(UUID user) {
        throw new UnsupportedOperationException();
    }

    /**
     * Switches the second factor on, ends every other session.
     *
     * @return ten recovery codes, shown this once
     * @throws com.cognitionos.kernel.Problem INVALID ({@code wrong_code})
     */
    public List<String> enrol(UUID user, String code, @Nullable UUID keepSession) {
        throw new UnsupportedOperationException();
    }

    /** Ten new ones; the old ones are void. */
    public List<String> newRecoveryCodes(UUID user) {
        throw new UnsupportedOperationException();
    }

    public void removeSecondFactor(UUID user) {
        throw new UnsupportedOperationException();
    }
}
