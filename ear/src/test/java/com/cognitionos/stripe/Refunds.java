package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.RefundRetrieveParams;
import com.stripe.param.RefundUpdateParams;
import java.util.List;

/** Refunds of charges, whole or in part. Some cards let them hang or fail. */
final class Refunds {

    private final Account account;
    private final PaymentMethods methods;
    private final Balance balance;

    Refunds(Account account, PaymentMethods methods, Balance balance) {
        this.account = account;
        this.methods = methods;
        this.balance = balance;
    }

    List<Operation> operations() {
        return List.of(
                new Operation("POST", "/v1/refunds", RefundCreateParams.class, this::create),
                new Operation("GET", "/v1/refunds", RefundListParams.class, this::list),
                new Operation("GET", "/v1/refunds/{refund}", RefundRetrieveParams.class, this::retrieve),
                new Operation("POST", "/v1/refunds/{refund}", RefundUpdateParams.class, this::update));
    }

    private JsonObject create(Call call) {
        JsonObject charge = charge(call);
        if (Json.flag(charge, "disputed")) {
            throw StripeError.invalid("charge_disputed", null, "The charge has been disputed and cannot be refunded.");
        }
        long left = Json.whole(charge, "amount") - Json.whole(charge, "amount_refunded");
        if (left == 0) {
            throw StripeError.invalid(
                    "charge_already_refunded",
                    null,
                    "Charge " + Json.text(charge, "id") + " has already been refunded.");
        }
        long amount = call.has("amount") ? call.whole("amount") : left;
        if (amount < 1) {
            throw StripeError.invalid(
                    "parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.");
        }
        if (amount > left) {
            throw StripeError.invalid(
                    null, "amount", "Refund amount " + amount + " is greater than unrefunded amount on charge " + left);
        }
        boolean pending = outcome(charge) == TestCard.RefundOutcome.PENDING;
        JsonObject refund = Json.set(
                account.fresh(Type.REFUND),
                "amount",
                amount,
                "balance_transaction",
                null,
                "charge",
                Json.needed(charge, "id"),
                "currency",
                Json.needed(charge, "currency"),
                "destination_details",
                Json.of("card", Json.of("type", "refund"), "type", "card"),
                "payment_intent",
                Json.text(charge, "payment_intent"),
                "reason",
                call.text("reason"),
                "receipt_number",
                null,
                "source_transfer_reversal",
                null,
                "status",
                pending ? "pending" : "succeeded",
                "transfer_reversal",
                null);
        refund.remove("livemode");
        Account.mergeMetadata(call.params(), refund);
        Json.set(refund, "balance_transaction", balance.refunded(refund));
        account.create(Type.REFUND, refund, "refund.created");
        Json.set(charge, "amount_refunded", Json.whole(charge, "amount_refunded") + amount, "refunded", amount == left);
        account.update(Type.CHARGE, charge, "charge.refunded");
        return refund;
    }

    private JsonObject charge(Call call) {
        String intent = call.text("payment_intent");
        String charge = call.text("charge");
        if ((intent == null) == (charge == null)) {
            throw StripeError.invalid(
                    intent == null ? "parameter_missing" : "parameters_exclusive",
                    null,
                    "One of payment_intent and charge must be given.");
        }
        JsonObject found = charge != null
                ? account.named(Type.CHARGE, charge, "charge")
                : account.find(
                                Type.CHARGE,
                                Json.text(
                                        account.named(Type.PAYMENT_INTENT, intent, "payment_intent"), "latest_charge"))
                        .orElse(new JsonObject());
        if (!"succeeded".equals(Json.text(found, "status"))) {
            throw StripeError.invalid(null, null, "There is no successful charge to refund.");
        }
        return found;
    }

    private TestCard.RefundOutcome outcome(JsonObject charge) {
        JsonObject method = account.at(Type.PAYMENT_METHOD, Json.needed(charge, "payment_method"), "payment_method");
        return methods.card(method).refund();
    }

    /** What the bank says of a refund in the end: of a pending one either, of one that succeeded that it has failed. */
    JsonObject settle(String id, boolean succeeds) {
        JsonObject refund = account.at(Type.REFUND, id, "refund");
        String status = Json.needed(refund, "status");
        if (succeeds ? !status.equals("pending") : status.equals("failed")) {
            throw new IllegalStateException(id + " is " + status);
        }
        if (succeeds) {
            Json.set(refund, "status", "succeeded");
            account.update(Type.REFUND, refund, "refund.updated", "charge.refund.updated");
            return refund;
        }
        Json.set(
                refund,
                "failure_balance_transaction",
                balance.refundFailed(refund),
                "failure_reason",
                "expired_or_canceled_card",
                "status",
                "failed");
        account.update(Type.REFUND, refund, "refund.failed", "charge.refund.updated");
        account.tell("refund.updated", refund, Json.of("status", status));
        JsonObject charge = account.at(Type.CHARGE, Json.needed(refund, "charge"), "charge");
        Json.set(
                charge,
                "amount_refunded",
                Json.whole(charge, "amount_refunded") - Json.whole(refund, "amount"),
                "refunded",
                false);
        account.update(Type.CHARGE, charge, "charge.updated");
        return refund;
    }

    private JsonObject retrieve(Call call) {
        return account.at(Type.REFUND, call.id("refund"), "refund");
    }

    private JsonObject update(Call call) {
        JsonObject refund = retrieve(call);
        Account.mergeMetadata(call.params(), refund);
        account.update(Type.REFUND, refund, "refund.updated", "charge.refund.updated");
        return refund;
    }

    private JsonObject list(Call call) {
        return Listing.page(
                call,
                "/v1/refunds",
                account.store().newestFirst(Type.REFUND),
                refund -> Listing.same(call, "charge", refund) && Listing.same(call, "payment_intent", refund));
    }
}
