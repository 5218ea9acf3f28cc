package com.cognitionos.payment.boundary;

import com.cognitionos.payment.entity.ChargeOutcome;
import jakarta.ejb.Local;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Who goes after invoices that could not be collected; the dunning component does. Each call belongs to the caller's
 * tenant and to the present transaction, or is one.
 */
@Local
public interface Arrears {

    /** A charge failed, in the transaction that says so. @param card the payment method that was charged */
    void failed(UUID invoice, UUID card, ChargeOutcome outcome);

    /** Something was paid, credited, withdrawn or written off. @param nothingOpen whether no invoice is open any more */
    void settled(boolean nothingOpen);

    /** There is another default card: what could not be collected falls due at once, aside from its schedule. */
    void anotherCard();

    /** When the next thing falls due that does not wait for a provider; empty for never. */
    Optional<Instant> nextDue();

    /**
     * Does the first thing that is due by then; a test tenant's clock passes there. What needs the provider is entered as
     * an attempt, whose failure takes the schedule on.
     *
     * @return what the provider is to be asked; empty when it is done without
     */
    Optional<Payments.Attempt> next(Instant due);
}
