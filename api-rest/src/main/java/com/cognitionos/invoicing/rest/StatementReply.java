package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.Statements;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A statement on the wire.
 *
 * @param from null where it begins with the account
 * @param to null where it has all so far
 * @param openingBalanceCents above 0 where the customer owes us
 */
public record StatementReply(
        UUID tenantId,
        String currency,
        @Nullable Instant from,
        @Nullable Instant to,
        long openingBalanceCents,
        List<Movement> movements,
        long closingBalanceCents) {

    /**
     * @param document the number of the invoice that made it
     * @param referenceKind what reference_id is the id of: invoice, payment and so on
     */
    public record Movement(
            Instant at,
            String kind,
            @Nullable String document,
            String description,
            String referenceKind,
            UUID referenceId,
            UUID transactionId,
            long amountCents,
            long balanceCents) {
        static Movement of(Statements.Movement one) {
            return new Movement(
                    one.at(),
                    one.kind().code(),
                    one.document(),
                    one.description(),
                    one.kind().referenceKind(),
                    one.reference(),
                    one.transaction(),
                    one.cents(),
                    one.balanceCents());
        }
    }

    static StatementReply of(Statements.Statement statement) {
        Statements.Extent extent = statement.extent();
        return new StatementReply(
                extent.tenant(),
                extent.currency(),
                extent.from(),
                extent.to(),
                statement.openingCents(),
                statement.movements().stream().map(Movement::of).toList(),
                statement.closingCents());
    }
}
