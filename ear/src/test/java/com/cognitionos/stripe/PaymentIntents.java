package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.PaymentIntentUpdateParams;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Payment intents. {@code requires_payment_method} → {@code requires_confirmation} → {@code requires_action} or
 * {@code processing} → {@code succeeded}; a refused card leads back to {@code requires_payment_method}; what has not
 * succeeded can be canceled.
 */
final class PaymentIntents {

    private static final String METHOD = "payment_method";
    /** Stripe's lowest amounts in minor units; 50 of any other currency. */
    private static final Map<String, Long> LOWEST = Map.of("gbp", 30L, "aed", 200L, "hkd", 400L, "mxn", 1000L);

    private static final long HIGHEST = 99_999_999;
    private static final Set<String> CONFIRMABLE =
            Set.of("requires_payment_method", "requires_confirmation", "requires_action");
    private static final Set<String> CANCELABLE = Set.of(
            "requires_payment_method", "requires_confirmation", "requires_action", "requires_capture", "processing");

    private final Account account;
    private final PaymentMethods methods;
    private final Charges charges;
    private final Disputes disputes;

    PaymentIntents(Account account, PaymentMethods methods, Charges charges, Disputes disputes) {
        this.account = account;
        this.methods = methods;
        this.charges = charges;
        this.disputes = disputes;
    }

    List<Operation> operations() {
        String one = "/v1/payment_intents/{intent}";
        return List.of(
                new Operation("POST", "/v1/payment_intents", PaymentIntentCreateParams.class, this::create),
                new Operation("GET", "/v1/payment_intents", PaymentIntentListParams.class, this::list),
                new Operation("GET", "/v1/payment_intents/search", PaymentIntentSearchParams.class, this::search),
                new Operation("GET", one, PaymentIntentRetrieveParams.class, this::retrieve),
                new Operation("POST", one, PaymentIntentUpdateParams.class, this::update),
                new Operation("POST", one + "/confirm", PaymentIntentConfirmParams.class, this::confirm),
                new Operation("POST", one + "/cancel", PaymentIntentCancelParams.class, this::cancel));
    }

    private JsonObject create(Call call) {
        checkAmount(call.whole("amount"), String.valueOf(call.text("currency")));
        if ("manual".equals(call.text("capture_method"))) {
            throw StripeError.invalid(null, "capture_method", "The double knows no capture by hand.");
        }
        if (call.has("off_session") && !call.flag("confirm")) {
            throw StripeError.invalid(null, "off_session", "off_session can only be used with confirm=true.");
        }
        Automatic.check(call.params());
        JsonObject intent = blank(call);
        String customer = call.text("customer");
        if (customer != null) {
            account.named(Type.CUSTOMER, customer, "customer");
        }
        JsonObject method = method(call, intent);
        if (call.flag("confirm")) {
            checkConfirmable(call, intent, method);
        }
        if (method != null) {
            Json.set(intent, METHOD, Json.needed(method, "id"), "status", "requires_confirmation");
        }
        account.create(Type.PAYMENT_INTENT, intent, "payment_intent.created");
        return call.flag("confirm") && method != null ? run(call, intent, method) : intent;
    }

    private static void checkAmount(long amount, String currency) {
        String known = currency.toUpperCase(Locale.ROOT);
        if (Currency.getAvailableCurrencies().stream()
                .noneMatch(each -> each.getCurrencyCode().equals(known))) {
            throw StripeError.invalid(null, "currency", "Invalid currency: " + currency);
        }
        if (amount < 1) {
            throw StripeError.invalid(
                    "parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.");
        }
        if (amount < LOWEST.getOrDefault(currency.toLowerCase(Locale.ROOT), 50L)) {
            throw StripeError.invalid("amount_too_small", "amount", "Amount is below the lowest of " + currency);
        }
        if (amount > HIGHEST) {
            throw StripeError.invalid("amount_too_large", "amount", "Amount must be no more than " + HIGHEST);
        }
    }

