package com.cognitionos.gateway.batch;

import com.cognitionos.gateway.boundary.RateWindows;
import com.cognitionos.kernel.Caller;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/** Takes away the rate windows of clients that have gone, so that passing addresses do not pile up. */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class RateWindowCleaning {

    private static final Caller CALLER = Caller.job("rate-window-cleaning");

    @EJB
    private RateWindows windows;

    @Schedule(hour = "*", minute = "*", second = "40", persistent = false)
    void clean() {
        CALLER.call(windows::forgetIdle);
    }
}
