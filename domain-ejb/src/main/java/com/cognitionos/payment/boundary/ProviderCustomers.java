package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who the caller's tenant is at a provider (PAY-8). */
@Stateless
@TenantWall
public class ProviderCustomers {

    @Inject
    private Sql sql;

    @EJB
    private Tenants tenants;

    /**
     * What is known before the provider is asked.
     *
     * @param ref what the provider calls the customer; null until it was asked
     * @param wanted what it is to be asked for
     */
    public record Entry(@Nullable String ref, PaymentProvider.NewCustomer wanted) {}

    /** The tenant's entry; it is made, with the key to ask with, where there is none. */
    public Entry of(String provider) {
        TenantView tenant = tenants.current();
        sql.update("""
                INSERT INTO provider_customers (tenant_id, provider, id) VALUES (?, ?, ?)
                ON CONFLICT (tenant_id, provider) DO NOTHING""", tenant.id(), provider, Ids.next());
        return sql.queryOne(
                        """
                        SELECT id, provider_ref, begun_at > now() - ?::interval AS fresh FROM provider_customers
                        WHERE tenant_id = ? AND provider = ?""",
                        row -> new Entry(
                                row.getString("provider_ref"),
                                new PaymentProvider.NewCustomer(
                                        row.getObject("id", UUID.class),
                                        row.getBoolean("fresh"),
                                        tenant.id(),
                                        tenant.name(),
                                        tenant.billingEmail())),
                        PaymentProvider.KEY_LASTS,
                        tenant.id(),
                        provider)
                .orElseThrow();
    }

    /** Enters what the provider calls the customer. @return the one that counts, should two have asked at once */
    public String known(String provider, String ref) {
        UUID tenant = Caller.currentTenant();
        sql.update("""
                UPDATE provider_customers SET provider_ref = ?
                WHERE tenant_id = ? AND provider = ? AND provider_ref IS NULL""", ref, tenant, provider);
        return sql.queryOne(
                        "SELECT provider_ref FROM provider_customers WHERE tenant_id = ? AND provider = ?",
                        row -> row.getString("provider_ref"),
                        tenant,
                        provider)
                .orElseThrow();
    }
}
