package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.InvoiceRuns;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run and how far it is. */
public record RunState(
        UUID id,
        String status,
        Instant asOf,
        boolean dryRun,
        long tenantsTotal,
        long tenantsDone,
        long invoices,
        long failed,
        long amountCents,
        List<Failure> failures,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {

    /** Why a tenant was not invoiced. */
    public record Failure(UUID tenantId, String reason) {}

    static RunState of(InvoiceRuns.Run run) {
        return new RunState(
                run.id(),
                run.status().code(),
                run.asOf(),
                run.dryRun(),
                run.tenantsTotal(),
                run.tenantsDone(),
                run.invoices(),
                run.failed(),
                run.amountCents(),
                run.failures().stream()
                        .map(failure -> new Failure(failure.tenant(), failure.reason()))
                        .toList(),
                run.startedAt(),
                run.endedAt());
    }
}
