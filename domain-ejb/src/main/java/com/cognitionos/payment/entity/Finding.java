package com.cognitionos.payment.entity;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that a provider's books and ours do not say alike.
 *
 * @param reference what the provider calls it; our id where it has no name there
 * @param paymentRef the payment of a refund or dispute there
 * @param tenant null where nobody here knows it
 * @param ours our id of it
 * @param happenedAt by the real clock
 */
public record Finding(
        String provider,
        Kind kind,
        String reference,
        @Nullable String paymentRef,
        @Nullable UUID tenant,
        @Nullable UUID ours,
        Side here,
        Side there,
        Instant happenedAt) {

    /** How it stands on one side; all null where it is not there. */
    public record Side(
            @Nullable String state,
            @Nullable Long cents,
            @Nullable String currency) {
        public static final Side NOTHING = new Side(null, null, null);
    }

    /** What can be done about a difference. */
    public enum Remedy {
        /** What the provider says counts here too. */
        SETTLE,
        /** Both sides are looked at again; when they agree by now it is resolved. */
        ASK_AGAIN,
        /** A credit note is written for money that was paid back there; what cannot be credited of it is written off. */
        RECORD_REFUND,
        /** Somebody has looked at it and says why it may stay. */
        ACKNOWLEDGE;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The ways to differ. */
    public enum Kind {
        /** Under way here, decided there. */
        PAYMENT_UNSETTLED(Remedy.SETTLE, Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        /** Failed here. */
        PAYMENT_SUCCEEDED_THERE(Remedy.SETTLE, Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        /** Succeeded here. */
        PAYMENT_NOT_THERE(Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        PAYMENT_AMOUNT(Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        /** It bears an id of ours that we do not have. */
        PAYMENT_UNKNOWN_HERE(Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        REFUND_UNSETTLED(Remedy.SETTLE, Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        /** Of a payment of ours, made at the provider. */
        REFUND_UNKNOWN_HERE(Remedy.RECORD_REFUND, Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        REFUND_NOT_THERE(Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        REFUND_AMOUNT(Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        /** Failed here, so that the balance got it. */
        REFUND_SUCCEEDED_THERE(Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE),
        /** Opened or decided there. */
        DISPUTE_NOT_ENTERED(Remedy.SETTLE, Remedy.ASK_AGAIN, Remedy.ACKNOWLEDGE);

        private final List<Remedy> remedies;

        Kind(Remedy... remedies) {
            this.remedies = List.of(remedies);
        }

        /** The first one is what one would do most often. */
        public List<Remedy> remedies() {
            return remedies;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }
}
