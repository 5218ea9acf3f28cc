package com.cognitionos.credit.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.entity.Amounts;
import com.cognitionos.catalog.entity.Currencies;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.rating.entity.PrepaidCredit;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The prepaid credits of the caller's tenant, in the minor unit of each one's currency. */
@Stateless
@TenantWall
public class PrepaidCredits {

    private static final int MAX_PRIORITY = 1000;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private Events events;

    @EJB
    private Ledger ledger;

    @EJB
    private Tenants tenants;

    /** How the tenant came by it (CRE-5). */
    public enum Kind {
        PAID,
        PROMOTIONAL;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws Problem INVALID */
        public static Kind of(String code) {
            for (Kind kind : values()) {
                if (kind.code().equals(code)) {
                    return kind;
                }
            }
            throw Problem.invalid("kind", "unknown_value", "kind must be paid or promotional");
        }
    }

    /**
     * What a void invoice gave back.
     *
     * @param promotionalCents of promotional credits, which nobody was owed
     * @param toBalanceCents of paid credits that have ended meanwhile, so that it is for the balance
     */
    public record Returned(long promotionalCents, long toBalanceCents) {}

    /** What an invoice took from it; below 0 what it gave back when it became void. */
    public record Use(UUID invoiceId, long cents, Instant at) {}

    /**
     * @param endedCents what expired or was voided of it
     * @param expiresAt null for never
     * @param endedAs {@code expired} or {@code voided}; null as long as it can be used
     */
    public record CreditView(
            UUID id,
            UUID tenant,
            Kind kind,
            String currency,
            long amountCents,
            long remainingCents,
            long usedCents,
            long endedCents,
            int priority,
            @Nullable Instant expiresAt,
            String note,
            Instant grantedAt,
            @Nullable Instant endedAt,
            @Nullable String endedAs,
            List<Use> uses) {}

    /**
     * A credit to be.
     *
     * @param amountCents from 1
     * @param priority the lowest is used first
     */
    public record NewCredit(
            Kind kind,
            String currency,
            long amountCents,
            @Nullable Instant expiresAt,
            int priority,
            String note) {}

    /** Newest first. */
    public List<CreditView> list() {
        UUID tenant = Caller.currentTenant();
        Map<UUID, List<Use>> uses = new HashMap<>();
        sql.query(
                        "SELECT * FROM prepaid_credit_uses WHERE tenant_id = ? ORDER BY at, invoice_id",
                        row -> Map.entry(
                                row.getObject("credit_id", UUID.class),
                                new Use(
                                        row.getObject("invoice_id", UUID.class),
                                        row.getLong("cents"),
                                        Sql.instant(row, "at"))),
                        tenant)
                .forEach(use -> uses.computeIfAbsent(use.getKey(), id -> new ArrayList<>())
                        .add(use.getValue()));
        return sql.query(
                "SELECT * FROM prepaid_credits WHERE tenant_id = ? ORDER BY granted_at DESC, id DESC",
                row -> view(row, uses),
                tenant);
    }

    /** @throws Problem NOT_FOUND */
    public CreditView get(UUID id) {
        return list().stream()
                .filter(credit -> credit.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("prepaid credit"));
    }

    /** For the platform across tenants: whose it is. @throws Problem NOT_FOUND */
    public UUID tenantOf(UUID id) {
        return sql.queryOne(
                        "SELECT tenant_id FROM prepaid_credits WHERE id = ?",
                        row -> row.getObject("tenant_id", UUID.class),
                        id)
                .orElseThrow(() -> Problem.notFound("prepaid credit"));
    }

