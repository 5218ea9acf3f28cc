package com.cognitionos.invoicing.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.entity.Amounts;
import com.cognitionos.catalog.entity.Currencies;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;

/** Below which amounts nothing is collected but carried over (INV-23); for the platform across tenants. */
@Stateless
@TenantWall
public class CollectionMinimums {

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    /** @param cents in the currency's minor unit; 0 collects everything */
    public record Minimum(String currency, long cents) {}

    /** By currency; of a currency that is not among them everything is collected. */
    public List<Minimum> list() {
        return sql.query(
                "SELECT currency, cents FROM collection_minimums ORDER BY currency",
                row -> new Minimum(row.getString("currency"), row.getLong("cents")));
    }

    /** @param cents from 0 @throws Problem INVALID */
    public Minimum set(String currency, long cents) {
        Currencies.require("currency", currency);
        Amounts.require("cents", cents, 0);
        Map<String, Object> before = sql.queryOne(
                        "SELECT cents FROM collection_minimums WHERE currency = ? FOR UPDATE",
                        row -> row.getLong("cents"),
                        currency)
                .<Map<String, Object>>map(old -> Map.of("cents", old))
                .orElse(Map.of());
        sql.update("""
                INSERT INTO collection_minimums (currency, cents, updated_at) VALUES (?, ?, ?)
                ON CONFLICT (currency) DO UPDATE SET cents = excluded.cents, updated_at = excluded.updated_at""", currency, cents, clock.system());
        audit.record(null, "collection_minimum.changed", currency, before, Map.of("cents", cents));
        return new Minimum(currency, cents);
    }
}
