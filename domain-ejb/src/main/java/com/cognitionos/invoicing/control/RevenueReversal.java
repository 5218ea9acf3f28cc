package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;

/** Takes revenue back that an invoice was booked with. */
@ApplicationScoped
public class RevenueReversal {

    /**
     * Adds the debits for a credited part of a line, out of the account that it was booked to.
     *
     * @param position of the line on its invoice
     * @param netCents without discounts and taxes, with the sign of the line
     * @param finalizedAt when the invoice was booked
     */
    public void debit(
            Posting.Draft draft, UUID invoice, int position, InvoiceLine line, long netCents, Instant finalizedAt) {
        boolean deferred =
                line.kind() == InvoiceLine.Kind.PLAN && line.period().end().isAfter(finalizedAt);
        draft.debit(deferred ? Account.DEFERRED_REVENUE : Account.REVENUE, netCents);
    }
}
