package com.cognitionos.payment.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.payment.boundary.KeptCards;
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
 * Asks the provider again about payments whose outcome or fee is not known, and to forget removed cards. A payment that is
 * under way at this moment is asked with the same key, so it moves no money twice.
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

    @EJB
    private KeptCards cards;

    @Schedule(hour = "*", minute = "*", second = "50", persistent = false)
    void recover() {
        CALLER.call(() -> payments.tenantsUnsettled()).forEach(this::recover);
    }

    private void recover(UUID tenant) {
        try {
            CALLER.in(tenant).run(() -> {
                settlement.recover();
                settlement.learnFees();
                cards.releaseRemoved();
            });
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "The payments of tenant " + tenant + " are tried again");
        }
    }
}
