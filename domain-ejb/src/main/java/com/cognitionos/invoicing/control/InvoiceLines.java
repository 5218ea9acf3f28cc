package com.cognitionos.invoicing.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Invoiced.Given;
import com.cognitionos.invoicing.entity.Invoiced.Place;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Tax;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The stored lines, written and read an invoice or a page at a time. */
@ApplicationScoped
public class InvoiceLines {

    @Inject
    private Sql sql;

    /** An invoice with what stands on it; the ids of the amounts are the lines' positions. */
    public record Printed(UUID tenant, UUID invoice, List<InvoiceLine> lines, List<InvoicedLine> amounts) {
        public Printed {
            lines = List.copyOf(lines);
            amounts = List.copyOf(amounts);
        }
    }

    private record Row(Printed of, int position, InvoiceLine line) {}

    /** The lines, without their amounts. */
    public void add(List<Printed> invoices) {
        List<Row> rows = new ArrayList<>();
        for (Printed invoice : invoices) {
            for (int i = 0; i < invoice.lines().size(); i++) {
                rows.add(new Row(invoice, i + 1, invoice.lines().get(i)));
            }
        }
        sql.update(
                """
                INSERT INTO invoice_lines (tenant_id, invoice_id, position, kind, description, meter, plan, quantity,
                    unit_price, amount_cents, period_start, period_end, proration)
                SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::numeric[], ?::numeric[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::boolean[])""",
                column(rows, "uuid", row -> row.of().tenant()),
                column(rows, "uuid", row -> row.of().invoice()),
                column(rows, "int", Row::position),
                column(rows, "text", row -> row.line().kind().code()),
                column(rows, "text", row -> row.line().description()),
                column(rows, "text", row -> row.line().meter()),
                column(rows, "text", row -> row.line().plan()),
                column(rows, "numeric", row -> row.line().quantity()),
                column(rows, "numeric", row -> row.line().unitPrice()),
                column(rows, "bigint", row -> row.line().amountCents()),
                column(rows, "timestamptz", row -> row.line().period().start().toString()),
                column(rows, "timestamptz", row -> row.line().period().end().toString()),
                column(rows, "boolean", row -> row.line().proration()));
    }

    /** What discounts took off the lines and which taxes they bear. */
    public void addAmounts(List<Printed> invoices) {
        List<Object[]> discounts = new ArrayList<>();
        List<Object[]> taxes = new ArrayList<>();
        for (Printed invoice : invoices) {
            for (InvoicedLine line : invoice.amounts()) {
                int position = Integer.parseInt(line.id());
                line.discounts()
                        .forEach(share -> discounts.add(new Object[] {
                            invoice.tenant(), invoice.invoice(), position, share.discountId(), share.cents()
                        }));
                int ordinal = 0;
                for (InvoicedLine.TaxShare share : line.taxes()) {
                    ordinal++;
                    Tax tax = share.tax();
                    taxes.add(new Object[] {
                        invoice.tenant(),
                        invoice.invoice(),
                        position,
                        ordinal,
                        tax.code(),
                        tax.percent(),
                        tax.inclusive(),
                        share.cents()
                    });
                }
            }
        }
        addRows("""
                INSERT INTO invoice_line_discounts (tenant_id, invoice_id, position, discount_id, cents)
                SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::int[], ?::uuid[], ?::bigint[])""", discounts, "uuid", "uuid", "int", "uuid", "bigint");
        addRows("""
                INSERT INTO invoice_line_taxes
                    (tenant_id, invoice_id, position, ordinal, code, percent, inclusive, cents)
                SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::int[], ?::int[], ?::text[], ?::numeric[], ?::boolean[],
                    ?::bigint[])""", taxes, "uuid", "uuid", "int", "int", "text", "numeric", "boolean", "bigint");
    }

