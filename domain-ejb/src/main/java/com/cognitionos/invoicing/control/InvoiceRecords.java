package com.cognitionos.invoicing.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/** Invoices of many tenants, written at once; for the platform. They are new: JPA knows nothing of them. */
@ApplicationScoped
public class InvoiceRecords {

    @Inject
    private Sql sql;

    /**
     * Invoices that {@link Invoice#finalise} has made of drafts, each with all its lines and their taxes in one statement:
     * nothing can be added to it afterwards.
     *
     * @param sellerVersion of all of them
     */
    public void add(List<Invoice> invoices, long sellerVersion, List<InvoiceLines.Printed> printed) {
        InvoiceLines.Rows lines = InvoiceLines.lines(printed);
        InvoiceLines.Rows taxes = InvoiceLines.taxes(printed);
        List<Object> columns = new ArrayList<>(List.of(
                sellerVersion,
                column(invoices, "uuid", Invoice::tenantId),
                column(invoices, "uuid", Invoice::id),
                column(invoices, "uuid", Invoice::subscriptionId),
                column(invoices, "text", invoice -> invoice.kind().code()),
                column(invoices, "text", Invoice::seller),
                column(invoices, "text", invoice -> invoice.status().code()),
                column(invoices, "text", Invoice::currency),
                column(invoices, "bigint", Invoice::subtotalCents),
                column(invoices, "bigint", Invoice::discountCents),
                column(invoices, "bigint", Invoice::taxCents),
                column(invoices, "bigint", Invoice::taxIncludedCents),
                column(invoices, "text", invoice -> Invoice.code(invoice.taxTreatment())),
                column(invoices, "bigint", Invoice::totalCents),
                column(invoices, "bigint", Invoice::prepaidAppliedCents),
                column(invoices, "bigint", Invoice::carriedOverCents),
                column(invoices, "bigint", Invoice::balanceAppliedCents),
                column(
                        invoices,
                        "timestamptz",
                        invoice -> invoice.period().start().toString()),
                column(
                        invoices,
                        "timestamptz",
                        invoice -> invoice.period().end().toString()),
                column(invoices, "text", invoice -> invoice.buyer().name()),
                column(invoices, "text", invoice -> invoice.buyer().email()),
                column(invoices, "text", invoice -> invoice.buyer().address()),
                column(invoices, "text", invoice -> invoice.buyer().country()),
                column(invoices, "text", invoice -> invoice.buyer().region()),
                column(invoices, "text", invoice -> invoice.buyer().taxNumber()),
                column(invoices, "timestamptz", invoice -> invoice.createdAt().toString()),
                column(invoices, "text", Invoice::number),
                column(invoices, "timestamptz", invoice -> String.valueOf(invoice.finalizedAt())),
                column(invoices, "timestamptz", invoice -> String.valueOf(invoice.dueDate()))));
        columns.addAll(lines.columns());
        columns.addAll(taxes.columns());
        sql.update(
                """
                WITH made AS (
                    INSERT INTO invoices (version, seller_version, tenant_id, id, subscription_id, kind, seller, status, currency,
                        subtotal_cents, discount_cents, tax_cents, tax_included_cents, tax_treatment, total_cents,
                        prepaid_applied_cents, carried_over_cents, balance_applied_cents, period_start, period_end, buyer_name,
                        buyer_email, buyer_address, buyer_country, buyer_region, buyer_tax_number, created_at, number,
                        finalized_at, due_date)
                    SELECT 2, ?, d.* FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
                        ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::timestamptz[], ?::timestamptz[]) AS d),
                lines AS (
                """
                        + lines.statement() + ")\n" + taxes.statement(),
                columns.toArray());
    }
}
