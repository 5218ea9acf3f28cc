package com.cognitionos.metering.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.metering.boundary.LateUsage;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The late register. */
@Path("/finance/late-usage")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class LateUsageResource {

    @EJB
    private LateUsage register;

    /**
     * @param kind {@code late}, or {@code retracted}: then the quantity is below 0
     * @param invoiceId the first invoice since, with an adjustment line where it changed an amount; null while none was
     *     made
     */
    public record Entry(
            UUID tenantId,
            String eventId,
            String kind,
            UUID subscriptionId,
            String meter,
            BigDecimal quantity,
            Instant countedAt,
            Instant receivedAt,
            boolean settled,
            @Nullable UUID invoiceId) {

        static Entry of(LateUsage.Entry entry) {
            return new Entry(
                    entry.tenant(),
                    entry.eventId(),
                    entry.kind(),
                    entry.subscription(),
                    entry.meter(),
                    entry.quantity(),
                    entry.countedAt(),
                    entry.receivedAt(),
                    entry.invoice() != null,
                    entry.invoice());
        }
    }

    public record Register(List<Entry> lateUsage, long total, int page, int pageSize) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "Usage that came, or was taken back, after its month was invoiced; newest first")
    public Register list(
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize,
            @Parameter(description = "Only of this tenant") @QueryParam("tenant_id") @Nullable String tenantId,
            @Parameter(description = "true: an invoice has made up for it, false: none has")
                    @QueryParam("settled")
                    @Nullable
                    String settled) {
        Caller caller = tenantId == null || tenantId.isEmpty()
                ? Caller.current()
                : Caller.current()
                        .in(Texts.uuid(tenantId)
                                .orElseThrow(() -> Problem.invalid("tenant_id", "invalid_id", "must be a UUID")));
        Page<LateUsage.Entry> found = caller.call(() -> register.list(flag(settled), Texts.page(page, pageSize)));
        return new Register(
                found.items().stream().map(Entry::of).toList(), found.total(), found.page(), found.pageSize());
    }

    private static @Nullable Boolean flag(@Nullable String settled) {
        if (settled == null || settled.isEmpty()) {
            return null;
        }
        if (!settled.equals("true") && !settled.equals("false")) {
            throw Problem.invalid("settled", "wrong_type", "must be true or false");
        }
        return Boolean.valueOf(settled);
    }
}
