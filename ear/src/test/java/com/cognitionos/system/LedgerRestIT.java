package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LED-9, INV-10: journal, trial balance and statements at the REST door. */
@SharedProduct
@DisplayName("Journal and statements over REST")
class LedgerRestIT {

    private static final Api OPERATOR = Product.shared().api();
    /** Of a pro month from 31 January to 14 February, and a year from then on. */
    private static final long CHARGED = 2_450 + 49_000;

    private static String tenant;
    private static Api key;
    private static String number;

    @BeforeAll
    static void aYearSince14February() {
        tenant = OPERATOR.post("/v3/tenants", """
                        {"name": "=1+1, \\"Ltd\\"", "slug": "ledger-rest", "owner_email": "owner@ledger.example",
                         "billing_email": "billing@ledger.example", "tier": "pro", "test_mode": true,
                         "test_clock_start": "2026-01-31T00:00:00Z"}""").expect(201).json().get("id").getAsString();
        OPERATOR.moveClock(tenant, "2026-02-14T00:00:00Z");
        key = OPERATOR.keyFor(tenant, "subscriptions:write", "subscriptions:read", "invoices:read", "invoices:write");
        key.post("/v3/subscriptions/upgrade", "{\"tier\": \"pro\", \"billing_cycle\": \"yearly\"}")
                .expect(200);
        OPERATOR.moveClock(tenant, "2026-04-01T00:00:00Z");
        key.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        JsonObject invoice = key.invoices().get(0);
        number = invoice.get("number").getAsString();
        assertThat(invoice.get("total_cents").getAsLong()).isEqualTo(CHARGED);
        key.post("/v3/invoices/" + invoice.get("id").getAsString() + "/pay", "{}")
                .expect(200);
    }

    private static JsonObject journal(String query) {
        return OPERATOR.get("/v3/finance/ledger/transactions?tenant_id=" + tenant + query)
                .expect(200)
                .json();
    }

