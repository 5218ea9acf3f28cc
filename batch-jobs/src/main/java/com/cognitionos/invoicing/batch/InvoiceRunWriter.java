package com.cognitionos.invoicing.batch;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.UUID;

/** Invoices the tenants of a chunk. */
@Named
@Dependent
public class InvoiceRunWriter extends AbstractItemWriter {

    @Inject
    @BatchProperty
    private String run;

    @Inject
    @BatchProperty
    private String fence;

    @EJB
    private InvoiceRunWork work;

    @Override
    public void writeItems(List<Object> tenants) {
        List<UUID> ids = tenants.stream().map(UUID.class::cast).toList();
        InvoiceRunJob.lease(run, fence).run(() -> work.invoice(UUID.fromString(run), ids));
    }
}
