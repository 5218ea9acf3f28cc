package com.cognitionos.invoicing.batch;

import com.cognitionos.invoicing.boundary.InvoiceRuns;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.UUID;

/** Invoices tenant after tenant, each in transactions of its own. */
@Named
@Dependent
public class InvoiceRunWriter extends AbstractItemWriter {

    @Inject
    @BatchProperty
    private String run;

    @EJB
    private InvoiceRuns runs;

    @EJB
    private TenantInvoicing tenantInvoicing;

    @Override
    public void writeItems(List<Object> tenants) {
        UUID id = UUID.fromString(run);
        InvoiceRuns.Run order = InvoiceRunJob.CALLER.call(() -> runs.get(id));
        for (Object tenant : tenants) {
            if (InvoiceRunJob.CALLER.call(() -> runs.stopRequested(id))) {
                return;
            }
            tenantInvoicing.invoice(order, (UUID) tenant);
        }
    }
}
