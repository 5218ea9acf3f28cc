package com.cognitionos.payment.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.PaymentRegister;
import com.cognitionos.payment.boundary.PaymentRegister.PaymentView;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
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

/** Payments of all tenants. */
@Path("/finance/payments")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class FinancePaymentsResource {

    private static final int LONGEST_TEXT = 200;

    @EJB
    private PaymentRegister register;

    /**
     * @param card the last four digits of the card that was charged
     * @param providerRef what the provider calls it; null until that is known
     * @param retryable whether the same card may be tried again; null unless it failed
     * @param feeCents what the provider has kept, in the currency of the payout; null while that is not known
     * @param refundedCents what has gone back or is on its way, from 0
     * @param disputeStatus of the latest dispute: open, won or lost; null for none
     * @param beganAt by the real clock, whatever the tenant's says
     */
    public record Payment(
            UUID id,
            UUID tenantId,
            String tenantName,
            boolean testMode,
            UUID invoiceId,
            String invoiceNumber,
            String brand,
            String card,
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
            long refundedCents,
            @Nullable String disputeStatus,
            Instant beganAt,
            Instant createdAt,
            @Nullable Instant settledAt) {

        static Payment of(PaymentView view) {
            return new Payment(
                    view.id(),
                    view.tenant(),
                    view.tenantName(),
                    view.testMode(),
                    view.invoice(),
                    view.invoiceNumber(),
                    view.brand(),
                    view.last4(),
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
                    view.refundedCents(),
                    view.disputeStatus(),
                    view.beganAt(),
                    view.createdAt(),
                    view.settledAt());
        }
    }

    public record Payments(List<Payment> payments, long total, int page, int pageSize) {}

    /** Money that goes back. @param status processing, succeeded or failed; a failed one is credit on the balance */
    public record Refund(
            UUID id,
            @Nullable UUID creditNoteId,
            @Nullable String creditNoteNumber,
            long amountCents,
            String status,
            @Nullable String providerRef,
            @Nullable String failureCode,
            Instant createdAt,
            @Nullable Instant settledAt) {

        static Refund of(PaymentRegister.RefundLine line) {
            return new Refund(
                    line.id(),
                    line.creditNote(),
                    line.creditNoteNumber(),
                    line.amountCents(),
                    line.status(),
                    line.providerRef(),
                    line.failureCode(),
                    line.createdAt(),
                    line.settledAt());
        }
    }

    /** @param reason in the provider's words @param status open, won or lost */
    public record Dispute(
            UUID id,
            String providerRef,
            long amountCents,
            String reason,
            String status,
            Instant openedAt,
            @Nullable Instant closedAt) {

        static Dispute of(PaymentRegister.DisputeLine line) {
            return new Dispute(
                    line.id(),
                    line.providerRef(),
                    line.amountCents(),
                    line.reason(),
                    line.status(),
                    line.openedAt(),
                    line.closedAt());
        }
    }

    /** A payment with what came of it, oldest first. */
    public record Detail(Payment payment, List<Refund> refunds, List<Dispute> disputes) {}

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
            @Parameter(
                            description =
                                    "processing, succeeded or failed; refunded: something of it went back; disputed:"
                                            + " its bank asked it back")
                    @QueryParam("status")
                    @Nullable
                    String status,
            @QueryParam("failure_code") @Nullable String failureCode,
            @Parameter(
                            description =
                                    "The provider's or our own id, an invoice's number, a tenant's slug or part of its"
                                            + " name")
                    @QueryParam("q")
                    @Nullable
                    String text,
            @Parameter(description = "From then on, by created_at: a date, or ISO 8601 with an offset")
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Parameter(description = "Before then; a date is meant with all of its day") @QueryParam("to") @Nullable
                    String to,
            @Parameter(description = "At least that much, in the currency's major unit: 49.00")
                    @QueryParam("min_amount")
                    @Nullable
                    String least,
            @Parameter(description = "At most that much") @QueryParam("max_amount") @Nullable String most) {
        if (given(status) != null && !PaymentRegister.Wanted.STATUSES.contains(status)) {
            throw Problem.invalid(
                    "status", "unknown_status", "must be one of " + String.join(", ", PaymentRegister.Wanted.STATUSES));
        }
        if (given(failureCode) != null && !failureCode.matches("[a-z0-9_]{1,64}")) {
            throw Problem.invalid("failure_code", "invalid_code", "must be lower-case letters, digits and underscores");
        }
        if (given(text) != null && (text.length() > LONGEST_TEXT || !Texts.isStorable(text))) {
            throw Problem.invalid("q", "length", "must be text of at most " + LONGEST_TEXT + " characters");
        }
        Caller caller = given(tenantId) == null
                ? Caller.current()
                : Caller.current()
                        .in(Texts.uuid(tenantId)
                                .orElseThrow(() -> Problem.invalid("tenant_id", "invalid_id", "must be a UUID")));
        PaymentRegister.Wanted wanted = new PaymentRegister.Wanted(
                given(status),
                given(failureCode),
                given(text),
                given(from) == null ? null : Texts.from("from", from),
                given(to) == null ? null : Texts.to("to", to),
                amount("min_amount", least),
                amount("max_amount", most));
        Page<PaymentView> found = caller.call(() -> register.list(wanted, Texts.page(page, pageSize)));
        return new Payments(
                found.items().stream().map(Payment::of).toList(), found.total(), found.page(), found.pageSize());
    }

    @GET
    @Path("/{id}")
    @RequiresScope("finance:read")
    @Operation(summary = "A payment with its refunds and disputes")
    public Detail get(@PathParam("id") UUID id) {
        PaymentRegister.Detail found = Caller.current().acrossTenants().call(() -> register.get(id));
        return new Detail(
                Payment.of(found.payment()),
                found.refunds().stream().map(Refund::of).toList(),
                found.disputes().stream().map(Dispute::of).toList());
    }

    private static @Nullable BigDecimal amount(String parameter, @Nullable String text) {
        if (given(text) == null) {
            return null;
        }
        return PaymentRegister.Wanted.amount(text)
                .orElseThrow(
                        () -> Problem.invalid(parameter, "invalid_amount", "must be an amount such as 49 or 49.90"));
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
