package com.cognitionos.system;

import com.cognitionos.stripe.StripeDouble;
import java.util.Map;

/** The settings of a product whose payment provider is the double of Stripe. */
final class WithStripe {

    private WithStripe() {}

    /** @param secrets under which events are taken, separated by commas */
    static Map<String, String> settings(StripeDouble stripe, String secrets) {
        return Map.of(
                "COGNITIONOS_DEMO",
                "false",
                "COGNITIONOS_BILLING_PROVIDER",
                "stripe",
                "COGNITIONOS_STRIPE_API_KEY",
                "sk_test_double",
                "COGNITIONOS_STRIPE_API_BASE",
                stripe.base(),
                "COGNITIONOS_STRIPE_WEBHOOK_SECRET",
                secrets);
    }
}
