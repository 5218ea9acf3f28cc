package com.cognitionos.invoicing.boundary;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.invoicing.control.DocumentArchive;
import com.cognitionos.invoicing.control.InvoiceDocument;
import com.cognitionos.invoicing.control.InvoiceLines;
import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.DocumentFile;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
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
import java.util.List;
import java.util.Map;
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
    private DocumentArchive archive;

    @Inject
    private Sql sql;

    @EJB
    private Ledger ledger;

    @EJB
    private Plans plans;

    @EJB
    private Tenants tenants;

    /** Newest first. */
    public Page<InvoiceView> list(Page.Request page) {
        UUID tenant = Caller.currentTenant();
        List<Invoice> invoices = entities.createQuery(
                        "SELECT i FROM Invoice i WHERE i.tenantId = :tenant ORDER BY i.createdAt DESC, i.id DESC",
                        Invoice.class)
                .setParameter("tenant", tenant)
                .setFirstResult(page.offset())
                .setMaxResults(page.pageSize())
                .getResultList();
        long total = entities.createQuery("SELECT COUNT(i) FROM Invoice i WHERE i.tenantId = :tenant", Long.class)
                .setParameter("tenant", tenant)
                .getSingleResult();
        return new Page<>(views(invoices), total, page.page(), page.pageSize());
    }

    /** @throws Problem NOT_FOUND */
    public InvoiceView get(UUID id) {
        return views(List.of(load(id, LockModeType.NONE))).get(0);
    }

    /** Who the invoices are made out by. */
    public Seller seller() {
        return sql.queryOne(
                        "SELECT name, address, country, tax_number FROM sellers WHERE code = ?",
                        row -> new Seller(
                                row.getString("name"),
                                row.getString("address"),
                                row.getString("country"),
                                row.getString("tax_number")),
                        Invoice.SELLER)
                .orElseThrow();
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

    private BillingDocument said(InvoiceView invoice) {
        Map<String, String> units = plans.meters().stream().collect(Collectors.toMap(Meter::code, Meter::unit));
        return InvoiceDocument.of(
                invoice, seller(), units, ZoneId.of(tenants.current().timeZone()));
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
        invoice.pay(cents, now);
        entities.flush();
        ledger.post(new Posting.Draft()
                .debit(Account.CASH, cents)
                .credit(Account.RECEIVABLE, cents)
                .as(Posting.Kind.PAYMENT_SUCCEEDED, payment, invoice.currency(), testMode, now)
                .describedAs("Payment of invoice " + invoice.number()));
    }

    private Invoice load(UUID id, LockModeType lock) {
        Invoice invoice = entities.find(Invoice.class, id, lock);
        if (invoice == null || !invoice.tenantId().equals(Caller.currentTenant())) {
            throw Problem.notFound("invoice");
        }
        return invoice;
    }

    private List<InvoiceView> views(List<Invoice> invoices) {
        Map<UUID, List<InvoiceLine>> lines =
                invoiceLines.of(invoices.stream().map(Invoice::id).toList());
        Map<UUID, List<InvoicedLine>> amounts = invoiceLines.amountsOf(lines);
        return invoices.stream()
                .map(invoice -> view(
                        invoice,
                        lines.getOrDefault(invoice.id(), List.of()),
                        amounts.getOrDefault(invoice.id(), List.of())))
                .toList();
    }

    private static InvoiceView view(Invoice invoice, List<InvoiceLine> lines, List<InvoicedLine> amounts) {
        return new InvoiceView(
                invoice.id(),
                invoice.number(),
                invoice.tenantId(),
                invoice.subscriptionId(),
                invoice.kind().code(),
                invoice.status().code(),
                invoice.currency(),
                invoice.subtotalCents(),
                invoice.discountCents(),
                invoice.taxCents(),
                invoice.taxIncludedCents(),
                invoice.taxTreatment(),
                invoice.totalCents(),
                invoice.amountPaidCents(),
                invoice.amountDueCents(),
                invoice.balanceAppliedCents(),
                invoice.prepaidAppliedCents(),
                invoice.carriedOverCents(),
                invoice.creditedCents(),
                invoice.period(),
                invoice.buyer(),
                invoice.finalizedAt(),
                invoice.dueDate(),
                invoice.paidAt(),
                invoice.createdAt(),
                lines,
                amounts);
    }
}
