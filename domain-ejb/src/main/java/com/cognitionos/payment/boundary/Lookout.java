package com.cognitionos.payment.boundary;

import jakarta.ejb.Local;
import java.time.Instant;
import java.util.Optional;

/**
 * Who tells people what a test tenant has used, in the order of its time; the alert component does. Each call belongs to the
 * caller's tenant and is a transaction of its own.
 */
@Local
public interface Lookout {

    /** When there is next something to look at, the present where that is now; empty for never. */
    Optional<Instant> nextDue();

    /** Looks at what is used by then; a test tenant's clock passes there. */
    void look(Instant due);
}
