package com.cognitionos.ledger.boundary;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Posts movements and shows them, one by one and as balances. */
@Stateless
@TenantWall
public class Ledger {

    private static final int PORTION = 500;

    private static final String FILTERED = """
            FROM ledger_transactions t JOIN tenants n ON n.id = t.tenant_id
            LEFT JOIN invoices i ON i.tenant_id = t.tenant_id AND i.id = t.reference_id
            LEFT JOIN credit_notes c ON c.tenant_id = t.tenant_id AND c.id = t.reference_id
            WHERE (?::uuid IS NULL OR t.tenant_id = ?)
              AND (?::boolean IS NULL OR t.test_mode = ?)
              AND (?::timestamptz IS NULL OR t.posted_at >= ?)
              AND (?::timestamptz IS NULL OR t.posted_at < ?)
              AND (?::text IS NULL OR EXISTS (SELECT FROM ledger_entries e
                  WHERE e.tenant_id = t.tenant_id AND e.transaction_id = t.id AND e.account = ?))""";

    @Inject
    private Sql sql;

    /** One account in one currency; amounts in its minor unit. */
    public record AccountBalance(String account, String currency, long debitCents, long creditCents) {
        /** Debits less credits. */
        public long balanceCents() {
            return debitCents - creditCents;
        }
    }

