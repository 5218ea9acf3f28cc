package com.cognitionos.dunning.control;

import com.cognitionos.dunning.entity.DunningCase;
import com.cognitionos.dunning.entity.DunningCase.State;
import com.cognitionos.dunning.entity.DunningPolicy;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Cases and policies as rows. */
@ApplicationScoped
public class CaseRecords {

    /** Cases with their policies. */
    public static final String CASES = """
            SELECT c.*, p.retry_days, p.grace_days, p.suspend, p.without_card
            FROM dunning_cases c JOIN dunning_policies p ON p.version = c.policy_version
            """;

    @Inject
    private Sql sql;

    /** @param version from 1 */
    public record Version(DunningPolicy policy, long version, Instant createdAt) {}

    /** The one that holds for cases to come. */
    public Version policy() {
        return sql.queryOne("SELECT * FROM dunning_policies ORDER BY version DESC LIMIT 1", CaseRecords::version)
                .orElseThrow();
    }

    /** @return false where somebody else has made that version meanwhile */
    public boolean add(Version version) {
        DunningPolicy policy = version.policy();
        return sql.update(
                        """
                INSERT INTO dunning_policies (version, retry_days, grace_days, suspend, without_card, created_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                        version.version(),
                        new Sql.Array("integer", policy.retryDays().toArray()),
                        policy.graceDays(),
                        policy.suspend(),
                        policy.withoutCard(),
                        version.createdAt())
                > 0;
    }

    /** Locked until the transaction ends. */
    public Optional<DunningCase> ofInvoice(UUID tenant, UUID invoice) {
        return sql.queryOne(
                CASES + "WHERE c.tenant_id = ? AND c.invoice_id = ? FOR UPDATE OF c",
                CaseRecords::read,
                tenant,
                invoice);
    }

    /** Locked until the transaction ends. */
    public Optional<DunningCase> find(UUID tenant, UUID id) {
        return sql.queryOne(
                CASES + "WHERE c.tenant_id = ? AND c.id = ? FOR UPDATE OF c", CaseRecords::read, tenant, id);
    }

    /** Of which the money is still wanted, oldest first; locked until the transaction ends. */
    public List<DunningCase> open(UUID tenant) {
        return sql.query(CASES + """
                WHERE c.tenant_id = ? AND c.state IN ('active', 'exhausted')
                ORDER BY c.began_at, c.id FOR UPDATE OF c""", CaseRecords::read, tenant);
    }

    /** Whether there is one of an invoice that is still open. */
    public boolean anyWanted(UUID tenant) {
        return sql.queryOne("""
                SELECT 1 FROM dunning_cases c JOIN invoices i ON i.tenant_id = c.tenant_id AND i.id = c.invoice_id
                WHERE c.tenant_id = ? AND c.state IN ('active', 'exhausted') AND i.status = 'open' LIMIT 1""", row -> true, tenant).isPresent();
    }

    /** The first whose step is due by then and for which no payment is under way; locked until the transaction ends. */
    public Optional<DunningCase> due(UUID tenant, Instant by) {
        return sql.queryOne(CASES + """
                WHERE c.tenant_id = ? AND c.state IN ('active', 'exhausted') AND least(c.next_at, c.card_at) <= ?
                    AND NOT EXISTS (
                        SELECT FROM payments y WHERE y.tenant_id = c.tenant_id AND y.invoice_id = c.invoice_id
                            AND y.status = 'processing')
                ORDER BY least(c.next_at, c.card_at), c.began_at, c.id LIMIT 1 FOR UPDATE OF c""", CaseRecords::read, tenant, by);
    }

    public void insert(DunningCase made) {
        sql.update(
                """
                INSERT INTO dunning_cases (tenant_id, id, invoice_id, policy_version, state, step, began_at, next_at,
                    card_at, unpaid_at, ended_at, failure_code, declined_card)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                made.tenant(),
                made.id(),
                made.invoice(),
                made.policyVersion(),
                made.state().code(),
                made.step(),
                made.beganAt(),
                made.nextAt(),
                made.cardAt(),
                made.unpaidAt(),
                made.endedAt(),
                made.failureCode(),
                made.declinedCard());
    }

    public void update(DunningCase changed) {
        sql.update(
                """
                UPDATE dunning_cases SET state = ?, step = ?, next_at = ?, card_at = ?, unpaid_at = ?, ended_at = ?,
                    failure_code = ?, declined_card = ?
                WHERE tenant_id = ? AND id = ?""",
                changed.state().code(),
                changed.step(),
                changed.nextAt(),
                changed.cardAt(),
                changed.unpaidAt(),
                changed.endedAt(),
                changed.failureCode(),
                changed.declinedCard(),
                changed.tenant(),
                changed.id());
    }

    public static DunningCase read(ResultSet row) throws SQLException {
        return new DunningCase(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getObject("invoice_id", UUID.class),
                row.getLong("policy_version"),
                readPolicy(row),
                State.of(row.getString("state")),
                row.getInt("step"),
                Sql.instantOf(row, "began_at"),
                Sql.instant(row, "next_at"),
                Sql.instant(row, "card_at"),
                Sql.instant(row, "unpaid_at"),
                Sql.instant(row, "ended_at"),
                row.getString("failure_code"),
                row.getObject("declined_card", UUID.class));
    }

    private static Version version(ResultSet row) throws SQLException {
        return new Version(readPolicy(row), row.getLong("version"), Sql.instantOf(row, "created_at"));
    }

    private static DunningPolicy readPolicy(ResultSet row) throws SQLException {
        Integer[] days = (Integer[]) row.getArray("retry_days").getArray();
        return new DunningPolicy(
                Arrays.asList(days),
                row.getInt("grace_days"),
                row.getBoolean("suspend"),
                row.getBoolean("without_card"));
    }
}
