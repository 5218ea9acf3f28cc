package com.cognitionos.payment.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.payment.boundary.Payments;
import com.cognitionos.payment.boundary.Settlement;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Asks the provider again about payments whose outcome is not known. One that is under way at this moment is asked with
 * the same key, so it moves no money twice.
 */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class PaymentRecovery {

    private static final Caller CALLER = Caller.job("payment-recovery");
    private static final Logger LOG = Logger.getLogger(PaymentRecovery.class.getName());

    @EJB
    private Payments payments;

    @EJB
    private Settlement settlement;

    @Schedule(hour = "*", minute = "*", second = "50", persistent = false)
    void recover() {
        CALLER.call(() -> payments.tenantsUnsettled()).forEach(this::recover);
    }

    private void recover(UUID tenant) {
        try {
            CALLER.in(tenant).run(() -> settlement.recover());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "The payments of tenant " + tenant + " are tried again");
        }
    }
}