    /**
     * Which transactions; null means any.
     *
     * @param testMode whether those of test tenants are wanted, or those of the business (LED-4)
     * @param account one that the transaction moves
     * @param from inclusive
     * @param to exclusive
     */
    public record Wanted(
            @Nullable UUID tenant,
            @Nullable Boolean testMode,
            @Nullable Account account,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /**
     * What was posted.
     *
     * @param tenantName as it is today
     * @param referenceNumber that of the invoice or credit note that the reference is; null for another reference
     * @param line of the reference; null where it is about the whole
     */
    public record Transaction(
            UUID tenant,
            UUID id,
            String tenantName,
            Posting.Kind kind,
            UUID reference,
            @Nullable String referenceNumber,
            @Nullable Integer line,
            String description,
            String currency,
            boolean testMode,
            Instant at,
            List<Posting.Entry> entries) {

        private Transaction with(List<Posting.Entry> posted) {
            return new Transaction(
                    tenant,
                    id,
                    tenantName,
                    kind,
                    reference,
                    referenceNumber,
                    line,
                    description,
                    currency,
                    testMode,
                    at,
                    posted);
        }
    }

    /** Posts for the caller's tenant, in the caller's transaction. */
    public void post(Posting posting) {
        post(List.of(posting));
    }

    /** Posts all of them, in their order. */
    public void post(List<Posting> postings) {
        UUID tenant = Caller.currentTenant();
        postAll(postings.stream().map(posting -> new Owned(tenant, posting)).toList());
    }

    /** A posting of a tenant's. */
    public record Owned(UUID tenant, Posting posting) {}

    /** As {@link #post(List)}, each for its tenant; for the platform, or of the caller's tenant alone. */
    public void postAll(List<Owned> owned) {
        if (owned.isEmpty()) {
            return;
        }
        record Row(UUID tenant, UUID transaction, int position, Posting.Entry entry) {}
        List<UUID> ids = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (Owned one : owned) {
            UUID id = Ids.next();
            ids.add(id);
            List<Posting.Entry> entries = one.posting().entries();
            for (int i = 0; i < entries.size(); i++) {
                rows.add(new Row(one.tenant(), id, i + 1, entries.get(i)));
            }
        }
        List<Posting> postings = owned.stream().map(Owned::posting).toList();
        sql.update(
                """
                WITH posted AS (
                    INSERT INTO ledger_transactions
                        (tenant_id, id, kind, reference_id, line, description, currency, test_mode, posted_at)
                    SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::uuid[], ?::int[], ?::text[], ?::text[],
                        ?::boolean[], ?::timestamptz[]))
                INSERT INTO ledger_entries (tenant_id, transaction_id, position, account, debit_cents, credit_cents)
                SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::int[], ?::text[], ?::bigint[], ?::bigint[])""",
                column(owned, "uuid", Owned::tenant),
                new Sql.Array("uuid", ids.toArray()),
                column(postings, "text", posting -> posting.kind().code()),
                column(postings, "uuid", Posting::reference),
                column(postings, "int", Posting::line),
                column(postings, "text", Posting::description),
                column(postings, "text", Posting::currency),
                column(postings, "boolean", Posting::testMode),
                column(postings, "timestamptz", posting -> posting.at().toString()),
                column(rows, "uuid", Row::tenant),
                column(rows, "uuid", Row::transaction),
                column(rows, "int", Row::position),
                column(rows, "text", row -> row.entry().account().code()),
                column(rows, "bigint", row -> row.entry().debitCents()),
                column(rows, "bigint", row -> row.entry().creditCents()));
    }

    /** Every account's sums: across all tenants for the platform, else the caller's own. */
    public List<AccountBalance> trialBalance(boolean testMode) {
        return trialBalance(testMode, null);
    }

    /** @param before only what is dated before it; null for all that was ever posted */
    public List<AccountBalance> trialBalance(boolean testMode, @Nullable Instant before) {
        return sql.query(
                """
                SELECT e.account, t.currency, sum(e.debit_cents) AS debit, sum(e.credit_cents) AS credit
                FROM ledger_entries e JOIN ledger_transactions t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
                WHERE t.test_mode = ? AND t.tenant_id = coalesce(?, t.tenant_id)
                  AND (?::timestamptz IS NULL OR t.posted_at < ?)
                GROUP BY e.account, t.currency ORDER BY t.currency, e.account""",
                row -> new AccountBalance(
                        row.getString("account"),
                        row.getString("currency"),
                        row.getLong("debit"),
                        row.getLong("credit")),
                testMode,
                Caller.current().tenant(),
                before,
                before);
    }

    /** The newest first; of the caller's tenant, or for the platform of all. */
    public Page<Transaction> list(Wanted wanted, Page.Request page) {
        @Nullable Object[] filter = parameters(wanted);
        long total = sql.queryOne("SELECT count(*) " + FILTERED, row -> row.getLong(1), filter)
                .orElseThrow();
        return new Page<>(
                read(" ORDER BY t.posted_at DESC, t.id DESC LIMIT ? OFFSET ?", filter, page.pageSize(), page.offset()),
                total,
                page.page(),
                page.pageSize());
    }

    /** A portion, oldest first: what follows a transaction, or the first ones. */
    public List<Transaction> next(Wanted wanted, @Nullable Transaction after) {
        return after == null
                ? read(" ORDER BY t.posted_at, t.id LIMIT ?", parameters(wanted), PORTION)
                : read(
                        " AND (t.posted_at, t.id) > (?, ?) ORDER BY t.posted_at, t.id LIMIT ?",
                        parameters(wanted),
                        after.at(),
                        after.id(),
                        PORTION);
    }

    private static @Nullable Object[] parameters(Wanted wanted) {
        Caller caller = Caller.current();
        UUID tenant = caller.tenant() == null ? wanted.tenant() : caller.tenant();
        String account = wanted.account() == null ? null : wanted.account().code();
        return new @Nullable Object[] {
            tenant,
            tenant,
            wanted.testMode(),
            wanted.testMode(),
            wanted.from(),
            wanted.from(),
            wanted.to(),
            wanted.to(),
            account,
            account
        };
    }

    private List<Transaction> read(String rest, @Nullable Object[] filter, Object... more) {
        List<@Nullable Object> all = new ArrayList<>(Arrays.asList(filter));
        all.addAll(List.of(more));
        List<Transaction> bare = sql.query(
                "SELECT t.*, n.name, coalesce(i.number, c.number) AS number " + FILTERED + rest,
                Ledger::transaction,
                all.toArray());
        Map<UUID, List<Posting.Entry>> entries = new HashMap<>();
        sql.query(
                        """
                        SELECT transaction_id, account, debit_cents, credit_cents FROM ledger_entries
                        JOIN unnest(?::uuid[], ?::uuid[]) AS w (tenant, transaction)
                          ON w.tenant = tenant_id AND w.transaction = transaction_id
                        ORDER BY transaction_id, position""",
                        row -> Map.entry(
                                row.getObject("transaction_id", UUID.class),
                                new Posting.Entry(
                                        Account.of(row.getString("account")),
                                        row.getLong("debit_cents"),
                                        row.getLong("credit_cents"))),
                        column(bare, "uuid", Transaction::tenant),
                        column(bare, "uuid", Transaction::id))
                .forEach(entry -> entries.computeIfAbsent(entry.getKey(), id -> new ArrayList<>())
                        .add(entry.getValue()));
        return bare.stream()
                .map(one -> one.with(entries.getOrDefault(one.id(), List.of())))
                .toList();
    }

    private static Transaction transaction(ResultSet row) throws SQLException {
        Posting.Kind kind = Posting.Kind.of(row.getString("kind"));
        String description = row.getString("description");
        return new Transaction(
                row.getObject("tenant_id", UUID.class),
                row.getObject("id", UUID.class),
                row.getString("name"),
                kind,
                row.getObject("reference_id", UUID.class),
                row.getString("number"),
                row.getObject("line", Integer.class),
                description.isEmpty() ? kind.words() : description,
                row.getString("currency"),
                row.getBoolean("test_mode"),
                Sql.instant(row, "posted_at"),
                List.of());
    }
}
