package com.cognitionos.identity.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Vault;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;

/** TOTP secrets and recovery codes (IDE-6). Runs for the platform. */
@Stateless
@TenantWall
public class SecondFactors {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PURPOSE = "totp";
    private static final int RECOVERY_CODES = 10;
    private static final int SECRET_BYTES = 20;
    private static final int RECOVERY_BYTES = 10;
    private static final int GROUP = 4;

    @Inject
    private Sql sql;

    @Inject
    private Vault vault;

    @Inject
    private BusinessClock clock;

    private record Stored(byte[] secret, long lastStep) {}

    /** @return whether the code is right and nobody has used it yet; a right one is used up */
    public boolean use(UUID user, String typed) {
        String code = typed.replaceAll("[\\s-]", "");
        return code.matches("\\d{6}") ? useTotp(user, code) : useRecovery(user, code);
    }

    private boolean useTotp(UUID user, String code) {
        OptionalLong step = sql
                .queryOne(
                        "SELECT secret, last_step FROM second_factors WHERE user_id = ? AND secret IS NOT NULL",
                        row -> new Stored(open(user, row.getBytes("secret")), row.getLong("last_step")),
                        user)
                .stream()
                .mapToLong(stored -> Totp.step(stored.secret(), code, clock.system(), stored.lastStep())
                        .orElse(-1))
                .filter(found -> found >= 0)
                .findFirst();
        // Of two who bring the same code at once only one moves the step on.
        return step.isPresent()
                && sql.update(
                                "UPDATE second_factors SET last_step = ? WHERE user_id = ? AND last_step < ?",
                                step.getAsLong(),
                                user,
                                step.getAsLong())
                        == 1;
    }

    private boolean useRecovery(UUID user, String code) {
        return sql.update("DELETE FROM recovery_codes WHERE user_id = ? AND mac = ?", user, mac(user, code)) == 1;
    }

    /** A new secret that does not count yet. */
    public byte[] begin(UUID user) {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        byte[] sealed = vault.seal(PURPOSE, user.toString(), secret);
        sql.update("""
                INSERT INTO second_factors (user_id, pending_secret) VALUES (?, ?)
                ON CONFLICT (user_id) DO UPDATE SET pending_secret = excluded.pending_secret""", user, sealed);
        return secret;
    }

    /** Takes the pending secret into use. @throws Problem INVALID unless the code is one of it */
    public void enrol(UUID user, String typed) {
        Instant now = clock.system();
        long step = sql.queryOne(
                        "SELECT pending_secret FROM second_factors WHERE user_id = ? AND pending_secret IS NOT NULL FOR UPDATE",
                        row -> open(user, row.getBytes(1)),
                        user)
                .map(secret -> Totp.step(secret, typed.replaceAll("\\s", ""), now, 0))
                .orElse(OptionalLong.empty())
                .orElseThrow(() -> Problem.invalid(
                        "code", "wrong_code", "That code is not the one that the app shows now; try the next."));
        sql.update("""
                UPDATE second_factors SET secret = pending_secret, pending_secret = NULL, last_step = ?, enrolled_at = ?
                WHERE user_id = ?""", step, now, user);
    }

    /** @return new ones, which nobody can read again; the old ones are void */
    public List<String> newRecoveryCodes(UUID user) {
        sql.update("DELETE FROM recovery_codes WHERE user_id = ?", user);
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < RECOVERY_CODES; i++) {
            byte[] bytes = new byte[RECOVERY_BYTES];
            RANDOM.nextBytes(bytes);
            String code = Base32.encode(bytes);
            sql.update("INSERT INTO recovery_codes (user_id, mac) VALUES (?, ?)", user, mac(user, code));
            codes.add(String.join("-", code.split("(?<=\\G.{" + GROUP + "})")));
        }
        return codes;
    }

    public int recoveryCodesLeft(UUID user) {
        return sql.queryOne("SELECT count(*) FROM recovery_codes WHERE user_id = ?", row -> row.getInt(1), user)
                .orElse(0);
    }

    public void remove(UUID user) {
        sql.update("DELETE FROM recovery_codes WHERE user_id = ?", user);
        sql.update("DELETE FROM second_factors WHERE user_id = ?", user);
    }

    private byte[] open(UUID user, byte[] sealed) {
        return vault.open(PURPOSE, user.toString(), sealed);
    }

    private byte[] mac(UUID user, String code) {
        return vault.mac("recovery code", user + " " + code.toUpperCase(Locale.ROOT));
    }
}
