package com.cognitionos.invoicing.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.invoicing.control.CreditNoteDocument;
import com.cognitionos.invoicing.control.CreditNoteRecords;
import com.cognitionos.invoicing.control.CreditedSoFar;
import com.cognitionos.invoicing.control.DocumentArchive;
import com.cognitionos.invoicing.control.InvoiceLines;
import com.cognitionos.invoicing.control.InvoiceNumbers;
import com.cognitionos.invoicing.control.RevenueReversal;
import com.cognitionos.invoicing.control.SellerRecords;
import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.CreditNote;
import com.cognitionos.invoicing.entity.CreditNoteNews;
import com.cognitionos.invoicing.entity.DocumentFile;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.CreditNoteAmounts.ExceedsRest;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.rating.entity.CreditableInvoice;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is taken off finalised invoices of the caller's tenant (INV-17 to INV-19). */
@Stateless
@TenantWall
public class CreditNotes {

    public static final int MAX_REASON_LENGTH = 500;

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private BusinessClock clock;

    @Inject
    private CreditNoteRecords records;

    @Inject
    private CreditedSoFar creditedSoFar;

    @Inject
    private InvoiceLines invoiceLines;

    @Inject
    private InvoiceNumbers numbers;

    @Inject
    private DocumentArchive archive;

    @Inject
    private SellerRecords sellers;

    @Inject
    private RevenueReversal revenue;

    @Inject
    private AuditLog audit;

    @Inject
    private Events events;

    @EJB
    private Plans plans;

    @EJB
    private Tenants tenants;

    @EJB
    private Ledger ledger;

    @EJB
    private CustomerBalance balance;

    /**
     * What is to be credited of a line.
     *
     * @param position on the invoice, from 1
     * @param cents before discounts and exclusive taxes, with the sign of the line
     */
    public record Wanted(int position, long cents) {}

    /** Newest first. @param invoice whose notes are wanted; null for all */
    public Page<CreditNoteView> list(@Nullable UUID invoice, Page.Request page) {
        Page<CreditNote> notes = records.list(invoice, page);
        return new Page<>(views(notes.items()), notes.total(), notes.page(), notes.pageSize());
    }

    /** Of one invoice, oldest first. */
    public List<CreditNoteView> of(UUID invoice) {
        return views(records.of(List.of(invoice)));
    }

    /** @throws Problem NOT_FOUND */
    public CreditNoteView get(UUID id) {
        return views(List.of(records.find(id).orElseThrow(() -> Problem.notFound("credit note"))))
                .get(0);
    }

    /**
     * A note as a document; the same bytes each time (INV-11).
     *
     * @throws Problem NOT_FOUND, CONFLICT where the kind has no place for what the note says
     */
    public DocumentFile document(UUID id, DocumentKind kind) {
        CreditNoteView view = get(id);
        CreditNote note = view.note();
        return archive.file(id, note.invoiceId(), note.number(), kind, () -> said(view));
    }

    /** Whether there is XML of a note. */
    public boolean hasXml(CreditNoteView view) {
        return archive.withoutXml(view.note().id(), () -> said(view)).isEmpty();
    }

    private BillingDocument said(CreditNoteView view) {
        Map<String, String> units = plans.meters().stream().collect(Collectors.toMap(Meter::code, Meter::unit));
        return CreditNoteDocument.of(
                view,
                sellers.ofCreditNote(Caller.currentTenant(), view.note().id()),
                units,
                ZoneId.of(tenants.current().timeZone()));
    }

    /**
     * What may still be credited of an invoice.
     *
     * @param leftCents with taxes; 0 where nothing can be credited
     * @param lines those of which something is left, in the order of the invoice
     */
    public record Creditable(String currency, long leftCents, List<LineLeft> lines) {
        public Creditable {
            lines = List.copyOf(lines);
        }
    }

    /**
     * @param position on the invoice, from 1
     * @param leftCents before discounts and exclusive taxes, with the sign of the line
     */
    public record LineLeft(int position, InvoiceLine line, long leftCents) {}

