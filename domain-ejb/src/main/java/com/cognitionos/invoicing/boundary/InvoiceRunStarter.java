package com.cognitionos.invoicing.boundary;

import jakarta.ejb.Local;
import java.util.UUID;

/** Sets a run going as a batch job; the batch module does it. */
@Local
public interface InvoiceRunStarter {

    /** Returns once the job is submitted. Starting a run that is under way changes nothing. */
    void start(UUID run);
}
