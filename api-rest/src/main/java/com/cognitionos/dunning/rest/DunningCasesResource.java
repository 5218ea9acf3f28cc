package com.cognitionos.dunning.rest;

import com.cognitionos.dunning.boundary.DunningCaseNews;
import com.cognitionos.dunning.boundary.DunningCases;
import com.cognitionos.dunning.boundary.DunningCases.CaseView;
import com.cognitionos.dunning.entity.DunningCase;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Inlined;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The invoices that are gone after, of all tenants. */
@Path("/finance/dunning-cases")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class DunningCasesResource {

    @EJB
    private DunningCases cases;

    @EJB
    private Settlement settlement;

    public record CasePage(List<CaseReply> dunningCases, long total, int page, int pageSize) {
        static CasePage of(Page<CaseView> page) {
            return new CasePage(
                    page.items().stream().map(CaseReply::of).toList(), page.total(), page.page(), page.pageSize());
        }
    }

    /**
     * A case with whose it is.
     *
     * @param policyVersion the policy that it began with and keeps
     */
    public record CaseReply(@Inlined DunningCaseNews news, String tenantName, boolean testMode, long policyVersion) {

        static CaseReply of(CaseView view) {
            return new CaseReply(
                    DunningCaseNews.of(view),
                    view.tenantName(),
                    view.testMode(),
                    view.dunning().policyVersion());
        }
    }

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "Invoices that could not be collected: what comes next first")
    public CasePage list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize) {
        DunningCase.State state = status == null ? null : DunningCase.State.of(status);
        return platform().call(() -> CasePage.of(cases.list(state, Texts.page(page, pageSize))));
    }

    @POST
    @Path("/{id}/retry")
    @RequiresScope("finance:write")
    @Operation(summary = "Charge the invoice to the default card now; the schedule stays as it is")
    public CaseReply retry(@PathParam("id") UUID id) {
        DunningCase wanted = find(id);
        return platform().in(wanted.tenant()).call(() -> {
            settlement.pay(wanted.invoice());
            return CaseReply.of(cases.get(id));
        });
    }

    @POST
    @Path("/{id}/stop")
    @RequiresScope("finance:write")
    @Operation(summary = "Let nothing more happen by itself; the invoice stays open")
    public CaseReply stop(@PathParam("id") UUID id) {
        return platform().in(find(id).tenant()).call(() -> CaseReply.of(cases.stop(id)));
    }

    /** @throws Problem NOT_FOUND */
    private DunningCase find(UUID id) {
        return platform().call(() -> cases.get(id)).dunning();
    }

    private static Caller platform() {
        return Caller.current().acrossTenants();
    }
}
