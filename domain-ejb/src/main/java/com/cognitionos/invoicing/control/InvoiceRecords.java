package com.cognitionos.invoicing.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** Invoices of many tenants, written at once; for the platform. They are new: JPA knows nothing of them. */
@ApplicationScoped
public class InvoiceRecords {

    @Inject
    private Sql sql;

    /** Lines can be added to drafts only, and nothing to what was finalised. */
    public void draft(List<Invoice> drafts) {
        sql.update(
                """
                INSERT INTO invoices (tenant_id, id, subscription_id, kind, seller, status, currency, subtotal_cents,
                    discount_cents, tax_cents, tax_included_cents, tax_treatment, total_cents, prepaid_applied_cents,
                    carried_over_cents, balance_applied_cents, period_start, period_end, buyer_name, buyer_email,
                    buyer_address, buyer_country, buyer_region, buyer_tax_number, created_at, version)
                SELECT d.*, 1 FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
                    ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::timestamptz[]) AS d""",
                column(drafts, "uuid", Invoice::tenantId),
                column(drafts, "uuid", Invoice::id),
                column(drafts, "uuid", Invoice::subscriptionId),
                column(drafts, "text", invoice -> invoice.kind().code()),
                column(drafts, "text", Invoice::seller),
                column(drafts, "text", invoice -> invoice.status().code()),
                column(drafts, "text", Invoice::currency),
                column(drafts, "bigint", Invoice::subtotalCents),
                column(drafts, "bigint", Invoice::discountCents),
                column(drafts, "bigint", Invoice::taxCents),
                column(drafts, "bigint", Invoice::taxIncludedCents),
                column(drafts, "text", invoice -> Invoice.code(invoice.taxTreatment())),
                column(drafts, "bigint", Invoice::totalCents),
                column(drafts, "bigint", Invoice::prepaidAppliedCents),
                column(drafts, "bigint", Invoice::carriedOverCents),
                column(drafts, "bigint", Invoice::balanceAppliedCents),
                column(
                        drafts,
                        "timestamptz",
                        invoice -> invoice.period().start().toString()),
                column(drafts, "timestamptz", invoice -> invoice.period().end().toString()),
                column(drafts, "text", invoice -> invoice.buyer().name()),
                column(drafts, "text", invoice -> invoice.buyer().email()),
                column(drafts, "text", invoice -> invoice.buyer().address()),
                column(drafts, "text", invoice -> invoice.buyer().country()),
                column(drafts, "text", invoice -> invoice.buyer().region()),
                column(drafts, "text", invoice -> invoice.buyer().taxNumber()),
                column(drafts, "timestamptz", invoice -> invoice.createdAt().toString()));
    }

    /** What {@link Invoice#finalise} has made of drafts. @param sellerVersion of all of them */
    public void finalised(List<Invoice> invoices, long sellerVersion) {
        sql.update(
                """
                UPDATE invoices i SET number = f.number, status = f.status, finalized_at = f.at, due_date = f.due,
                    seller_version = ?, version = i.version + 1
                FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
                    AS f (tenant_id, id, number, status, at, due)
                WHERE i.tenant_id = f.tenant_id AND i.id = f.id""",
                sellerVersion,
                column(invoices, "uuid", Invoice::tenantId),
                column(invoices, "uuid", Invoice::id),
                column(invoices, "text", Invoice::number),
                column(invoices, "text", invoice -> invoice.status().code()),
                column(invoices, "timestamptz", invoice -> String.valueOf(invoice.finalizedAt())),
                column(invoices, "timestamptz", invoice -> String.valueOf(invoice.dueDate())));
    }
}
