package com.cognitionos.dunning.rest;

import com.cognitionos.dunning.boundary.DunningPolicies;
import com.cognitionos.dunning.entity.DunningPolicy;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How invoices are gone after whose charge failed. */
@Path("/finance/dunning-policy")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class DunningPolicyResource {

    @EJB
    private DunningPolicies policies;

    /**
     * @param retryDays days after the first failure at which it is tried again
     * @param graceDays days from the last failure, when the subscription is unpaid, to the suspension
     * @param suspend whether the tenant is suspended then
     * @param withoutCard whether an invoice that no card was there for is gone after from its due date on
     * @param version goes up with each change
     */
    public record PolicyReply(
            List<Integer> retryDays,
            int graceDays,
            boolean suspend,
            boolean withoutCard,
            Instant updatedAt,
            long version) {

        static PolicyReply of(DunningPolicies.PolicyView view) {
            DunningPolicy policy = view.policy();
            return new PolicyReply(
                    policy.retryDays(),
                    policy.graceDays(),
                    policy.suspend(),
                    policy.withoutCard(),
                    view.updatedAt(),
                    view.version());
        }
    }

    /**
     * The whole policy.
     *
     * @param withoutCard false when left out
     * @param version of the policy it was made from, the present one when left out
     */
    public record NewPolicy(
            @NotNull List<Integer> retryDays,
            int graceDays,
            boolean suspend,
            @Nullable Boolean withoutCard,
            @Nullable Long version) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "When a failed charge is tried again, and what happens after the last time")
    public PolicyReply get() {
        return Caller.current().acrossTenants().call(() -> PolicyReply.of(policies.view()));
    }

    @PUT
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change the dunning of invoices to come; cases that have begun keep theirs")
    public PolicyReply change(NewPolicy wanted) {
        if (wanted.retryDays().stream().anyMatch(Objects::isNull)) {
            throw Problem.invalid("retry_days", "required", "each of retry_days is a whole number");
        }
        DunningPolicy policy = new DunningPolicy(
                wanted.retryDays(), wanted.graceDays(), wanted.suspend(), Boolean.TRUE.equals(wanted.withoutCard()));
        return Caller.current().acrossTenants().call(() -> PolicyReply.of(policies.change(policy, wanted.version())));
    }
}
