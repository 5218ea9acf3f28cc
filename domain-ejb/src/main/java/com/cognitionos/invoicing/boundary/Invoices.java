package com.cognitionos.invoicing.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.coupon.boundary.Redemptions;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.invoicing.control.CreditedSoFar;
import com.cognitionos.invoicing.control.DocumentArchive;
import com.cognitionos.invoicing.control.DraftInvoice;
import com.cognitionos.invoicing.control.InvoiceDocument;
import com.cognitionos.invoicing.control.InvoiceLines;
import com.cognitionos.invoicing.control.RevenueReversal;
import com.cognitionos.invoicing.control.SellerRecords;
import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.DocumentFile;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The invoices of the caller's tenant. */
@Stateless
@TenantWall
public class Invoices {

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private BusinessClock clock;

    @Inject
    private InvoiceLines invoiceLines;

    @Inject
    private CreditedSoFar credited;

    @Inject
    private DraftInvoice draft;

    @Inject
    private DocumentArchive archive;

    @Inject
    private SellerRecords sellers;

    @Inject
    private Sql sql;

    @Inject
    private RevenueReversal revenue;

    @Inject
    private AuditLog audit;

    @Inject
    private Events events;

    @EJB
    private Ledger ledger;

    @EJB
    private CustomerBalance balance;

    @EJB
    private PrepaidCredits prepaid;

    @EJB
    private Redemptions redemptions;

    @EJB
    private Plans plans;

    @EJB
    private Tenants tenants;

    /** The draft of the running month, if there is one, then the finalised ones, newest first (INV-22). */
    public Page<InvoiceView> list(Page.Request page) {
        UUID tenant = Caller.currentTenant();
        Optional<InvoiceView> running = draft.current().map(Invoices::view);
        int ahead = running.isPresent() ? 1 : 0;
        boolean first = page.offset() == 0;
        List<InvoiceView> found = new ArrayList<>();
        if (first) {
            running.ifPresent(found::add);
        }
        int from = first ? 0 : page.offset() - ahead;
        int most = page.pageSize() - found.size();
        List<Invoice> made = most == 0
                ? List.of()
                : entities.createQuery(
                                "SELECT i FROM Invoice i WHERE i.tenantId = :tenant ORDER BY i.createdAt DESC, i.id DESC",
                                Invoice.class)
                        .setParameter("tenant", tenant)
                        .setFirstResult(from)
                        .setMaxResults(most)
                        .getResultList();
        found.addAll(views(made));
        boolean last = made.size() < most && (from == 0 || !made.isEmpty());
        return new Page<>(found, ahead + (last ? from + made.size() : count(tenant)), page.page(), page.pageSize());
    }

    private long count(UUID tenant) {
        return entities.createQuery("SELECT COUNT(i) FROM Invoice i WHERE i.tenantId = :tenant", Long.class)
                .setParameter("tenant", tenant)
                .getSingleResult();
    }

    /** The newest finalised one. */
    public Optional<InvoiceView> last() {
        return views(entities.createQuery(
                                "SELECT i FROM Invoice i WHERE i.tenantId = :tenant ORDER BY i.createdAt DESC, i.id DESC",
                                Invoice.class)
                        .setParameter("tenant", Caller.currentTenant())
                        .setMaxResults(1)
                        .getResultList())
                .stream()
                .findFirst();
    }

    /** A finalised one, or the draft of the running month. @throws Problem NOT_FOUND */
    public InvoiceView get(UUID id) {
        Invoice invoice = entities.find(Invoice.class, id);
        if (invoice != null && invoice.tenantId().equals(Caller.currentTenant())) {
            return views(List.of(invoice)).get(0);
        }
        return draft.current()
                .filter(running -> running.invoice().id().equals(id))
                .map(Invoices::view)
                .orElseThrow(() -> Problem.notFound("invoice"));
    }

    /** Who made the invoice out, as it was then; for a draft, who would now (INV-24). */
    public Seller seller(UUID id) {
        return sellers.ofInvoice(Caller.currentTenant(), id);
    }

    /**
     * The invoice as a document; the same bytes each time (INV-11).
     *
     * @throws Problem NOT_FOUND, CONFLICT for a draft, or where the kind has no place for what the invoice says
     */
    public DocumentFile document(UUID id, DocumentKind kind) {
        InvoiceView invoice = get(id);
        if (invoice.number() == null) {
            throw Problem.conflict("wrong_state", "A draft has no document yet.");
        }
        return archive.file(id, id, invoice.number(), kind, () -> said(invoice));
    }

    /** Why there is no XML of a finalised invoice, for people; empty where there is one. */
    public Optional<String> withoutXml(InvoiceView invoice) {
        return archive.withoutXml(invoice.id(), () -> said(invoice));
    }

    private BillingDocument said(InvoiceView invoice) {
        Map<String, String> units = plans.meters().stream().collect(Collectors.toMap(Meter::code, Meter::unit));
        return InvoiceDocument.of(
                invoice,
                seller(invoice.id()),
                units,
                ZoneId.of(tenants.current().timeZone()));
    }

    /** What is still to be paid, oldest first. */
    public List<UUID> open() {
        return sql.query(
                "SELECT id FROM invoices WHERE tenant_id = ? AND status = 'open' ORDER BY due_date, number",
                row -> row.getObject("id", UUID.class),
                Caller.currentTenant());
    }