    private JsonObject blank(Call call) {
        JsonObject intent = account.fresh(Type.PAYMENT_INTENT);
        String id = Json.needed(intent, "id");
        Json.set(
                intent,
                "amount",
                call.whole("amount"),
                "amount_capturable",
                0,
                "amount_details",
                Json.of("tip", new JsonObject()),
                "amount_received",
                0,
                "application",
                null,
                "application_fee_amount",
                null,
                "automatic_payment_methods",
                Automatic.setting(call.params()),
                "canceled_at",
                null,
                "cancellation_reason",
                null,
                "capture_method",
                "automatic_async",
                "client_secret",
                account.id(id + "_secret_", 25),
                "confirmation_method",
                "automatic",
                "currency",
                String.valueOf(call.text("currency")).toLowerCase(Locale.ROOT),
                "customer",
                null,
                "description",
                null,
                "last_payment_error",
                null,
                "latest_charge",
                null,
                "next_action",
                null,
                "on_behalf_of",
                null,
                METHOD,
                null,
                "payment_method_configuration_details",
                null,
                "payment_method_options",
                new JsonObject(),
                "payment_method_types",
                Automatic.types(call.params()),
                "processing",
                null,
                "receipt_email",
                null,
                "review",
                null,
                "setup_future_usage",
                null,
                "shipping",
                null,
                "source",
                null,
                "statement_descriptor",
                null,
                "statement_descriptor_suffix",
                null,
                "status",
                "requires_payment_method",
                "transfer_data",
                null,
                "transfer_group",
                null);
        intent.remove("managed_payments");
        apply(call, intent);
        Json.copy(call.params(), intent, "capture_method", "confirmation_method");
        return intent;
    }

    private static void apply(Call call, JsonObject intent) {
        Json.copy(
                call.params(),
                intent,
                "amount",
                "customer",
                "description",
                "receipt_email",
                "setup_future_usage",
                "shipping",
                "statement_descriptor",
                "statement_descriptor_suffix",
                "transfer_group");
        Account.mergeMetadata(call.params(), intent);
    }

    /** The method that the request or else the intent names. */
    private @Nullable JsonObject method(Call call, JsonObject intent) {
        String named = call.has(METHOD) ? call.text(METHOD) : Json.text(intent, METHOD);
        if (named == null) {
            return null;
        }
        JsonObject method = methods.named(named, METHOD);
        String keeper = Json.text(method, "customer");
        if (keeper != null && !keeper.equals(Json.text(intent, "customer"))) {
            throw StripeError.invalid(
                    null,
                    METHOD,
                    "The provided PaymentMethod is attached to a customer. Name that customer on the PaymentIntent.");
        }
        if (keeper == null) {
            methods.refuseUsed(method);
        }
        return method;
    }

    private static void checkConfirmable(Call call, JsonObject intent, @Nullable JsonObject method) {
        if (method == null) {
            throw StripeError.unexpectedState(
                    "payment_intent_unexpected_state",
                    "You cannot confirm this PaymentIntent because it's missing a payment method.");
        }
        Automatic.checkReturn(call.params(), intent);
    }

    private JsonObject confirm(Call call) {
        JsonObject intent = retrieve(call);
        if (!CONFIRMABLE.contains(status(intent))) {
            throw StripeError.unexpectedState(
                            "payment_intent_unexpected_state",
                            "This PaymentIntent's status is " + status(intent) + "; it cannot be confirmed.")
                    .with("payment_intent", intent);
        }
        JsonObject method = method(call, intent);
        checkConfirmable(call, intent, method);
        Json.copy(call.params(), intent, "receipt_email", "setup_future_usage", "shipping");
        return run(call, intent, Objects.requireNonNull(method));
    }

