package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Words for the invoices of the tests. */
final class Drafting {

    static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private final List<InvoiceDraft.Line> lines = new ArrayList<>();
    private final List<Discount> discounts = new ArrayList<>();
    private final List<TaxRate> rates = new ArrayList<>();
    private final List<PrepaidCredit> credits = new ArrayList<>();
    private long balance;
    private long minimum;

    static Drafting draft() {
        return new Drafting();
    }

    static Tax exclusive(String code, String percent) {
        return new Tax(code, new BigDecimal(percent), false);
    }

    static Tax inclusive(String code, String percent) {
        return new Tax(code, new BigDecimal(percent), true);
    }

    static Discount percent(String id, String percent, Discount.Duration duration) {
        return Discount.of(id, new Discount.Percent(new BigDecimal(percent)), duration);
    }

    static Discount amount(String id, long cents, Discount.Duration duration) {
        return Discount.of(id, new Discount.Amount(cents, "EUR"), duration);
    }

    static InvoiceDraft.Line credit(String id, long cents, Map<String, Long> takenBack) {
        return new InvoiceDraft.Line(id, cents, "plan", "pro", "standard", takenBack);
    }

    Drafting charge(String id, long cents) {
        return charge(id, cents, "standard");
    }

    Drafting charge(String id, long cents, String category) {
        return line(InvoiceDraft.Line.charge(id, cents, "plan", "pro", category));
    }

    Drafting line(InvoiceDraft.Line line) {
        lines.add(line);
        return this;
    }

    Drafting lines(List<InvoiceDraft.Line> more) {
        lines.addAll(more);
        return this;
    }

    Drafting discount(Discount... more) {
        discounts.addAll(List.of(more));
        return this;
    }

    Drafting tax(Tax tax, String... categories) {
        rates.add(new TaxRate(tax, Jurisdiction.of("DE"), Set.of(categories), LocalDate.parse("2026-01-01"), null));
        return this;
    }

    Drafting prepaid(PrepaidCredit... more) {
        credits.addAll(List.of(more));
        return this;
    }

    Drafting balance(long cents) {
        balance = cents;
        return this;
    }

    Drafting minimum(long cents) {
        minimum = cents;
        return this;
    }

    InvoiceAmounts amounts() {
        return InvoiceAmounts.of(new InvoiceDraft(
                "EUR",
                lines,
                discounts,
                new Taxes.InForce(Taxes.Treatment.STANDARD, rates),
                credits,
                new CustomerBalance(balance),
                minimum,
                NOW));
    }
}