    /** @throws Problem NOT_FOUND */
    public Creditable creditable(UUID invoiceId) {
        Invoice invoice = found(entities.find(Invoice.class, invoiceId));
        List<InvoiceLine> lines = linesOf(invoiceId);
        if (!isOpenOrPaid(invoice)) {
            return new Creditable(invoice.currency(), 0, List.of());
        }
        CreditableInvoice creditable = creditable(invoice, lines);
        List<LineLeft> left = creditable.lines().stream()
                .filter(line -> creditable.leftCents(line.id()) != 0)
                .map(line -> {
                    int position = Integer.parseInt(line.id());
                    return new LineLeft(position, lines.get(position - 1), creditable.leftCents(line.id()));
                })
                .toList();
        return new Creditable(invoice.currency(), creditable.leftCents(), left);
    }

    /**
     * What {@link #issue} would credit, to the cent; nothing is done.
     *
     * @param wanted null for all that is left of every line
     * @throws Problem as {@link #issue}
     */
    public CreditNoteAmounts estimate(UUID invoiceId, @Nullable List<Wanted> wanted, Payout payout) {
        Invoice invoice = found(entities.find(Invoice.class, invoiceId));
        requireCreditable(invoice);
        return amounts(invoice, linesOf(invoiceId), wanted, payout);
    }

    /**
     * Issues a note. What is unpaid of the invoice is reduced first; the rest goes to the balance or back to where it was
     * paid from. A payment of the invoice must not be under way, and a refund is for the caller to make.
     *
     * @param wanted null for all that is left of every line
     * @throws Problem NOT_FOUND, CONFLICT unless the invoice is open or paid, INVALID where it is more than is left
     */
    public CreditNoteView issue(UUID invoiceId, @Nullable List<Wanted> wanted, String reason, Payout payout) {
        if (reason.isBlank() || reason.length() > MAX_REASON_LENGTH) {
            throw Problem.invalid("reason", "length", "reason must have 1 to " + MAX_REASON_LENGTH + " characters");
        }
        Invoice invoice = locked(invoiceId);
        requireCreditable(invoice);
        List<InvoiceLine> lines = linesOf(invoiceId);
        CreditNoteAmounts amounts = amounts(invoice, lines, wanted, payout);
        boolean testMode = tenants.current().testMode();
        Instant now = clock.now(Caller.currentTenant());
        boolean unpaid = invoice.status() == Invoice.Status.OPEN;
        invoice.credit(amounts.reducedDueCents(), now);
        entities.flush();
        if (amounts.toBalanceCents() != 0) {
            balance.locked(invoice.currency());
        }
        CreditNote note = new CreditNote(
                Ids.next(),
                invoice.tenantId(),
                invoiceId,
                numbers.next(InvoiceNumbers.Series.CREDIT_NOTE, testMode, now),
                invoice.currency(),
                reason.strip(),
                now,
                amounts);
        records.add(note, invoice.seller(), sellers.present().version());
        if (amounts.toBalanceCents() != 0) {
            balance.enter(invoice.currency(), amounts.toBalanceCents(), invoiceId, note.id(), now);
        }
        Posting.Draft movements = movements(invoiceId, amounts, now);
        if (!movements.isEmpty()) {
            ledger.post(movements
                    .as(Posting.Kind.CREDIT_NOTE_ISSUED, note.id(), invoice.currency(), testMode, now)
                    .describedAs("Credit note " + note.number() + " for invoice " + invoice.number()));
        }
        audit.record(
                "credit_note.issued",
                note.id().toString(),
                null,
                Map.of(
                        "number", note.number(),
                        "invoice_id", invoiceId,
                        "total_cents", amounts.totalCents(),
                        "reduced_due_cents", amounts.reducedDueCents(),
                        "refund_cents", amounts.refundCents(),
                        "to_balance_cents", amounts.toBalanceCents(),
                        "currency", note.currency(),
                        "reason", note.reason()));
        events.publish(EventType.CREDIT_NOTE_ISSUED, () -> CreditNoteNews.of(note, String.valueOf(invoice.number())));
        if (unpaid && invoice.status() == Invoice.Status.PAID) {
            events.publish(EventType.INVOICE_PAID, () -> InvoiceView.newsOf(invoice));
        }
        return view(note, invoice, lines);
    }