    /** The attempt to charge. */
    private JsonObject run(Call call, JsonObject intent, JsonObject method) {
        TestCard card = methods.card(method);
        Json.set(intent, METHOD, Json.needed(method, "id"), "last_payment_error", null, "next_action", null);
        if (card.decline() != null) {
            throw refused(intent, method, card.decline());
        }
        boolean asks = card.authentication() == TestCard.Authentication.ALWAYS
                || (card.authentication() == TestCard.Authentication.AT_SET_UP && !methods.isAuthenticated(method));
        if (asks) {
            if (isOffSession(call) || call.flag("error_on_requires_action")) {
                throw refused(intent, method, TestCard.declined("authentication_required", "authentication_required"));
            }
            return askHolder(call, intent);
        }
        return charge(intent, method, card);
    }

    private static boolean isOffSession(Call call) {
        String value = call.text("off_session");
        return value != null && !value.equals("false");
    }

    private JsonObject askHolder(Call call, JsonObject intent) {
        String returnUrl = call.text("return_url");
        JsonObject action = returnUrl == null
                ? Json.of("type", "use_stripe_sdk", "use_stripe_sdk", Json.of("type", "three_d_secure_redirect"))
                : Json.of(
                        "type",
                        "redirect_to_url",
                        "redirect_to_url",
                        Json.of("return_url", returnUrl, "url", returnUrl));
        Json.set(intent, "status", "requires_action", "next_action", action);
        account.update(Type.PAYMENT_INTENT, intent, "payment_intent.requires_action");
        return intent;
    }

    private JsonObject charge(JsonObject intent, JsonObject method, TestCard card) {
        keepForLater(intent, method);
        if (card.settlement() == TestCard.Settlement.LATER) {
            JsonObject charge = charges.pend(intent, method);
            Json.set(
                    intent,
                    "latest_charge",
                    Json.needed(charge, "id"),
                    "processing",
                    Json.of("type", "card"),
                    "status",
                    "processing");
            account.update(Type.PAYMENT_INTENT, intent, "payment_intent.processing");
            return intent;
        }
        return succeeded(intent, charges.succeed(intent, method, card), card);
    }

    private void keepForLater(JsonObject intent, JsonObject method) {
        String customer = Json.text(intent, "customer");
        if (Json.has(method, "customer")) {
            return;
        }
        if (customer != null && Json.has(intent, "setup_future_usage")) {
            methods.attach(method, customer);
        } else {
            methods.used(method);
        }
    }

    private JsonObject succeeded(JsonObject intent, JsonObject charge, TestCard card) {
        Json.set(
                intent,
                "amount_received",
                Json.whole(intent, "amount"),
                "latest_charge",
                Json.needed(charge, "id"),
                "next_action",
                null,
                "processing",
                null,
                "status",
                "succeeded");
        account.update(Type.PAYMENT_INTENT, intent, "payment_intent.succeeded");
        if (card.dispute() != null) {
            disputes.open(charge, card.dispute());
        }
        return intent;
    }

    private StripeError refused(JsonObject intent, JsonObject method, TestCard.Decline decline) {
        JsonObject charge = charges.fail(intent, method, decline);
        failed(intent, method, charge, decline);
        StripeError error = PaymentMethods.declined(decline).with("charge", Json.needed(charge, "id"));
        return error.with(METHOD, method).with("payment_intent", intent);
    }

    private void failed(JsonObject intent, JsonObject method, JsonObject charge, TestCard.Decline decline) {
        JsonObject error = PaymentMethods.declined(decline)
                .with("charge", Json.needed(charge, "id"))
                .with(METHOD, method)
                .error();
        Json.set(
                intent,
                "last_payment_error",
                error,
                "latest_charge",
                Json.needed(charge, "id"),
                METHOD,
                null,
                "next_action",
                null,
                "processing",
                null,
                "status",
                "requires_payment_method");
        account.update(Type.PAYMENT_INTENT, intent, "payment_intent.payment_failed");
    }

