package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.util.Map;

/**
 * The first page of a double that runs by itself: what waits for a bank or a card holder, with a button for each outcome,
 * and the latest events.
 */
final class ControlPage {

    private static final int EVENTS = 30;

    private final Account account;
    private final PaymentIntents intents;
    private final SetupIntents setups;
    private final Refunds refunds;
    private final Disputes disputes;

    ControlPage(Account account, PaymentIntents intents, SetupIntents setups, Refunds refunds, Disputes disputes) {
        this.account = account;
        this.intents = intents;
        this.setups = setups;
        this.refunds = refunds;
        this.disputes = disputes;
    }

    HostedPages.Page answer(Map<String, Object> form) {
        return account.change(null, () -> {
            if (form.get("action") instanceof String action) {
                try {
                    act(action);
                } catch (IllegalStateException | StripeError overtaken) {
                    // Somebody was faster, or the object is unknown: the page shows how things are.
                    return page();
                }
                return HostedPages.Page.to("/");
            }
            return page();
        });
    }

    private void act(String action) {
        String[] parts = action.split(":", 2);
        boolean good = parts[0].equals("good");
        String id = parts[parts.length - 1];
        if (id.startsWith(Type.REFUND.prefix())) {
            refunds.settle(id, good);
        } else if (id.startsWith(Type.DISPUTE.prefix())) {
            disputes.decide(id, good);
        } else if (id.startsWith(Type.SETUP_INTENT.prefix())) {
            setups.authenticate(id, good);
        } else if (account.find(Type.PAYMENT_INTENT, id)
                .filter(intent -> "processing".equals(Json.text(intent, "status")))
                .isPresent()) {
            intents.settle(id, good ? null : TestCard.declined("card_declined", "insufficient_funds"));
        } else {
            intents.authenticate(id, good);
        }
    }

    private HostedPages.Page page() {
        StringBuilder body = new StringBuilder();
        waiting(body, Type.PAYMENT_INTENT, "processing", "Succeeds", "Fails");
        waiting(body, Type.PAYMENT_INTENT, "requires_action", "Holder agrees", "Holder refuses");
        waiting(body, Type.SETUP_INTENT, "requires_action", "Holder agrees", "Holder refuses");
        waiting(body, Type.REFUND, "pending", "Succeeds", "Fails");
        waiting(body, Type.DISPUTE, "needs_response", "Won", "Lost");
        waiting(body, Type.DISPUTE, "under_review", "Won", "Lost");
        if (body.isEmpty()) {
            body.append("<p>Nothing waits for a bank or a card holder.</p>");
        }
        body.append("<h2>Latest events</h2><ul>");
        account.store().newestFirst(Type.EVENT).stream()
                .limit(EVENTS)
                .forEach(event -> body.append("<li>")
                        .append(Json.text(event, "type"))
                        .append(" ")
                        .append(Json.text(Json.child(Json.child(event, "data"), "object"), "id"))
                        .append("</li>"));
        return HostedPages.page(200, "A double of Stripe", body.append("</ul>").toString());
    }

    private void waiting(StringBuilder body, Type type, String status, String good, String bad) {
        for (JsonObject object : account.store().newestFirst(type)) {
            if (status.equals(Json.text(object, "status"))) {
                String id = Json.needed(object, "id");
                String amount = Json.has(object, "amount")
                        ? ", %s minor units of %s".formatted(Json.text(object, "amount"), Json.text(object, "currency"))
                        : "";
                body.append("<form method=\"post\">%s %s%s: ".formatted(type.word(), id, amount));
                body.append("<button name=\"action\" value=\"good:%s\">%s</button> ".formatted(id, good));
                body.append("<button name=\"action\" value=\"bad:%s\">%s</button></form>".formatted(id, bad));
            }
        }
    }
}