    /** For payment: the money for all that is due has come in. */
    public void paid(UUID id, UUID payment, long cents, boolean testMode) {
        Invoice invoice = load(id, LockModeType.PESSIMISTIC_WRITE);
        Instant now = clock.now(Caller.currentTenant());
        boolean writtenOff = invoice.status() == Invoice.Status.UNCOLLECTIBLE;
        invoice.pay(cents, now);
        entities.flush();
        if (writtenOff) {
            ledger.post(new Posting.Draft()
                    .debit(Account.RECEIVABLE, cents)
                    .credit(Account.BAD_DEBT, cents)
                    .as(Posting.Kind.WRITE_OFF_REVERSED, id, invoice.currency(), testMode, now));
        }
        ledger.post(new Posting.Draft()
                .debit(Account.CASH, cents)
                .credit(Account.RECEIVABLE, cents)
                .as(Posting.Kind.PAYMENT_SUCCEEDED, payment, invoice.currency(), testMode, now)
                .describedAs("Payment of invoice " + invoice.number()));
        events.publish(EventType.INVOICE_PAID, () -> InvoiceView.newsOf(invoice));
    }

    /**
     * Withdraws an open invoice, as if it had never been made: nothing of it is due, what it took from the balance, of
     * prepaid credits and of coupons is given back, and its period is not charged again. A payment of it must not be under way (INV-20).
     *
     * @throws Problem NOT_FOUND, CONFLICT unless it is open, nothing of it is settled, and no later invoice has given a part
     *     of it back
     */
    public InvoiceView withdraw(UUID id, String reason) {
        credited.lock(load(id, LockModeType.NONE).subscriptionId());
        Invoice invoice = load(id, LockModeType.PESSIMISTIC_WRITE);
        entities.refresh(invoice);
        long due = invoice.amountDueCents();
        invoice.withdraw();
        if (credited.isGivenBack(invoice)) {
            throw Problem.conflict(
                    "partly_settled", "Later invoices gave a part of it back: credit the rest by a note.");
        }
        entities.flush();
        Instant now = clock.now(Caller.currentTenant());
        redemptions.giveBack(id);
        PrepaidCredits.Returned returned = prepaid.giveBack(id, now);
        long toBalance = invoice.balanceAppliedCents() - invoice.prepaidAppliedCents() + returned.toBalanceCents();
        if (toBalance != 0) {
            balance.enter(invoice.currency(), toBalance, id, now);
        }
        List<InvoiceLine> lines = invoiceLines.of(List.of(id)).getOrDefault(id, List.of());
        Posting.Draft contra = new Posting.Draft();
        for (InvoicedLine amounts : invoiceLines.amountsOf(Map.of(id, lines)).getOrDefault(id, List.of())) {
            revenue.debit(contra, id, Integer.parseInt(amounts.id()), amounts.netCents(), now);
        }
        contra.debit(Account.TAX, invoice.taxCents())
                .credit(Account.RECEIVABLE, due)
                .credit(Account.CUSTOMER_CREDIT, invoice.balanceAppliedCents() - returned.promotionalCents())
                .credit(Account.REVENUE, returned.promotionalCents());
        ledger.post(contra.as(
                Posting.Kind.INVOICE_VOIDED,
                id,
                invoice.currency(),
                tenants.current().testMode(),
                now));
        audited("invoice.voided", invoice, "open", reason);
        events.publish(EventType.INVOICE_VOIDED, () -> InvoiceView.newsOf(invoice));
        return get(id);
    }

    /**
     * Writes an open invoice off; it can still be paid. A payment of it must not be under way (INV-21).
     *
     * @throws Problem NOT_FOUND, CONFLICT unless it is open
     */
    public InvoiceView writeOff(UUID id, String reason) {
        Invoice invoice = load(id, LockModeType.PESSIMISTIC_WRITE);
        entities.refresh(invoice);
        invoice.writeOff();
        entities.flush();
        Instant now = clock.now(Caller.currentTenant());
        ledger.post(new Posting.Draft()
                .debit(Account.BAD_DEBT, invoice.amountDueCents())
                .credit(Account.RECEIVABLE, invoice.amountDueCents())
                .as(
                        Posting.Kind.INVOICE_WRITTEN_OFF,
                        id,
                        invoice.currency(),
                        tenants.current().testMode(),
                        now));
        audited("invoice.written_off", invoice, "open", reason);
        events.publish(EventType.INVOICE_WRITTEN_OFF, () -> InvoiceView.newsOf(invoice));
        return get(id);
    }

    private void audited(String act, Invoice invoice, String before, String reason) {
        audit.record(
                act,
                invoice.id().toString(),
                Map.of("status", before),
                Map.of(
                        "status", invoice.status().code(),
                        "number", String.valueOf(invoice.number()),
                        "total_cents", invoice.totalCents(),
                        "currency", invoice.currency(),
                        "reason", reason));
    }

    private Invoice load(UUID id, LockModeType lock) {
        Invoice invoice = entities.find(Invoice.class, id, lock);
        if (invoice == null || !invoice.tenantId().equals(Caller.currentTenant())) {
            throw Problem.notFound("invoice");
        }
        return invoice;
    }

    private List<InvoiceView> views(List<Invoice> invoices) {
        if (invoices.isEmpty()) {
            return List.of();
        }
        Map<UUID, List<InvoiceLine>> lines =
                invoiceLines.of(invoices.stream().map(Invoice::id).toList());
        Map<UUID, List<InvoicedLine>> amounts = invoiceLines.amountsOf(lines);
        return invoices.stream()
                .map(invoice -> InvoiceView.of(
                        invoice,
                        lines.getOrDefault(invoice.id(), List.of()),
                        amounts.getOrDefault(invoice.id(), List.of())))
                .toList();
    }

    private static InvoiceView view(DraftInvoice.Draft running) {
        return InvoiceView.of(running.invoice(), running.lines(), running.amounts());
    }
}
