package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Sql;
import com.cognitionos.subscription.entity.Subscription;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/**
 * What the draft of the running month depends on besides plan and usage, in one statement: most tenants have nothing of
 * it, and a draft is read as often as a list of invoices. Nothing is locked.
 */
@ApplicationScoped
public class DraftTerms {

    private static final String FOUND = """
            SELECT
                EXISTS (SELECT FROM late_usage u
                        WHERE u.tenant_id = t.id AND u.subscription_id = ? AND u.invoice_id IS NULL) AS late,
                EXISTS (SELECT FROM one_off_charges c WHERE c.tenant_id = t.id AND c.invoice_id IS NULL) AS charges,
                EXISTS (SELECT FROM coupon_redemptions r WHERE r.tenant_id = t.id AND r.removed_at IS NULL) AS coupons,
                EXISTS (SELECT FROM prepaid_credits p WHERE p.tenant_id = t.id AND p.remaining_cents > 0) AS prepaid,
                EXISTS (SELECT FROM invoice_lines l WHERE l.tenant_id = t.id AND l.amount_cents < 0) AS credited,
                coalesce((SELECT b.cents FROM customer_balances b WHERE b.tenant_id = t.id AND b.currency = ?), 0)
                    AS balance_cents,
                coalesce((SELECT m.cents FROM collection_minimums m WHERE m.currency = ?), 0) AS minimum_cents,
                (SELECT v.country FROM sellers s
                 JOIN seller_versions v ON v.seller = s.code AND v.version = s.version WHERE s.code = ?) AS seller_country,
                (SELECT k.now FROM test_clocks k WHERE k.tenant_id = t.id) AS test_now
            FROM tenants t WHERE t.id = ?""";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    /**
     * What there is.
     *
     * @param late whether there are events for which no invoice has made up
     * @param charges whether one-off charges wait
     * @param coupons whether some are redeemed
     * @param prepaid whether something is left of prepaid credits
     * @param credited whether any line of any invoice gives something back
     * @param balanceCents in the subscription's currency, as are {@code minimumCents}
     * @param now the tenant's present
     */
    public record Found(
            boolean late,
            boolean charges,
            boolean coupons,
            boolean prepaid,
            boolean credited,
            long balanceCents,
            long minimumCents,
            String sellerCountry,
            Instant now) {}

    public Found of(Subscription subscription) {
        return sql.queryOne(
                        FOUND,
                        row -> new Found(
                                row.getBoolean("late"),
                                row.getBoolean("charges"),
                                row.getBoolean("coupons"),
                                row.getBoolean("prepaid"),
                                row.getBoolean("credited"),
                                row.getLong("balance_cents"),
                                row.getLong("minimum_cents"),
                                row.getString("seller_country"),
                                clock.now(Sql.instant(row, "test_now"))),
                        subscription.id(),
                        subscription.currency(),
                        subscription.currency(),
                        Invoice.SELLER,
                        subscription.tenantId())
                .orElseThrow();
    }
}
