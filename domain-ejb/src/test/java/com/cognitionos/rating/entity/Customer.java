package com.cognitionos.rating.entity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whom the lines of a history are invoiced to, instant by instant: with coupons, tax, prepaid credits and a balance. */
public final class Customer {

    private final String currency;
    private final List<Charge> charges = new ArrayList<>();
    private final List<Document> documents = new ArrayList<>();
    private List<Discount> discounts = List.of();
    private Taxes.InForce taxes = Taxes.InForce.NONE;
    private List<PrepaidCredit> prepaid = List.of();
    private CustomerBalance balance = CustomerBalance.ZERO;
    private long minimumCents;
    private boolean adjusted;

    /** @param price what tells a charge from others of its plan; a credit has that of its charge */
    public record Item(String kind, String plan, String price, long cents, Period span) {}

    public record Document(Instant at, List<Item> items, CustomerBalance before, InvoiceAmounts amounts) {}

    /** A charge and what has been given back of it. */
    public record Charge(Item item, InvoicedLine line, List<CreditNoteAmounts.CreditedLine> credited) {

        long leftCents() {
            return line.cents() - Cents.sum(credited, CreditNoteAmounts.CreditedLine::cents);
        }

        /** @param adjusted whether notes took something of it off, so that a credit is cut to what they left */
        private boolean isCreditedBy(Item credit, boolean adjusted) {
            return item.plan().equals(credit.plan())
                    && item.price().equals(credit.price())
                    && !credit.span().start().isBefore(item.span().start())
                    && !credit.span().end().isAfter(item.span().end())
                    && leftCents() > 0
                    && (adjusted || leftCents() >= -credit.cents());
        }
    }

    private Customer(String currency) {
        this.currency = currency;
    }

    public static Customer payingIn(String currency) {
        return new Customer(currency);
    }

    public Customer with(Discount... redeemed) {
        discounts = List.of(redeemed);
        return this;
    }

    public Customer with(PrepaidCredit... granted) {
        prepaid = List.of(granted);
        return this;
    }

    public Customer taxedBy(TaxRate... rates) {
        taxes = new Taxes.InForce(Taxes.Treatment.STANDARD, List.of(rates));
        return this;
    }

    public Customer collectingFrom(long cents) {
        minimumCents = cents;
        return this;
    }

    /** Invoices all of a story up to a day. */
    Customer through(String day, Story story) {
        SortedMap<Instant, List<Item>> due = new TreeMap<>();
        for (Movement movement : story.movementsThrough(day)) {
            due.computeIfAbsent(movement.at(), none -> new ArrayList<>()).add(item(movement));
        }
        due.forEach(this::invoice);
        return this;
    }

    static Item item(Movement movement) {
        return new Item(
                "plan",
                movement.price().item(),
                movement.price() + " " + movement.reference(),
                movement.cents(),
                movement.span());
    }

    public Document invoice(Instant at, List<Item> items) {
        List<InvoiceDraft.Line> lines = new ArrayList<>();
        Map<Integer, Charge> credits = new HashMap<>();
        Map<Charge, List<CreditNoteAmounts.CreditedLine>> soFar = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            String id = at + " " + i;
            Charge charge = item.cents() < 0 ? chargeOf(item) : null;
            if (charge == null) {
                lines.add(new InvoiceDraft.Line(id, item.cents(), item.kind(), item.plan(), "standard", Map.of()));
                continue;
            }
            credits.put(i, charge);
            List<CreditNoteAmounts.CreditedLine> earlier =
                    soFar.computeIfAbsent(charge, one -> new ArrayList<>(one.credited()));
            InvoiceDraft.Line line = InvoiceDraft.Line.credit(
                    id, charge.line(), -item.cents(), earlier, item.kind(), item.plan(), "standard");
            earlier.add(new CreditNoteAmounts.CreditedLine(
                    charge.line().id(),
                    -line.cents(),
                    Cents.sum(line.takenBack().values()),
                    List.of()));
            lines.add(line);
        }
        InvoiceAmounts amounts = InvoiceAmounts.of(
                new InvoiceDraft(currency, lines, discounts, taxes, prepaid, balance, minimumCents, at));
        Document document = new Document(at, List.copyOf(items), balance, amounts);
        documents.add(document);
        for (int i = 0; i < items.size(); i++) {
            InvoicedLine line = amounts.lines().get(i);
            Charge charge = credits.get(i);
            if (charge != null) {
                charge.credited()
                        .add(CreditNoteAmounts.CreditedLine.byCreditLine(
                                charge.line().id(), line));
            } else if (line.cents() > 0) {
                charges.add(new Charge(items.get(i), line, new ArrayList<>()));
            }
        }
        discounts = amounts.discounts().stream()
                .map(InvoiceAmounts.DiscountAmount::after)
                .toList();
        use(amounts.creditsApplied());
        balance = amounts.newBalance();
        return document;
    }

    /** An amount given back of the only charge there is, to the balance, by a note. */
    Customer adjusted(long cents) {
        adjusted = true;
        Charge charge = charges.get(0);
        CreditNoteAmounts note = new CreditableInvoice(List.of(charge.line()), charge.credited(), 0, 0)
                .credit(Map.of(charge.line().id(), cents), CreditNoteAmounts.Payout.BALANCE);
        charge.credited().addAll(note.lines());
        balance = balance.credited(note.toBalanceCents());
        return this;
    }

    /** The next period of the subscription, as coupons count them. */
    public void beginPeriod() {
        discounts = discounts.stream().map(Discount::inNextPeriod).toList();
    }

    private void use(List<PrepaidCredit.Use> uses) {
        Map<String, Long> used = new HashMap<>();
        uses.forEach(use -> used.put(use.creditId(), use.cents()));
        prepaid = prepaid.stream()
                .map(credit -> new PrepaidCredit(
                        credit.id(),
                        credit.remainingCents() - used.getOrDefault(credit.id(), 0L),
                        credit.expiresAt(),
                        credit.priority(),
                        credit.grantedAt()))
                .toList();
    }

    /** Null where no one charge is that large: not invoiced yet, as one at the period's end, or usage of several invoices. */
    private @Nullable Charge chargeOf(Item credit) {
        return charges.stream()
                .filter(charge -> charge.isCreditedBy(credit, adjusted))
                .reduce((one, other) -> other)
                .orElse(null);
    }

    public List<Document> documents() {
        return List.copyOf(documents);
    }

    public List<Charge> charges() {
        return List.copyOf(charges);
    }

    public CustomerBalance balance() {
        return balance;
    }

    /** As {@code 2012-03-04 total 0 due 0 balance -23382}, in order. */
    List<String> told() {
        return documents.stream()
                .map(document -> document.at().toString().substring(0, 10) + " total "
                        + document.amounts().totalCents() + " due "
                        + document.amounts().amountDueCents() + " balance "
                        + document.amounts().newBalance().cents())
                .toList();
    }
}
