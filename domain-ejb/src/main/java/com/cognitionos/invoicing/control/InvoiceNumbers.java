package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;

/** Gives the numbers (INV-3). */
@ApplicationScoped
public class InvoiceNumbers {

    @Inject
    private Sql sql;

    /**
     * The next number of its series and year. The counter's row stays locked until the transaction ends, so a number is
     * either on a committed invoice or comes again: take it last.
     */
    public String next(boolean testMode, Instant finalizedAt) {
        long number = sql.queryOne("""
                        INSERT INTO invoice_numbers AS n (seller, series, year, last) VALUES (?, ?, ?, 1)
                        ON CONFLICT (seller, series, year) DO UPDATE SET last = n.last + 1 RETURNING last""", row -> row.getLong("last"), Invoice.SELLER, series(testMode), year(finalizedAt))
                .orElseThrow();
        return number(testMode, finalizedAt, number);
    }

    /** How the invoice of that place in its series and year is written, from 1. */
    public static String number(boolean testMode, Instant finalizedAt, long place) {
        return String.format(Locale.ROOT, "%s-%04d-%06d", series(testMode), year(finalizedAt), place);
    }

    private static String series(boolean testMode) {
        return testMode ? "TEST" : "INV";
    }

    private static int year(Instant finalizedAt) {
        return finalizedAt.atZone(ZoneOffset.UTC).getYear();
    }
}
