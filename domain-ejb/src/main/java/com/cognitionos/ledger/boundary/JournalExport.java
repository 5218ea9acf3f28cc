package com.cognitionos.ledger.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Csv;
import com.cognitionos.ledger.entity.Posting;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The journal to take away, oldest transaction first, a line an entry; read a portion at a time (LED-9). */
@ApplicationScoped
public class JournalExport {

    /** New columns only come at the end. */
    public static final List<String> COLUMNS = List.of(
            "transaction_id",
            "posted_at",
            "tenant_id",
            "tenant_name",
            "test_mode",
            "kind",
            "description",
            "reference_kind",
            "reference_id",
            "reference_line",
            "account",
            "currency",
            "debit",
            "credit",
            "debit_cents",
            "credit_cents",
            "reference_number");

    @EJB
    private Ledger ledger;

    /** For the present caller. The first portion is read at once, so that a failure can still be told. */
    public Csv.Content of(Ledger.Wanted wanted) {
        Caller caller = Caller.current();
        List<Ledger.Transaction> first = ledger.next(wanted, null);
        return out -> {
            out.write(Csv.header(COLUMNS));
            List<Ledger.Transaction> portion = first;
            while (!portion.isEmpty()) {
                for (Ledger.Transaction transaction : portion) {
                    for (Posting.Entry entry : transaction.entries()) {
                        out.write(line(transaction, entry));
                    }
                }
                Ledger.Transaction last = portion.get(portion.size() - 1);
                portion = caller.call(() -> ledger.next(wanted, last));
            }
        };
    }

    private static String line(Ledger.Transaction transaction, Posting.Entry entry) {
        return new Csv.Line()
                .text(transaction.id())
                .text(transaction.at())
                .text(transaction.tenant())
                .text(transaction.tenantName())
                .text(transaction.testMode())
                .text(transaction.kind().code())
                .text(transaction.description())
                .text(transaction.kind().referenceKind())
                .text(transaction.reference())
                .number(transaction.line())
                .text(entry.account().code())
                .text(transaction.currency())
                .amount(entry.debitCents(), transaction.currency())
                .amount(entry.creditCents(), transaction.currency())
                .number(entry.debitCents())
                .number(entry.creditCents())
                .text(transaction.referenceNumber())
                .toString();
    }
}
