package com.cognitionos.metering.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The late register: usage that came, or was taken back, after its month was invoiced (MET-5). */
@Stateless
@TenantWall
public class LateUsage {

    private static final String WANTED = """
            FROM late_usage WHERE tenant_id = coalesce(?::uuid, tenant_id)
              AND (?::boolean IS NULL OR (invoice_id IS NOT NULL) = ?)""";

    @Inject
    private Sql sql;

    /**
     * @param kind {@code late} or {@code retracted}
     * @param quantity below 0 for what was taken back
     * @param countedAt in the month that was invoiced
     * @param receivedAt when it came, or was taken back
     * @param invoice the first one since, with an adjustment line where it changed an amount; null while none was made
     */
    public record Entry(
            UUID tenant,
            String eventId,
            String kind,
            UUID subscription,
            String meter,
            BigDecimal quantity,
            Instant countedAt,
            Instant receivedAt,
            @Nullable UUID invoice) {}

    /**
     * Newest first; of the caller's tenant, or for the platform of all.
     *
     * @param settled whether an invoice has made up for it; null for both
     */
    public Page<Entry> list(@Nullable Boolean settled, Page.Request page) {
        UUID tenant = Caller.current().tenant();
        long total = sql.queryOne("SELECT count(*) " + WANTED, row -> row.getLong(1), tenant, settled, settled)
                .orElseThrow();
        return new Page<>(
                sql.query(
                        "SELECT * " + WANTED + " ORDER BY received_at DESC, tenant_id, event_id, kind LIMIT ? OFFSET ?",
                        row -> new Entry(
                                row.getObject("tenant_id", UUID.class),
                                row.getString("event_id"),
                                row.getString("kind"),
                                row.getObject("subscription_id", UUID.class),
                                row.getString("meter"),
                                Sql.plain(row.getBigDecimal("quantity")),
                                Sql.instant(row, "counted_at"),
                                Sql.instant(row, "received_at"),
                                row.getObject("invoice_id", UUID.class)),
                        tenant,
                        settled,
                        settled,
                        page.pageSize(),
                        page.offset()),
                total,
                page.page(),
                page.pageSize());
    }
}
