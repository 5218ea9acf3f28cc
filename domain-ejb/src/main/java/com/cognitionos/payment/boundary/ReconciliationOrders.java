package com.cognitionos.payment.boundary;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;

/** What finance orders of comparisons. A job is submitted once what it works on is committed. */
@ApplicationScoped
public class ReconciliationOrders {

    @EJB
    private Reconciliations runs;

    @EJB
    private ReconciliationStarter starter;

    /** Sets one going; while one is under way it is that one. */
    public Reconciliations.Run start(String requestedBy) {
        Reconciliations.Run run = runs.create(requestedBy);
        starter.start(run.id());
        return run;
    }
}
