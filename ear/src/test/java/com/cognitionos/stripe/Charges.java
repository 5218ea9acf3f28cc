package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.ChargeListParams;
import com.stripe.param.ChargeRetrieveParams;
import com.stripe.param.ChargeSearchParams;
import com.stripe.param.ChargeUpdateParams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Charges: the attempts of payment intents. */
final class Charges {

    private final Account account;
    private final PaymentMethods methods;
    private final Balance balance;
    private boolean feesLater;

    Charges(Account account, PaymentMethods methods, Balance balance) {
        this.account = account;
        this.methods = methods;
        this.balance = balance;
    }

    List<Operation> operations() {
        return List.of(
                new Operation("GET", "/v1/charges", ChargeListParams.class, this::list),
                new Operation("GET", "/v1/charges/search", ChargeSearchParams.class, this::search),
                new Operation("GET", "/v1/charges/{charge}", ChargeRetrieveParams.class, this::retrieve),
                new Operation("POST", "/v1/charges/{charge}", ChargeUpdateParams.class, this::update));
    }

    JsonObject succeed(JsonObject intent, JsonObject method, TestCard card) {
        JsonObject charge = attempt(intent, method);
        account.store().put(Type.CHARGE, charge);
        return succeeded(charge, card);
    }

    JsonObject pend(JsonObject intent, JsonObject method) {
        JsonObject charge = Json.set(attempt(intent, method), "paid", false, "captured", true, "status", "pending");
        account.create(Type.CHARGE, charge, "charge.pending");
        return charge;
    }

    JsonObject fail(JsonObject intent, JsonObject method, TestCard.Decline decline) {
        JsonObject charge = attempt(intent, method);
        account.store().put(Type.CHARGE, charge);
        return failed(charge, decline);
    }

    JsonObject succeeded(JsonObject charge, TestCard card) {
        Json.set(
                charge,
                "amount_captured",
                Json.whole(charge, "amount"),
                "balance_transaction",
                feesLater ? null : moved(charge, card),
                "captured",
                true,
                "outcome",
                outcome("approved_by_network", null, "Payment complete.", "authorized"),
                "paid",
                true,
                "status",
                "succeeded");
        account.update(Type.CHARGE, charge, "charge.succeeded");
        return charge;
    }

    private String moved(JsonObject charge, TestCard card) {
        return balance.charged(charge, card.settlement() == TestCard.Settlement.AVAILABLE);
    }

    /** From now on a charge's balance transaction comes later than its success. */
    void feesLater() {
        feesLater = true;
    }

    /** The balance transactions that were to come later. */
    int tellFees() {
        int told = 0;
        for (JsonObject charge : account.store().newestFirst(Type.CHARGE)) {
            if ("succeeded".equals(Json.text(charge, "status")) && !Json.has(charge, "balance_transaction")) {
                JsonObject method =
                        account.at(Type.PAYMENT_METHOD, Json.needed(charge, "payment_method"), "payment_method");
                Json.set(charge, "balance_transaction", moved(charge, methods.card(method)));
                account.update(Type.CHARGE, charge, "charge.updated");
                told++;
            }
        }
        return told;
    }

    JsonObject failed(JsonObject charge, TestCard.Decline decline) {
        String reason = decline.declineCode() == null ? decline.code() : decline.declineCode();
        Json.set(
                charge,
                "captured",
                false,
                "failure_code",
                decline.code(),
                "failure_message",
                decline.message(),
                "outcome",
                outcome("declined_by_network", reason, decline.message(), "issuer_declined"),
                "paid",
                false,
                "status",
                "failed");
        account.update(Type.CHARGE, charge, "charge.failed");
        return charge;
    }

    private static JsonObject outcome(String network, @Nullable String reason, String message, String type) {
        return Json.of(
                "advice_code",
                null,
                "network_advice_code",
                null,
                "network_decline_code",
                null,
                "network_status",
                network,
                "reason",
                reason,
                "risk_level",
                "normal",
                "risk_score",
                20,
                "seller_message",
                message,
                "type",
                type);
    }

    private JsonObject attempt(JsonObject intent, JsonObject method) {
        JsonObject charge = account.fresh(Type.CHARGE);
        charge.remove("refunds");
        JsonObject details = Json.child(charge, "payment_method_details");
        JsonObject card = Json.child(details, "card");
        Json.copy(
                Json.child(method, "card"),
                card,
                "brand",
                "checks",
                "country",
                "exp_month",
                "exp_year",
                "fingerprint",
                "funding",
                "last4");
        Json.set(
                card,
                "amount_authorized",
                Json.whole(intent, "amount"),
                "installments",
                null,
                "mandate",
                null,
                "network",
                Json.text(card, "brand"),
                "three_d_secure",
                null,
                "wallet",
                null);
        Json.set(details, "card", card, "type", "card");
        return Json.set(
                charge,
                "amount",
                Json.whole(intent, "amount"),
                "amount_captured",
                0,
                "amount_refunded",
                0,
                "application",
                null,
                "application_fee",
                null,
                "application_fee_amount",
                null,
                "balance_transaction",
                null,
                "billing_details",
                Json.child(method, "billing_details").deepCopy(),
                "calculated_statement_descriptor",
                Json.text(intent, "statement_descriptor"),
                "captured",
                false,
                "currency",
                Json.needed(intent, "currency"),
                "customer",
                Json.text(intent, "customer"),
                "description",
                Json.text(intent, "description"),
                "disputed",
                false,
                "failure_balance_transaction",
                null,
                "failure_code",
                null,
                "failure_message",
                null,
                "fraud_details",
                new JsonObject(),
                "metadata",
                Json.child(intent, "metadata").deepCopy(),
                "on_behalf_of",
                null,
                "outcome",
                null,
                "paid",
                false,
                "payment_intent",
                Json.needed(intent, "id"),
                "payment_method",
                Json.needed(method, "id"),
                "payment_method_details",
                details,
                "receipt_email",
                Json.text(intent, "receipt_email"),
                "receipt_number",
                null,
                "receipt_url",
                null,
                "refunded",
                false,
                "review",
                null,
                "shipping",
                null,
                "source",
                null,
                "source_transfer",
                null,
                "statement_descriptor",
                Json.text(intent, "statement_descriptor"),
                "statement_descriptor_suffix",
                Json.text(intent, "statement_descriptor_suffix"),
                "status",
                "pending",
                "transfer_data",
                null,
                "transfer_group",
                null);
    }

    private JsonObject retrieve(Call call) {
        return account.at(Type.CHARGE, call.id("charge"), "id");
    }

    private JsonObject update(Call call) {
        JsonObject charge = retrieve(call);
        Json.copy(call.params(), charge, "description", "receipt_email");
        Account.mergeMetadata(call.params(), charge);
        account.update(Type.CHARGE, charge, "charge.updated");
        return charge;
    }

    private JsonObject list(Call call) {
        return Listing.page(
                call,
                "/v1/charges",
                account.store().newestFirst(Type.CHARGE),
                charge -> Listing.same(call, "customer", charge) && Listing.same(call, "payment_intent", charge));
    }

    private JsonObject search(Call call) {
        return Listing.search(
                call, "/v1/charges/search", account.searched(Type.CHARGE, String.valueOf(call.text("query"))));
    }
}
