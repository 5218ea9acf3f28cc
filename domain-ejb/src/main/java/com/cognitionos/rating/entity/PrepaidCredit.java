package com.cognitionos.rating.entity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Money paid in advance, in the currency of the invoices it pays.
 *
 * @param remainingCents from 0
 * @param expiresAt from this instant on it pays nothing; null where it never expires
 * @param priority the lowest is consumed first
 */
public record PrepaidCredit(
        String id, long remainingCents, @Nullable Instant expiresAt, int priority, Instant grantedAt) {

    /** By priority, then the one that expires soonest, then the oldest. */
    static final Comparator<PrepaidCredit> ORDER = Comparator.comparingInt(PrepaidCredit::priority)
            .thenComparing(PrepaidCredit::expiresAt, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(PrepaidCredit::grantedAt)
            .thenComparing(PrepaidCredit::id);

    /** What an invoice took from one credit: from 1 to what remained. */
    public record Use(String creditId, long cents) {}

    public PrepaidCredit {
        if (remainingCents < 0) {
            throw new IllegalArgumentException("a prepaid credit never owes: " + remainingCents);
        }
    }

    /**
     * Consumes credits for an amount, each at most once and none that has expired.
     *
     * @param cents from 0
     * @return in the order of consumption; in sum at most {@code cents}
     */
    static List<Use> consume(List<PrepaidCredit> credits, long cents, Instant at) {
        if (credits.stream().map(PrepaidCredit::id).distinct().count() < credits.size()) {
            throw new IllegalArgumentException("a prepaid credit is given twice: " + credits);
        }
        List<Use> uses = new ArrayList<>();
        long open = cents;
        for (PrepaidCredit credit : credits.stream().sorted(ORDER).toList()) {
            long used = credit.isExpired(at) ? 0 : Math.min(open, credit.remainingCents());
            if (used > 0) {
                uses.add(new Use(credit.id(), used));
                open -= used;
            }
        }
        return List.copyOf(uses);
    }

    private boolean isExpired(Instant at) {
        return expiresAt != null && !at.isBefore(expiresAt);
    }
}
