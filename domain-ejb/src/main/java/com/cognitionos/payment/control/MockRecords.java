package com.cognitionos.payment.control;

import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.payment.control.ProviderRecords.TheirPayment;
import com.cognitionos.payment.control.ProviderRecords.TheirRefund;
import com.cognitionos.payment.entity.ChargeOutcome;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What lies in the mock's tables, read in transactions of its own. */
@Stateless
@TenantWall
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class MockRecords {

    @Inject
    private Sql sql;

    /** @param which a condition on {@code mock_charges c} */
    public List<TheirPayment> charges(String which, Object... parameters) {
        return sql.query(
                "SELECT c.* FROM mock_charges c WHERE " + which + " ORDER BY c.ref",
                row -> new TheirPayment(
                        row.getString("ref"),
                        id(row.getString("idempotency_key")),
                        row.getLong("amount_cents"),
                        row.getString("currency"),
                        row.getString("failure_code") == null
                                ? ChargeOutcome.succeeded(
                                        row.getString("ref"), new ChargeOutcome.Fee(0, row.getString("currency")))
                                : failed(row, row.getString("failure_code").equals("card_declined")),
                        Sql.instant(row, "created_at")),
                parameters);
    }

    /** @param which a condition on {@code mock_refunds r} */
    public List<TheirRefund> refunds(String which, Object... parameters) {
        return sql.query(
                "SELECT r.* FROM mock_refunds r WHERE " + which + " ORDER BY r.ref",
                row -> new TheirRefund(
                        row.getString("ref"),
                        row.getString("charge_ref"),
                        id(row.getString("idempotency_key")),
                        row.getLong("amount_cents"),
                        row.getString("currency"),
                        row.getString("failure_code") == null
                                ? ChargeOutcome.succeeded(row.getString("ref"), null)
                                : failed(row, false),
                        Sql.instant(row, "created_at")),
                parameters);
    }

    /** Whether there is a row. */
    public boolean is(String query, String ref) {
        return sql.queryOne(query, row -> true, ref).isPresent();
    }

    private static ChargeOutcome failed(ResultSet row, boolean retryable) throws SQLException {
        return ChargeOutcome.failed(row.getString("ref"), row.getString("failure_code"), null, retryable);
    }

    private static @Nullable UUID id(String key) {
        try {
            return UUID.fromString(key);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
