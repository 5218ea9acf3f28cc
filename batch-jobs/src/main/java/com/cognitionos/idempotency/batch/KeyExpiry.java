package com.cognitionos.idempotency.batch;

import com.cognitionos.idempotency.boundary.KeptReplies;
import com.cognitionos.kernel.Caller;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/** Four times an hour: an expired reply counts no more anyway, so it may lie a while. */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class KeyExpiry {

    private static final Caller CALLER = Caller.job("idempotency-expiry");

    @EJB
    private KeptReplies replies;

    @Schedule(hour = "*", minute = "7/15", persistent = false)
    void forget() {
        CALLER.call(() -> replies.forgetExpired());
    }
}
