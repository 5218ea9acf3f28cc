package com.cognitionos.credit.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The balance of the caller's tenant, in the minor unit of each currency. */
@Stateless
@TenantWall
public class CustomerBalance {

    @Inject
    private Sql sql;

    public record Balance(String currency, long cents) {}

    public List<Balance> balances() {
        return sql.query(
                "SELECT currency, cents FROM customer_balances WHERE tenant_id = ? ORDER BY currency",
                row -> new Balance(row.getString("currency"), row.getLong("cents")),
                Caller.currentTenant());
    }

    /** What an invoice of that much may take; nobody else can take it before the transaction ends. */
    public long available(String currency, long wantedCents) {
        return sql.queryOne(
                        "SELECT cents FROM customer_balances WHERE tenant_id = ? AND currency = ? FOR UPDATE",
                        row -> Math.min(wantedCents, row.getLong("cents")),
                        Caller.currentTenant(),
                        currency)
                .orElse(0L);
    }

    /**
     * @param cents positive for what is given back, negative for what is used, no more than {@link #available} says
     * @param invoice on which it stands
     */
    public void enter(String currency, long cents, UUID invoice, Instant at) {
        UUID tenant = Caller.currentTenant();
        if (cents > 0) {
            sql.update("""
                    INSERT INTO customer_balances (tenant_id, currency, cents) VALUES (?, ?, ?)
                    ON CONFLICT (tenant_id, currency) DO UPDATE SET cents = customer_balances.cents + excluded.cents""", tenant, currency, cents);
        } else {
            sql.update(
                    "UPDATE customer_balances SET cents = cents + ? WHERE tenant_id = ? AND currency = ?",
                    cents,
                    tenant,
                    currency);
        }
        sql.update("""
                INSERT INTO customer_balance_entries (tenant_id, id, currency, cents, invoice_id, at)
                VALUES (?, ?, ?, ?, ?, ?)""", tenant, Ids.next(), currency, cents, invoice, at);
    }
}
