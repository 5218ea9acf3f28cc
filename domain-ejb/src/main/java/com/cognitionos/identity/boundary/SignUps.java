package com.cognitionos.identity.boundary;

import com.cognitionos.identity.control.SignUpLinks;
import com.cognitionos.identity.control.Throttle;
import com.cognitionos.identity.control.Throttle.Window;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Signing up without telling who has an account (IDE-10): whoever asks hears the same, and only the mail to that address
 * says how it goes on. Runs for the platform.
 */
@Stateless
@TenantWall
public class SignUps {

    private static final Logger LOG = Logger.getLogger(SignUps.class.getName());
    private static final Caller CALLER = Caller.job("sign-up");

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Resource
    private ManagedExecutorService executor;

    @Inject
    private SignUpLinks links;

    @EJB
    private Throttle throttle;

    /** What somebody wants to begin with. */
    public record Wanted(String company, String name, String email, boolean proTrial) {}

    /**
     * Sends a link to the address or, where it has an account, says so there. Asking too often for one address is
     * swallowed.
     *
     * @throws Problem INVALID for an address or a name that cannot be one, TOO_MANY_REQUESTS from one place
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void ask(Wanted wanted) {
        String account = Users.checkEmail("email", wanted.email()).toLowerCase(Locale.ROOT);
        Wanted checked = new Wanted(wanted.company(), Users.checkName(wanted.name()), account, wanted.proTrial());
        Instant now = clock.system();
        long wait = throttle.attemptFrom(
                Window.SIGN_UPS_OF_PLACE, Caller.current().origin().address(), now);
        if (wait > 0) {
            throw Problem.tooMany("too_many_sign_ups", "Too many sign-ups came from your network.", wait);
        }
        if (throttle.attempt(Window.SIGN_UP, account) > 0) {
            LOG.info("One address was signed up too often");
            return;
        }
        // Behind the reply, so that its time does not tell whether there is such an account.
        executor.execute(() -> CALLER.run(() -> links.send(checked, now)));
    }

    /** @return what the link is for, or empty for one that never was, was used or has expired */
    public Optional<Wanted> offer(String token) {
        return sql.queryOne(
                "SELECT * FROM sign_ups WHERE token_mac = ? AND expires_at > ?",
                SignUps::wanted,
                links.mac(token),
                clock.system());
    }

    /** Uses the link up, and with it the others of its address. @throws Problem NOT_FOUND for a bad one */
    public Wanted take(String token) {
        Wanted wanted = sql.queryOne(
                        "DELETE FROM sign_ups WHERE token_mac = ? AND expires_at > ? RETURNING *",
                        SignUps::wanted,
                        links.mac(token),
                        clock.system())
                .orElseThrow(() -> Problem.notFound("link"));
        sql.update("DELETE FROM sign_ups WHERE email = ?", wanted.email());
        return wanted;
    }

    private static Wanted wanted(ResultSet row) throws SQLException {
        return new Wanted(
                row.getString("company"), row.getString("name"), row.getString("email"), row.getBoolean("pro_trial"));
    }
}
