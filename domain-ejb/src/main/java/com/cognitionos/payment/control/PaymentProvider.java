package com.cognitionos.payment.control;

import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.payment.entity.ChargeOutcome;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The port to whoever moves the money. Never called inside a transaction of ours (PAY-2). What moves money never throws for
 * a provider that does not answer: the outcome is then unknown, and is asked again.
 */
public interface PaymentProvider {

    /** How long a provider surely knows a key of ours, less an hour for the way there. */
    String KEY_LASTS = "23 hours";

    /** The name that customers, methods and payments carry. */
    String name();

    /**
     * Who is to pay.
     *
     * @param key ours, the same for every try of this tenant's at this provider
     * @param fresh whether the provider must still know the key
     */
    record NewCustomer(UUID key, boolean fresh, UUID tenant, String name, String email) {}

    /**
     * Makes the customer, or finds the one that was made before.
     *
     * @return what the provider calls it
     * @throws Problem UNAVAILABLE when it does not answer; the same may be asked again
     */
    String customer(NewCustomer customer);

    /** It does not know the customer any more: somebody has deleted it there. Nothing was changed. */
    final class UnknownCustomer extends Problem {

        private static final long serialVersionUID = 1L;

        public UnknownCustomer() {
            super(
                    Kind.UNAVAILABLE,
                    "provider_unavailable",
                    "The payment provider does not know the customer; nothing was changed. Try again in a minute.");
        }
    }

    /**
     * Takes a card in keeping for a customer, to be charged when nobody is there.
     *
     * @param token what the provider's own form gave for it, or the id of the set-up page that the customer has filled in
     * @throws UnknownCustomer where that is gone
     * @throws Problem INVALID for an unknown token, PAYMENT_REQUIRED when the card is refused, UNAVAILABLE
     */
    Card keep(String customer, String token);

    /** Forgets a card; one that is forgotten already is no fault. @throws Problem UNAVAILABLE */
    void release(String cardRef);

    /** What it has, whoever asked for it. */
    ProviderRecords records();

    /** The provider's own pages; empty where it has none. */
    Optional<HostedPages> pages();

    /**
     * A charge of a kept card.
     *
     * @param payment its id is the idempotency key, and with the other ids goes to the provider to be found by
     * @param cents from 1, in the currency's minor unit by ISO 4217
     * @param providerRef what the provider calls it, once that is known
     */
    record Charge(
            UUID payment,
            UUID invoice,
            UUID tenant,
            @Nullable String customer,
            String card,
            long cents,
            String currency,
            @Nullable String providerRef) {}

    /** Charges. The same payment again within {@link #KEY_LASTS} gives the first outcome and moves nothing. */
    ChargeOutcome charge(Charge charge);

    /** How a charge stands that was asked for before; moves nothing. @return empty when the provider has none */
    Optional<ChargeOutcome> find(Charge charge);

    /**
     * Money to pay back.
     *
     * @param refund its id is the idempotency key
     * @param chargeRef of a charge that succeeded
     * @param cents from 1, with all refunds before at most the charge
     */
    record Repayment(
            UUID refund,
            UUID creditNote,
            UUID tenant,
            String chargeRef,
            long cents,
            String currency,
            @Nullable String providerRef) {}

    /** Pays back. The same refund again within {@link #KEY_LASTS} gives the first outcome and moves nothing. */
    ChargeOutcome refund(Repayment repayment);

    /** As {@link #find(Charge)}. */
    Optional<ChargeOutcome> find(Repayment repayment);

    /** Pages at the provider, for a while and for one customer; {@link UnknownCustomer} where that is gone. */
    interface HostedPages {

        /** Where the customer enters a card. @param back where the browser goes then, with the session's id as {@code session_id} */
        URI setUp(String customer, URI back);

        /** Where the customer sees and removes its cards. */
        URI portal(String customer, URI back);
    }
}
