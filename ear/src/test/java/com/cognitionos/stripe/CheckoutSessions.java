package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionExpireParams;
import com.stripe.param.checkout.SessionListParams;
import com.stripe.param.checkout.SessionRetrieveParams;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Checkout sessions that set a card up on a hosted page; see {@link HostedPages}. */
final class CheckoutSessions {

    private static final Duration OPEN_FOR = Duration.ofHours(24);
    /** What of Stripe's object speaks of payments, and is null when a card is set up. */
    private static final String[] OF_PAYMENTS = {
        "adaptive_pricing",
        "after_expiration",
        "amount_subtotal",
        "amount_total",
        "collected_information",
        "consent",
        "consent_collection",
        "currency_conversion",
        "discounts",
        "invoice",
        "invoice_creation",
        "line_items",
        "managed_payments",
        "payment_intent",
        "payment_link",
        "payment_method_configuration_details",
        "permissions",
        "presentment_details",
        "recovered_from",
        "saved_payment_method_options",
        "shipping_address_collection",
        "shipping_cost",
        "subscription",
        "total_details",
        "wallet_options"
    };

    private final Account account;
    private final SetupIntents intents;
    private final PaymentMethods methods;

    CheckoutSessions(Account account, SetupIntents intents, PaymentMethods methods) {
        this.account = account;
        this.intents = intents;
        this.methods = methods;
    }

    List<Operation> operations() {
        String all = "/v1/checkout/sessions";
        String one = all + "/{session}";
        return List.of(
                new Operation("POST", all, SessionCreateParams.class, this::create),
                new Operation("GET", all, SessionListParams.class, this::list),
                new Operation("GET", one, SessionRetrieveParams.class, this::retrieve),
                new Operation("POST", one + "/expire", SessionExpireParams.class, this::expire));
    }

    private JsonObject create(Call call) {
        if (!"setup".equals(call.text("mode"))) {
            throw StripeError.invalid(null, "mode", "The double knows checkout sessions in the mode setup only.");
        }
        if (!call.has("currency") && !call.has("payment_method_types")) {
            throw StripeError.invalid(
                    "parameter_missing", "currency", "Without payment_method_types a currency must be given.");
        }
        Automatic.check(call.params());
        String customer = call.text("customer");
        if (customer != null) {
            account.named(Type.CUSTOMER, customer, "customer");
        }
        JsonObject setup = call.child("setup_intent_data").deepCopy();
        Json.set(setup, "customer", customer, "payment_method_types", Automatic.types(call.params()));
        JsonObject intent = intents.blank(setup);
        account.create(Type.SETUP_INTENT, intent, "setup_intent.created");

        JsonObject session = account.fresh(Type.CHECKOUT_SESSION);
        Set.of(OF_PAYMENTS).forEach(name -> {
            if (session.has(name)) {
                Json.set(session, name, null);
            }
        });
        String id = Json.needed(session, "id");
        Json.set(
                session,
                "allow_promotion_codes",
                null,
                "automatic_tax",
                Json.of("enabled", false, "liability", null, "provider", null, "status", null),
                "billing_address_collection",
                null,
                "cancel_url",
                null,
                "client_reference_id",
                null,
                "client_secret",
                null,
                "currency",
                null,
                "custom_fields",
                List.of(),
                "custom_text",
                Json.of(
                        "after_submit", null,
                        "shipping_address", null,
                        "submit", null,
                        "terms_of_service_acceptance", null),
                "customer",
                customer,
                "customer_creation",
                null,
                "customer_details",
                null,
                "customer_email",
                null,
                "expires_at",
                call.has("expires_at") ? call.whole("expires_at") : account.now() + OPEN_FOR.toSeconds(),
                "locale",
                null,
                "mode",
                "setup",
                "payment_method_collection",
                "always",
                "payment_method_options",
                new JsonObject(),
                "payment_method_types",
                Automatic.types(call.params()),
                "payment_status",
                "no_payment_required",
                "phone_number_collection",
                Json.of("enabled", false),
                "setup_intent",
                Json.needed(intent, "id"),
                "shipping_options",
                List.of(),
                "status",
                "open",
                "submit_type",
                null,
                "success_url",
                null,
                "ui_mode",
                "hosted",
                "url",
                account.hostedAt() + HostedPages.CHECKOUT + id);
        Json.copy(
                call.params(),
                session,
                "cancel_url",
                "client_reference_id",
                "currency",
                "customer_email",
                "locale",
                "success_url");
        Account.mergeMetadata(call.params(), session);
        account.store().put(Type.CHECKOUT_SESSION, session);
        return session;
    }

    /** As it is now: one that nobody completed in time is closed. */
    JsonObject asOfNow(String id) {
        JsonObject session = account.at(Type.CHECKOUT_SESSION, id, "session");
        return isOpen(session) && account.now() >= Json.whole(session, "expires_at") ? closed(session) : session;
    }

    private JsonObject closed(JsonObject session) {
        Json.set(session, "status", "expired", "url", null);
        intents.cancel(account.at(Type.SETUP_INTENT, Json.needed(session, "setup_intent"), "intent"), "abandoned");
        account.update(Type.CHECKOUT_SESSION, session, "checkout.session.expired");
        return session;
    }

    static boolean isOpen(JsonObject session) {
        return "open".equals(Json.text(session, "status"));
    }

    /**
     * The visitor gives a card. The session is complete, unless the card's issuer asks its holder.
     *
     * @throws StripeError 402 when the card is refused
     */
    JsonObject give(String id, TestCard card) {
        JsonObject session = requireOpen(id);
        JsonObject intent = intents.run(intent(session), methods.make(card), null);
        return "succeeded".equals(Json.text(intent, "status")) ? complete(session) : session;
    }

    /** The holder answers the issuer. */
    JsonObject answer(String id, boolean agrees) {
        JsonObject session = requireOpen(id);
        JsonObject intent = intents.authenticate(Json.needed(session, "setup_intent"), agrees);
        return "succeeded".equals(Json.text(intent, "status")) ? complete(session) : session;
    }

    JsonObject intent(JsonObject session) {
        return account.at(Type.SETUP_INTENT, Json.needed(session, "setup_intent"), "intent");
    }

    private JsonObject requireOpen(String id) {
        JsonObject session = asOfNow(id);
        if (!isOpen(session)) {
            throw StripeError.invalid(null, null, "This Checkout Session is " + Json.text(session, "status") + ".");
        }
        return session;
    }

    private JsonObject complete(JsonObject session) {
        Json.set(
                session,
                "status",
                "complete",
                "url",
                null,
                "customer_details",
                Json.of(
                        "address", null,
                        "email",
                                account.find(Type.CUSTOMER, Json.text(session, "customer"))
                                        .map(customer -> Json.text(customer, "email"))
                                        .orElse(null),
                        "name", null,
                        "phone", null,
                        "tax_exempt", "none",
                        "tax_ids", null));
        account.update(Type.CHECKOUT_SESSION, session, "checkout.session.completed");
        return session;
    }

    private JsonObject retrieve(Call call) {
        return asOfNow(call.id("session"));
    }

    private JsonObject expire(Call call) {
        return closed(requireOpen(call.id("session")));
    }

    private JsonObject list(Call call) {
        return Listing.page(
                call,
                "/v1/checkout/sessions",
                account.store().newestFirst(Type.CHECKOUT_SESSION),
                session -> Listing.same(call, "customer", session)
                        && Listing.same(call, "status", session)
                        && Listing.same(call, "payment_intent", session));
    }
}
