package com.cognitionos.metering.entity;

import com.cognitionos.kernel.Problem;

/** Why usage is not allowed; {@code detail} is for people. */
public record Refusal(Reason reason, String detail) {

    /** The stable code of every refusal, at every door. */
    public static final String CODE = "entitlement_exceeded";

    public enum Reason {
        LIMIT_REACHED,
        SPENDING_CAP_REACHED,
        NO_SUBSCRIPTION,
        PAST_DUE,
        UNPAID,
        PAUSED
    }

    public Problem problem() {
        return new Problem(Problem.Kind.PAYMENT_REQUIRED, CODE, detail);
    }
}
