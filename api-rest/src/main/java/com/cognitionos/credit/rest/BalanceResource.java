package com.cognitionos.credit.rest;

import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The balance of a tenant. */
@Path("/balance")
@ApplicationScoped
@OpenWhenSuspended
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Balance and credits")
public class BalanceResource {

    @EJB
    private CustomerBalance balance;

    public record Balance(String currency, long cents) {}

    /** @param cents positive for what was given back or collected, negative for what was used or carried over */
    public record Change(UUID id, String currency, long cents, UUID invoiceId, Instant at) {}

    /** @param entries what changed it, newest first */
    public record BalancePage(List<Balance> balances, List<Change> entries, long total, int page, int pageSize) {}

    @GET
    @RequiresScope("invoices:read")
    @Operation(summary = "The balance in each currency: above 0 it pays the next invoices, below 0 they collect it")
    public BalancePage get(
            @QueryParam("page") @Nullable String page, @QueryParam("page_size") @Nullable String pageSize) {
        Page<CustomerBalance.Entry> entries = balance.entries(Texts.page(page, pageSize));
        return new BalancePage(
                balance.balances().stream()
                        .map(held -> new Balance(held.currency(), held.cents()))
                        .toList(),
                entries.items().stream()
                        .map(entry ->
                                new Change(entry.id(), entry.currency(), entry.cents(), entry.invoiceId(), entry.at()))
                        .toList(),
                entries.total(),
                entries.page(),
                entries.pageSize());
    }
}