    /** For payment: the money of a note's refund has gone out, or the provider keeps it and the balance gets it. */
    public void refunded(UUID noteId, UUID refund, boolean succeeded) {
        CreditNote note = records.find(noteId).orElseThrow(() -> Problem.notFound("credit note"));
        long cents = note.amounts().refundCents();
        Instant now = clock.now(Caller.currentTenant());
        if (!succeeded) {
            balance.enter(note.currency(), cents, note.invoiceId(), noteId, now);
        }
        ledger.post(new Posting.Draft()
                .debit(Account.REFUNDS, cents)
                .credit(succeeded ? Account.CASH : Account.CUSTOMER_CREDIT, cents)
                .as(
                        succeeded ? Posting.Kind.REFUND_SUCCEEDED : Posting.Kind.REFUND_FAILED,
                        refund,
                        note.currency(),
                        tenants.current().testMode(),
                        now)
                .describedAs(
                        (succeeded ? "Refund of credit note " : "Refused refund of credit note ") + note.number()));
    }

    /** For payment: a note's refund came back after all, and the balance gets it. @return how much that is */
    public long kept(UUID noteId) {
        CreditNote note = records.find(noteId).orElseThrow(() -> Problem.notFound("credit note"));
        long cents = note.amounts().refundCents();
        balance.enter(note.currency(), cents, note.invoiceId(), noteId, clock.now(Caller.currentTenant()));
        return cents;
    }

    private static void requireCreditable(Invoice invoice) {
        if (!isOpenOrPaid(invoice)) {
            throw Problem.conflict(
                    "wrong_state",
                    "Only an open or a paid invoice can be credited; this one is "
                            + invoice.status().code() + ".");
        }
    }

    private static boolean isOpenOrPaid(Invoice invoice) {
        return invoice.status() == Invoice.Status.OPEN || invoice.status() == Invoice.Status.PAID;
    }

    private CreditableInvoice creditable(Invoice invoice, List<InvoiceLine> lines) {
        List<InvoicedLine> charged = invoiceLines.amountsOf(Map.of(invoice.id(), lines)).values().stream()
                .flatMap(List::stream)
                .filter(line -> isCreditable(lines.get(Integer.parseInt(line.id()) - 1)))
                .toList();
        long refunded = records.of(List.of(invoice.id())).stream()
                .mapToLong(note -> note.amounts().refundCents())
                .sum();
        return new CreditableInvoice(
                charged, creditedSoFar.of(invoice), invoice.amountDueCents(), invoice.amountPaidCents() - refunded);
    }

    private CreditNoteAmounts amounts(
            Invoice invoice, List<InvoiceLine> lines, @Nullable List<Wanted> wanted, Payout payout) {
        CreditableInvoice creditable = creditable(invoice, lines);
        try {
            return wanted == null
                    ? creditable.creditInFull(payout)
                    : creditable.credit(checked(creditable, lines, wanted), payout);
        } catch (ExceedsRest e) {
            throw exceeds(e, wanted == null ? List.of() : wanted);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("lines", "not_a_credit", "a credit note cannot charge more than it credits");
        }
    }

    private static Map<String, Long> checked(
            CreditableInvoice creditable, List<InvoiceLine> lines, List<Wanted> wanted) {
        if (wanted.isEmpty()) {
            throw Problem.invalid("lines", "required", "name a line, or leave lines out to credit all that is left");
        }
        Map<String, Long> byLine = new LinkedHashMap<>();
        Set<Integer> named = new HashSet<>();
        for (int i = 0; i < wanted.size(); i++) {
            int position = wanted.get(i).position();
            String place = "lines/" + i + "/position";
            if (position < 1 || position > lines.size()) {
                throw Problem.invalid(place, "unknown_line", "the invoice has lines 1 to " + lines.size());
            }
            if (!isCreditable(lines.get(position - 1))) {
                throw Problem.invalid(place, "not_creditable", "what went to the balance cannot be credited");
            }
            if (!named.add(position)) {
                throw Problem.invalid(place, "named_twice", "line " + position + " is named twice");
            }
            long cents = wanted.get(i).cents();
            long left = creditable.leftCents(String.valueOf(position));
            if (left != 0 && (cents == 0 || Long.signum(cents) != Long.signum(left))) {
                throw Problem.invalid(
                        "lines/" + i + "/amount_cents",
                        "wrong_sign",
                        "amount_cents must be from " + (left > 0 ? "1 to " + left : left + " to -1"));
            }
            byLine.put(String.valueOf(position), cents);
        }
        return byLine;
    }

