package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pages that Stripe hosts: checkout of a card and the customer portal. Instead of a number a test card is chosen. Fields
 * and buttons have the names {@code card} and {@code action}, so that a test's browser finds them.
 */
final class HostedPages {

    static final String CHECKOUT = "/c/pay/";
    static final String PORTAL = "/p/session/";

    /** @param location where a 303 leads; null for a page */
    record Page(int status, String html, @Nullable String location) {

        static Page to(String location) {
            return new Page(303, "", location);
        }
    }

    private final Account account;
    private final CheckoutSessions checkout;
    private final PortalSessions portal;

    HostedPages(Account account, CheckoutSessions checkout, PortalSessions portal) {
        this.account = account;
        this.checkout = checkout;
        this.portal = portal;
    }

    /** @param form empty when the page is only looked at */
    Page answer(String path, Map<String, Object> form) {
        return account.change(null, () -> {
            try {
                return path.startsWith(CHECKOUT)
                        ? checkout(path.substring(CHECKOUT.length()), form)
                        : portal(path.substring(PORTAL.length()), form);
            } catch (StripeError missing) {
                return page(404, "Nothing here", "<p>" + escaped(String.valueOf(missing.getMessage())) + "</p>");
            }
        });
    }

    private Page checkout(String id, Map<String, Object> form) {
        JsonObject session = checkout.asOfNow(id);
        String problem = "";
        if (CheckoutSessions.isOpen(session) && !form.isEmpty()) {
            try {
                session = form.get("action") instanceof String action && action.startsWith("bank-")
                        ? checkout.answer(id, action.equals("bank-agree"))
                        : checkout.give(id, card(form));
            } catch (StripeError refused) {
                problem = String.valueOf(refused.getMessage());
            }
        }
        String success = Json.text(session, "success_url");
        if ("complete".equals(Json.text(session, "status")) && success != null) {
            return Page.to(success.replace("{CHECKOUT_SESSION_ID}", id));
        }
        if (!CheckoutSessions.isOpen(session)) {
            return page(410, "This page is closed", "<p>Go back to where you came from and start again.</p>");
        }
        JsonObject intent = checkout.intent(session);
        if ("requires_action".equals(Json.text(intent, "status"))) {
            return page(200, "Your bank asks", """
                    <p>Is it you who sets this card up?</p>
                    <form method="post"><button name="action" value="bank-agree">Yes, it is me</button>
                    <button name="action" value="bank-refuse">No</button></form>""");
        }
        if (problem.isEmpty() && Json.has(intent, "last_setup_error")) {
            problem = String.valueOf(Json.text(Json.child(intent, "last_setup_error"), "message"));
        }
        return page(
                200,
                "Save a card",
                problem(problem)
                        + "<form method=\"post\">" + cards()
                        + "<button name=\"action\" value=\"save\">Save card</button></form>"
                        + link("Back", Json.text(session, "cancel_url")));
    }

    private Page portal(String id, Map<String, Object> form) {
        JsonObject session = portal.at(id);
        String problem = "";
        if (!form.isEmpty()) {
            try {
                act(session, form);
                String after = PortalSessions.afterFlow(session);
                return Page.to(after == null ? PORTAL + id : after);
            } catch (StripeError refused) {
                problem = String.valueOf(refused.getMessage());
            }
        }
        StringBuilder list = new StringBuilder("<ul>");
        String preferred = portal.defaultCard(session);
        for (JsonObject method : portal.cards(session)) {
            JsonObject card = Json.child(method, "card");
            String of = Json.needed(method, "id");
            list.append("<li><form method=\"post\">")
                    .append(escaped(brand(Json.needed(card, "brand")) + " •••• " + Json.text(card, "last4") + ", "
                            + Json.text(card, "exp_month") + "/" + Json.text(card, "exp_year")))
                    .append(of.equals(preferred) ? " (default) " : " " + button("default", of, "Make default"))
                    .append(button("remove", of, "Remove"))
                    .append("</form></li>");
        }
        list.append("</ul>");
        return page(
                200,
                "Your cards",
                problem(problem) + list + "<form method=\"post\">" + cards()
                        + "<button name=\"action\" value=\"add\">Add card</button></form>"
                        + link("Return", Json.text(session, "return_url")));
    }

    private void act(JsonObject session, Map<String, Object> form) {
        String action = String.valueOf(form.get("action"));
        if (action.startsWith("default:")) {
            portal.makeDefault(session, action.substring("default:".length()));
        } else if (action.startsWith("remove:")) {
            portal.remove(session, action.substring("remove:".length()));
        } else {
            portal.add(session, card(form));
        }
    }

    private static TestCard card(Map<String, Object> form) {
        return TestCard.of(String.valueOf(form.get("card")))
                .orElseThrow(() -> StripeError.of(402, StripeError.CARD, "incorrect_number", "Choose a card."));
    }

    private static String button(String action, String of, String label) {
        return "<button name=\"action\" value=\"" + action + ":" + escaped(of) + "\">" + label + "</button> ";
    }

    private static String cards() {
        StringBuilder options = new StringBuilder("<label>Card <select name=\"card\">");
        List<TestCard> all = TestCard.all();
        for (TestCard card : all) {
            options.append("<option value=\"%s\">%s •••• %s (%s)</option>"
                    .formatted(
                            card.token(),
                            brand(card.brand()),
                            card.last4(),
                            card.token().replace("pm_card_", "")));
        }
        return options.append("</select></label> ").toString();
    }

    private static String brand(String brand) {
        return brand.substring(0, 1).toUpperCase(Locale.ROOT) + brand.substring(1);
    }

    private static String problem(String text) {
        return text.isEmpty() ? "" : "<p role=\"alert\">" + escaped(text) + "</p>";
    }

    private static String link(String label, @Nullable String to) {
        return to == null ? "" : "<p><a href=\"" + escaped(to) + "\">" + label + "</a></p>";
    }

    static Page page(int status, String title, String body) {
        return new Page(status, """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%1$s</title><style>body { font: 1rem/1.6 system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
                button, select { font: inherit; padding: .3rem .6rem; margin: .3rem 0 }</style></head>
                <body><h1>%1$s</h1>
                <p>A test page in the place of Stripe's. No real card, no money.</p>
                %2$s</body></html>
                """.formatted(title, body), null);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
