package com.cognitionos.invoicing.control;

import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tenants whose invoice is made of their plan and usage alone. Whatever else could stand on one is asked for here, so
 * that who is found has none of it.
 */
@ApplicationScoped
public class PlainTenants {

    @Inject
    private Sql sql;

    public record PlainTenant(UUID id, String name, String billingEmail, int paymentTermsDays) {}

    /** Those among these live tenants that are plain, by id; for the platform. */
    public Map<UUID, PlainTenant> among(Collection<UUID> tenants) {
        return sql
                .query(
                        """
                        SELECT t.id, t.name, t.billing_email, t.payment_terms_days FROM tenants t
                        WHERE t.id = ANY (?) AND NOT t.test_mode AND t.suspended_at IS NULL
                          AND NOT EXISTS (SELECT FROM late_usage u WHERE u.tenant_id = t.id AND u.invoice_id IS NULL)
                          AND NOT EXISTS (SELECT FROM one_off_charges c WHERE c.tenant_id = t.id AND c.invoice_id IS NULL)
                          AND NOT EXISTS (SELECT FROM prepaid_credits p WHERE p.tenant_id = t.id AND p.remaining_cents > 0)
                          AND NOT EXISTS (SELECT FROM customer_balances b WHERE b.tenant_id = t.id AND b.cents <> 0)
                          AND NOT EXISTS (
                              SELECT FROM coupon_redemptions r WHERE r.tenant_id = t.id AND r.removed_at IS NULL)""",
                        row -> new PlainTenant(
                                row.getObject("id", UUID.class),
                                row.getString("name"),
                                row.getString("billing_email"),
                                row.getInt("payment_terms_days")),
                        new Sql.Array("uuid", tenants.toArray()))
                .stream()
                .collect(Collectors.toMap(PlainTenant::id, Function.identity()));
    }
}
