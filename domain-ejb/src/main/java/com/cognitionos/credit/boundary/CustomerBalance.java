package com.cognitionos.credit.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

    /** @param cents positive for what was given back or collected, negative for what was used or carried over */
    public record Entry(UUID id, String currency, long cents, UUID invoiceId, Instant at) {}

    /** Newest first. */
    public Page<Entry> entries(Page.Request page) {
        UUID tenant = Caller.currentTenant();
        List<Entry> entries = sql.query(
                """
                SELECT id, currency, cents, invoice_id, at FROM customer_balance_entries WHERE tenant_id = ?
                ORDER BY at DESC, id DESC LIMIT ? OFFSET ?""",
                row -> new Entry(
                        row.getObject("id", UUID.class),
                        row.getString("currency"),
                        row.getLong("cents"),
                        row.getObject("invoice_id", UUID.class),
                        Sql.instant(row, "at")),
                tenant,
                page.pageSize(),
                page.offset());
        long total = sql.queryOne(
                        "SELECT count(*) FROM customer_balance_entries WHERE tenant_id = ?",
                        row -> row.getLong(1),
                        tenant)
                .orElse(0L);
        return new Page<>(entries, total, page.page(), page.pageSize());
    }

    /** What there is for an invoice, below 0 where it collects more; nobody else can take it before the transaction ends. */
    public long locked(String currency) {
        return sql.queryOne(
                        "SELECT cents FROM customer_balances WHERE tenant_id = ? AND currency = ? FOR UPDATE",
                        row -> row.getLong("cents"),
                        Caller.currentTenant(),
                        currency)
                .orElse(0L);
    }

    /**
     * @param cents positive for what is given back or collected, negative for what is used or carried over
     * @param invoice on which it stands
     */
    public void enter(String currency, long cents, UUID invoice, Instant at) {
        enter(currency, cents, invoice, null, at);
    }

    /** As above. @param creditNote that gives it back; null where it is the invoice itself */
    public void enter(String currency, long cents, UUID invoice, @Nullable UUID creditNote, Instant at) {
        UUID tenant = Caller.currentTenant();
        sql.update("""
                INSERT INTO customer_balances (tenant_id, currency, cents) VALUES (?, ?, ?)
                ON CONFLICT (tenant_id, currency) DO UPDATE SET cents = customer_balances.cents + excluded.cents""", tenant, currency, cents);
        sql.update("""
                INSERT INTO customer_balance_entries (tenant_id, id, currency, cents, invoice_id, credit_note_id, at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""", tenant, Ids.next(), currency, cents, invoice, creditNote, at);
    }
}
