package com.cognitionos.payment.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.payment.entity.Finding;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What finance is to look at, since a provider's books and ours do not say alike (PAY-17); for the platform. */
@Stateless
@TenantWall
public class ProviderDifferences {

    public static final List<String> STATES = List.of("open", "resolved");

    /** How a difference is resolved that is not there any more. */
    static final String AGREES = "agrees";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    /**
     * A difference.
     *
     * @param state open or resolved
     * @param resolution the remedy, or {@value #AGREES}; null while it is open
     */
    public record DifferenceView(
            UUID id,
            Finding finding,
            Instant foundAt,
            Instant seenAt,
            String state,
            @Nullable String resolution,
            @Nullable String reason,
            @Nullable String resolvedBy,
            @Nullable Instant resolvedAt) {

        private static DifferenceView of(ResultSet row) throws SQLException {
            return new DifferenceView(
                    row.getObject("id", UUID.class),
                    new Finding(
                            row.getString("provider"),
                            Finding.Kind.of(row.getString("kind")),
                            row.getString("reference"),
                            row.getString("payment_ref"),
                            row.getObject("owner", UUID.class),
                            row.getObject("ours", UUID.class),
                            side(row, "our"),
                            side(row, "their"),
                            Sql.instant(row, "happened_at")),
                    Sql.instant(row, "found_at"),
                    Sql.instant(row, "seen_at"),
                    row.getString("state"),
                    row.getString("resolution"),
                    row.getString("reason"),
                    row.getString("resolved_by"),
                    Sql.instant(row, "resolved_at"));
        }

        private static Finding.Side side(ResultSet row, String whose) throws SQLException {
            return new Finding.Side(
                    row.getString(whose + "_state"),
                    row.getObject(whose + "_cents", Long.class),
                    row.getString(whose + "_currency"));
        }

        public boolean isOpen() {
            return state.equals("open");
        }
    }

    /** Enters it once; one that was acknowledged stays so while the facts are the same. */
    public void found(Finding finding) {
        Instant now = clock.system();
        sql.update(
                """
                INSERT INTO provider_differences AS d (id, provider, kind, reference, payment_ref, owner, ours, our_state,
                    their_state, our_cents, their_cents, our_currency, their_currency, happened_at, found_at, seen_at, state)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')
                ON CONFLICT (provider, kind, reference) DO UPDATE SET
                    payment_ref = excluded.payment_ref, owner = excluded.owner, ours = excluded.ours,
                    our_state = excluded.our_state, their_state = excluded.their_state,
                    our_cents = excluded.our_cents, their_cents = excluded.their_cents,
                    our_currency = excluded.our_currency, their_currency = excluded.their_currency,
                    seen_at = excluded.seen_at,
                    (state, resolution, reason, resolved_by, resolved_at) = (
                        SELECT d.state, d.resolution, d.reason, d.resolved_by, d.resolved_at
                        WHERE d.resolution = 'acknowledge'
                            AND (d.our_state, d.their_state, d.our_cents, d.their_cents)
                                IS NOT DISTINCT FROM
                                (excluded.our_state, excluded.their_state, excluded.our_cents, excluded.their_cents)
                        UNION ALL SELECT 'open', NULL, NULL, NULL, NULL LIMIT 1)""",
                Ids.next(),
                finding.provider(),
                finding.kind().code(),
                finding.reference(),
                finding.paymentRef(),
                finding.tenant(),
                finding.ours(),
                finding.here().state(),
                finding.there().state(),
                finding.here().cents(),
                finding.there().cents(),
                finding.here().currency(),
                finding.there().currency(),
                finding.happenedAt(),
                now,
                now);
    }

    /** The newest first. @param state null for any */
    public Page<DifferenceView> list(@Nullable String state, Page.Request page) {
        long total = sql.queryOne(
                        "SELECT count(*) FROM provider_differences WHERE state = coalesce(?, state)",
                        row -> row.getLong(1),
                        state)
                .orElseThrow();
        return new Page<>(
                sql.query("""
                        SELECT * FROM provider_differences WHERE state = coalesce(?, state)
                        ORDER BY id DESC LIMIT ? OFFSET ?""", DifferenceView::of, state, page.pageSize(), page.offset()),
                total,
                page.page(),
                page.pageSize());
    }

    /** @throws Problem NOT_FOUND */
    public DifferenceView get(UUID id) {
        return sql.queryOne("SELECT * FROM provider_differences WHERE id = ?", DifferenceView::of, id)
                .orElseThrow(() -> Problem.notFound("difference"));
    }

    /** The open ones of a provider that happened from then on and were not seen since a run began. */
    public List<DifferenceView> unseen(String provider, Instant since, Instant begun) {
        return sql.query("""
                SELECT * FROM provider_differences
                WHERE provider = ? AND state = 'open' AND happened_at >= ? AND seen_at < ?""", DifferenceView::of, provider, since, begun);
    }

    /** Closes it; one that is closed stays as it is. @param how a remedy's code, or {@value #AGREES} */
    public void resolve(UUID id, String how, @Nullable String reason) {
        int done = sql.update("""
                UPDATE provider_differences SET state = 'resolved', resolution = ?, reason = ?, resolved_by = ?,
                    resolved_at = ? WHERE id = ? AND state = 'open'""", how, reason, Caller.current().subject(), clock.system(), id);
        if (done > 0) {
            audit.record(
                    "provider_difference.resolved",
                    id.toString(),
                    Map.of("state", "open"),
                    Map.of("state", "resolved", "resolution", how, "reason", reason == null ? "" : reason));
        }
    }
}
