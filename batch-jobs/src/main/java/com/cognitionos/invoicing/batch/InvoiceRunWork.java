package com.cognitionos.invoicing.batch;

import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.kernel.LeaseLost;
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
import org.jspecify.annotations.Nullable;

/**
 * What a run does to our data. Outside the chunk's transaction: that one belongs to the job repository's database
 * connection, which cannot share it with ours, and a tenant's fault is then its own (INV-7).
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class InvoiceRunWork {

    private static final Logger LOG = Logger.getLogger(InvoiceRunWork.class.getName());

    @EJB
    private InvoiceRuns runs;

    @EJB
    private Settlement settlement;

    /** The next tenants of a share, from {@code after} on; none when the run is to stop. */
    public List<UUID> next(UUID run, int partition, int partitions, @Nullable UUID after, int limit) {
        return InvoiceRunJob.CALLER.call(
                () -> runs.stopRequested(run) ? List.of() : runs.pending(run, partition, partitions, after, limit));
    }

    /** Invoices tenant after tenant until all are done or the run is to stop. */
    public void invoice(UUID id, List<UUID> tenants) {
        InvoiceRuns.Run run = InvoiceRunJob.CALLER.call(() -> runs.get(id));
        for (UUID tenant : tenants) {
            if (InvoiceRunJob.CALLER.call(() -> runs.stopRequested(id))) {
                return;
            }
            invoice(run, tenant);
        }
    }

    private void invoice(InvoiceRuns.Run run, UUID tenant) {
        try {
            if (run.dryRun()) {
                List<Long> totals = InvoiceRunJob.CALLER.in(tenant).call(() -> settlement.dryRun(run.asOf()));
                InvoiceRunJob.CALLER.run(() -> runs.found(run.id(), tenant, totals));
            } else {
                InvoiceRunJob.CALLER.in(tenant).run(() -> settlement.carryTo(run.asOf(), run.id()));
                InvoiceRunJob.CALLER.run(() -> runs.done(run.id(), tenant));
            }
        } catch (LeaseLost overtaken) {
            // No tenant's fault: another node goes on with all that is left.
            throw overtaken;
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
