package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.BalanceRetrieveParams;
import com.stripe.param.BalanceTransactionListParams;
import com.stripe.param.BalanceTransactionRetrieveParams;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The account's balance: a transaction for each movement of money, with Stripe's fee. */
final class Balance {

    private static final BigDecimal SHARE = new BigDecimal("0.029");
    private static final BigDecimal FIXED = new BigDecimal("30");
    private static final long DISPUTE_FEE = 1500;
    private static final Duration WAIT = Duration.ofDays(2);

    private final Account account;

    Balance(Account account) {
        this.account = account;
    }

    List<Operation> operations() {
        return List.of(
                new Operation("GET", "/v1/balance", BalanceRetrieveParams.class, this::retrieveBalance),
                new Operation("GET", "/v1/balance_transactions", BalanceTransactionListParams.class, this::list),
                new Operation(
                        "GET",
                        "/v1/balance_transactions/{id}",
                        BalanceTransactionRetrieveParams.class,
                        this::retrieve));
    }

    /** 2.9 % and 30 minor units, rounded half up: Stripe's list price for cards in the United States. */
    static long fee(long amount) {
        return BigDecimal.valueOf(amount)
                .multiply(SHARE)
                .add(FIXED)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /** @return its id */
    String charged(JsonObject charge, boolean available) {
        long amount = Json.whole(charge, "amount");
        return move("charge", "charge", charge, amount, fee(amount), available);
    }

    String refunded(JsonObject refund) {
        return move("refund", "refund", refund, -Json.whole(refund, "amount"), 0, true);
    }

    /** The money of a refund that failed comes back. */
    String refundFailed(JsonObject refund) {
        return move("refund_failure", "refund_failure", refund, Json.whole(refund, "amount"), 0, true);
    }

    JsonObject disputed(JsonObject dispute) {
        return account.store()
                .find(
                        Type.BALANCE_TRANSACTION,
                        move("adjustment", "dispute", dispute, -Json.whole(dispute, "amount"), DISPUTE_FEE, true))
                .orElseThrow();
    }

    /** Stripe keeps the fee of a dispute that was won. */
    JsonObject disputeWon(JsonObject dispute) {
        return account.store()
                .find(
                        Type.BALANCE_TRANSACTION,
                        move("adjustment", "dispute_reversal", dispute, Json.whole(dispute, "amount"), 0, true))
                .orElseThrow();
    }

    private String move(String type, String category, JsonObject source, long amount, long fee, boolean available) {
        String currency = Json.needed(source, "currency");
        List<JsonObject> details = fee == 0
                ? List.of()
                : List.of(Json.of(
                        "amount",
                        fee,
                        "application",
                        null,
                        "currency",
                        currency,
                        "description",
                        category.equals("dispute") ? "Dispute fee" : "Stripe processing fees",
                        "type",
                        "stripe_fee"));
        JsonObject moved = account.fresh(Type.BALANCE_TRANSACTION);
        moved.remove("metadata");
        moved.remove("livemode");
        Json.set(
                moved,
                "amount",
                amount,
                "available_on",
                account.now() + (available ? 0 : WAIT.toSeconds()),
                "currency",
                currency,
                "description",
                Json.text(source, "description"),
                "exchange_rate",
                null,
                "fee",
                fee,
                "fee_details",
                details,
                "net",
                amount - fee,
                "reporting_category",
                category,
                "source",
                Json.needed(source, "id"),
                "status",
                "pending",
                "type",
                type);
        account.store().put(Type.BALANCE_TRANSACTION, moved);
        return Json.needed(moved, "id");
    }

    private JsonObject asOfNow(JsonObject moved) {
        boolean available = Json.whole(moved, "available_on") <= account.now();
        return Json.set(moved, "status", available ? "available" : "pending");
    }

    private JsonObject retrieve(Call call) {
        return asOfNow(account.at(Type.BALANCE_TRANSACTION, call.id("id"), "id"));
    }

    private JsonObject list(Call call) {
        List<JsonObject> all = account.store().newestFirst(Type.BALANCE_TRANSACTION);
        all.forEach(this::asOfNow);
        return Listing.page(
                call,
                "/v1/balance_transactions",
                all,
                moved -> Listing.same(call, "type", moved)
                        && Listing.same(call, "source", moved)
                        && Listing.same(call, "currency", moved)
                        && !call.has("payout"));
    }

    private JsonObject retrieveBalance(Call call) {
        Map<String, Long> available = new TreeMap<>();
        Map<String, Long> pending = new TreeMap<>();
        for (JsonObject moved : account.store().newestFirst(Type.BALANCE_TRANSACTION)) {
            boolean now = "available".equals(Json.text(asOfNow(moved), "status"));
            (now ? available : pending).merge(Json.needed(moved, "currency"), Json.whole(moved, "net"), Long::sum);
        }
        return Json.of(
                "object", "balance", "available", amounts(available), "livemode", false, "pending", amounts(pending));
    }

    private static List<JsonObject> amounts(Map<String, Long> byCurrency) {
        List<JsonObject> amounts = new ArrayList<>();
        byCurrency.forEach((currency, amount) ->
                amounts.add(Json.of("amount", amount, "currency", currency, "source_types", Json.of("card", amount))));
        return amounts;
    }
}
