package com.cognitionos.payment.batch;

import com.cognitionos.payment.boundary.ProviderInbox;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Works on events of providers whose time has come again, on any node: two never take the same one. */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ProviderEventTimer {

    @Inject
    private ProviderInbox inbox;

    @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false)
    void carry() {
        inbox.carry();
    }

    @Schedule(hour = "3", minute = "20", persistent = false)
    void forget() {
        inbox.forgetSettled();
    }
}
