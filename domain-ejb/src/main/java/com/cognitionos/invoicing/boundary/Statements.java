package com.cognitionos.invoicing.boundary;

import com.cognitionos.catalog.entity.Currencies;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.entity.Posting;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Statements of a customer's account (INV-10): what is receivable less the customer's credit, as the ledger has it.
 * Amounts are above 0 where the customer owes us, below where we owe the customer.
 */
@Stateless
@TenantWall
public class Statements {

    /** More movements than that are no longer one reply; an export has no limit. */
    public static final int MAX_MOVEMENTS = 10_000;

    private static final int PORTION = 500;

    private static final String EXTENT = """
            \sAND (?::timestamptz IS NULL OR t.posted_at >= ?) AND (?::timestamptz IS NULL OR t.posted_at < ?)""";

    private static final String MOVES = " GROUP BY t.tenant_id, t.id HAVING sum(e.debit_cents - e.credit_cents) <> 0";

    private static final String ACCOUNT = """
            FROM ledger_transactions t
            JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id
              AND e.account IN ('receivable', 'customer_credit')
            WHERE t.tenant_id = ? AND t.currency = ?""";

    @Inject
    private Sql sql;

    /**
     * Which part of whose account.
     *
     * @param from inclusive; null from the beginning
     * @param to exclusive; null for all so far
     */
    public record Extent(
            UUID tenant,
            String currency,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /**
     * One movement.
     *
     * @param document the number of the invoice that made it, if one did
     * @param cents above 0 where the customer owes more by it
     * @param balanceCents the balance after it
     */
    public record Movement(
            UUID transaction,
            Instant at,
            Posting.Kind kind,
            @Nullable String document,
            UUID reference,
            String description,
            long cents,
            long balanceCents) {}

    /** Opening and movements sum to the closing balance. */
    public record Statement(Extent extent, long openingCents, List<Movement> movements) {
        public long closingCents() {
            return movements.isEmpty()
                    ? openingCents
                    : movements.get(movements.size() - 1).balanceCents();
        }
    }

    /**
     * What to state, of the caller's tenant, or for the platform of a tenant that it names.
     *
     * @param currency null where the tenant's books have but one
     * @throws Problem INVALID, NOT_FOUND for a tenant that there is not
     */
    public Extent extent(
            @Nullable UUID tenant, @Nullable String currency, @Nullable Instant from, @Nullable Instant to) {
        UUID whose =
                Caller.current().tenant() == null ? tenant : Caller.current().tenant();
        if (whose == null) {
            throw Problem.invalid("tenant_id", "required", "tenant_id says whose statement is wanted");
        }
        if (sql.queryOne("SELECT 1 FROM tenants WHERE id = ?", row -> 1, whose).isEmpty()) {
            throw Problem.notFound("tenant");
        }
        if (from != null && to != null && !from.isBefore(to)) {
            throw Problem.invalid("to", "out_of_range", "to must be later than from");
        }
        if (currency != null) {
            Currencies.require("currency", currency);
        }
        return new Extent(whose, currency == null ? onlyCurrency(whose) : currency, from, to);
    }

    /** @throws Problem INVALID when it has more than {@value #MAX_MOVEMENTS} movements */
    public Statement of(Extent extent) {
        long opening = openingCents(extent);
        List<Movement> movements = new ArrayList<>(next(extent, null, opening));
        for (int size = 0; size < movements.size(); ) {
            if (movements.size() > MAX_MOVEMENTS) {
                throw Problem.invalid(
                        "from",
                        "too_many_movements",
                        "there are more than " + MAX_MOVEMENTS + " movements; narrow from and to, or take format=csv");
            }
            size = movements.size();
            Movement last = movements.get(size - 1);
            movements.addAll(next(extent, last, last.balanceCents()));
        }
        return new Statement(extent, opening, List.copyOf(movements));
    }

    /**
     * A page of a statement: its own opening balance is what the pages before it come to.
     *
     * @param page from 1, the oldest
     */
    public record Part(int page, int pages, long total, Statement statement) {}

    /** @param page null, or one that there is not, for the last */
    public Part part(Extent extent, @Nullable Integer page, int size) {
        long total = sql.queryOne(
                        "SELECT count(*) FROM (SELECT 1 " + ACCOUNT + EXTENT + MOVES + ") m",
                        row -> row.getLong(1),
                        extent.tenant(),
                        extent.currency(),
                        extent.from(),
                        extent.from(),
                        extent.to(),
                        extent.to())
                .orElseThrow();
        int pages = (int) Math.max(1, (total + size - 1) / size);
        int shown = page == null || page > pages ? pages : page;
        long opening = openingCents(extent);
        List<Movement> movements = sql.query(
                """
                SELECT m.*, i.number, ? + sum(m.cents) OVER (ORDER BY m.posted_at, m.id) AS balance
                FROM (SELECT t.id, t.posted_at, t.kind, t.reference_id, t.description, t.tenant_id,
                        sum(e.debit_cents - e.credit_cents) AS cents\s""" + ACCOUNT + EXTENT + MOVES + """
                    ) m
                LEFT JOIN invoices i ON i.tenant_id = m.tenant_id AND i.id = m.reference_id
                ORDER BY m.posted_at, m.id OFFSET ? LIMIT ?""",
                Statements::movement,
                opening,
                extent.tenant(),
                extent.currency(),
                extent.from(),
                extent.from(),
                extent.to(),
                extent.to(),
                (shown - 1L) * size,
                size);
        long before = movements.isEmpty()
                ? opening
                : Math.subtractExact(
                        movements.get(0).balanceCents(), movements.get(0).cents());
        return new Part(shown, pages, total, new Statement(extent, before, movements));
    }

    /** The currencies of a tenant's books, by code. */
    public List<String> currencies(UUID tenant) {
        return sql.query(
                "SELECT DISTINCT currency FROM ledger_transactions WHERE tenant_id = ? ORDER BY currency",
                row -> row.getString("currency"),
                tenant);
    }

    /** The balance at the beginning. */
    public long openingCents(Extent extent) {
        return extent.from() == null
                ? 0
                : sql.queryOne(
                                "SELECT coalesce(sum(e.debit_cents - e.credit_cents), 0) " + ACCOUNT
                                        + " AND t.posted_at < ?",
                                row -> row.getLong(1),
                                extent.tenant(),
                                extent.currency(),
                                extent.from())
                        .orElseThrow();
    }

    /**
     * A portion of the movements in their order: what follows one, or the first ones.
     *
     * @param balanceCents before the portion
     */
    public List<Movement> next(Extent extent, @Nullable Movement after, long balanceCents) {
        Instant afterAt = after == null ? null : after.at();
        return sql.query(
                """
                SELECT m.*, i.number, ? + sum(m.cents) OVER (ORDER BY m.posted_at, m.id) AS balance
                FROM (SELECT t.id, t.posted_at, t.kind, t.reference_id, t.description, t.tenant_id,
                        sum(e.debit_cents - e.credit_cents) AS cents\s""" + ACCOUNT + EXTENT + """
                         AND (?::timestamptz IS NULL OR (t.posted_at, t.id) > (?, ?))""" + MOVES + """
                    ORDER BY t.posted_at, t.id LIMIT ?) m
                LEFT JOIN invoices i ON i.tenant_id = m.tenant_id AND i.id = m.reference_id
                ORDER BY m.posted_at, m.id""",
                Statements::movement,
                balanceCents,
                extent.tenant(),
                extent.currency(),
                extent.from(),
                extent.from(),
                extent.to(),
                extent.to(),
                afterAt,
                afterAt,
                after == null ? null : after.transaction(),
                PORTION);
    }

    private static Movement movement(ResultSet row) throws SQLException {
        Posting.Kind kind = Posting.Kind.of(row.getString("kind"));
        String description = row.getString("description");
        String number = row.getString("number");
        return new Movement(
                row.getObject("id", UUID.class),
                Sql.instant(row, "posted_at"),
                kind,
                number,
                row.getObject("reference_id", UUID.class),
                description.isEmpty() ? kind.words() + (number == null ? "" : " " + number) : description,
                row.getLong("cents"),
                row.getLong("balance"));
    }

    private String onlyCurrency(UUID tenant) {
        List<String> booked = currencies(tenant);
        if (booked.size() > 1) {
            throw Problem.invalid("currency", "required", "currency must be one of " + String.join(", ", booked));
        }
        return booked.isEmpty()
                ? sql.queryOne(
                                "SELECT currency FROM subscriptions WHERE tenant_id = ? ORDER BY created_at DESC LIMIT 1",
                                row -> row.getString("currency"),
                                tenant)
                        .orElseThrow(
                                () -> Problem.invalid("currency", "required", "the account is empty; name a currency"))
                : booked.get(0);
    }
}