    private static boolean isCreditable(InvoiceLine line) {
        return line.kind() != InvoiceLine.Kind.BALANCE && line.amountCents() != 0;
    }

    private static Problem exceeds(ExceedsRest e, List<Wanted> wanted) {
        String field = wanted.isEmpty() ? "/invoice_id" : "/lines";
        for (int i = 0; i < wanted.size(); i++) {
            if (String.valueOf(wanted.get(i).position()).equals(e.lineId())) {
                field = "/lines/" + i + "/amount_cents";
            }
        }
        String detail = (e.lineId() == null ? "Of the invoice " : "Of line " + e.lineId() + " ")
                + (e.leftCents() == 0 ? "nothing is" : e.leftCents() + " cents are") + " left to credit.";
        return new Problem(
                Problem.Kind.INVALID,
                "exceeds_invoice",
                detail,
                List.of(new Problem.FieldError(field, "exceeds_invoice", detail)));
    }

    private Posting.Draft movements(UUID invoice, CreditNoteAmounts amounts, Instant at) {
        Posting.Draft draft = new Posting.Draft();
        for (CreditedLine line : amounts.lines()) {
            revenue.debit(draft, invoice, Integer.parseInt(line.lineId()), line.netCents(), at);
        }
        return draft.debit(Account.TAX, amounts.taxCents())
                .credit(Account.RECEIVABLE, amounts.reducedDueCents())
                .credit(Account.REFUNDS, amounts.refundCents())
                .credit(Account.CUSTOMER_CREDIT, amounts.toBalanceCents());
    }

    private Invoice locked(UUID id) {
        Invoice invoice = found(entities.find(Invoice.class, id));
        creditedSoFar.lock(invoice.subscriptionId());
        entities.refresh(invoice, LockModeType.PESSIMISTIC_WRITE);
        return invoice;
    }

    private static Invoice found(@Nullable Invoice invoice) {
        if (invoice == null || !invoice.tenantId().equals(Caller.currentTenant())) {
            throw Problem.notFound("invoice");
        }
        return invoice;
    }

    private List<InvoiceLine> linesOf(UUID invoice) {
        return invoiceLines.of(List.of(invoice)).getOrDefault(invoice, List.of());
    }

    private List<CreditNoteView> views(List<CreditNote> notes) {
        List<UUID> invoices =
                notes.stream().map(CreditNote::invoiceId).distinct().toList();
        if (invoices.isEmpty()) {
            return List.of();
        }
        Map<UUID, List<InvoiceLine>> lines = invoiceLines.of(invoices);
        Map<UUID, Invoice> byId = entities.createQuery(
                        "SELECT i FROM Invoice i WHERE i.tenantId = :tenant AND i.id IN :ids", Invoice.class)
                .setParameter("tenant", Caller.currentTenant())
                .setParameter("ids", invoices)
                .getResultStream()
                .collect(Collectors.toMap(Invoice::id, Function.identity()));
        return notes.stream()
                .map(note -> view(
                        note,
                        Objects.requireNonNull(byId.get(note.invoiceId())),
                        lines.getOrDefault(note.invoiceId(), List.of())))
                .toList();
    }

    private static CreditNoteView view(CreditNote note, Invoice invoice, List<InvoiceLine> lines) {
        return new CreditNoteView(
                note,
                Objects.requireNonNull(invoice.number()),
                Objects.requireNonNull(invoice.finalizedAt()),
                invoice.buyer(),
                invoice.taxTreatment(),
                note.amounts().lines().stream()
                        .map(credited -> {
                            int position = Integer.parseInt(credited.lineId());
                            return new CreditNoteView.Line(position, lines.get(position - 1), credited);
                        })
                        .toList());
    }
}
