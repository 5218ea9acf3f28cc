package com.cognitionos.invoicing.batch;

import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.invoicing.boundary.PlainMonths;
import com.cognitionos.kernel.LeaseLost;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.payment.boundary.Settlement;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;
import java.util.Set;
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
    private PlainMonths months;

    @EJB
    private Settlement settlement;

    /** The next tenants of a share, from {@code after} on; none when the run is to stop. */
    public List<UUID> next(UUID run, int partition, int partitions, @Nullable UUID after, int limit) {
        return InvoiceRunJob.CALLER.call(
                () -> runs.stopRequested(run) ? List.of() : runs.pending(run, partition, partitions, after, limit));
    }

    /** Invoices tenants, all at once as far as they can be and then one after another, until the run is to stop. */
    public void invoice(UUID id, List<UUID> tenants) {
        InvoiceRuns.Ordered run = InvoiceRunJob.CALLER.call(() -> runs.ordered(id));
        if (run.stopRequested()) {
            return;
        }
        for (UUID tenant : allAtOnce(id, run, tenants)) {
            if (InvoiceRunJob.CALLER.call(() -> runs.stopRequested(id))) {
                return;
            }
            invoice(id, run, tenant);
        }
    }

    /** @return who is left. What went wrong with all of them is, tenant by tenant, the fault of one or passes. */
    private List<UUID> allAtOnce(UUID id, InvoiceRuns.Ordered run, List<UUID> tenants) {
        try {
            return InvoiceRunJob.CALLER.call(() -> {
                if (run.dryRun()) {
                    Set<UUID> counted = months.count(tenants, run.asOf(), id);
                    return tenants.stream()
                            .filter(tenant -> !counted.contains(tenant))
                            .toList();
                }
                return settlement.carryAllTo(tenants, run.asOf(), id);
            });
        } catch (LeaseLost overtaken) {
            throw overtaken;
        } catch (RuntimeException e) {
            if (Sql.isOutage(e)) {
                throw e;
            }
            LOG.log(Level.WARNING, e, () -> "Run " + id + " goes on one by one");
            return InvoiceRunJob.CALLER.call(() -> runs.stillPending(id, tenants));
        }
    }

    private void invoice(UUID id, InvoiceRuns.Ordered run, UUID tenant) {
        try {
            if (run.dryRun()) {
                List<Long> totals = InvoiceRunJob.CALLER.in(tenant).call(() -> settlement.dryRun(run.asOf()));
                InvoiceRunJob.CALLER.run(() -> runs.found(id, tenant, totals));
            } else {
                InvoiceRunJob.CALLER.in(tenant).run(() -> settlement.carryTo(run.asOf(), id));
                InvoiceRunJob.CALLER.run(() -> runs.done(id, tenant));
            }
        } catch (LeaseLost overtaken) {
            // No tenant's fault: another node goes on with all that is left.
            throw overtaken;
        } catch (RuntimeException e) {
            if (Sql.isOutage(e)) {
                // Nor is this; the run goes on with the same tenant once the database is there.
                throw e;
            }
            LOG.log(Level.WARNING, e, () -> "Run " + id + " could not invoice tenant " + tenant);
            InvoiceRunJob.CALLER.run(() -> runs.failed(id, tenant, reason(e)));
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
