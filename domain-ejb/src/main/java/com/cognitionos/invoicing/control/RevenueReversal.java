package com.cognitionos.invoicing.control;

import com.cognitionos.ledger.boundary.RevenueRecognition;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.ledger.entity.RevenueSchedule;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;

/** Takes revenue back that an invoice was booked with: what is not earned yet first. */
@ApplicationScoped
public class RevenueReversal {

    @EJB
    private RevenueRecognition recognition;

    /**
     * Adds the debits for a credited part of a line.
     *
     * @param position of the line on its invoice
     * @param netCents without discounts and taxes, with the sign of the line
     */
    public void debit(Posting.Draft draft, UUID invoice, int position, long netCents, Instant at) {
        RevenueSchedule.Released released = recognition.release(invoice, position, netCents, at);
        draft.debit(Account.DEFERRED_REVENUE, released.fromDeferredCents())
                .debit(Account.REVENUE, released.fromRevenueCents());
    }
}
