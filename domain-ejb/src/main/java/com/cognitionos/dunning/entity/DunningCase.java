package com.cognitionos.dunning.entity;

import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invoice that is gone after.
 *
 * @param step how many of the policy's retries are over, from 0
 * @param beganAt the first failure, the due date where there was no card, or when it joined others
 * @param nextAt when the next step comes; null unless active
 * @param cardAt when another card is to be tried, aside from the steps; null for none
 * @param unpaidAt when the last retry had failed; null before
 * @param endedAt null unless recovered or closed
 * @param failureCode why the latest charge failed; null where there was none
 * @param declinedCard the card that must not be tried again by itself; null for none
 */
public record DunningCase(
        UUID id,
        UUID tenant,
        UUID invoice,
        long policyVersion,
        DunningPolicy policy,
        State state,
        int step,
        Instant beganAt,
        @Nullable Instant nextAt,
        @Nullable Instant cardAt,
        @Nullable Instant unpaidAt,
        @Nullable Instant endedAt,
        @Nullable String failureCode,
        @Nullable UUID declinedCard) {

    /** As it begins with a failure at {@code now}. */
    public static DunningCase begun(
            UUID tenant,
            UUID invoice,
            long policyVersion,
            DunningPolicy policy,
            Instant now,
            @Nullable String failureCode,
            @Nullable UUID declinedCard) {
        return new DunningCase(
                Ids.next(),
                tenant,
                invoice,
                policyVersion,
                policy,
                State.ACTIVE,
                0,
                now,
                policy.next(now, 0, now),
                null,
                null,
                null,
                failureCode,
                declinedCard);
    }

    /** Of an invoice that is made when all steps are over for others: it waits for a person or another card. */
    public static DunningCase joined(UUID tenant, UUID invoice, long policyVersion, DunningPolicy policy, Instant now) {
        return new DunningCase(
                Ids.next(),
                tenant,
                invoice,
                policyVersion,
                policy,
                State.EXHAUSTED,
                0,
                now,
                null,
                null,
                now,
                null,
                null,
                null);
    }

    /** How it stands. */
    public enum State {
        ACTIVE,
        /** Paid. */
        RECOVERED,
        /** Nothing more happens by itself until it is paid. */
        EXHAUSTED,
        /** Given up: the invoice was withdrawn or written off, or finance stopped it. */
        CLOSED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws Problem INVALID for a word that is no state */
        public static State of(String code) {
            for (State state : values()) {
                if (state.code().equals(code)) {
                    return state;
                }
            }
            throw Problem.invalid(
                    "status", "unknown_status", "status must be one of active, recovered, exhausted, closed");
        }

        /** Whether the money is still wanted. */
        public boolean isOpen() {
            return this == ACTIVE || this == EXHAUSTED;
        }
    }

    /** What comes next by itself. */
    public enum Next {
        RETRY,
        SUSPEND,
        NOTHING;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Next next() {
        if (state != State.ACTIVE) {
            return Next.NOTHING;
        }
        return unpaidAt == null ? Next.RETRY : Next.SUSPEND;
    }

    /** Whether its step has come. */
    public boolean isDue(Instant now) {
        return nextAt != null && !nextAt.isAfter(now);
    }

    /** Whether another card waits to be tried. */
    public boolean isCardDue(Instant now) {
        return cardAt != null && !cardAt.isAfter(now);
    }

    /** Its retry at {@code now} is over without money. */
    public DunningCase passed(Instant now) {
        int done = step + 1;
        boolean unpaid = done >= policy.retries();
        boolean over = unpaid && !policy.suspend();
        return new DunningCase(
                id,
                tenant,
                invoice,
                policyVersion,
                policy,
                over ? State.EXHAUSTED : State.ACTIVE,
                done,
                beganAt,
                over ? null : policy.next(beganAt, done, now),
                null,
                unpaid ? now : null,
                null,
                failureCode,
                declinedCard);
    }

    /** As {@code to} from now on. */
    public DunningCase ended(State to, Instant now) {
        return new DunningCase(
                id,
                tenant,
                invoice,
                policyVersion,
                policy,
                to,
                step,
                beganAt,
                null,
                null,
                unpaidAt,
                to.isOpen() ? null : now,
                failureCode,
                declinedCard);
    }

    /** The latest charge failed. @param card that which must not be tried again by itself; null for none */
    public DunningCase declined(@Nullable String code, @Nullable UUID card) {
        return new DunningCase(
                id,
                tenant,
                invoice,
                policyVersion,
                policy,
                state,
                step,
                beganAt,
                nextAt,
                null,
                unpaidAt,
                endedAt,
                code,
                card);
    }

    /** The other card is tried, or cannot be. */
    public DunningCase cardTried() {
        return declined(failureCode, declinedCard);
    }
}
