package com.cognitionos.ledger.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The trial balance over all tenants. */
@Path("/finance/trial-balance")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class TrialBalanceResource {

    @EJB
    private Ledger ledger;

    /** The books of the business; those of test tenants stand apart (LED-4). */
    public record TrialBalance(List<Account> accounts, List<Total> totals, Books test) {}

    public record Books(List<Account> accounts, List<Total> totals) {
        static Books of(List<Ledger.AccountBalance> balances) {
            Map<String, List<Ledger.AccountBalance>> byCurrency = balances.stream()
                    .collect(Collectors.groupingBy(Ledger.AccountBalance::currency, TreeMap::new, Collectors.toList()));
            return new Books(
                    balances.stream()
                            .map(b -> new Account(
                                    b.account(), b.currency(), b.debitCents(), b.creditCents(), b.balanceCents()))
                            .toList(),
                    byCurrency.entrySet().stream()
                            .map(entry -> Total.of(entry.getKey(), entry.getValue()))
                            .toList());
        }
    }

    /** @param balanceCents debits less credits */
    public record Account(String account, String currency, long debitCents, long creditCents, long balanceCents) {}

    public record Total(String currency, long debitCents, long creditCents, boolean balanced) {
        static Total of(String currency, List<Ledger.AccountBalance> accounts) {
            long debit = accounts.stream()
                    .mapToLong(Ledger.AccountBalance::debitCents)
                    .sum();
            long credit = accounts.stream()
                    .mapToLong(Ledger.AccountBalance::creditCents)
                    .sum();
            return new Total(currency, debit, credit, debit == credit);
        }
    }

    @GET
    @RequiresScope("finance:read")
    @Operation(
            summary = "Every account's sums; debits equal credits per currency",
            description =
                    "as_of takes in what is dated up to and including that day or instant; without it, everything.")
    public TrialBalance get(@QueryParam("as_of") @Nullable String asOf) {
        Instant before = asOf == null ? null : before(asOf);
        return Caller.current().acrossTenants().call(() -> {
            Books live = Books.of(ledger.trialBalance(false, before));
            return new TrialBalance(live.accounts(), live.totals(), Books.of(ledger.trialBalance(true, before)));
        });
    }

    /** The database's next moment after an instant, so that what happens at it is in. */
    private static Instant before(String asOf) {
        Instant at = Texts.to("as_of", asOf);
        return Texts.date(asOf).isPresent() ? at : at.plus(1, ChronoUnit.MICROS);
    }
}
