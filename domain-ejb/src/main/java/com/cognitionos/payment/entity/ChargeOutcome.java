package com.cognitionos.payment.entity;

import org.jspecify.annotations.Nullable;

/**
 * The provider's word on a charge or a refund.
 *
 * @param ref what the provider calls it; null where it never came into being, or nobody knows
 * @param failureCode why the money did not move, null unless it failed: {@code card_declined} …
 * @param declineCode what the bank said in addition, such as {@code insufficient_funds}
 * @param retryable whether the same card may be tried again later without its holder doing anything
 * @param fee what the provider keeps of a charge; null where it is not known yet, or none is
 */
public record ChargeOutcome(
        Status status,
        @Nullable String ref,
        @Nullable String failureCode,
        @Nullable String declineCode,
        boolean retryable,
        @Nullable Fee fee) {

    /** How it stands. */
    public enum Status {
        SUCCEEDED,
        /** For good: this charge or refund will never move money. */
        FAILED,
        /** The provider has it and will say later. */
        PROCESSING,
        /** The provider may or may not have it: it gave no answer, or none that settles it. */
        UNKNOWN
    }

    /**
     * What a provider keeps for itself.
     *
     * @param cents of {@code currency}, which is the one that the provider pays out in; 0 for none
     */
    public record Fee(long cents, String currency) {}

    public static ChargeOutcome succeeded(String ref, @Nullable Fee fee) {
        return new ChargeOutcome(Status.SUCCEEDED, ref, null, null, false, fee);
    }

    public static ChargeOutcome failed(
            @Nullable String ref, String code, @Nullable String declineCode, boolean retryable) {
        return new ChargeOutcome(Status.FAILED, ref, code, declineCode, retryable, null);
    }

    public static ChargeOutcome processing(String ref) {
        return new ChargeOutcome(Status.PROCESSING, ref, null, null, false, null);
    }

    public static ChargeOutcome unknown() {
        return new ChargeOutcome(Status.UNKNOWN, null, null, null, false, null);
    }

    public boolean succeeded() {
        return status == Status.SUCCEEDED;
    }

    public boolean failed() {
        return status == Status.FAILED;
    }

    /** Whether it will not change any more. */
    public boolean isSettled() {
        return succeeded() || failed();
    }
}
