package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whose something is that a provider names; for the platform. */
@Stateless
@TenantWall
public class PaymentIndex {

    // By the provider's name for it or by ours, in one statement: between two, the name that was missing may come, and
    // neither would find it.
    private static final String PAYMENT = """
            SELECT * FROM payments WHERE provider = ? AND provider_ref = ?
            UNION ALL SELECT * FROM payments WHERE provider = ? AND id = ?::uuid AND provider_ref IS NULL
            ORDER BY provider_ref LIMIT 1""";

    private static final String REFUNDS = """
            SELECT r.*, p.provider, p.invoice_id, p.provider_ref AS payment_ref FROM refunds r
            JOIN payments p ON p.tenant_id = r.tenant_id AND p.id = r.payment_id\s""";

    private static final String REFUND = REFUNDS + "WHERE p.provider = ? AND r.provider_ref = ? UNION ALL " + REFUNDS
            + "WHERE p.provider = ? AND r.id = ?::uuid AND r.provider_ref IS NULL ORDER BY provider_ref LIMIT 1";

    @Inject
    private Sql sql;

    /** A payment as we have it. @param begunAt by the real clock */
    public record OurPayment(
            UUID tenant,
            UUID id,
            UUID invoice,
            String status,
            @Nullable String ref,
            long cents,
            String currency,
            Instant begunAt) {

        private static OurPayment of(ResultSet row) throws SQLException {
            return new OurPayment(
                    row.getObject("tenant_id", UUID.class),
                    row.getObject("id", UUID.class),
                    row.getObject("invoice_id", UUID.class),
                    row.getString("status"),
                    row.getString("provider_ref"),
                    row.getLong("amount_cents"),
                    row.getString("currency"),
                    Sql.instant(row, "begun_at"));
        }
    }

    /** A refund as we have it. */
    public record OurRefund(
            UUID tenant,
            UUID id,
            String status,
            @Nullable String ref,
            @Nullable String paymentRef,
            long cents,
            String currency,
            Instant begunAt) {

        private static OurRefund of(ResultSet row) throws SQLException {
            return new OurRefund(
                    row.getObject("tenant_id", UUID.class),
                    row.getObject("id", UUID.class),
                    row.getString("status"),
                    row.getString("provider_ref"),
                    row.getString("payment_ref"),
                    row.getLong("amount_cents"),
                    row.getString("currency"),
                    Sql.instant(row, "begun_at"));
        }
    }

    /** A card as we have it. */
    public record OurCard(UUID tenant, UUID id, String ref, boolean removed) {}

    /**
     * One that the provider calls otherwise is another one, although it was given our id: money moved twice.
     *
     * @param id ours, which the provider was given; null where it was given none
     */
    public Optional<OurPayment> payment(String provider, String ref, @Nullable UUID id) {
        return sql.queryOne(PAYMENT, OurPayment::of, provider, ref, provider, id);
    }

    /** As {@link #payment}. */
    public Optional<OurRefund> refund(String provider, String ref, @Nullable UUID id) {
        return sql.queryOne(REFUND, OurRefund::of, provider, ref, provider, id);
    }

    public Optional<OurCard> card(String provider, String ref) {
        return cards("provider = ? AND provider_ref = ?", provider, ref).stream()
                .findFirst();
    }

    /** The cards of a tenant at a provider that were not removed. */
    public List<OurCard> cardsOf(UUID tenant, String provider) {
        return cards("tenant_id = ? AND provider = ? AND removed_at IS NULL", tenant, provider);
    }

    private List<OurCard> cards(String which, Object... parameters) {
        return sql.query(
                "SELECT * FROM payment_methods WHERE " + which + " ORDER BY removed_at NULLS FIRST, id",
                row -> new OurCard(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("id", UUID.class),
                        row.getString("provider_ref"),
                        Sql.instant(row, "removed_at") != null),
                parameters);
    }

    public Optional<UUID> tenantOfCustomer(String provider, String ref) {
        return sql.queryOne(
                "SELECT tenant_id FROM provider_customers WHERE provider = ? AND provider_ref = ?",
                row -> row.getObject("tenant_id", UUID.class),
                provider,
                ref);
    }

    /** Open, won or lost; empty where it is not entered. */
    public Optional<String> disputeStatus(String ref) {
        return sql.queryOne("SELECT status FROM disputes WHERE provider_ref = ?", row -> row.getString("status"), ref);
    }

    /** Whether a provider was ever asked for a payment. */
    public boolean isUsed(String provider) {
        return sql.queryOne("SELECT 1 FROM payments WHERE provider = ? LIMIT 1", row -> true, provider)
                .isPresent();
    }

    /** Those that succeeded, begun from then on, by id. @param after the last one that was seen */
    public List<OurPayment> succeeded(String provider, Instant since, UUID after, int limit) {
        return sql.query("""
                SELECT * FROM payments WHERE provider = ? AND status = 'succeeded' AND begun_at >= ? AND id > ?
                ORDER BY id LIMIT ?""", OurPayment::of, provider, since, after, limit);
    }

    /** As {@link #succeeded}. */
    public List<OurRefund> refunded(String provider, Instant since, UUID after, int limit) {
        return sql.query(REFUNDS + """
                WHERE p.provider = ? AND r.status = 'succeeded' AND r.begun_at >= ? AND r.id > ?
                ORDER BY r.id LIMIT ?""", OurRefund::of, provider, since, after, limit);
    }
}
