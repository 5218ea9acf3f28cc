package com.cognitionos.invoicing.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Csv;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement to take away: the opening balance, a line a movement, the closing balance; read a portion at a time. */
@ApplicationScoped
public class StatementExport {

    /** New columns only come at the end. */
    public static final List<String> COLUMNS = List.of(
            "at",
            "kind",
            "document",
            "description",
            "reference_kind",
            "reference_id",
            "currency",
            "amount",
            "balance",
            "amount_cents",
            "balance_cents");

    @EJB
    private Statements statements;

    /** For the present caller. The first portion is read at once, so that a failure can still be told. */
    public Csv.Content of(Statements.Extent extent) {
        Caller caller = Caller.current();
        long opening = statements.openingCents(extent);
        List<Statements.Movement> first = statements.next(extent, null, opening);
        return out -> {
            out.write(Csv.header(COLUMNS));
            out.write(balance("opening_balance", extent, extent.from(), opening));
            long balance = opening;
            List<Statements.Movement> portion = first;
            while (!portion.isEmpty()) {
                for (Statements.Movement movement : portion) {
                    out.write(line(extent, movement));
                }
                Statements.Movement last = portion.get(portion.size() - 1);
                balance = last.balanceCents();
                portion = caller.call(() -> statements.next(extent, last, last.balanceCents()));
            }
            out.write(balance("closing_balance", extent, extent.to(), balance));
        };
    }

    private static String line(Statements.Extent extent, Statements.Movement movement) {
        return new Csv.Line()
                .text(movement.at())
                .text(movement.kind().code())
                .text(movement.document())
                .text(movement.description())
                .text(movement.kind().referenceKind())
                .text(movement.reference())
                .text(extent.currency())
                .amount(movement.cents(), extent.currency())
                .amount(movement.balanceCents(), extent.currency())
                .number(movement.cents())
                .number(movement.balanceCents())
                .toString();
    }

    private static String balance(String kind, Statements.Extent extent, @Nullable Instant at, long cents) {
        return new Csv.Line()
                .text(at)
                .text(kind)
                .text(null)
                .text(null)
                .text(null)
                .text(null)
                .text(extent.currency())
                .text(null)
                .amount(cents, extent.currency())
                .number(null)
                .number(cents)
                .toString();
    }
}
