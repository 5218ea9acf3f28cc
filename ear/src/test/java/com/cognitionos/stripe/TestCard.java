package com.cognitionos.stripe;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A test card of Stripe's documentation, by the id of its payment method. Stripe makes a real payment method of it at first
 * use.
 *
 * @param decline how each charge is refused; null when it is not
 * @param refusesAttaching whether the refusal comes when a customer is to keep it already
 * @param authentication of the holder by the issuer
 * @param dispute its reason, when each charge is disputed
 */
record TestCard(
        String token,
        String number,
        String brand,
        String funding,
        @Nullable Decline decline,
        boolean refusesAttaching,
        Authentication authentication,
        Settlement settlement,
        @Nullable String dispute,
        RefundOutcome refund) {

    /** @param code of the error; {@code declineCode} only with {@code card_declined} and where Stripe tells one */
    record Decline(String code, @Nullable String declineCode, String message) {}

    enum Authentication {
        NEVER,
        /** Once, when it is set up; then off-session charges go through. */
        AT_SET_UP,
        ALWAYS
    }

    enum Settlement {
        AT_ONCE,
        /** The outcome is given later, by {@link StripeDouble#settle}. */
        LATER,
        /** At once, and the money is available without waiting. */
        AVAILABLE
    }

    enum RefundOutcome {
        SUCCEEDS,
        /** Until {@link StripeDouble#settleRefund}. */
        PENDING,
        /** Is said to have succeeded, until {@link StripeDouble#settleRefund}. */
        FAILS_LATER
    }

    private static final List<TestCard> ALL = List.of(
            good("pm_card_visa", "4242424242424242", "visa", "credit"),
            good("pm_card_visa_debit", "4000056655665556", "visa", "debit"),
            good("pm_card_mastercard", "5555555555554444", "mastercard", "credit"),
            good("pm_card_mastercard_debit", "5200828282828210", "mastercard", "debit"),
            good("pm_card_mastercard_prepaid", "5105105105105100", "mastercard", "prepaid"),
            good("pm_card_amex", "378282246310005", "amex", "credit"),
            good("pm_card_discover", "6011111111111117", "discover", "credit"),
            good("pm_card_diners", "3056930009020004", "diners", "credit"),
            good("pm_card_jcb", "3566002020360505", "jcb", "credit"),
            good("pm_card_unionpay", "6200000000000005", "unionpay", "credit"),
            refused("pm_card_visa_chargeDeclined", "4000000000000002", "card_declined", "generic_decline"),
            refused(
                    "pm_card_visa_chargeDeclinedInsufficientFunds",
                    "4000000000009995",
                    "card_declined",
                    "insufficient_funds"),
            refused("pm_card_visa_chargeDeclinedLostCard", "4000000000009987", "card_declined", "lost_card"),
            refused("pm_card_visa_chargeDeclinedStolenCard", "4000000000009979", "card_declined", "stolen_card"),
            refused("pm_card_chargeDeclinedExpiredCard", "4000000000000069", "expired_card", null),
            refused("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", "incorrect_cvc", null),
            refused("pm_card_chargeDeclinedProcessingError", "4000000000000119", "processing_error", null),
            refused(
                    "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
                    "4000000000006975",
                    "card_declined",
                    "card_velocity_exceeded"),
            new TestCard(
                    "pm_card_chargeCustomerFail",
                    "4000000000000341",
                    "visa",
                    "credit",
                    declined("card_declined", "generic_decline"),
                    false,
                    Authentication.NEVER,
                    Settlement.AT_ONCE,
                    null,
                    RefundOutcome.SUCCEEDS),
            // Not Stripe's: kept like chargeCustomerFail, for what else a kept card may say at a charge.
            kept(
                    "pm_card_double_insufficientFunds",
                    "4000000000100011",
                    declined("card_declined", "insufficient_funds")),
            kept("pm_card_double_expiredCard", "4000000000100029", declined("expired_card", null)),
            kept("pm_card_double_stolenCard", "4000000000100037", declined("card_declined", "stolen_card")),
            authenticated("pm_card_authenticationRequired", "4000002760003184", Authentication.ALWAYS),
            authenticated("pm_card_threeDSecure2Required", "4000000000003220", Authentication.ALWAYS),
            authenticated("pm_card_authenticationRequiredOnSetup", "4000002500003155", Authentication.AT_SET_UP),
            disputed("pm_card_createDispute", "4000000000000259", "fraudulent"),
            disputed("pm_card_createDisputeProductNotReceived", "4000000000002685", "product_not_received"),
            refunded("pm_card_pendingRefund", "4000000000007726", RefundOutcome.PENDING),
            refunded("pm_card_refundFail", "4000000000005126", RefundOutcome.FAILS_LATER),
            settled("pm_card_bypassPending", "4000000000000077", Settlement.AVAILABLE),
            // Not Stripe's: there only bank debits have an outcome that comes later.
            settled("pm_card_double_processing", "4000000000100003", Settlement.LATER));

    static List<TestCard> all() {
        return ALL;
    }

    static Optional<TestCard> of(String token) {
        return ALL.stream().filter(card -> card.token.equals(token)).findFirst();
    }

    static Optional<TestCard> ofNumber(String number) {
        return ALL.stream().filter(card -> card.number.equals(number)).findFirst();
    }

    String last4() {
        return number.substring(number.length() - 4);
    }

    private static TestCard good(String token, String number, String brand, String funding) {
        return new TestCard(
                token,
                number,
                brand,
                funding,
                null,
                false,
                Authentication.NEVER,
                Settlement.AT_ONCE,
                null,
                RefundOutcome.SUCCEEDS);
    }

    private TestCard with(Authentication how, Settlement when, @Nullable String reason, RefundOutcome refunds) {
        return new TestCard(token, number, brand, funding, decline, refusesAttaching, how, when, reason, refunds);
    }

    private TestCard refusing(Decline by, boolean whenAttached) {
        return new TestCard(
                token, number, brand, funding, by, whenAttached, authentication, settlement, dispute, refund);
    }

    private static TestCard visa(String token, String number) {
        return good(token, number, "visa", "credit");
    }

    private static TestCard refused(String token, String number, String code, @Nullable String declineCode) {
        return visa(token, number).refusing(declined(code, declineCode), true);
    }

    private static TestCard kept(String token, String number, Decline decline) {
        return visa(token, number).refusing(decline, false);
    }

    private static TestCard authenticated(String token, String number, Authentication how) {
        return visa(token, number).with(how, Settlement.AT_ONCE, null, RefundOutcome.SUCCEEDS);
    }

    private static TestCard disputed(String token, String number, String reason) {
        return visa(token, number).with(Authentication.NEVER, Settlement.AT_ONCE, reason, RefundOutcome.SUCCEEDS);
    }

    private static TestCard refunded(String token, String number, RefundOutcome how) {
        return visa(token, number).with(Authentication.NEVER, Settlement.AT_ONCE, null, how);
    }

    private static TestCard settled(String token, String number, Settlement when) {
        return visa(token, number).with(Authentication.NEVER, when, null, RefundOutcome.SUCCEEDS);
    }

    static Decline declined(String code, @Nullable String declineCode) {
        String message = switch (declineCode == null ? code : declineCode) {
            case "insufficient_funds" -> "Your card has insufficient funds.";
            case "expired_card" -> "Your card has expired.";
            case "incorrect_cvc" -> "Your card's security code is incorrect.";
            case "processing_error" -> "An error occurred while processing your card.";
            case "authentication_required" -> "Your card was declined. This transaction requires authentication.";
            default -> "Your card was declined.";
        };
        return new Decline(code, declineCode, message);
    }
}
