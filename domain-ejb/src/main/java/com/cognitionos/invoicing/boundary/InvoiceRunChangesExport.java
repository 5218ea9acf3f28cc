package com.cognitionos.invoicing.boundary;

import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Change;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Wanted;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Csv;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a run invoices otherwise than an earlier one, to take away; read a portion at a time (INV-27). */
@ApplicationScoped
public class InvoiceRunChangesExport {

    /** New columns only come at the end. */
    public static final List<String> COLUMNS = List.of(
            "tenant_id",
            "tenant_name",
            "tenant_slug",
            "kind",
            "currency",
            "before",
            "now",
            "change",
            "change_percent",
            "before_invoices",
            "invoices",
            "before_cents",
            "amount_cents",
            "change_cents");

    @EJB
    private InvoiceRunChanges changes;

    /** For the present caller. The first portion is read at once, so that a failure can still be told. */
    public Csv.Content of(UUID run, @Nullable UUID against, Wanted wanted) {
        Caller caller = Caller.current();
        List<Change> first = changes.next(run, against, wanted, null);
        return out -> {
            out.write(Csv.header(COLUMNS));
            List<Change> portion = first;
            while (!portion.isEmpty()) {
                for (Change change : portion) {
                    out.write(line(change));
                }
                Change last = portion.get(portion.size() - 1);
                portion = caller.call(() -> changes.next(run, against, wanted, last));
            }
        };
    }

    private static String line(Change change) {
        String currency = change.currency();
        return new Csv.Line()
                .text(change.tenant())
                .text(change.name())
                .text(change.slug())
                .text(change.kind().code())
                .text(currency)
                .amount(change.beforeCents(), currency)
                .amount(change.cents(), currency)
                .amount(change.changeCents(), currency)
                .number(change.changePercent())
                .number(change.beforeInvoices())
                .number(change.invoices())
                .number(change.beforeCents())
                .number(change.cents())
                .number(change.changeCents())
                .toString();
    }
}
