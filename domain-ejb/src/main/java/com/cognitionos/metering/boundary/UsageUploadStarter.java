package com.cognitionos.metering.boundary;

import jakarta.ejb.Local;
import java.util.UUID;

/** Sets an upload going as a batch job; the batch module does it. */
@Local
public interface UsageUploadStarter {

    /** Within a transaction: once that is committed. It may wait for its turn; starting one twice changes nothing. */
    void start(UUID tenant, UUID upload);
}