    private void addRows(String statement, List<Object[]> rows, String... types) {
        if (rows.isEmpty()) {
            return;
        }
        Object[] parameters = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            int column = i;
            parameters[i] = new Sql.Array(
                    types[i], rows.stream().map(row -> row[column]).toArray());
        }
        sql.update(statement, parameters);
    }

    /** Writes down what credit lines give back. */
    public void addGiven(List<Given> given) {
        if (given.isEmpty()) {
            return;
        }
        sql.update(
                """
                INSERT INTO invoice_line_credits (tenant_id, invoice_id, position, ordinal, charge_invoice_id,
                    charge_position, cents, discount_cents, ahead)
                SELECT ?, g.* FROM unnest(?::uuid[], ?::int[], ?::int[], ?::uuid[], ?::int[], ?::bigint[], ?::bigint[],
                    ?::boolean[]) AS g""",
                Caller.currentTenant(),
                column(given, "uuid", one -> one.credit().invoice()),
                column(given, "int", one -> one.credit().position()),
                column(given, "int", Given::ordinal),
                column(given, "uuid", one -> one.charge().invoice()),
                column(given, "int", one -> one.charge().position()),
                column(given, "bigint", Given::cents),
                column(given, "bigint", Given::discountCents),
                column(given, "boolean", Given::ahead));
    }

    /** What the credit lines of the invoices give back, by line, in the order in which it was written down. */
    public Map<Place, List<Given>> given(Collection<UUID> invoices) {
        return shares(
                """
                SELECT * FROM invoice_line_credits WHERE tenant_id = ? AND invoice_id = ANY (?)
                ORDER BY invoice_id, position, ordinal""",
                invoices,
                row -> new Given(
                        place(row),
                        row.getInt("ordinal"),
                        new Place(row.getObject("charge_invoice_id", UUID.class), row.getInt("charge_position")),
                        row.getLong("cents"),
                        row.getLong("discount_cents"),
                        row.getBoolean("ahead")));
    }

    /** The discounts, in the order of their ids, and taxes of the invoices' lines, one entry for each line. */
    public Map<UUID, List<InvoicedLine>> amountsOf(Map<UUID, List<InvoiceLine>> lines) {
        Map<Place, List<InvoicedLine.DiscountShare>> discounts = new HashMap<>();
        Map<Place, List<InvoicedLine.TaxShare>> taxes = new HashMap<>();
        Sql.Array invoices = new Sql.Array("uuid", lines.keySet().toArray());
        sql.query(
                """
                SELECT invoice_id, position, 0 AS ordinal, discount_id::text AS what, NULL::numeric AS percent,
                    NULL::boolean AS inclusive, cents
                FROM invoice_line_discounts WHERE tenant_id = ? AND invoice_id = ANY (?)
                UNION ALL
                SELECT invoice_id, position, ordinal, code, percent, inclusive, cents
                FROM invoice_line_taxes WHERE tenant_id = ? AND invoice_id = ANY (?)
                ORDER BY invoice_id, position, ordinal, what""",
                row -> {
                    Place place = place(row);
                    String what = row.getString("what");
                    BigDecimal percent = row.getBigDecimal("percent");
                    long cents = row.getLong("cents");
                    return percent == null
                            ? add(discounts, place, new InvoicedLine.DiscountShare(what, cents))
                            : add(
                                    taxes,
                                    place,
                                    new InvoicedLine.TaxShare(
                                            new Tax(what, percent, row.getBoolean("inclusive")), cents));
                },
                Caller.currentTenant(),
                invoices,
                Caller.currentTenant(),
                invoices);
        Map<UUID, List<InvoicedLine>> amounts = new HashMap<>();
        lines.forEach((invoice, ofInvoice) -> {
            List<InvoicedLine> all = new ArrayList<>();
            for (int position = 1; position <= ofInvoice.size(); position++) {
                Place place = new Place(invoice, position);
                all.add(new InvoicedLine(
                        String.valueOf(position),
                        ofInvoice.get(position - 1).amountCents(),
                        discounts.getOrDefault(place, List.of()),
                        taxes.getOrDefault(place, List.of())));
            }
            amounts.put(invoice, List.copyOf(all));
        });
        return amounts;
    }

    private static <T> boolean add(Map<Place, List<T>> shares, Place place, T share) {
        return shares.computeIfAbsent(place, none -> new ArrayList<>()).add(share);
    }

    private <T> Map<Place, List<T>> shares(String statement, Collection<UUID> invoices, Sql.RowReader<T> reader) {
        Map<Place, List<T>> shares = new HashMap<>();
        sql.query(
                        statement,
                        row -> Map.entry(place(row), reader.read(row)),
                        Caller.currentTenant(),
                        new Sql.Array("uuid", invoices.toArray()))
                .forEach(entry -> shares.computeIfAbsent(entry.getKey(), place -> new ArrayList<>())
                        .add(entry.getValue()));
        return shares;
    }

    private static Place place(ResultSet row) throws SQLException {
        return new Place(row.getObject("invoice_id", UUID.class), row.getInt("position"));
    }

    /** The lines of the invoices, in their order. */
    public Map<UUID, List<InvoiceLine>> of(Collection<UUID> invoices) {
        Map<UUID, List<InvoiceLine>> lines = new HashMap<>();
        sql.query(
                        """
                        SELECT * FROM invoice_lines WHERE tenant_id = ? AND invoice_id = ANY (?)
                        ORDER BY invoice_id, position""",
                        row -> Map.entry(
                                row.getObject("invoice_id", UUID.class),
                                new InvoiceLine(
                                        InvoiceLine.Kind.of(row.getString("kind")),
                                        row.getString("description"),
                                        row.getString("meter"),
                                        row.getString("plan"),
                                        Sql.plain(row.getBigDecimal("quantity")),
                                        Sql.plain(row.getBigDecimal("unit_price")),
                                        row.getLong("amount_cents"),
                                        new Period(Sql.instant(row, "period_start"), Sql.instant(row, "period_end")),
                                        row.getBoolean("proration"))),
                        Caller.currentTenant(),
                        new Sql.Array("uuid", invoices.toArray()))
                .forEach(entry -> lines.computeIfAbsent(entry.getKey(), id -> new ArrayList<>())
                        .add(entry.getValue()));
        return lines;
    }

    /**
     * By meter, or the empty text for a commitment: what the lines of the usage month add up to, on whatever invoice they
     * stand. A void one counts too: its period is not charged again (INV-20).
     */
    public Map<String, Long> invoicedCents(UUID subscription, Period month) {
        return centsOfMonth("""
                SELECT coalesce(l.meter, '') AS meter, sum(l.amount_cents) AS cents FROM invoice_lines l
                JOIN invoices i ON i.tenant_id = l.tenant_id AND i.id = l.invoice_id
                WHERE l.tenant_id = ? AND i.subscription_id = ?
                  AND (l.meter IS NOT NULL OR l.kind IN ('commitment', 'adjustment'))
                  AND l.period_start >= ? AND l.period_start < ?
                GROUP BY 1""", subscription, month);
    }

    /** By meter: what of {@link #invoicedCents} is not owed any more, by credit notes and void invoices. */
    public Map<String, Long> creditedCents(UUID subscription, Period month) {
        return centsOfMonth("""
                SELECT coalesce(l.meter, '') AS meter, sum(CASE WHEN i.status = 'void' THEN l.amount_cents ELSE (
                        SELECT coalesce(sum(c.amount_cents), 0) FROM credit_note_lines c
                        WHERE c.tenant_id = l.tenant_id AND c.invoice_id = l.invoice_id AND c.position = l.position) END)
                    AS cents
                FROM invoice_lines l JOIN invoices i ON i.tenant_id = l.tenant_id AND i.id = l.invoice_id
                WHERE l.tenant_id = ? AND i.subscription_id = ?
                  AND (l.meter IS NOT NULL OR l.kind IN ('commitment', 'adjustment'))
                  AND l.period_start >= ? AND l.period_start < ?
                GROUP BY 1""", subscription, month);
    }

    private Map<String, Long> centsOfMonth(String statement, UUID subscription, Period month) {
        Map<String, Long> cents = new HashMap<>();
        sql.query(
                        statement,
                        row -> Map.entry(row.getString("meter"), row.getLong("cents")),
                        Caller.currentTenant(),
                        subscription,
                        month.start(),
                        month.end())
                .forEach(entry -> cents.put(entry.getKey(), entry.getValue()));
        return cents;
    }
}
