package com.cognitionos.identity.batch;

import com.cognitionos.identity.boundary.Sessions;
import com.cognitionos.kernel.Caller;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/** Drops sessions that ended by themselves and counts that count no more. */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Housekeeping {

    @EJB
    private Sessions sessions;

    @Schedule(hour = "*", minute = "20", persistent = false)
    void tidy() {
        Caller.job("housekeeping").run(() -> sessions.forgetEnded());
    }
}
