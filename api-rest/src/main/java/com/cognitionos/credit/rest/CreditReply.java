package com.cognitionos.credit.rest;

import com.cognitionos.credit.boundary.PrepaidCredits.CreditView;
import com.cognitionos.credit.boundary.PrepaidCredits.Use;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A prepaid credit: amount = remaining + used + ended.
 *
 * @param kind {@code paid} or {@code promotional}
 * @param endedCents what expired or was voided of it
 * @param priority the lowest is used first
 * @param endedAs {@code expired} or {@code voided}; null as long as it can be used
 */
public record CreditReply(
        UUID id,
        String kind,
        String currency,
        long amountCents,
        long remainingCents,
        long usedCents,
        long endedCents,
        int priority,
        @Nullable Instant expiresAt,
        String note,
        Instant grantedAt,
        @Nullable Instant endedAt,
        @Nullable String endedAs,
        List<Used> uses) {

    public record Used(UUID invoiceId, long cents, Instant at) {
        static Used of(Use use) {
            return new Used(use.invoiceId(), use.cents(), use.at());
        }
    }

    static CreditReply of(CreditView view) {
        return new CreditReply(
                view.id(),
                view.kind().code(),
                view.currency(),
                view.amountCents(),
                view.remainingCents(),
                view.usedCents(),
                view.endedCents(),
                view.priority(),
                view.expiresAt(),
                view.note(),
                view.grantedAt(),
                view.endedAt(),
                view.endedAs(),
                view.uses().stream().map(Used::of).toList());
    }
}
