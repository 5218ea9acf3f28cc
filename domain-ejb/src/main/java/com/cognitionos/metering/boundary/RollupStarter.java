package com.cognitionos.metering.boundary;

import jakarta.ejb.Local;

/** Sets the rollup going as a batch job; the batch module does it. */
@Local
public interface RollupStarter {

    /** @return the job execution's id, that of the one under way when there is one */
    long start();
}
