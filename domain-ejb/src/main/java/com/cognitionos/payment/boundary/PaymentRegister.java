package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All payments, to be looked at: across tenants for the platform, else the caller's own (PAY-13). */
@Stateless
@TenantWall
public class PaymentRegister {

    private static final String FILTERED = """
            FROM payments p WHERE p.tenant_id = coalesce(?, p.tenant_id)
              AND (?::text IS NULL OR p.status = ?) AND (?::text IS NULL OR p.failure_code = ?)""";

    @Inject
    private Sql sql;

    /**
     * A payment.
     *
     * @param status processing, succeeded or failed
     * @param retryable whether the same card may be tried again; null unless it failed
     * @param feeCents what the provider has kept, in {@code feeCurrency}; null while that is not known
     * @param beganAt by the real clock, whatever the tenant's says
     */
    public record PaymentView(
            UUID id,
            UUID tenant,
            UUID invoice,
            String status,
            String provider,
            @Nullable String providerRef,
            long amountCents,
            String currency,
            @Nullable String failureCode,
            @Nullable String declineCode,
            @Nullable Boolean retryable,
            @Nullable Long feeCents,
            @Nullable String feeCurrency,
            Instant beganAt,
            Instant createdAt,
            @Nullable Instant settledAt) {

        private static PaymentView of(ResultSet row) throws SQLException {
            return new PaymentView(
                    row.getObject("id", UUID.class),
                    row.getObject("tenant_id", UUID.class),
                    row.getObject("invoice_id", UUID.class),
                    row.getString("status"),
                    row.getString("provider"),
                    row.getString("provider_ref"),
                    row.getLong("amount_cents"),
                    row.getString("currency"),
                    row.getString("failure_code"),
                    row.getString("decline_code"),
                    row.getObject("retryable", Boolean.class),
                    row.getObject("fee_cents", Long.class),
                    row.getString("fee_currency"),
                    Sql.instant(row, "begun_at"),
                    Sql.instant(row, "created_at"),
                    Sql.instant(row, "settled_at"));
        }
    }

    /** The newest first. @param status null for any @param failureCode null for any */
    public Page<PaymentView> list(@Nullable String status, @Nullable String failureCode, Page.Request page) {
        UUID tenant = Caller.current().tenant();
        long total = sql.queryOne(
                        "SELECT count(*) " + FILTERED,
                        row -> row.getLong(1),
                        tenant,
                        status,
                        status,
                        failureCode,
                        failureCode)
                .orElseThrow();
        return new Page<>(
                sql.query(
                        "SELECT p.* " + FILTERED + " ORDER BY p.begun_at DESC, p.id DESC LIMIT ? OFFSET ?",
                        PaymentView::of,
                        tenant,
                        status,
                        status,
                        failureCode,
                        failureCode,
                        page.pageSize(),
                        page.offset()),
                total,
                page.page(),
                page.pageSize());
    }
}
