package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

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
        return next(of, testMode, finalizedAt, 1).get(0);
    }

    /** As above, the next {@code count} numbers, from 1, in their order. */
    public List<String> next(Series of, boolean testMode, Instant finalizedAt, int count) {
        long last = sql.queryOne(
                        """
                        INSERT INTO invoice_numbers AS n (seller, series, year, last) VALUES (?, ?, ?, ?)
                        ON CONFLICT (seller, series, year) DO UPDATE SET last = n.last + excluded.last RETURNING last""", row -> row.getLong("last"), Invoice.SELLER, of.name(testMode), year(finalizedAt), count)
                .orElseThrow();
        return LongStream.rangeClosed(last - count + 1, last)
                .mapToObj(place -> number(of, testMode, finalizedAt, place))
                .toList();
    }

    /** How the document of that place in its series and year is written, from 1. */
    public static String number(Series of, boolean testMode, Instant finalizedAt, long place) {
        return String.format(Locale.ROOT, "%s-%04d-%06d", of.name(testMode), year(finalizedAt), place);
    }

    private static int year(Instant finalizedAt) {
        return finalizedAt.atZone(ZoneOffset.UTC).getYear();
    }
}
