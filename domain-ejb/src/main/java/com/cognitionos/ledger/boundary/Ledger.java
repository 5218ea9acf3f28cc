package com.cognitionos.ledger.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.entity.Posting;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Posts movements and shows the balances. */
@Stateless
@TenantWall
public class Ledger {

    @Inject
    private Sql sql;

    /** One account in one currency; amounts in its minor unit. */
    public record AccountBalance(String account, String currency, long debitCents, long creditCents) {
        /** Debits less credits. */
        public long balanceCents() {
            return debitCents - creditCents;
        }
    }

    /** Posts for the caller's tenant, in the caller's transaction. */
    public void post(Posting posting) {
        UUID tenant = Caller.currentTenant();
        UUID id = Ids.next();
        sql.update(
                """
                INSERT INTO ledger_transactions (tenant_id, id, kind, reference_id, currency, test_mode, posted_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                tenant,
                id,
                posting.kind().code(),
                posting.reference(),
                posting.currency(),
                posting.testMode(),
                posting.at());
        List<Posting.Entry> entries = posting.entries();
        sql.update(
                """
                INSERT INTO ledger_entries (tenant_id, transaction_id, position, account, debit_cents, credit_cents)
                SELECT ?, ?, e.* FROM unnest(?::int[], ?::text[], ?::bigint[], ?::bigint[]) AS e""",
                tenant,
                id,
                new Sql.Array(
                        "int", IntStream.rangeClosed(1, entries.size()).boxed().toArray()),
                new Sql.Array(
                        "text", entries.stream().map(e -> e.account().code()).toArray()),
                new Sql.Array(
                        "bigint",
                        entries.stream().map(Posting.Entry::debitCents).toArray()),
                new Sql.Array(
                        "bigint",
                        entries.stream().map(Posting.Entry::creditCents).toArray()));
    }

    /** Every account's sums: across all tenants for the platform, else the caller's own. */
    public List<AccountBalance> trialBalance(boolean testMode) {
        return sql.query(
                """
                SELECT e.account, t.currency, sum(e.debit_cents) AS debit, sum(e.credit_cents) AS credit
                FROM ledger_entries e JOIN ledger_transactions t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
                WHERE t.test_mode = ? AND t.tenant_id = coalesce(?, t.tenant_id) GROUP BY e.account, t.currency ORDER BY t.currency, e.account""",
                row -> new AccountBalance(
                        row.getString("account"),
                        row.getString("currency"),
                        row.getLong("debit"),
                        row.getLong("credit")),
                testMode,
                Caller.current().tenant());
    }
}
