package com.cognitionos.payment.entity;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a bank refused a card, in the words that it has for it. */
public final class DeclineCode {

    /** Whoever holds the card is not told that its bank suspects something; Stripe's documentation, "Decline codes". */
    private static final Set<String> UNTOLD = Set.of(
            "fraudulent",
            "lost_card",
            "merchant_blacklist",
            "pickup_card",
            "restricted_card",
            "security_violation",
            "stolen_card");

    private DeclineCode() {}

    /** @return empty for a decline whose reason is to look like any other */
    public static Optional<String> told(@Nullable String code) {
        return Optional.ofNullable(code).filter(one -> !UNTOLD.contains(one));
    }
}
