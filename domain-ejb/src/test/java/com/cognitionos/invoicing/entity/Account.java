package com.cognitionos.invoicing.entity;

import com.cognitionos.invoicing.entity.Invoiced.Given;
import com.cognitionos.invoicing.entity.Invoiced.Place;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.rating.entity.CreditableInvoice;
import com.cognitionos.rating.entity.CustomerBalance;
import com.cognitionos.rating.entity.Discount;
import com.cognitionos.rating.entity.InvoiceAmounts;
import com.cognitionos.rating.entity.InvoiceDraft;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.PrepaidCredit;
import com.cognitionos.rating.entity.Taxes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * To whom a life is invoiced, as the product does it around its pure functions: what is given back is cut to what notes
 * left, coupons and credits are used up, and notes and withdrawals change what has been invoiced.
 */
final class Account {

    private final List<Discount> coupons;
    private final Map<String, Instant> lastPeriods = new HashMap<>();
    private final Taxes.InForce taxes;
    private final long minimumCents;
    private final boolean pays;
    private final List<Document> documents = new ArrayList<>();
    private List<PrepaidCredit> prepaid;
    private CustomerBalance balance = CustomerBalance.ZERO;
    private final Map<Place, List<Given>> given = new HashMap<>();

    /** @param pays whether an invoice is paid at once; else it stays open */
    Account(List<Discount> coupons, Taxes.InForce taxes, PrepaidCredit prepaid, long minimumCents, boolean pays) {
        this.coupons = new ArrayList<>(coupons);
        this.taxes = taxes;
        this.prepaid = List.of(prepaid);
        this.minimumCents = minimumCents;
        this.pays = pays;
    }

    /** An invoice, with what became of it. */
    static final class Document {
        private final UUID id;
        private final List<InvoiceLine> lines;
        private final InvoiceDraft draft;
        private final InvoiceAmounts amounts;
        private final List<CreditNoteAmounts> notes = new ArrayList<>();
        private boolean isVoid;

        private Document(UUID id, List<InvoiceLine> lines, InvoiceDraft draft) {
            this.id = id;
            this.lines = lines;
            this.draft = draft;
            this.amounts = InvoiceAmounts.of(draft);
        }

        List<InvoiceLine> lines() {
            return lines;
        }

        InvoiceDraft draft() {
            return draft;
        }

        InvoiceAmounts amounts() {
            return amounts;
        }

        boolean isVoid() {
            return isVoid;
        }

        List<CreditNoteAmounts> notes() {
            return notes;
        }

        long dueCents() {
            return amounts.amountDueCents()
                    - notes.stream()
                            .mapToLong(CreditNoteAmounts::reducedDueCents)
                            .sum();
        }

        private long refundedCents() {
            return notes.stream().mapToLong(CreditNoteAmounts::refundCents).sum();
        }

        private List<CreditedLine> noted(int position) {
            return notes.stream()
                    .flatMap(note -> note.lines().stream())
                    .filter(line -> line.lineId().equals(String.valueOf(position)))
                    .toList();
        }

