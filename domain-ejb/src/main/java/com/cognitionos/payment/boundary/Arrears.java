package com.cognitionos.payment.boundary;

import com.cognitionos.payment.entity.ChargeOutcome;
import jakarta.ejb.Local;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who goes after invoices that could not be collected; the dunning component does. Each call belongs to the caller's
 * tenant and to the present transaction, or is one.
 */
@Local
public interface Arrears {

    /** A charge failed, in the transaction that says so. @param card the payment method that was charged */
    void failed(UUID invoice, UUID card, ChargeOutcome outcome);

    /**
     * An invoice is to be charged by nobody but the clock: whether it is gone after instead. That is so where it is
     * already, and where a charge would be in vain; it is then gone after from now on.
     *
     * @param barred why the default card must not be charged by itself; null where it may be
     */
    boolean takes(UUID invoice, @Nullable Barred barred);

    /** A card that its bank wants no more charges of. @param code what the last one failed with */
    record Barred(UUID card, String code) {}

    /** Whether an open invoice is gone after. */
    boolean isChasing();

    /** Something was paid, credited, withdrawn or written off. @param behind whether something is left that could not be collected */
    void settled(boolean behind);

    /** There is another default card: what could not be collected falls due at once, aside from its schedule. */
    void anotherCard();

    /** Those of these live tenants that owe nothing that is gone after and have nothing due by then; for the platform. */
    Set<UUID> quiet(Collection<UUID> tenants, Instant by);

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
