package com.cognitionos.credit.boundary;

import com.cognitionos.credit.boundary.PrepaidCredits.CreditView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a prepaid credit; amounts in the currency's minor unit: amount = remaining + used + ended.
 *
 * @param kind paid or promotional
 * @param priority the lowest is used first
 * @param endedCents what expired or was voided of it
 * @param endedAs expired or voided; null as long as it can be used
 */
public record PrepaidCreditNews(
        UUID id,
        UUID tenantId,
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
        @Nullable String endedAs) {

    public static PrepaidCreditNews of(CreditView credit) {
        return new PrepaidCreditNews(
                credit.id(),
                credit.tenant(),
                credit.kind().code(),
                credit.currency(),
                credit.amountCents(),
                credit.remainingCents(),
                credit.usedCents(),
                credit.endedCents(),
                credit.priority(),
                credit.expiresAt(),
                credit.note(),
                credit.grantedAt(),
                credit.endedAt(),
                credit.endedAs());
    }
}