        private List<Invoiced> invoiced(Map<Place, List<Given>> given) {
            List<Invoiced> invoiced = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                Place place = new Place(id, i + 1);
                invoiced.add(new Invoiced(
                        place,
                        lines.get(i),
                        amounts.lines().get(i),
                        isVoid,
                        notes.isEmpty() ? List.of() : noted(i + 1),
                        given.getOrDefault(place, List.of())));
            }
            return invoiced;
        }
    }

    List<Document> documents() {
        return documents;
    }

    CustomerBalance balance() {
        return balance;
    }

    List<Invoiced> invoiced() {
        return documents.stream().flatMap(one -> one.invoiced(given).stream()).toList();
    }

    /** @param running start of the period that is running */
    void invoice(Instant at, List<InvoiceLine> due, Instant running, boolean last) {
        List<InvoiceLine> lines = CreditedCharges.capped(invoiced(), due);
        if (lines.stream().allMatch(line -> line.amountCents() == 0)) {
            return;
        }
        UUID id = new UUID(1, documents.size());
        CreditedCharges.Draft drafted = CreditedCharges.draft(invoiced(), lines, "services");
        Document document = new Document(id, lines, draft(at, drafted.lines(), lines, running, last));
        documents.add(document);
        drafted.given().stream()
                .map(one -> one.of(id))
                .forEach(one -> given.computeIfAbsent(one.credit(), place -> new ArrayList<>())
                        .add(one));
        InvoiceAmounts amounts = document.amounts();
        Instant period = InvoiceCalculator.billingPeriod(lines, running);
        coupons.clear();
        for (InvoiceAmounts.DiscountAmount discount : amounts.discounts()) {
            coupons.add(discount.after());
            if (discount.after().state().usedThisPeriod()) {
                lastPeriods.put(discount.after().id(), period);
            }
        }
        Map<String, Long> used = new HashMap<>();
        amounts.creditsApplied().forEach(use -> used.put(use.creditId(), use.cents()));
        prepaid = prepaid.stream()
                .map(credit -> worth(credit, credit.remainingCents() - used.getOrDefault(credit.id(), 0L)))
                .toList();
        balance = amounts.newBalance();
    }

    private InvoiceDraft draft(
            Instant at, List<InvoiceDraft.Line> drafted, List<InvoiceLine> lines, Instant running, boolean last) {
        Instant period = InvoiceCalculator.billingPeriod(lines, running);
        List<Discount> discounts =
                coupons.stream().map(coupon -> inPeriod(coupon, period)).toList();
        return new InvoiceDraft("USD", drafted, discounts, taxes, prepaid, balance, last ? 0 : minimumCents, at);
    }

    private Discount inPeriod(Discount coupon, Instant period) {
        Discount.State state = new Discount.State(
                coupon.state().periodsUsed(),
                period.equals(lastPeriods.get(coupon.id())),
                coupon.state().carriedCents());
        return new Discount(
                coupon.id(),
                coupon.effect(),
                coupon.duration(),
                coupon.scope(),
                coupon.priority(),
                coupon.keepsRest(),
                state);
    }

    private static PrepaidCredit worth(PrepaidCredit credit, long cents) {
        return new PrepaidCredit(credit.id(), cents, credit.expiresAt(), credit.priority(), credit.grantedAt());
    }

    /** All that is left of an invoice, or a part of a line of it, as the number says; nothing where that is refused. */
    void credit(int which) {
        if (documents.isEmpty()) {
            return;
        }
        Document document = documents.get(documents.size() - 1 - which % documents.size());
        CreditableInvoice creditable = creditable(document);
        Payout payout = which % 5 == 0 ? Payout.REFUND : Payout.BALANCE;
        if (document.isVoid || creditable.lines().isEmpty()) {
            return;
        }
        if (which % 3 == 0) {
            creditInFull(document);
            return;
        }
        InvoicedLine line =
                creditable.lines().get(which / 7 % creditable.lines().size());
        long left = creditable.leftCents(line.id());
        long wanted = left == 0 ? 0 : Long.signum(left) * (1 + (Math.abs(left) - 1) * (which % 100) / 100);
        try {
            enter(document, creditable.credit(Map.of(line.id(), wanted), payout));
        } catch (IllegalArgumentException refused) {
            // Nothing, or less than nothing, is left of it.
        }
    }

    /** @return whether anything was left */
    boolean creditInFull(Document document) {
        try {
            CreditNoteAmounts note = creditable(document).creditInFull(Payout.BALANCE);
            enter(document, note);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    CreditableInvoice creditable(Document document) {
        List<InvoicedLine> lines = document.amounts.lines().stream()
                .filter(line -> line.cents() != 0)
                .toList();
        List<CreditedLine> earlier = new ArrayList<>();
        document.notes.forEach(note -> earlier.addAll(note.lines()));
        earlier.addAll(givenBack(document));
        long paid = pays ? document.dueCents() : 0;
        return new CreditableInvoice(
                lines, earlier, document.dueCents() - paid, Math.max(0, paid - document.refundedCents()));
    }

    private List<CreditedLine> givenBack(Document document) {
        List<CreditedLine> given = new ArrayList<>();
        CreditedCharges.givenBack(invoiced()).forEach((charge, ofCharge) -> {
            if (charge.invoice().equals(document.id)) {
                given.addAll(ofCharge);
            }
        });
        return given;
    }

    private void enter(Document document, CreditNoteAmounts note) {
        document.notes.add(note);
        balance = balance.credited(note.toBalanceCents());
    }

    /** An open invoice of which nothing is settled. */
    void makeVoid(int which) {
        if (documents.isEmpty()) {
            return;
        }
        Document document = documents.get(documents.size() - 1 - which % documents.size());
        boolean open = !pays && !document.isVoid && document.amounts.amountDueCents() > 0;
        if (!open
                || !document.notes.isEmpty()
                || !document.amounts.creditsApplied().isEmpty()
                || CreditedCharges.isGivenBackElsewhere(document.id, invoiced())) {
            return;
        }
        document.isVoid = true;
        balance = balance.credited(document.amounts.balanceAppliedCents());
    }
}
