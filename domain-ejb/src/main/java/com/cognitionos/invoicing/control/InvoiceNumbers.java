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

    /** What is numbered; each kind has a series of its own, and test tenants another. */
    public enum Series {
        INVOICE("INV", "TEST"),
        CREDIT_NOTE("CN", "TEST-CN");

        private final String live;
        private final String test;

        Series(String live, String test) {
            this.live = live;
            this.test = test;
        }

        String name(boolean testMode) {
            return testMode ? test : live;
        }
    }

    @Inject
    private Sql sql;

    /**
     * The next number of its series and year. The counter's row stays locked until the transaction ends, so a number is
     * either on a committed document or comes again: take it last.
     */
    public String next(Series of, boolean testMode, Instant finalizedAt) {
        long number = sql.queryOne(
                        """
                        INSERT INTO invoice_numbers AS n (seller, series, year, last) VALUES (?, ?, ?, 1)
                        ON CONFLICT (seller, series, year) DO UPDATE SET last = n.last + 1 RETURNING last""", row -> row.getLong("last"), Invoice.SELLER, of.name(testMode), year(finalizedAt))
                .orElseThrow();
        return number(of, testMode, finalizedAt, number);
    }

    /** How the document of that place in its series and year is written, from 1. */
    public static String number(Series of, boolean testMode, Instant finalizedAt, long place) {
        return String.format(Locale.ROOT, "%s-%04d-%06d", of.name(testMode), year(finalizedAt), place);
    }

    private static int year(Instant finalizedAt) {
        return finalizedAt.atZone(ZoneOffset.UTC).getYear();
    }
}
