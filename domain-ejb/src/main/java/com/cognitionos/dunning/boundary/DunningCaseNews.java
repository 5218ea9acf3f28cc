package com.cognitionos.dunning.boundary;

import com.cognitionos.dunning.entity.DunningCase;
import com.cognitionos.invoicing.boundary.InvoiceView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of an invoice that could not be collected.
 *
 * @param amountDueCents in the currency's minor unit
 * @param status active, recovered, exhausted or closed
 * @param step how many of the {@code retries} are over
 * @param nextStep retry, suspend or nothing
 * @param nextAt when that comes; null for nothing
 * @param beganAt the first failure, or the due date where there was no card
 * @param unpaidAt when the last retry had failed; null before
 * @param endedAt when it was recovered or closed; null before
 * @param failureCode why the latest charge failed; null where there was none
 * @param needsAnotherCard whether the card is not tried again by itself
 */
public record DunningCaseNews(
        UUID id,
        UUID tenantId,
        UUID invoiceId,
        @Nullable String invoiceNumber,
        long amountDueCents,
        String currency,
        String status,
        int step,
        int retries,
        String nextStep,
        @Nullable Instant nextAt,
        Instant beganAt,
        @Nullable Instant unpaidAt,
        @Nullable Instant endedAt,
        @Nullable String failureCode,
        boolean needsAnotherCard) {

    static DunningCaseNews of(DunningCase dunning, InvoiceView invoice) {
        return of(dunning, invoice.number(), invoice.amountDueCents(), invoice.currency());
    }

    public static DunningCaseNews of(DunningCases.CaseView view) {
        return of(view.dunning(), view.invoiceNumber(), view.dueCents(), view.currency());
    }

    private static DunningCaseNews of(
            DunningCase dunning, @Nullable String invoiceNumber, long dueCents, String currency) {
        return new DunningCaseNews(
                dunning.id(),
                dunning.tenant(),
                dunning.invoice(),
                invoiceNumber,
                dueCents,
                currency,
                dunning.state().code(),
                dunning.step(),
                dunning.policy().retries(),
                dunning.next().code(),
                dunning.nextAt(),
                dunning.beganAt(),
                dunning.unpaidAt(),
                dunning.endedAt(),
                dunning.failureCode(),
                dunning.declinedCard() != null);
    }
}
