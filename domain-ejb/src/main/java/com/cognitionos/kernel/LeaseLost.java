package com.cognitionos.kernel;

import jakarta.ejb.ApplicationException;

/** Somebody else works on it by now: the transaction is rolled back, and the work ends here. */
@ApplicationException(rollback = true)
public class LeaseLost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LeaseLost(Lease lease) {
        super("The lease " + lease.fence() + " of " + lease.name() + " is not the latest any more");
    }
}
