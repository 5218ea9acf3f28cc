package com.cognitionos.identity.boundary;

import com.cognitionos.identity.control.Base32;
import com.cognitionos.identity.control.Letters;
import com.cognitionos.identity.control.Passwords;
import com.cognitionos.identity.control.People;
import com.cognitionos.identity.control.People.Known;
import com.cognitionos.identity.control.Resets;
import com.cognitionos.identity.control.SecondFactors;
import com.cognitionos.identity.control.Throttle;
import com.cognitionos.identity.control.Throttle.Window;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a person does with their own account; whoever calls has made sure that it is the person. Runs for the platform.
 */
@Stateless
@TenantWall
public class Account {

    private static final Logger LOG = Logger.getLogger(Account.class.getName());
    private static final String ISSUER = "CognitionOS";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private Passwords passwords;

    @Inject
    private Letters letters;

    @Inject
    private Resets resets;

    @EJB
    private Throttle throttle;

    @EJB
    private Sessions sessions;

    @EJB
    private People people;

    @EJB
    private SecondFactors secondFactors;

    public record Profile(UUID id, String email, String name, boolean secondFactor, int recoveryCodesLeft) {}

    /**
     * A second factor that is being set up.
     *
     * @param secret base32, for typing it in
     * @param uri {@code otpauth://totp/…}, for a QR code
     */
    public record Enrolment(String secret, String uri) {}

    /** @throws Problem NOT_FOUND */
    public Profile profile(UUID user) {
        Known known = people.byId(user);
        return new Profile(
                user, known.email(), known.name(), known.secondFactor(), secondFactors.recoveryCodesLeft(user));
    }

    /** Where the person may act now. @throws Problem NOT_FOUND */
    public Users.Person person(UUID user) {
        Known known = people.byId(user);
        return new Users.Person(
                user, known.email(), known.name(), people.memberships(user), people.platformRoles(user));
    }

    public void rename(UUID user, String name) {
        Known known = people.byId(user);
        String wanted = Users.checkName(name);
        sql.update("UPDATE users SET name = ? WHERE id = ?", wanted, user);
        people.record(user, null, "user.renamed", Map.of("name", known.name()), Map.of("name", wanted));
    }

    /** Ends every other session and tells the person by mail. @throws Problem INVALID */
    public void changePassword(UUID user, String password, @Nullable UUID keepSession) {
        newPassword(people.byId(user), password, keepSession, "user.password_changed");
    }

    /**
     * Sends a link, good for an hour and once, if there is such an account. Takes as long and says the same when there
     * is none; asking too often for one address or from one place is swallowed.
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void forgotPassword(String email, @Nullable String address) {
        String account = email.strip().toLowerCase(Locale.ROOT);
        Instant now = clock.system();
        if (throttle.attemptFrom(Window.RESETS_OF_PLACE, address, now) > 0
                || throttle.attempt(Window.RESET, account) > 0) {
            LOG.info("Asked too often for a new password");
            return;
        }
        resets.begin(account, now);
    }

    /** @return the address that the link is for, or empty for a bad link */
    public Optional<String> resetOffer(String token) {
        return sql.queryOne("""
                SELECT u.email FROM password_resets r JOIN users u ON u.id = r.user_id
                WHERE r.token_mac = ? AND r.expires_at > ?""", row -> row.getString("email"), resets.mac(token), clock.system());
    }

    /** Ends all sessions; the second factor stays. @throws Problem NOT_FOUND, INVALID */
    public void resetPassword(String token, String password) {
        Instant now = clock.system();
        // Taking the link is what makes it good once; a password that is refused rolls it back.
        UUID user = sql.queryOne(
                        "DELETE FROM password_resets WHERE token_mac = ? AND expires_at > ? RETURNING user_id",
                        row -> row.getObject("user_id", UUID.class),
                        resets.mac(token),
                        now)
                .orElseThrow(() -> Problem.notFound("link"));
        sql.update("UPDATE users SET email_verified_at = coalesce(email_verified_at, ?) WHERE id = ?", now, user);
        newPassword(people.byId(user), password, null, "user.password_reset");
    }

    private void newPassword(Known known, String password, @Nullable UUID keepSession, String action) {
        passwords.check(password, known.email(), known.name());
        sql.update("UPDATE users SET password_hash = ? WHERE id = ?", passwords.hash(password), known.id());
        sql.update("DELETE FROM password_resets WHERE user_id = ?", known.id());
        people.record(known.id(), null, action, null, null);
        sessions.endAll(known.id(), keepSession);
        letters.changed(known.email(), known.name(), "The password of your account was changed.");
    }

    /** A new secret, which counts from {@link #enrol} on. */
    public Enrolment beginEnrolment(UUID user) {
        Known known = people.byId(user);
        String secret = Base32.encode(secondFactors.begin(user));
        return new Enrolment(
                secret,
                "otpauth://totp/" + ISSUER + ":"
                        + URLEncoder.encode(known.email(), StandardCharsets.UTF_8)
                                .replace("+", "%20")
                        + "?secret=" + secret + "&issuer=" + ISSUER + "&algorithm=SHA1&digits=6&period=30");
    }

    /**
     * Switches the second factor on, ends every other session.
     *
     * @return ten recovery codes, shown this once
     * @throws Problem INVALID ({@code wrong_code})
     */
    public List<String> enrol(UUID user, String code, @Nullable UUID keepSession) {
        Known known = people.byId(user);
        secondFactors.enrol(user, code);
        List<String> codes = secondFactors.newRecoveryCodes(user);
        people.record(user, null, "user.second_factor_enrolled", null, null);
        sessions.endAll(user, keepSession);
        letters.changed(known.email(), known.name(), "A second factor was set up for your account.");
        return codes;
    }

    /** Ten new ones; the old ones are void. @throws Problem CONFLICT without a second factor */
    public List<String> newRecoveryCodes(UUID user) {
        Known known = people.byId(user);
        if (!known.secondFactor()) {
            throw Problem.conflict("no_second_factor", "There is no second factor that recovery codes could replace.");
        }
        List<String> codes = secondFactors.newRecoveryCodes(user);
        people.record(user, null, "user.recovery_codes_renewed", null, null);
        letters.changed(known.email(), known.name(), "New recovery codes were made for your account.");
        return codes;
    }

    public void removeSecondFactor(UUID user) {
        Known known = people.byId(user);
        secondFactors.remove(user);
        if (known.secondFactor()) {
            people.record(user, null, "user.second_factor_removed", null, null);
            letters.changed(known.email(), known.name(), "The second factor was removed from your account.");
        }
    }
}
