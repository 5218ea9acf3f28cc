package com.cognitionos.payment.boundary;

import jakarta.ejb.Local;
import java.util.UUID;

/** Sets a comparison going as a batch job; the batch module does it. */
@Local
public interface ReconciliationStarter {

    /** Within a transaction: once that is committed. Starting one that is under way changes nothing. */
    void start(UUID run);
}