    private static List<JsonObject> objects(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static List<String> texts(JsonArray array, String field) {
        return objects(array).stream().map(one -> one.get(field).getAsString()).toList();
    }

    @Test
    void theJournalTellsEachTransactionWithItsEntries() {
        JsonObject all = journal("");
        List<JsonObject> transactions = objects(all.getAsJsonArray("transactions"));

        assertThat(all.get("total").getAsLong()).isEqualTo(transactions.size());
        assertThat(texts(all.getAsJsonArray("transactions"), "posted_at"))
                .isSortedAccordingTo((one, other) -> other.substring(0, 19).compareTo(one.substring(0, 19)));
        assertThat(transactions).allSatisfy(one -> {
            long difference = objects(one.getAsJsonArray("entries")).stream()
                    .mapToLong(entry -> entry.get("debit_cents").getAsLong()
                            - entry.get("credit_cents").getAsLong())
                    .sum();
            assertThat(difference).isZero();
            assertThat(one.get("tenant_id").getAsString()).isEqualTo(tenant);
            assertThat(one.get("tenant_name").getAsString()).isEqualTo("=1+1, \"Ltd\"");
        });
        JsonObject march = objects(journal("&account=revenue&from=2026-03-01&to=2026-03-31")
                        .getAsJsonArray("transactions"))
                .get(0);
        assertThat(march.get("kind").getAsString()).isEqualTo("revenue_recognized");
        assertThat(march.get("posted_at").getAsString()).isEqualTo("2026-03-31T23:59:59.999999Z");
        assertThat(march.get("description").getAsString()).isEqualTo("Revenue earned in 2026-03");
        assertThat(march.get("reference_kind").getAsString()).isEqualTo("invoice");
        assertThat(march.get("reference_line").getAsInt()).isPositive();
        assertThat(march.get("reference_number").getAsString()).matches("TEST-2026-\\d{6}");
        assertThat(texts(march.getAsJsonArray("entries"), "account")).containsExactly("deferred_revenue", "revenue");

        assertThat(journal("&account=cash").get("total").getAsLong()).isEqualTo(1);
        assertThat(journal("&page=2&page_size=1").getAsJsonArray("transactions"))
                .containsExactly(transactions.get(1));
        assertThat(journal("&test_mode=false").get("total").getAsLong()).isZero();
        assertThat(OPERATOR.get("/v3/finance/ledger/transactions?page_size=100")
                        .expect(200)
                        .text())
                .as("LED-4")
                .doesNotContain(tenant);
    }

    @Test
    void asCsvEachEntryIsALine() {
        Api.Reply reply = OPERATOR.with("Accept", "text/csv")
                .get("/v3/finance/ledger/transactions?tenant_id=" + tenant)
                .expect(200);
        assertThat(reply.header("Content-Type")).isEqualToIgnoringCase("text/csv;charset=UTF-8");
        assertThat(reply.header("Content-Disposition")).contains("journal.csv");
        List<String> lines = Arrays.asList(reply.text().split("\r\n"));
        assertThat(lines.get(0))
                .isEqualTo("transaction_id,posted_at,tenant_id,tenant_name,test_mode,kind,description,reference_kind,"
                        + "reference_id,reference_line,account,currency,debit,credit,debit_cents,credit_cents,"
                        + "reference_number");
        assertThat(lines.get(1))
                .contains("2026-02-14T00:00:00Z", tenant + ",\"'=1+1, \"\"Ltd\"\"\",true,invoice_finalized")
                .containsPattern(",receivable,USD,514.50,0.00,51450,0,TEST-2026-\\d{6}$");
        long balance = lines.stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .mapToLong(cells -> Long.parseLong(cells[cells.length - 3]) - Long.parseLong(cells[cells.length - 2]))
                .sum();
        assertThat(balance).isZero();
        assertThat(OPERATOR.get("/v3/finance/ledger/transactions?format=csv&tenant_id=" + tenant)
                        .expect(200)
                        .text())
                .isEqualTo(reply.text());
    }

    @Test
    void theStatementRunsFromOpeningToClosing() {
        JsonObject all = key.get("/v3/statement").expect(200).json();
        assertThat(all.get("opening_balance_cents").getAsLong()).isZero();
        assertThat(texts(all.getAsJsonArray("movements"), "kind"))
                .containsExactly("invoice_finalized", "payment_succeeded");
        assertThat(texts(all.getAsJsonArray("movements"), "description"))
                .containsExactly("Invoice " + number, "Payment of invoice " + number);
        assertThat(texts(all.getAsJsonArray("movements"), "balance_cents"))
                .containsExactly(Long.toString(CHARGED), "0");
        assertThat(all.get("closing_balance_cents").getAsLong()).isZero();

        JsonObject march = key.get("/v3/statement?currency=USD&from=2026-03-01&to=2026-03-31")
                .expect(200)
                .json();
        assertThat(march.get("opening_balance_cents").getAsLong()).isEqualTo(CHARGED);
        assertThat(march.getAsJsonArray("movements")).isEmpty();
        assertThat(march.get("closing_balance_cents").getAsLong()).isEqualTo(CHARGED);
        assertThat(march.get("to").getAsString()).isEqualTo("2026-04-01T00:00:00Z");
        assertThat(OPERATOR.get("/v3/finance/statements?tenant_id=" + tenant)
                        .expect(200)
                        .json())
                .isEqualTo(all);

        List<String> lines = Arrays.asList(key.get("/v3/statement?format=csv&from=2026-02-01")
                .expect(200)
                .text()
                .split("\r\n"));
        assertThat(lines.get(0))
                .isEqualTo("at,kind,document,description,reference_kind,reference_id,currency,amount,balance,"
                        + "amount_cents,balance_cents");
        assertThat(lines.get(1)).isEqualTo("2026-02-01T00:00:00Z,opening_balance,,,,,USD,,0.00,,0");
        assertThat(lines.get(2))
                .startsWith("2026-02-14T00:00:00Z,invoice_finalized," + number)
                .endsWith("514.50,514.50,51450,51450");
        assertThat(lines.get(3)).contains("payment_succeeded").endsWith(",USD,-514.50,0.00,-51450,0");
        assertThat(lines.get(4)).isEqualTo(",closing_balance,,,,,USD,,0.00,,0");
    }

    @Test
    void theTrialBalanceAsOfADayBalances() {
        for (String asOf :
                List.of("2026-02-14", "2026-02-28", "2026-02-28T23:59:59.999999Z", "2026-03-15T12:00:00%2B02:00")) {
            JsonObject balance = OPERATOR.get("/v3/finance/trial-balance?as_of=" + asOf)
                    .expect(200)
                    .json();
            JsonArray totals = balance.getAsJsonObject("test").getAsJsonArray("totals");
            assertThat(texts(totals, "balanced")).as(asOf).isNotEmpty().containsOnly("true");
        }
        JsonObject longAgo = OPERATOR.get("/v3/finance/trial-balance?as_of=2001-01-01")
                .expect(200)
                .json();
        assertThat(longAgo.getAsJsonArray("accounts")).isEmpty();
        assertThat(longAgo.getAsJsonObject("test").getAsJsonArray("totals")).isEmpty();
    }

    @Test
    void whatIsWrongIsSaid() {
        String journal = "/v3/finance/ledger/transactions?";
        String statements = "/v3/finance/statements?";
        Map<String, String> wrong = Map.of(
                "/v3/finance/trial-balance?as_of=yesterday",
                "invalid_timestamp",
                journal + "account=petty_cash",
                "unknown_account",
                journal + "tenant_id=nobody",
                "wrong_type",
                journal + "test_mode=perhaps",
                "wrong_type",
                journal + "format=xls",
                "unknown_format",
                journal + "page=0",
                "out_of_range",
                statements,
                "required",
                statements + "tenant_id=" + tenant + "&currency=QQQ",
                "unknown_currency",
                statements + "tenant_id=" + tenant + "&from=2026-03-02&to=2026-03-01",
                "out_of_range");
        wrong.forEach((path, code) -> {
            JsonObject problem = OPERATOR.get(path).expect(422).json();
            assertThat(texts(problem.getAsJsonArray("errors"), "code")).as(path).containsExactly(code);
        });
        OPERATOR.get(statements + "tenant_id=018f0000-0000-7000-8000-000000000000")
                .expect(404);
        key.get(statements + "tenant_id=" + tenant).expect(403);
        key.get(journal).expect(403);
        assertThat(new BigDecimal(key.get("/v3/statement?currency=EUR")
                        .expect(200)
                        .json()
                        .get("closing_balance_cents")
                        .getAsString()))
                .isZero();
    }
}
