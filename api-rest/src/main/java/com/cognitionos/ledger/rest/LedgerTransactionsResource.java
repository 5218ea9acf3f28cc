package com.cognitionos.ledger.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.ledger.boundary.JournalExport;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.rest.CsvReply;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The journal over all tenants. */
@Path("/finance/ledger/transactions")
@ApplicationScoped
@Produces({MediaType.APPLICATION_JSON, Csv.MEDIA_TYPE})
@Tag(name = "Finance")
public class LedgerTransactionsResource {

    @EJB
    private Ledger ledger;

    @Inject
    private JournalExport export;

    @Context
    private HttpHeaders headers;

    /** Newest first. */
    public record Journal(List<Transaction> transactions, long total, int page, int pageSize) {
        static Journal of(Page<Ledger.Transaction> page) {
            return new Journal(
                    page.items().stream().map(Transaction::of).toList(), page.total(), page.page(), page.pageSize());
        }
    }

    /**
     * @param referenceKind what reference_id is the id of: invoice, payment and so on
     * @param referenceNumber of an invoice or a credit note; null for another reference
     * @param referenceLine the line of the invoice that it is about, from 1
     */
    public record Transaction(
            UUID id,
            UUID tenantId,
            String tenantName,
            boolean testMode,
            Instant postedAt,
            String kind,
            String description,
            String referenceKind,
            UUID referenceId,
            @Nullable String referenceNumber,
            @Nullable Integer referenceLine,
            String currency,
            List<Entry> entries) {
        static Transaction of(Ledger.Transaction one) {
            return new Transaction(
                    one.id(),
                    one.tenant(),
                    one.tenantName(),
                    one.testMode(),
                    one.at(),
                    one.kind().code(),
                    one.description(),
                    one.kind().referenceKind(),
                    one.reference(),
                    one.referenceNumber(),
                    one.line(),
                    one.currency(),
                    one.entries().stream().map(Entry::of).toList());
        }
    }

    public record Entry(String account, long debitCents, long creditCents) {
        static Entry of(Posting.Entry entry) {
            return new Entry(entry.account().code(), entry.debitCents(), entry.creditCents());
        }
    }

    @GET
    @RequiresScope("finance:read")
    @Operation(
            summary = "The journal",
            description =
                    "Transactions with their entries, newest first; account finds those that move it, from and to are"
                            + " dates or instants in the tenants' time, to is exclusive where it is an instant. Without"
                            + " tenant_id it is the business, or with test_mode=true the test tenants. As CSV (Accept:"
                            + " text/csv, or format=csv) all of them, oldest first, a line an entry, without pages; its"
                            + " columns: transaction_id, posted_at, tenant_id, tenant_name, test_mode, kind, description,"
                            + " reference_kind, reference_id, reference_line, account, currency, debit, credit,"
                            + " debit_cents, credit_cents, reference_number. New columns only come at the end. Text that a spreadsheet"
                            + " would compute begins with an apostrophe.")
    @APIResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Journal.class)),
                @Content(mediaType = Csv.MEDIA_TYPE)
            })
    public Response list(
            @QueryParam("tenant_id") @Nullable String tenant,
            @QueryParam("test_mode") @Nullable String testMode,
            @QueryParam("account") @Nullable String account,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize,
            @QueryParam("format") @Nullable String format) {
        UUID tenantId = tenant == null ? null : Texts.uuid("tenant_id", tenant);
        Ledger.Wanted wanted = new Ledger.Wanted(
                tenantId,
                testMode(testMode, tenantId),
                account == null ? null : account(account),
                from == null ? null : Texts.from("from", from),
                to == null ? null : Texts.to("to", to));
        Page.Request wantedPage = Texts.page(page, pageSize);
        boolean csv = CsvReply.isWanted(format, headers);
        return Caller.current()
                .acrossTenants()
                .call(() -> csv
                        ? CsvReply.of(export.of(wanted), "journal")
                        : Response.ok(Journal.of(ledger.list(wanted, wantedPage)), MediaType.APPLICATION_JSON)
                                .build());
    }

    private static @Nullable Boolean testMode(@Nullable String text, @Nullable UUID tenant) {
        if (text == null) {
            return tenant == null ? false : null;
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw Problem.invalid("test_mode", "wrong_type", "test_mode must be true or false");
        }
        return text.equals("true");
    }

    private static Account account(String text) {
        return Arrays.stream(Account.values())
                .filter(one -> one.code().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        "account",
                        "unknown_account",
                        "account must be one of "
                                + Arrays.stream(Account.values())
                                        .map(Account::code)
                                        .collect(Collectors.joining(", "))));
    }
}
