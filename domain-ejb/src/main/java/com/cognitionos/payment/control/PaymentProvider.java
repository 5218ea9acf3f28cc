package com.cognitionos.payment.control;

import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.payment.entity.ChargeOutcome;

/** The port to whoever moves the money. Never called inside a transaction of ours (PAY-2). */
public interface PaymentProvider {

    /** The name that methods and payments carry. */
    String name();

    /**
     * Takes a card in keeping.
     *
     * @param token what the provider's own form gave for it
     * @throws Problem INVALID for an unknown token, PAYMENT_REQUIRED when the card is refused
     */
    Card keep(String token);

    /**
     * Charges a kept card. The same key again gives the first outcome and moves nothing.
     *
     * @param cents from 1, in the currency's minor unit
     */
    ChargeOutcome charge(String idempotencyKey, String cardRef, long cents, String currency);

    /**
     * Pays a part of a charge back, or all of it. The same key again gives the first outcome and moves nothing.
     *
     * @param chargeRef of a charge that succeeded
     * @param cents from 1, with all refunds before at most the charge
     */
    ChargeOutcome refund(String idempotencyKey, String chargeRef, long cents, String currency);
}
