package com.cognitionos.stripe;

import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.Customer;
import com.stripe.model.Dispute;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.Refund;
import com.stripe.model.SetupIntent;
import com.stripe.model.StripeObject;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kinds of objects of an account: Stripe's name, how ids begin, stripe-java's class, the word in "No such …". */
enum Type {
    CUSTOMER("customer", "cus_", Customer.class, "customer"),
    PAYMENT_METHOD("payment_method", "pm_1", PaymentMethod.class, "PaymentMethod"),
    SETUP_INTENT("setup_intent", "seti_1", SetupIntent.class, "setupintent"),
    CHECKOUT_SESSION("checkout.session", "cs_test_", com.stripe.model.checkout.Session.class, "checkout.session"),
    PORTAL_SESSION(
            "billing_portal.session", "bps_1", com.stripe.model.billingportal.Session.class, "billing_portal.session"),
    PAYMENT_INTENT("payment_intent", "pi_3", PaymentIntent.class, "payment_intent"),
    CHARGE("charge", "ch_3", Charge.class, "charge"),
    REFUND("refund", "re_3", Refund.class, "refund"),
    DISPUTE("dispute", "du_1", Dispute.class, "dispute"),
    BALANCE_TRANSACTION("balance_transaction", "txn_3", BalanceTransaction.class, "balance transaction"),
    EVENT("event", "evt_1", Event.class, "event"),
    /** What the double knows of a payment method: its test card. Never sent. */
    CARD_IN_HAND("double.card", "", null, "card"),
    /** A reply kept for an idempotency key. Never sent. */
    KEPT_REPLY("double.reply", "", null, "reply");

    private final String object;
    private final String prefix;
    private final @Nullable Class<? extends StripeObject> model;
    private final String word;

    Type(String object, String prefix, @Nullable Class<? extends StripeObject> model, String word) {
        this.object = object;
        this.prefix = prefix;
        this.model = model;
        this.word = word;
    }

    String object() {
        return object;
    }

    String prefix() {
        return prefix;
    }

    @Nullable
    Class<? extends StripeObject> model() {
        return model;
    }

    String word() {
        return word;
    }

    static Optional<Type> of(@Nullable String object) {
        return Arrays.stream(values())
                .filter(type -> type.object.equals(object))
                .findFirst();
    }
}
