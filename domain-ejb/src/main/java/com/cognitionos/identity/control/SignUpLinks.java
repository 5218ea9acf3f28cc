package com.cognitionos.identity.control;

import com.cognitionos.identity.boundary.SignUps.Wanted;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Tokens;
import com.cognitionos.kernel.Vault;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;

/** Links to finish a sign-up. */
@Stateless
@TenantWall
public class SignUpLinks {

    private static final Duration GOOD_FOR = Duration.ofHours(24);

    @Inject
    private Sql sql;

    @Inject
    private Vault vault;

    @Inject
    private Letters letters;

    @EJB
    private People people;

    /** One mail in either case. Several links of one address stay good, or anybody could make another's void. */
    public void send(Wanted wanted, Instant now) {
        people.byEmail(wanted.email())
                .ifPresentOrElse(known -> letters.alreadyThere(known.email(), known.name()), () -> {
                    String token = Tokens.next();
                    sql.update(
                            """
                            INSERT INTO sign_ups (token_mac, email, name, company, pro_trial, expires_at)
                            VALUES (?, ?, ?, ?, ?, ?)""",
                            mac(token),
                            wanted.email(),
                            wanted.name(),
                            wanted.company(),
                            wanted.proTrial(),
                            now.plus(GOOD_FOR));
                    letters.signUp(wanted.email(), wanted.name(), token);
                });
    }

    public byte[] mac(String token) {
        return vault.mac("sign-up", token);
    }

    /** Drops what nobody finished. @return how many */
    public int forget(Instant now) {
        return sql.update("DELETE FROM sign_ups WHERE expires_at < ?", now);
    }
}
