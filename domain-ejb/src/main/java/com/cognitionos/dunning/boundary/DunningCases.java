package com.cognitionos.dunning.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.dunning.control.CardNotices;
import com.cognitionos.dunning.control.CaseRecords;
import com.cognitionos.dunning.entity.DunningCase;
import com.cognitionos.dunning.entity.DunningCase.State;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The invoices that are gone after, as they are looked at and stopped. */
@Stateless
@TenantWall
public class DunningCases {

    private static final String LISTED = """
            SELECT c.*, p.retry_days, p.grace_days, p.suspend, p.without_card, t.name AS tenant_name, t.test_mode, i.number,
                i.currency, CASE WHEN i.status = 'void' THEN 0
                    ELSE i.total_cents - i.balance_applied_cents - i.credited_cents - i.amount_paid_cents END AS due_cents
            FROM dunning_cases c JOIN dunning_policies p ON p.version = c.policy_version
            JOIN tenants t ON t.id = c.tenant_id
            JOIN invoices i ON i.tenant_id = c.tenant_id AND i.id = c.invoice_id
            """;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private Events events;

    @Inject
    private CaseRecords records;

    @Inject
    private CardNotices notices;

    /** A case with what it is about. @param dueCents what is still to be paid, from 0, in the invoice's currency */
    public record CaseView(
            DunningCase dunning,
            String tenantName,
            boolean testMode,
            String invoiceNumber,
            long dueCents,
            String currency) {}

    /** Across tenants, for the platform: what comes next first, then the latest. @param state only these; null for all */
    public Page<CaseView> list(@Nullable State state, Page.Request page) {
        String wanted = state == null ? "" : state.code();
        List<CaseView> found =
                sql.query(LISTED + """
                WHERE ? = '' OR c.state = ? ORDER BY c.next_at NULLS LAST, c.began_at DESC, c.id LIMIT ? OFFSET ?""", DunningCases::view, wanted, wanted, page.pageSize(), page.offset());
        long total = sql.queryOne(
                        "SELECT count(*) AS total FROM dunning_cases c WHERE ? = '' OR c.state = ?",
                        row -> row.getLong("total"),
                        wanted,
                        wanted)
                .orElse(0L);
        return new Page<>(found, total, page.page(), page.pageSize());
    }

    /** Of any tenant for the platform across tenants, else of the caller's. @throws Problem NOT_FOUND */
    public CaseView get(UUID id) {
        return sql.queryOne(LISTED + "WHERE c.id = ?", DunningCases::view, id)
                .orElseThrow(() -> Problem.notFound("dunning case"));
    }

    /** Those of the caller's tenant of which the money is still wanted, oldest first. */
    public List<CaseView> open() {
        return sql.query(
                LISTED + "WHERE c.tenant_id = ? AND c.state IN ('active', 'exhausted') ORDER BY c.began_at, c.id",
                DunningCases::view,
                Caller.currentTenant());
    }

    /** That of one of the tenant's invoices, as long as the money is still wanted. */
    public Optional<CaseView> ofInvoice(UUID invoice) {
        return sql.queryOne(
                LISTED + "WHERE c.tenant_id = ? AND c.invoice_id = ? AND c.state IN ('active', 'exhausted')",
                DunningCases::view,
                Caller.currentTenant(),
                invoice);
    }

    /**
     * Nothing more happens by itself; the invoice stays open, and what has happened stays.
     *
     * @throws Problem NOT_FOUND, CONFLICT where it is over already
     */
    public CaseView stop(UUID id) {
        DunningCase open = records.find(Caller.currentTenant(), id).orElseThrow(() -> Problem.notFound("dunning case"));
        if (!open.state().isOpen()) {
            throw Problem.conflict(
                    "wrong_state", "The case is over: it is " + open.state().code() + ".");
        }
        records.update(open.ended(State.CLOSED, clock.now(Caller.currentTenant())));
        audit.record(
                "dunning_case.stopped",
                id.toString(),
                Map.of("status", open.state().code()),
                Map.of("status", State.CLOSED.code(), "invoice_id", open.invoice()));
        CaseView stopped = get(id);
        events.publish(EventType.DUNNING_CASE_CLOSED, () -> DunningCaseNews.of(stopped));
        return stopped;
    }

    /** The tenants for which something is due; for the platform. The steps of a test tenant are taken by its clock. */
    public List<UUID> tenantsDue() {
        return sql.query("""
                SELECT DISTINCT c.tenant_id FROM dunning_cases c JOIN tenants t ON t.id = c.tenant_id
                WHERE c.state IN ('active', 'exhausted') AND (c.card_at IS NOT NULL OR c.next_at <= ? AND NOT t.test_mode)
                UNION SELECT i.tenant_id FROM invoices i JOIN tenants t ON t.id = i.tenant_id
                WHERE i.status = 'open' AND i.due_date <= ? AND NOT t.test_mode
                    AND (SELECT without_card FROM dunning_policies ORDER BY version DESC LIMIT 1)
                    AND NOT EXISTS (SELECT FROM payments p WHERE p.tenant_id = i.tenant_id AND p.invoice_id = i.id)
                    AND NOT EXISTS (SELECT FROM dunning_cases d WHERE d.tenant_id = i.tenant_id AND d.invoice_id = i.id)
                ORDER BY tenant_id""", row -> row.getObject("tenant_id", UUID.class), clock.system(), clock.system());
    }

    /** The live tenants that are to be told of a card that ends; for the platform. */
    public List<UUID> tenantsWithEndingCards() {
        return List.copyOf(new TreeSet<>(notices.tenantsDue(clock.system())));
    }

    private static CaseView view(ResultSet row) throws SQLException {
        return new CaseView(
                CaseRecords.read(row),
                row.getString("tenant_name"),
                row.getBoolean("test_mode"),
                row.getString("number"),
                row.getLong("due_cents"),
                row.getString("currency"));
    }
}