    /** @throws Problem INVALID */
    public CreditView grant(NewCredit wanted) {
        UUID tenant = Caller.currentTenant();
        Instant now = clock.now(tenant);
        check(wanted, now);
        UUID id = Ids.next();
        sql.update(
                """
                INSERT INTO prepaid_credits (tenant_id, id, kind, currency, amount_cents, remaining_cents, priority,
                    expires_at, note, granted_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                tenant,
                id,
                wanted.kind().code(),
                wanted.currency(),
                wanted.amountCents(),
                wanted.amountCents(),
                wanted.priority(),
                wanted.expiresAt(),
                wanted.note(),
                now);
        if (wanted.kind() == Kind.PAID) {
            post(
                    Posting.Kind.PREPAID_GRANTED,
                    id,
                    wanted.currency(),
                    now,
                    new Posting.Draft()
                            .debit(Account.CASH, wanted.amountCents())
                            .credit(Account.CUSTOMER_CREDIT, wanted.amountCents()));
        }
        CreditView made = get(id);
        audit.record("prepaid_credit.granted", id.toString(), null, words(made));
        events.publish(EventType.PREPAID_CREDIT_GRANTED, () -> PrepaidCreditNews.of(made));
        return made;
    }

    /** What is left of it cannot be used any more; a paid rest is paid back. @throws Problem NOT_FOUND; CONFLICT */
    public CreditView cancel(UUID id) {
        UUID tenant = Caller.currentTenant();
        Instant now = clock.now(tenant);
        CreditView before =
                locked("id = ?", id).stream().findFirst().orElseThrow(() -> Problem.notFound("prepaid credit"));
        if (before.remainingCents() == 0) {
            throw Problem.conflict("wrong_state", "Nothing is left of the credit.");
        }
        end(before, "voided", now);
        if (before.kind() == Kind.PAID) {
            post(
                    Posting.Kind.PREPAID_VOIDED,
                    id,
                    before.currency(),
                    now,
                    new Posting.Draft()
                            .debit(Account.CUSTOMER_CREDIT, before.remainingCents())
                            .credit(Account.CASH, before.remainingCents()));
        }
        CreditView after = get(id);
        audit.record("prepaid_credit.voided", id.toString(), words(before), words(after));
        events.publish(EventType.PREPAID_CREDIT_VOIDED, () -> PrepaidCreditNews.of(after));
        return after;
    }

    /** For billing: those that expire by then have expired (CRE-4). */
    public void expire(Instant upTo) {
        for (CreditView credit : locked("remaining_cents > 0 AND expires_at <= ?", upTo)) {
            Instant at = credit.expiresAt() == null ? upTo : credit.expiresAt();
            end(credit, "expired", at);
            if (credit.kind() == Kind.PAID) {
                post(
                        Posting.Kind.PREPAID_EXPIRED,
                        credit.id(),
                        credit.currency(),
                        at,
                        new Posting.Draft()
                                .debit(Account.CUSTOMER_CREDIT, credit.remainingCents())
                                .credit(Account.REVENUE, credit.remainingCents()));
            }
            CreditView gone = get(credit.id());
            audit.record("prepaid_credit.expired", credit.id().toString(), words(credit), words(gone));
            events.publish(EventType.PREPAID_CREDIT_EXPIRED, () -> PrepaidCreditNews.of(gone));
        }
    }

    /** For invoicing: what there is in that currency; to use it, nobody else can take it before the transaction ends. */
    public List<PrepaidCredit> available(String currency, boolean toUse) {
        return sql.query(
                "SELECT * FROM prepaid_credits WHERE tenant_id = ? AND currency = ? AND remaining_cents > 0 ORDER BY id"
                        + (toUse ? " FOR UPDATE" : ""),
                row -> new PrepaidCredit(
                        row.getString("id"),
                        row.getLong("remaining_cents"),
                        Sql.instant(row, "expires_at"),
                        row.getInt("priority"),
                        Sql.instant(row, "granted_at")),
                Caller.currentTenant(),
                currency);
    }

    /**
     * For invoicing: an invoice was paid with them.
     *
     * @return how much of it with promotional ones, which nobody was owed
     */
    public long use(List<PrepaidCredit.Use> uses, UUID invoice, Instant at) {
        UUID tenant = Caller.currentTenant();
        long promotional = 0;
        for (PrepaidCredit.Use use : uses) {
            UUID id = UUID.fromString(use.creditId());
            sql.update("""
                    UPDATE prepaid_credits SET remaining_cents = remaining_cents - ?, used_cents = used_cents + ?
                    WHERE tenant_id = ? AND id = ?""", use.cents(), use.cents(), tenant, id);
            sql.update(
                    "INSERT INTO prepaid_credit_uses (tenant_id, credit_id, invoice_id, cents, at) VALUES (?, ?, ?, ?, ?)",
                    tenant,
                    id,
                    invoice,
                    use.cents(),
                    at);
            boolean paid = sql.queryOne(
                            "SELECT 1 FROM prepaid_credits WHERE tenant_id = ? AND id = ? AND kind = 'paid'",
                            row -> true,
                            tenant,
                            id)
                    .isPresent();
            promotional = Math.addExact(promotional, paid ? 0 : use.cents());
        }
        return promotional;
    }

    /** For invoicing: an invoice that was paid with them is void. What had ended meanwhile stays so. */
    public Returned giveBack(UUID invoice, Instant at) {
        UUID tenant = Caller.currentTenant();
        long promotional = 0;
        long toBalance = 0;
        for (CreditView credit : locked(
                "id IN (SELECT credit_id FROM prepaid_credit_uses u WHERE u.tenant_id = prepaid_credits.tenant_id "
                        + "AND invoice_id = ? AND NOT returned)",
                invoice)) {
            // One that was used up does not end as it expires: there was nothing left to end.
            boolean ended = credit.endedAs() != null
                    || credit.expiresAt() != null && !credit.expiresAt().isAfter(at);
            long cents = sql.queryOne(
                            "SELECT cents FROM prepaid_credit_uses WHERE tenant_id = ? AND credit_id = ? AND invoice_id = ?",
                            row -> row.getLong("cents"),
                            tenant,
                            credit.id(),
                            invoice)
                    .orElseThrow();
            sql.update("""
                    UPDATE prepaid_credits SET used_cents = used_cents - ?, remaining_cents = remaining_cents + ?,
                        ended_cents = ended_cents + ?, ended_at = CASE WHEN ? THEN coalesce(ended_at, expires_at) END,
                        ended_as = CASE WHEN ? THEN coalesce(ended_as, 'expired') END
                    WHERE tenant_id = ? AND id = ?""", cents, ended ? 0 : cents, ended ? cents : 0, ended, ended, tenant, credit.id());
            sql.update("""
                    INSERT INTO prepaid_credit_uses (tenant_id, credit_id, invoice_id, returned, cents, at)
                    VALUES (?, ?, ?, true, ?, ?)""", tenant, credit.id(), invoice, -cents, at);
            if (credit.kind() == Kind.PROMOTIONAL) {
                promotional = Math.addExact(promotional, cents);
            } else if (ended) {
                toBalance = Math.addExact(toBalance, cents);
            }
        }
        return new Returned(promotional, toBalance);
    }

    private void end(CreditView credit, String how, Instant at) {
        sql.update("""
                UPDATE prepaid_credits
                SET remaining_cents = 0, ended_cents = ended_cents + ?, ended_at = ?, ended_as = ?
                WHERE tenant_id = ? AND id = ?""", credit.remainingCents(), at, how, Caller.currentTenant(), credit.id());
    }

    private List<CreditView> locked(String condition, Object parameter) {
        return sql.query(
                "SELECT * FROM prepaid_credits WHERE tenant_id = ? AND " + condition + " ORDER BY id FOR UPDATE",
                row -> view(row, Map.of()),
                Caller.currentTenant(),
                parameter);
    }

    private void post(Posting.Kind kind, UUID credit, String currency, Instant at, Posting.Draft movements) {
        ledger.post(movements.as(kind, credit, currency, tenants.current().testMode(), at));
    }

    private static void check(NewCredit wanted, Instant now) {
        Currencies.require("currency", wanted.currency());
        Amounts.require("amount_cents", wanted.amountCents(), 1);
        if (wanted.expiresAt() != null && !wanted.expiresAt().isAfter(now)) {
            throw Problem.invalid("expires_at", "out_of_range", "expires_at must be after " + now);
        }
        if (Math.abs((long) wanted.priority()) > MAX_PRIORITY) {
            throw Problem.invalid(
                    "priority", "out_of_range", "priority must be from -" + MAX_PRIORITY + " to " + MAX_PRIORITY);
        }
    }

    private static CreditView view(ResultSet row, Map<UUID, List<Use>> uses) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        return new CreditView(
                id,
                row.getObject("tenant_id", UUID.class),
                Kind.of(row.getString("kind")),
                row.getString("currency"),
                row.getLong("amount_cents"),
                row.getLong("remaining_cents"),
                row.getLong("used_cents"),
                row.getLong("ended_cents"),
                row.getInt("priority"),
                Sql.instant(row, "expires_at"),
                row.getString("note"),
                Sql.instant(row, "granted_at"),
                Sql.instant(row, "ended_at"),
                row.getString("ended_as"),
                List.copyOf(uses.getOrDefault(id, List.of())));
    }

    private static Map<String, @Nullable Object> words(CreditView credit) {
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        words.put("kind", credit.kind().code());
        words.put("currency", credit.currency());
        words.put("amount_cents", credit.amountCents());
        words.put("remaining_cents", credit.remainingCents());
        words.put("priority", credit.priority());
        words.put("expires_at", credit.expiresAt());
        words.put("note", credit.note());
        return words;
    }
}
