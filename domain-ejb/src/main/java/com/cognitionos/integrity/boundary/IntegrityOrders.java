package com.cognitionos.integrity.boundary;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;

/** What operators order of checks. Outside of a transaction: a job is submitted once what it works on is committed. */
@ApplicationScoped
public class IntegrityOrders {

    @EJB
    private IntegrityChecks checks;

    @EJB
    private IntegrityStarter starter;

    /** Sets one going; while one is under way it is that one. */
    public IntegrityChecks.Check start(String requestedBy) {
        IntegrityChecks.Check check = checks.create(requestedBy);
        starter.start(check.id());
        return check;
    }
}
