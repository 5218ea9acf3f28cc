package com.cognitionos.payment.portal;

import com.cognitionos.payment.boundary.PaymentRegister.PaymentView;
import com.cognitionos.payment.boundary.Payments;
import com.cognitionos.payment.entity.DeclineCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.Locale;
import java.util.Objects;

/** How a payment stands, as people read it. */
@Named
@ApplicationScoped
public class PaymentWords {

    public String status(PaymentView payment) {
        return switch (payment.status()) {
            case "succeeded" ->
                payment.refundedCents() == 0
                        ? "Succeeded"
                        : payment.refundedCents() < payment.amountCents() ? "Partly refunded" : "Refunded";
            case "failed" -> "Failed";
            default -> "Processing";
        };
    }

    public String tone(PaymentView payment) {
        return switch (payment.status()) {
            case "succeeded" -> payment.refundedCents() == 0 ? "good" : "idle";
            case "failed" -> "bad";
            default -> "info";
        };
    }

    /** {@code Dispute lost}; empty for none. */
    public String dispute(PaymentView payment) {
        return switch (Objects.requireNonNullElse(payment.disputeStatus(), "")) {
            case "open" -> "Disputed";
            case "won" -> "Dispute won";
            case "lost" -> "Dispute lost";
            default -> "";
        };
    }

    /** {@code Visa ending 4242}. */
    public String card(PaymentView payment) {
        return card(payment.brand(), payment.last4());
    }

    public String card(String brand, String last4) {
        return capital(brand) + " ending " + last4;
    }

    /** Why it failed, for its payer; empty where it has not. */
    public String reason(PaymentView payment) {
        if (payment.failureCode() == null) {
            return "";
        }
        String why = DeclineCode.told(payment.declineCode())
                .filter(code -> !code.equals("generic_decline"))
                .map(code -> ": " + words(code))
                .orElse("");
        return switch (payment.failureCode()) {
            case "card_declined" -> "The bank declined the card" + why;
            case "expired_card" -> "The card has expired";
            case "authentication_required" -> "The bank wants the card’s holder to confirm";
            case Payments.NEVER_ARRIVED -> "The payment provider never got it; nothing was charged";
            default -> capital(words(payment.failureCode()));
        };
    }

    /** {@code insufficient_funds} as people read it. */
    public String words(String code) {
        return code.replace('_', ' ');
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
