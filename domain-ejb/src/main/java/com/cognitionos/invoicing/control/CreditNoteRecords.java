package com.cognitionos.invoicing.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.invoicing.entity.CreditNote;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoicedLine.TaxShare;
import com.cognitionos.rating.entity.Tax;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The issued credit notes, written once and read a page at a time. */
@ApplicationScoped
public class CreditNoteRecords {

    @Inject
    private Sql sql;

    /** @param sellerVersion by which it is issued */
    public void add(CreditNote note, String seller, long sellerVersion) {
        CreditNoteAmounts amounts = note.amounts();
        sql.update(
                """
                INSERT INTO credit_notes (tenant_id, id, invoice_id, seller, number, currency, reason, subtotal_cents,
                    discount_cents, tax_cents, tax_included_cents, total_cents, reduced_due_cents, refund_cents,
                    to_balance_cents, issued_at, seller_version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                note.tenantId(),
                note.id(),
                note.invoiceId(),
                seller,
                note.number(),
                note.currency(),
                note.reason(),
                note.subtotalCents(),
                amounts.discountCents(),
                amounts.taxCents(),
                note.taxIncludedCents(),
                amounts.totalCents(),
                amounts.reducedDueCents(),
                amounts.refundCents(),
                amounts.toBalanceCents(),
                note.issuedAt(),
                sellerVersion);
        List<CreditedLine> lines = amounts.lines();
        sql.update(
                """
                INSERT INTO credit_note_lines
                    (tenant_id, credit_note_id, invoice_id, position, amount_cents, discount_cents)
                SELECT ?, ?, ?, l.* FROM unnest(?::int[], ?::bigint[], ?::bigint[]) AS l""",
                note.tenantId(),
                note.id(),
                note.invoiceId(),
                column(lines, "int", line -> Integer.valueOf(line.lineId())),
                column(lines, "bigint", CreditedLine::cents),
                column(lines, "bigint", CreditedLine::discountCents));
        record Row(String position, int ordinal, TaxShare share) {}
        List<Row> taxes = new ArrayList<>();
        for (CreditedLine line : lines) {
            for (int i = 0; i < line.taxes().size(); i++) {
                taxes.add(new Row(line.lineId(), i + 1, line.taxes().get(i)));
            }
        }
        if (!taxes.isEmpty()) {
            sql.update(
                    """
                    INSERT INTO credit_note_line_taxes
                        (tenant_id, credit_note_id, position, ordinal, code, percent, inclusive, cents)
                    SELECT ?, ?, t.* FROM unnest(?::int[], ?::int[], ?::text[], ?::numeric[], ?::boolean[], ?::bigint[])
                        AS t""",
                    note.tenantId(),
                    note.id(),
                    column(taxes, "int", row -> Integer.valueOf(row.position())),
                    column(taxes, "int", Row::ordinal),
                    column(taxes, "text", row -> row.share().tax().code()),
                    column(taxes, "numeric", row -> row.share().tax().percent()),
                    column(taxes, "boolean", row -> row.share().tax().inclusive()),
                    column(taxes, "bigint", row -> row.share().cents()));
        }
    }

    public Optional<CreditNote> find(UUID id) {
        return read("SELECT * FROM credit_notes WHERE tenant_id = ? AND id = ?", Caller.currentTenant(), id).stream()
                .findFirst();
    }

    /** Oldest first. */
    public List<CreditNote> of(Collection<UUID> invoices) {
        return read("""
                SELECT * FROM credit_notes WHERE tenant_id = ? AND invoice_id = ANY (?) ORDER BY issued_at, id""", Caller.currentTenant(), new Sql.Array("uuid", invoices.toArray()));
    }

    /** Newest first. @param invoice null for those of all */
    public Page<CreditNote> list(@Nullable UUID invoice, Page.Request page) {
        UUID tenant = Caller.currentTenant();
        long total = sql.queryOne("""
                        SELECT count(*) FROM credit_notes
                        WHERE tenant_id = ? AND invoice_id = coalesce(?::uuid, invoice_id)""", row -> row.getLong(1), tenant, invoice).orElseThrow();
        List<CreditNote> notes = read("""
                SELECT * FROM credit_notes WHERE tenant_id = ? AND invoice_id = coalesce(?::uuid, invoice_id)
                ORDER BY issued_at DESC, id DESC LIMIT ? OFFSET ?""", tenant, invoice, page.pageSize(), page.offset());
        return new Page<>(notes, total, page.page(), page.pageSize());
    }

    private List<CreditNote> read(String statement, @Nullable Object... parameters) {
        List<Head> heads = sql.query(statement, Head::read, parameters);
        if (heads.isEmpty()) {
            return List.of();
        }
        UUID tenant = Caller.currentTenant();
        Sql.Array ids = column(heads, "uuid", Head::id);
        record Place(UUID note, int position) {}
        Map<Place, List<TaxShare>> taxes = new HashMap<>();
        sql.query(
                        """
                        SELECT * FROM credit_note_line_taxes WHERE tenant_id = ? AND credit_note_id = ANY (?)
                        ORDER BY credit_note_id, position, ordinal""",
                        row -> Map.entry(
                                new Place(row.getObject("credit_note_id", UUID.class), row.getInt("position")),
                                new TaxShare(
                                        new Tax(
                                                row.getString("code"),
                                                row.getBigDecimal("percent"),
                                                row.getBoolean("inclusive")),
                                        row.getLong("cents"))),
                        tenant,
                        ids)
                .forEach(entry -> taxes.computeIfAbsent(entry.getKey(), place -> new ArrayList<>())
                        .add(entry.getValue()));
        Map<UUID, List<CreditedLine>> lines = new HashMap<>();
        sql.query(
                        """
                        SELECT * FROM credit_note_lines WHERE tenant_id = ? AND credit_note_id = ANY (?)
                        ORDER BY credit_note_id, position""",
                        row -> {
                            UUID note = row.getObject("credit_note_id", UUID.class);
                            int position = row.getInt("position");
                            return Map.entry(
                                    note,
                                    new CreditedLine(
                                            String.valueOf(position),
                                            row.getLong("amount_cents"),
                                            row.getLong("discount_cents"),
                                            taxes.getOrDefault(new Place(note, position), List.of())));
                        },
                        tenant,
                        ids)
                .forEach(entry -> lines.computeIfAbsent(entry.getKey(), id -> new ArrayList<>())
                        .add(entry.getValue()));
        return heads.stream()
                .map(head -> head.with(lines.getOrDefault(head.id(), List.of())))
                .toList();
    }

    /** A note without its lines. */
    private record Head(CreditNote bare, long reducedDueCents, long refundCents, long toBalanceCents) {
        static Head read(ResultSet row) throws SQLException {
            return new Head(
                    new CreditNote(
                            row.getObject("id", UUID.class),
                            row.getObject("tenant_id", UUID.class),
                            row.getObject("invoice_id", UUID.class),
                            row.getString("number"),
                            row.getString("currency").strip(),
                            row.getString("reason"),
                            Sql.instant(row, "issued_at"),
                            new CreditNoteAmounts(List.of(), 0, 0, 0)),
                    row.getLong("reduced_due_cents"),
                    row.getLong("refund_cents"),
                    row.getLong("to_balance_cents"));
        }

        UUID id() {
            return bare.id();
        }

        CreditNote with(List<CreditedLine> lines) {
            return bare.with(new CreditNoteAmounts(lines, reducedDueCents, refundCents, toBalanceCents));
        }
    }
}