    /**
     * The outcome that was to come later.
     *
     * @param decline null for success
     */
    JsonObject settle(String id, TestCard.@Nullable Decline decline) {
        JsonObject intent = account.at(Type.PAYMENT_INTENT, id, "intent");
        if (!"processing".equals(status(intent))) {
            throw new IllegalStateException(id + " is " + status(intent));
        }
        JsonObject method = account.at(Type.PAYMENT_METHOD, Json.needed(intent, METHOD), METHOD);
        JsonObject charge = account.at(Type.CHARGE, Json.needed(intent, "latest_charge"), "charge");
        if (decline == null) {
            TestCard card = methods.card(method);
            return succeeded(intent, charges.succeeded(charge, card), card);
        }
        failed(intent, method, charges.failed(charge, decline), decline);
        return intent;
    }

    /** What the holder does when the issuer asks them. */
    JsonObject authenticate(String id, boolean agrees) {
        JsonObject intent = account.at(Type.PAYMENT_INTENT, id, "intent");
        if (!"requires_action".equals(status(intent))) {
            throw new IllegalStateException(id + " is " + status(intent));
        }
        JsonObject method = account.at(Type.PAYMENT_METHOD, Json.needed(intent, METHOD), METHOD);
        if (agrees) {
            return charge(intent, method, methods.card(method));
        }
        TestCard.Decline decline = new TestCard.Decline(
                "payment_intent_authentication_failure",
                null,
                "We are unable to authenticate your payment method. Choose a different one and try again.");
        failed(intent, method, charges.fail(intent, method, decline), decline);
        return intent;
    }

    private JsonObject cancel(Call call) {
        JsonObject intent = retrieve(call);
        if (!CANCELABLE.contains(status(intent))) {
            throw StripeError.unexpectedState(
                            "payment_intent_unexpected_state",
                            "You cannot cancel this PaymentIntent because it has a status of " + status(intent) + ".")
                    .with("payment_intent", intent);
        }
        Json.set(
                intent,
                "canceled_at",
                account.now(),
                "cancellation_reason",
                call.text("cancellation_reason"),
                "next_action",
                null,
                "processing",
                null,
                "status",
                "canceled");
        account.update(Type.PAYMENT_INTENT, intent, "payment_intent.canceled");
        return intent;
    }

    private JsonObject update(Call call) {
        JsonObject intent = retrieve(call);
        boolean money = call.has("amount") || call.has("currency") || call.has("customer") || call.has(METHOD);
        if (money && !CONFIRMABLE.contains(status(intent))) {
            throw StripeError.unexpectedState(
                    "payment_intent_unexpected_state",
                    "This PaymentIntent's status is " + status(intent) + "; only its description can be updated.");
        }
        if (call.has("amount")) {
            checkAmount(call.whole("amount"), Json.needed(intent, "currency"));
        }
        if (call.has("customer")) {
            account.named(Type.CUSTOMER, String.valueOf(call.text("customer")), "customer");
        }
        apply(call, intent);
        if (call.has(METHOD)) {
            JsonObject method = Objects.requireNonNull(method(call, intent));
            Json.set(intent, METHOD, Json.needed(method, "id"), "status", "requires_confirmation");
        }
        // Stripe tells nobody of it.
        account.store().put(Type.PAYMENT_INTENT, intent);
        return intent;
    }

    private static String status(JsonObject intent) {
        return Json.needed(intent, "status");
    }

    private JsonObject retrieve(Call call) {
        return account.at(Type.PAYMENT_INTENT, call.id("intent"), "intent");
    }

    private JsonObject list(Call call) {
        return Listing.page(
                call,
                "/v1/payment_intents",
                account.store().newestFirst(Type.PAYMENT_INTENT),
                intent -> Listing.same(call, "customer", intent));
    }

    private JsonObject search(Call call) {
        return Listing.search(
                call,
                "/v1/payment_intents/search",
                account.searched(Type.PAYMENT_INTENT, String.valueOf(call.text("query"))));
    }
}
