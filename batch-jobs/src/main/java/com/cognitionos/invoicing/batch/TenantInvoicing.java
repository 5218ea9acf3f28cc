package com.cognitionos.invoicing.batch;

import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.boundary.Settlement;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One tenant of a run. Outside the chunk's transaction, so that its fault is its own (INV-7). */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class TenantInvoicing {

    private static final Logger LOG = Logger.getLogger(TenantInvoicing.class.getName());

    @EJB
    private InvoiceRuns runs;

    @EJB
    private Settlement settlement;

    public void invoice(InvoiceRuns.Run run, UUID tenant) {
        try {
            if (run.dryRun()) {
                List<Long> totals = InvoiceRunJob.CALLER.in(tenant).call(() -> settlement.dryRun(run.asOf()));
                InvoiceRunJob.CALLER.run(() -> runs.found(run.id(), tenant, totals));
            } else {
                InvoiceRunJob.CALLER.in(tenant).run(() -> settlement.carryTo(run.asOf(), run.id()));
                InvoiceRunJob.CALLER.run(() -> runs.done(run.id(), tenant));
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "Run " + run.id() + " could not invoice tenant " + tenant);
            InvoiceRunJob.CALLER.run(() -> runs.failed(run.id(), tenant, reason(e)));
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof Problem)) {
            cause = cause.getCause();
        }
        return cause instanceof Problem problem ? problem.code() + ": " + problem.getMessage() : String.valueOf(cause);
    }
}
