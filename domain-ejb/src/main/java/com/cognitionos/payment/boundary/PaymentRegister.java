package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.MinorUnit;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All payments, to be looked at: across tenants for the platform, else the caller's own (PAY-13). */
@Stateless
@TenantWall
public class PaymentRegister {

    private static final Sql.Array WHOLE = withDecimals(0);
    private static final Sql.Array THOUSANDTHS = withDecimals(3);

    /** How many an export reads at once. */
    private static final int PORTION = 500;

    private static final String ASKED = """
            WITH asked (tenant, status, code, text, since, until, least, most, whole, thousandths) AS (VALUES (?::uuid,
                ?::text, ?::text, ?::text, ?::timestamptz, ?::timestamptz, ?::numeric, ?::numeric, ?::text[], ?::text[]))
            """;

    private static final String FOUND = """
            FROM asked a, payments p JOIN tenants t ON t.id = p.tenant_id
            JOIN invoices i ON i.tenant_id = p.tenant_id AND i.id = p.invoice_id
            JOIN payment_methods m ON m.tenant_id = p.tenant_id AND m.id = p.payment_method_id
            CROSS JOIN LATERAL (SELECT power(10::numeric, CASE WHEN p.currency = ANY (a.whole) THEN 0
                WHEN p.currency = ANY (a.thousandths) THEN 3 ELSE 2 END) AS minor) unit
            LEFT JOIN LATERAL (SELECT sum(r.amount_cents) AS cents FROM refunds r
                WHERE r.tenant_id = p.tenant_id AND r.payment_id = p.id AND r.status <> 'failed') back ON true
            LEFT JOIN LATERAL (SELECT d.status FROM disputes d WHERE d.tenant_id = p.tenant_id AND d.payment_id = p.id
                ORDER BY d.opened_at DESC, d.id DESC LIMIT 1) dispute ON true
            WHERE p.tenant_id = coalesce(a.tenant, p.tenant_id)
                AND (a.status IS NULL OR p.status = a.status
                    OR a.status = 'refunded' AND back.cents IS NOT NULL
                    OR a.status = 'disputed' AND dispute.status IS NOT NULL)
                AND (a.code IS NULL OR p.failure_code = a.code)
                AND (a.text IS NULL OR p.provider_ref = a.text OR p.id::text = lower(a.text) OR i.number = upper(a.text)
                    OR t.slug = lower(a.text) OR strpos(lower(t.name), lower(a.text)) > 0)
                AND (a.since IS NULL OR p.created_at >= a.since) AND (a.until IS NULL OR p.created_at < a.until)
                AND (a.least IS NULL OR p.amount_cents >= a.least * unit.minor)
                AND (a.most IS NULL OR p.amount_cents <= a.most * unit.minor)
            """;

    private static final String SHOWN = """
            SELECT p.*, t.name AS tenant_name, t.slug AS tenant_slug, t.test_mode, i.number, m.brand, m.last4,
                coalesce(back.cents, 0) AS refunded_cents, dispute.status AS dispute_status
            """;

    @Inject
    private Sql sql;

    /**
     * Which payments are wanted; null for no limit.
     *
     * @param status processing, succeeded or failed; refunded for those of which something went back, disputed
     * @param text the provider's or our own id, the number of the invoice, a tenant's slug or part of its name
     * @param since from then on, by the tenant's clock
     * @param until before then
     * @param least from that amount on, in the currency's major unit
     * @param most up to that amount
     */
    public record Wanted(
            @Nullable String status,
            @Nullable String failureCode,
            @Nullable String text,
            @Nullable Instant since,
            @Nullable Instant until,
            @Nullable BigDecimal least,
            @Nullable BigDecimal most) {

        private static final Pattern AMOUNT = Pattern.compile("\\d{1,12}(\\.\\d{1,4})?");

        /** An amount as it may be asked for, such as 49 or 49.90; empty for anything else. */
        public static Optional<BigDecimal> amount(String text) {
            return AMOUNT.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
        }

        /** What {@code status} may be. */
        public static final List<String> STATUSES =
                List.of("processing", "succeeded", "failed", "refunded", "disputed");

        /** All that there are. */
        public static final Wanted ALL = new Wanted(null, null, null, null, null, null, null);
    }

    /**
     * A payment.
     *
     * @param invoiceNumber never null for one that could be charged
     * @param status processing, succeeded or failed
     * @param retryable whether the same card may be tried again; null unless it failed
     * @param feeCents what the provider has kept, in {@code feeCurrency}; null while that is not known
     * @param refundedCents what has gone back or is on its way, from 0
     * @param disputeStatus of the latest dispute: open, won or lost; null for none
     * @param beganAt by the real clock, whatever the tenant's says
     */
    public record PaymentView(
            UUID id,
            UUID tenant,
            String tenantName,
            String tenantSlug,
            boolean testMode,
            UUID invoice,
            String invoiceNumber,
            String brand,
            String last4,
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
            long refundedCents,
            @Nullable String disputeStatus,
            Instant beganAt,
            Instant createdAt,
            @Nullable Instant settledAt) {

        private static PaymentView of(ResultSet row) throws SQLException {
            return new PaymentView(
                    row.getObject("id", UUID.class),
                    row.getObject("tenant_id", UUID.class),
                    row.getString("tenant_name"),
                    row.getString("tenant_slug"),
                    row.getBoolean("test_mode"),
                    row.getObject("invoice_id", UUID.class),
                    row.getString("number"),
                    row.getString("brand"),
                    row.getString("last4"),
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
                    row.getLong("refunded_cents"),
                    row.getString("dispute_status"),
                    Sql.instant(row, "begun_at"),
                    Sql.instant(row, "created_at"),
                    Sql.instant(row, "settled_at"));
        }
    }

