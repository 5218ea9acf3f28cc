package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.DisputeCloseParams;
import com.stripe.param.DisputeListParams;
import com.stripe.param.DisputeRetrieveParams;
import com.stripe.param.DisputeUpdateParams;
import java.time.Duration;
import java.util.List;

/** Disputes: opened by the issuers of special cards, won by evidence or lost. */
final class Disputes {

    private static final Duration ANSWER_WITHIN = Duration.ofDays(9);

    private final Account account;
    private final Balance balance;

    Disputes(Account account, Balance balance) {
        this.account = account;
        this.balance = balance;
    }

    List<Operation> operations() {
        String one = "/v1/disputes/{dispute}";
        return List.of(
                new Operation("GET", "/v1/disputes", DisputeListParams.class, this::list),
                new Operation("GET", one, DisputeRetrieveParams.class, this::retrieve),
                new Operation("POST", one, DisputeUpdateParams.class, this::update),
                new Operation("POST", one + "/close", DisputeCloseParams.class, this::close));
    }

    /** The holder's bank takes the whole charge back for now, and Stripe its fee. */
    JsonObject open(JsonObject charge, String reason) {
        JsonObject dispute = account.fresh(Type.DISPUTE);
        Json.set(
                dispute,
                "amount",
                Json.whole(charge, "amount"),
                "balance_transactions",
                List.of(),
                "charge",
                Json.needed(charge, "id"),
                "currency",
                Json.needed(charge, "currency"),
                "description",
                null,
                "evidence_details",
                Json.of(
                        "due_by",
                        account.now() + ANSWER_WITHIN.toSeconds(),
                        "enhanced_eligibility",
                        new JsonObject(),
                        "has_evidence",
                        false,
                        "past_due",
                        false,
                        "submission_count",
                        0),
                "is_charge_refundable",
                false,
                "payment_intent",
                Json.text(charge, "payment_intent"),
                "reason",
                reason,
                "status",
                "needs_response");
        dispute.remove("description");
        JsonObject details = Json.child(dispute, "payment_method_details");
        JsonObject card = Json.child(details, "card");
        String brand = Json.text(Json.child(Json.child(charge, "payment_method_details"), "card"), "brand");
        Json.set(card, "brand", brand, "case_type", "chargeback", "network_reason_code", "10.4");
        Json.set(details, "card", card, "type", "card");
        dispute.add("payment_method_details", details);
        account.update(Type.CHARGE, Json.set(charge, "disputed", true), "charge.updated");
        account.create(Type.DISPUTE, dispute, "charge.dispute.created");
        Json.set(dispute, "balance_transactions", List.of(balance.disputed(dispute)));
        account.update(Type.DISPUTE, dispute, "charge.dispute.funds_withdrawn");
        return dispute;
    }

    /** The bank decides. */
    JsonObject decide(String id, boolean won) {
        JsonObject dispute = account.at(Type.DISPUTE, id, "dispute");
        requireOpen(dispute);
        Json.set(dispute, "status", won ? "won" : "lost", "is_charge_refundable", false);
        account.update(Type.DISPUTE, dispute, "charge.dispute.closed");
        if (won) {
            List<JsonObject> moved = new java.util.ArrayList<>();
            dispute.getAsJsonArray("balance_transactions").forEach(each -> moved.add(each.getAsJsonObject()));
            moved.add(balance.disputeWon(dispute));
            Json.set(dispute, "balance_transactions", moved);
            account.update(Type.DISPUTE, dispute, "charge.dispute.funds_reinstated");
        }
        return dispute;
    }

    private static void requireOpen(JsonObject dispute) {
        String status = Json.needed(dispute, "status");
        if (status.equals("won") || status.equals("lost")) {
            throw StripeError.invalid(null, null, "This dispute is already closed");
        }
    }

    private JsonObject retrieve(Call call) {
        return account.at(Type.DISPUTE, call.id("dispute"), "dispute");
    }

    /** Evidence with Stripe's magic words decides at once, as in its test mode; other waits for the bank. */
    private JsonObject update(Call call) {
        JsonObject dispute = retrieve(call);
        requireOpen(dispute);
        JsonObject sent = call.child("evidence");
        JsonObject evidence = Json.child(dispute, "evidence");
        Json.copy(sent, evidence, sent.keySet().toArray(String[]::new));
        dispute.add("evidence", evidence);
        Account.mergeMetadata(call.params(), dispute);
        boolean submits = !call.params().has("submit") || call.flag("submit");
        if (!sent.isEmpty()) {
            JsonObject details = Json.child(dispute, "evidence_details");
            Json.set(details, "has_evidence", true);
            if (submits) {
                Json.set(details, "submission_count", Json.whole(details, "submission_count") + 1);
                Json.set(dispute, "status", "under_review");
            }
        }
        account.update(Type.DISPUTE, dispute, "charge.dispute.updated");
        String words = Json.text(sent, "uncategorized_text");
        if (submits && "winning_evidence".equals(words)) {
            return decide(call.id("dispute"), true);
        }
        return submits && "losing_evidence".equals(words) ? decide(call.id("dispute"), false) : dispute;
    }

    private JsonObject close(Call call) {
        retrieve(call);
        return decide(call.id("dispute"), false);
    }

    private JsonObject list(Call call) {
        return Listing.page(
                call,
                "/v1/disputes",
                account.store().newestFirst(Type.DISPUTE),
                dispute -> Listing.same(call, "charge", dispute) && Listing.same(call, "payment_intent", dispute));
    }
}
