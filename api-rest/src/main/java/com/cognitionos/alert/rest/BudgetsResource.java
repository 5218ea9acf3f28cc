package com.cognitionos.alert.rest;

import com.cognitionos.alert.boundary.Budgets;
import com.cognitionos.alert.entity.Budget;
import com.cognitionos.alert.entity.Budget.Basis;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a usage month is meant to cost. A budget tells; a spending cap refuses. */
@Path("/budgets")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Alerts")
public class BudgetsResource {

    @EJB
    private Budgets budgets;

    public record BudgetList(List<BudgetReply> budgets) {}

    /**
     * A budget.
     *
     * @param basis {@code overage}, or {@code total} with the plan, discounts and tax
     * @param meter of which the overage is meant; null for all of them
     * @param spentCents in the running usage month, in the currency's minor unit
     * @param thresholds percent of the amount
     */
    public record BudgetReply(
            UUID id,
            String name,
            String basis,
            @Nullable String meter,
            long amountCents,
            long spentCents,
            String currency,
            List<Integer> thresholds,
            Instant createdAt,
            Instant updatedAt,
            long version) {

        static BudgetReply of(Budgets.BudgetView view) {
            Budget budget = view.budget();
            return new BudgetReply(
                    budget.id(),
                    budget.name(),
                    budget.basis().code(),
                    budget.meter(),
                    budget.amountCents(),
                    view.spentCents(),
                    view.currency(),
                    budget.thresholds().percent(),
                    budget.createdAt(),
                    budget.updatedAt(),
                    budget.version());
        }
    }

    /**
     * @param basis {@code overage} when left out
     * @param meter only with {@code overage}; all when left out
     * @param amountCents in the subscription's currency, from 1
     * @param thresholds 50, 75, 90 and 100 when left out
     */
    public record NewBudget(
            @NotNull @Size(min = 1, max = 100) String name,

            @Nullable @Schema(enumeration = {"overage", "total"})
            String basis,

            @Nullable String meter,
            long amountCents,
            @Nullable List<Integer> thresholds) {

        Budgets.Wanted wanted() {
            return BudgetsResource.wanted(name, basis, meter, amountCents, thresholds);
        }
    }

    /** As {@link NewBudget}. @param version of the budget it was made from, the present one when left out */
    public record ChangedBudget(
            @NotNull @Size(min = 1, max = 100) String name,

            @Nullable @Schema(enumeration = {"overage", "total"})
            String basis,

            @Nullable String meter,
            long amountCents,
            @Nullable List<Integer> thresholds,
            @Nullable Long version) {

        Budgets.Wanted wanted() {
            return BudgetsResource.wanted(name, basis, meter, amountCents, thresholds);
        }
    }

    private static Budgets.Wanted wanted(
            String name,
            @Nullable String basis,
            @Nullable String meter,
            long amountCents,
            @Nullable List<Integer> thresholds) {
        Basis counted = basis == null
                ? Basis.OVERAGE
                : Basis.of(basis)
                        .orElseThrow(() -> Problem.invalid("basis", "unknown_value", "basis must be overage or total"));
        return new Budgets.Wanted(
                name,
                counted,
                meter,
                amountCents,
                thresholds == null ? Thresholds.USUAL : AlertsResource.of(thresholds, "thresholds"));
    }

    @GET
    @RequiresScope("usage:read")
    @Uncounted
    @Operation(summary = "Budgets, and what is spent of them in the running month")
    public BudgetList list() {
        return new BudgetList(budgets.list().stream().map(BudgetReply::of).toList());
    }

    @GET
    @Path("/{id}")
    @RequiresScope("usage:read")
    @Uncounted
    @Operation(summary = "One budget")
    public BudgetReply get(@PathParam("id") UUID id) {
        return BudgetReply.of(budgets.get(id));
    }

    @POST
    @RequiresScope("invoices:write")
    @Uncounted
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Set a budget for the usage month; it alerts and refuses nothing")
    @APIResponseSchema(value = BudgetReply.class, responseCode = "201")
    public Response create(NewBudget wanted) {
        return Response.status(Response.Status.CREATED)
                .entity(BudgetReply.of(budgets.create(wanted.wanted())))
                .build();
    }

    @PUT
    @Path("/{id}")
    @RequiresScope("invoices:write")
    @Uncounted
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change a budget, whole")
    public BudgetReply change(@PathParam("id") UUID id, ChangedBudget wanted) {
        return BudgetReply.of(budgets.change(id, wanted.wanted(), wanted.version()));
    }

    @DELETE
    @Path("/{id}")
    @RequiresScope("invoices:write")
    @Uncounted
    @Operation(summary = "Remove a budget; what it told stays known")
    public void delete(@PathParam("id") UUID id) {
        budgets.delete(id);
    }
}