    /** Money of a payment that goes back. @param status processing, succeeded or failed */
    public record RefundLine(
            UUID id,
            @Nullable UUID creditNote,
            @Nullable String creditNoteNumber,
            long amountCents,
            String status,
            @Nullable String providerRef,
            @Nullable String failureCode,
            Instant createdAt,
            @Nullable Instant settledAt) {}

    /** A payment that the cardholder's bank asks back. @param status open, won or lost */
    public record DisputeLine(
            UUID id,
            String providerRef,
            long amountCents,
            String reason,
            String status,
            Instant openedAt,
            @Nullable Instant closedAt) {}

    /** A payment with all that came of it, oldest first. */
    public record Detail(PaymentView payment, List<RefundLine> refunds, List<DisputeLine> disputes) {}

    /** The newest first. */
    public Page<PaymentView> list(Wanted wanted, Page.Request page) {
        long total = sql.queryOne(ASKED + "SELECT count(*) " + FOUND, row -> row.getLong(1), parameters(wanted))
                .orElseThrow();
        return new Page<>(
                sql.query(
                        ASKED + SHOWN + FOUND + "ORDER BY p.begun_at DESC, p.id DESC LIMIT ? OFFSET ?",
                        PaymentView::of,
                        parameters(wanted, page.pageSize(), page.offset())),
                total,
                page.page(),
                page.pageSize());
    }

    /** The next portion, oldest first, for an export. @param after the last one that was read; null for the start */
    public List<PaymentView> next(Wanted wanted, @Nullable PaymentView after) {
        return sql.query(
                ASKED + SHOWN + FOUND + """
                AND (p.begun_at, p.id) > (coalesce(?::timestamptz, '-infinity'), coalesce(?::uuid,
                    '00000000-0000-0000-0000-000000000000'))
                ORDER BY p.begun_at, p.id LIMIT ?""",
                PaymentView::of,
                parameters(wanted, after == null ? null : after.beganAt(), after == null ? null : after.id(), PORTION));
    }

    /** The attempts to collect one of the caller's tenant's invoices, the newest first. */
    public List<PaymentView> ofInvoice(UUID invoice) {
        return sql.query(
                ASKED + SHOWN + FOUND + "AND p.tenant_id = ? AND p.invoice_id = ? ORDER BY p.begun_at DESC, p.id DESC",
                PaymentView::of,
                parameters(Wanted.ALL, Caller.currentTenant(), invoice));
    }

    /** @throws Problem NOT_FOUND */
    public Detail get(UUID id) {
        PaymentView payment = sql.queryOne(
                        ASKED + SHOWN + FOUND + "AND p.id = ?", PaymentView::of, parameters(Wanted.ALL, id))
                .orElseThrow(() -> Problem.notFound("payment"));
        return new Detail(payment, refunds(payment), disputes(payment));
    }

    private List<RefundLine> refunds(PaymentView payment) {
        return sql.query(
                """
                SELECT r.*, n.number FROM refunds r
                LEFT JOIN credit_notes n ON n.tenant_id = r.tenant_id AND n.id = r.credit_note_id
                WHERE r.tenant_id = ? AND r.payment_id = ? ORDER BY r.created_at, r.id""",
                row -> new RefundLine(
                        row.getObject("id", UUID.class),
                        row.getObject("credit_note_id", UUID.class),
                        row.getString("number"),
                        row.getLong("amount_cents"),
                        row.getString("status"),
                        row.getString("provider_ref"),
                        row.getString("failure_code"),
                        Sql.instant(row, "created_at"),
                        Sql.instant(row, "settled_at")),
                payment.tenant(),
                payment.id());
    }

    private List<DisputeLine> disputes(PaymentView payment) {
        return sql.query(
                "SELECT * FROM disputes WHERE tenant_id = ? AND payment_id = ? ORDER BY opened_at, id",
                row -> new DisputeLine(
                        row.getObject("id", UUID.class),
                        row.getString("provider_ref"),
                        row.getLong("amount_cents"),
                        row.getString("reason"),
                        row.getString("status"),
                        Sql.instant(row, "opened_at"),
                        Sql.instant(row, "closed_at")),
                payment.tenant(),
                payment.id());
    }

    private static @Nullable Object[] parameters(Wanted wanted, @Nullable Object... more) {
        List<@Nullable Object> all = new ArrayList<>(Arrays.asList(
                Caller.current().tenant(),
                wanted.status(),
                wanted.failureCode(),
                wanted.text(),
                wanted.since(),
                wanted.until(),
                wanted.least(),
                wanted.most(),
                WHOLE,
                THOUSANDTHS));
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }

    private static Sql.Array withDecimals(int decimals) {
        return new Sql.Array(
                "text",
                Currency.getAvailableCurrencies().stream()
                        .map(Currency::getCurrencyCode)
                        .filter(currency -> MinorUnit.decimals(currency) == decimals)
                        .toArray());
    }
}
