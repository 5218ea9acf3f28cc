package com.cognitionos.dunning.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * When people are told that the default card ends: as its last month begins, and as its last day does, in the tenant's time
 * zone. Not about a card that was added later than that, and not where nothing is subscribed to.
 */
@ApplicationScoped
public class CardNotices {

    private static final String NOTICES = """
            SELECT t.id AS tenant_id, m.id, m.brand, m.last4, m.exp_month, m.exp_year, n.kind, n.at
            FROM payment_methods m JOIN tenants t ON t.id = m.tenant_id
            CROSS JOIN LATERAL (SELECT make_timestamp(m.exp_year, m.exp_month, 1, 0, 0, 0) AS begins) month
            CROSS JOIN LATERAL (VALUES ('last_month', begins AT TIME ZONE t.time_zone), ('last_day',
                (begins + interval '1 month' - interval '1 day') AT TIME ZONE t.time_zone)) n (kind, at)
            WHERE m.is_default AND m.removed_at IS NULL AND m.created_at <= n.at
                AND (begins + interval '1 month') AT TIME ZONE t.time_zone > ?
                AND EXISTS (SELECT FROM subscriptions s WHERE s.tenant_id = m.tenant_id AND s.status <> 'canceled')
                AND NOT EXISTS (SELECT FROM card_notices c WHERE c.tenant_id = m.tenant_id
                    AND c.payment_method_id = m.id AND c.kind = n.kind)
            """;

    @Inject
    private Sql sql;

    /** What is said about a card. */
    public enum Kind {
        LAST_MONTH,
        LAST_DAY;

        private String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param at when it falls due */
    public record Notice(UUID card, String brand, String last4, int month, int year, Kind kind, Instant at) {}

    /** The next one of the caller's tenant. @param now by its clock: of a card that has ended nothing is said any more */
    public Optional<Notice> next(Instant now) {
        return sql.queryOne(
                NOTICES + "AND m.tenant_id = ? ORDER BY n.at LIMIT 1",
                row -> new Notice(
                        row.getObject("id", UUID.class),
                        row.getString("brand"),
                        row.getString("last4"),
                        row.getInt("exp_month"),
                        row.getInt("exp_year"),
                        Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getObject("at", OffsetDateTime.class).toInstant()),
                now,
                Caller.currentTenant());
    }

    /** @return false where it was said before */
    public boolean sent(Notice notice, Instant now) {
        return sql.update(
                        """
                INSERT INTO card_notices (tenant_id, payment_method_id, kind, sent_at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO NOTHING""",
                        Caller.currentTenant(),
                        notice.card(),
                        notice.kind().code(),
                        now)
                > 0;
    }

    /** Those of these live tenants that have one due; for the platform. */
    public List<UUID> tenantsDue(Collection<UUID> some, Instant by) {
        return sql.query(
                NOTICES + "AND m.tenant_id = ANY (?) AND n.at <= ?",
                row -> row.getObject("tenant_id", UUID.class),
                by,
                new Sql.Array("uuid", some.toArray()),
                by);
    }

    /** The live tenants that have one due; for the platform. */
    public List<UUID> tenantsDue(Instant by) {
        return sql.query(
                NOTICES + "AND NOT t.test_mode AND n.at <= ? ORDER BY t.id",
                row -> row.getObject("tenant_id", UUID.class),
                by,
                by);
    }
}
