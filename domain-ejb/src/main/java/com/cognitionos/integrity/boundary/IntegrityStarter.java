package com.cognitionos.integrity.boundary;

import jakarta.ejb.Local;
import java.util.UUID;

/** Sets a check going as a batch job; the batch module does it. */
@Local
public interface IntegrityStarter {

    /** Within a transaction: once that is committed. Starting one that is under way changes nothing. */
    void start(UUID check);
}
