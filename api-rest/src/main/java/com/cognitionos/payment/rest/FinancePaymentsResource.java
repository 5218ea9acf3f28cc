package com.cognitionos.payment.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.PaymentRegister;
import com.cognitionos.payment.boundary.PaymentRegister.PaymentView;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Payments of all tenants. */
@Path("/finance/payments")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class FinancePaymentsResource {

    private static final List<String> STATUSES = List.of("processing", "succeeded", "failed");

    @EJB
    private PaymentRegister register;

    /**
     * @param providerRef what the provider calls it; null until that is known
     * @param retryable whether the same card may be tried again; null unless it failed
     * @param feeCents what the provider has kept, in the currency of the payout; null while that is not known
     * @param beganAt by the real clock, whatever the tenant's says
     */
    public record Payment(
            UUID id,
            UUID tenantId,
            UUID invoiceId,
            String status,
            String provider,
            @Nullable String providerRef,
            long amountCents,
            String currency,
            @Nullable String failureCode,
            @Nullable String declineCode,
            @Nullable Boolean retryable,
            @Nullable Long feeCents,
            @Nullable String feeCurrency,
            Instant beganAt,
            Instant createdAt,
            @Nullable Instant settledAt) {

        static Payment of(PaymentView view) {
            return new Payment(
                    view.id(),
                    view.tenant(),
                    view.invoice(),
                    view.status(),
                    view.provider(),
                    view.providerRef(),
                    view.amountCents(),
                    view.currency(),
                    view.failureCode(),
                    view.declineCode(),
                    view.retryable(),
                    view.feeCents(),
                    view.feeCurrency(),
                    view.beganAt(),
                    view.createdAt(),
                    view.settledAt());
        }
    }

    public record Payments(List<Payment> payments, long total, int page, int pageSize) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(
            summary = "Payments of all tenants, newest first",
            description = "status processing: the outcome is not known yet. failure_code not_found_at_provider: the"
                    + " provider never got what was asked for a day ago.")
    public Payments list(
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize,
            @Parameter(description = "Only of this tenant") @QueryParam("tenant_id") @Nullable String tenantId,
            @Parameter(description = "processing, succeeded or failed") @QueryParam("status") @Nullable String status,
            @QueryParam("failure_code") @Nullable String failureCode) {
        if (given(status) != null && !STATUSES.contains(status)) {
            throw Problem.invalid("status", "unknown_status", "must be one of " + String.join(", ", STATUSES));
        }
        if (given(failureCode) != null && !failureCode.matches("[a-z0-9_]{1,64}")) {
            throw Problem.invalid("failure_code", "invalid_code", "must be lower-case letters, digits and underscores");
        }
        Caller caller = given(tenantId) == null
                ? Caller.current()
                : Caller.current()
                        .in(Texts.uuid(tenantId)
                                .orElseThrow(() -> Problem.invalid("tenant_id", "invalid_id", "must be a UUID")));
        Page<PaymentView> found =
                caller.call(() -> register.list(given(status), given(failureCode), Texts.page(page, pageSize)));
        return new Payments(
                found.items().stream().map(Payment::of).toList(), found.total(), found.page(), found.pageSize());
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
