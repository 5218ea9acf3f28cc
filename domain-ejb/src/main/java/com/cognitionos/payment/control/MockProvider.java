package com.cognitionos.payment.control;

import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.payment.entity.ChargeOutcome;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * The built-in provider: Stripe's test tokens with Stripe's behaviour. Its world lies in tables of its own, in
 * transactions of its own, so that it survives a restart and knows nothing of ours, as a real provider would.
 */
@Stateless
@TenantWall
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class MockProvider {

    private static final String DECLINED = "pm_card_visa_chargeDeclined";
    private static final String FAILS_ON_CHARGE = "pm_card_chargeCustomerFail";

    private static final Map<String, String> LAST4 =
            Map.of("pm_card_visa", "4242", "pm_card_mastercard", "4444", FAILS_ON_CHARGE, "0341", DECLINED, "0002");

    @Inject
    private Sql sql;

    /** See {@link PaymentProvider#customer}. */
    public String customer(String idempotencyKey) {
        sql.update(
                "INSERT INTO mock_customers (ref, idempotency_key) VALUES (?, ?) ON CONFLICT (idempotency_key) DO NOTHING",
                ref("cus_"),
                idempotencyKey);
        return sql.queryOne(
                        "SELECT ref FROM mock_customers WHERE idempotency_key = ?",
                        row -> row.getString("ref"),
                        idempotencyKey)
                .orElseThrow();
    }

    /** See {@link PaymentProvider#keep}. */
    public Card keep(String customer, String token) {
        String last4 = LAST4.get(token);
        if (last4 == null) {
            throw Problem.invalid(
                    "token",
                    "unknown_token",
                    "the mock provider knows the tokens "
                            + LAST4.keySet().stream().sorted().toList());
        }
        if (token.equals(DECLINED)) {
            throw new Problem(Problem.Kind.PAYMENT_REQUIRED, "card_declined", "The card was declined.");
        }
        String ref = ref("pm_");
        sql.update(
                "INSERT INTO mock_payment_methods (ref, token, customer_ref) VALUES (?, ?, ?)", ref, token, customer);
        return new Card(ref, token.contains("mastercard") ? "mastercard" : "visa", last4, 12, 2034);
    }

    /** See {@link PaymentProvider#release}. */
    public void release(String cardRef) {
        sql.update("UPDATE mock_payment_methods SET detached = true WHERE ref = ?", cardRef);
    }

    /** See {@link PaymentProvider#charge}. */
    public ChargeOutcome charge(String idempotencyKey, String cardRef, long cents, String currency) {
        sql.update("""
                INSERT INTO mock_charges (ref, idempotency_key, method_ref, amount_cents, currency, failure_code)
                SELECT ?, ?, ref, ?, ?, CASE WHEN detached THEN 'resource_missing' WHEN token = ? THEN 'card_declined' END
                FROM mock_payment_methods WHERE ref = ?
                ON CONFLICT (idempotency_key) DO NOTHING""", ref("ch_"), idempotencyKey, cents, currency, FAILS_ON_CHARGE, cardRef);
        return findCharge(idempotencyKey)
                .orElseThrow(() -> new IllegalStateException("the mock provider does not keep " + cardRef));
    }

    /** See {@link PaymentProvider#find(PaymentProvider.Charge)}. */
    public Optional<ChargeOutcome> findCharge(String idempotencyKey) {
        return sql.queryOne(
                "SELECT ref, failure_code, currency FROM mock_charges WHERE idempotency_key = ?",
                row -> row.getString("failure_code") == null
                        ? ChargeOutcome.succeeded(
                                row.getString("ref"), new ChargeOutcome.Fee(0, row.getString("currency")))
                        : failed(row),
                idempotencyKey);
    }

    /** See {@link PaymentProvider#refund}; refused where it is more than is left of the charge. */
    public ChargeOutcome refund(String idempotencyKey, String chargeRef, long cents, String currency) {
        sql.query("SELECT pg_advisory_xact_lock(hashtext(?))", row -> 0, chargeRef);
        sql.update("""
                INSERT INTO mock_refunds (ref, idempotency_key, charge_ref, amount_cents, currency, failure_code)
                SELECT ?, ?, c.ref, ?, ?, CASE WHEN ? > c.amount_cents - (
                        SELECT coalesce(sum(r.amount_cents), 0) FROM mock_refunds r
                        WHERE r.charge_ref = c.ref AND r.failure_code IS NULL)
                    THEN 'charge_already_refunded' END
                FROM mock_charges c WHERE c.ref = ? AND c.failure_code IS NULL
                ON CONFLICT (idempotency_key) DO NOTHING""", ref("re_"), idempotencyKey, cents, currency, cents, chargeRef);
        return findRefund(idempotencyKey)
                .orElseThrow(() -> new IllegalStateException("the mock provider has no charge " + chargeRef));
    }

    /** See {@link PaymentProvider#find(PaymentProvider.Repayment)}. */
    public Optional<ChargeOutcome> findRefund(String idempotencyKey) {
        return sql.queryOne(
                "SELECT ref, failure_code FROM mock_refunds WHERE idempotency_key = ?",
                row -> row.getString("failure_code") == null
                        ? ChargeOutcome.succeeded(row.getString("ref"), null)
                        : failed(row),
                idempotencyKey);
    }

    private static ChargeOutcome failed(ResultSet row) throws SQLException {
        String code = row.getString("failure_code");
        return ChargeOutcome.failed(row.getString("ref"), code, null, code.equals("card_declined"));
    }

    private static String ref(String prefix) {
        return prefix + Ids.next().toString().replace("-", "");
    }
}
