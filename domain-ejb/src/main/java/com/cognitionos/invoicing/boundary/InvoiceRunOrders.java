package com.cognitionos.invoicing.boundary;

import com.cognitionos.kernel.Problem;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What finance orders of invoice runs. Outside of a transaction: a job is submitted once what it works on is committed. */
@ApplicationScoped
public class InvoiceRunOrders {

    @EJB
    private InvoiceRuns runs;

    @EJB
    private InvoiceRunStarter starter;

    /**
     * Makes a run and sets it going.
     *
     * @param tenantIds null for every tenant with something due
     * @throws Problem as {@link InvoiceRuns#create}
     */
    public InvoiceRuns.Run start(Instant asOf, boolean dryRun, @Nullable List<UUID> tenantIds, String requestedBy) {
        InvoiceRuns.Run run = runs.create(asOf, dryRun, tenantIds, true, requestedBy);
        starter.start(run.id());
        return run;
    }

    /**
     * Does again what failed and goes on with what is left.
     *
     * @throws Problem NOT_FOUND; CONFLICT ({@code wrong_state}) while it is stopping
     */
    public void restart(UUID id) {
        boolean running = runs.get(id).status() == InvoiceRuns.Status.RUNNING;
        if (running && runs.stopRequested(id)) {
            throw Problem.conflict("wrong_state", "The run is stopping; try again once it has stopped.");
        }
        // A running job has passed some of its failed tenants; putting them back now would strand them. Starting
        // one that says it runs changes nothing, unless its server was cut off.
        if (running || runs.retry(id)) {
            starter.start(id);
        }
    }
}
