package com.cognitionos.identity.control;

import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Tokens;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;

/** The half of {@link Resets} that touches the database. */
@Stateless
@TenantWall
public class ResetLinks {

    private static final Duration GOOD_FOR = Duration.ofHours(1);

    @Inject
    private Sql sql;

    @Inject
    private Resets resets;

    @Inject
    private Letters letters;

    @EJB
    private People people;

    /** To people with a password; who comes by their employer's identity provider is not to get round it. */
    public void send(String account, Instant now) {
        people.byEmail(account).filter(known -> known.hash() != null).ifPresent(known -> {
            String token = Tokens.next();
            sql.update("""
                    INSERT INTO password_resets (user_id, token_mac, expires_at) VALUES (?, ?, ?)
                    ON CONFLICT (user_id) DO UPDATE SET token_mac = excluded.token_mac, expires_at = excluded.expires_at""", known.id(), resets.mac(token), now.plus(GOOD_FOR));
            letters.reset(known.email(), known.name(), token);
        });
    }
}
