package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.SetupIntentCancelParams;
import com.stripe.param.SetupIntentConfirmParams;
import com.stripe.param.SetupIntentCreateParams;
import com.stripe.param.SetupIntentListParams;
import com.stripe.param.SetupIntentRetrieveParams;
import com.stripe.param.SetupIntentUpdateParams;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Setup intents: a card is tried, its holder asked where the issuer wants it, and the customer keeps it. */
final class SetupIntents {

    private static final String METHOD = "payment_method";
    private static final Set<String> OPEN =
            Set.of("requires_payment_method", "requires_confirmation", "requires_action");

    private final Account account;
    private final PaymentMethods methods;

    SetupIntents(Account account, PaymentMethods methods) {
        this.account = account;
        this.methods = methods;
    }

    List<Operation> operations() {
        String one = "/v1/setup_intents/{intent}";
        return List.of(
                new Operation("POST", "/v1/setup_intents", SetupIntentCreateParams.class, this::create),
                new Operation("GET", "/v1/setup_intents", SetupIntentListParams.class, this::list),
                new Operation("GET", one, SetupIntentRetrieveParams.class, this::retrieve),
                new Operation("POST", one, SetupIntentUpdateParams.class, this::update),
                new Operation("POST", one + "/confirm", SetupIntentConfirmParams.class, this::confirm),
                new Operation("POST", one + "/cancel", SetupIntentCancelParams.class, this::cancel));
    }

    private JsonObject create(Call call) {
        Automatic.check(call.params());
        JsonObject intent = blank(call.params());
        String customer = call.text("customer");
        if (customer != null) {
            account.named(Type.CUSTOMER, customer, "customer");
        }
        JsonObject method = method(call.text(METHOD), intent);
        if (call.flag("confirm")) {
            if (method == null) {
                throw missing();
            }
            Automatic.checkReturn(call.params(), intent);
        }
        account.create(Type.SETUP_INTENT, intent, "setup_intent.created");
        return call.flag("confirm") && method != null ? run(intent, method, call.text("return_url")) : intent;
    }

    /** A new one that asks for a card. */
    JsonObject blank(JsonObject params) {
        JsonObject intent = account.fresh(Type.SETUP_INTENT);
        Json.set(
                intent,
                "application",
                null,
                "automatic_payment_methods",
                Automatic.setting(params),
                "cancellation_reason",
                null,
                "client_secret",
                account.id(Json.needed(intent, "id") + "_secret_", 25),
                "customer",
                null,
                "description",
                null,
                "flow_directions",
                null,
                "last_setup_error",
                null,
                "latest_attempt",
                null,
                "mandate",
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
                Automatic.types(params),
                "single_use_mandate",
                null,
                "status",
                "requires_payment_method",
                "usage",
                "off_session");
        Json.copy(params, intent, "customer", "description", "usage");
        Account.mergeMetadata(params, intent);
        return intent;
    }

    private @Nullable JsonObject method(@Nullable String named, JsonObject intent) {
        if (named == null) {
            return null;
        }
        JsonObject method = methods.named(named, METHOD);
        String keeper = Json.text(method, "customer");
        if (keeper != null && !keeper.equals(Json.text(intent, "customer"))) {
            throw StripeError.invalid(null, METHOD, "The provided PaymentMethod is attached to another customer.");
        }
        if (keeper == null) {
            methods.refuseUsed(method);
        }
        Json.set(intent, METHOD, Json.needed(method, "id"), "status", "requires_confirmation");
        return method;
    }

    private static StripeError missing() {
        return StripeError.unexpectedState(
                "setup_intent_unexpected_state",
                "You cannot confirm this SetupIntent because it's missing a payment method.");
    }

    private JsonObject confirm(Call call) {
        JsonObject intent = open(call);
        String named = call.has(METHOD) ? call.text(METHOD) : Json.text(intent, METHOD);
        JsonObject method = method(named, intent);
        if (method == null) {
            throw missing();
        }
        Automatic.checkReturn(call.params(), intent);
        return run(intent, method, call.text("return_url"));
    }

    /** @throws StripeError 402 when the card is refused; the intent then asks for another */
    JsonObject run(JsonObject intent, JsonObject method, @Nullable String returnUrl) {
        TestCard card = methods.card(method);
        Json.set(intent, METHOD, Json.needed(method, "id"), "last_setup_error", null);
        if (card.decline() != null && card.refusesAttaching()) {
            throw failed(intent, method, card.decline());
        }
        if (card.authentication() == TestCard.Authentication.NEVER) {
            return succeeded(intent, method);
        }
        JsonObject action = returnUrl == null
                ? Json.of("type", "use_stripe_sdk", "use_stripe_sdk", Json.of("type", "three_d_secure_redirect"))
                : Json.of(
                        "type",
                        "redirect_to_url",
                        "redirect_to_url",
                        Json.of("return_url", returnUrl, "url", returnUrl));
        Json.set(intent, "status", "requires_action", "next_action", action);
        account.update(Type.SETUP_INTENT, intent, "setup_intent.requires_action");
        return intent;
    }

    private JsonObject succeeded(JsonObject intent, JsonObject method) {
        String customer = Json.text(intent, "customer");
        if (customer != null && !Json.has(method, "customer")) {
            methods.attach(method, customer);
        }
        methods.authenticated(Json.needed(method, "id"));
        Json.set(intent, "status", "succeeded", "next_action", null);
        account.update(Type.SETUP_INTENT, intent, "setup_intent.succeeded");
        return intent;
    }

    private StripeError failed(JsonObject intent, JsonObject method, TestCard.Decline decline) {
        JsonObject error = PaymentMethods.declined(decline).with(METHOD, method).error();
        Json.set(
                intent,
                "last_setup_error",
                error,
                METHOD,
                null,
                "next_action",
                null,
                "status",
                "requires_payment_method");
        account.update(Type.SETUP_INTENT, intent, "setup_intent.setup_failed");
        return PaymentMethods.declined(decline).with(METHOD, method).with("setup_intent", intent);
    }

    /** What the holder does when the issuer asks them. */
    JsonObject authenticate(String id, boolean agrees) {
        JsonObject intent = account.at(Type.SETUP_INTENT, id, "intent");
        if (!"requires_action".equals(Json.needed(intent, "status"))) {
            throw new IllegalStateException(id + " is " + Json.text(intent, "status"));
        }
        JsonObject method = account.at(Type.PAYMENT_METHOD, Json.needed(intent, METHOD), METHOD);
        if (agrees) {
            return succeeded(intent, method);
        }
        failed(
                intent,
                method,
                new TestCard.Decline(
                        "setup_intent_authentication_failure",
                        null,
                        "We are unable to authenticate your payment method. Choose a different one and try again."));
        return intent;
    }

    private JsonObject open(Call call) {
        JsonObject intent = retrieve(call);
        String status = Json.needed(intent, "status");
        if (!OPEN.contains(status)) {
            throw StripeError.unexpectedState(
                            "setup_intent_unexpected_state", "This SetupIntent has a status of " + status + ".")
                    .with("setup_intent", intent);
        }
        return intent;
    }

    private JsonObject cancel(Call call) {
        return cancel(open(call), call.text("cancellation_reason"));
    }

    JsonObject cancel(JsonObject intent, @Nullable String reason) {
        Json.set(intent, "status", "canceled", "cancellation_reason", reason, "next_action", null);
        account.update(Type.SETUP_INTENT, intent, "setup_intent.canceled");
        return intent;
    }

    private JsonObject update(Call call) {
        JsonObject intent = open(call);
        if (call.has("customer")) {
            account.named(Type.CUSTOMER, String.valueOf(call.text("customer")), "customer");
        }
        Json.copy(call.params(), intent, "customer", "description");
        Account.mergeMetadata(call.params(), intent);
        method(call.text(METHOD), intent);
        account.store().put(Type.SETUP_INTENT, intent);
        return intent;
    }

    private JsonObject retrieve(Call call) {
        return account.at(Type.SETUP_INTENT, call.id("intent"), "intent");
    }

    private JsonObject list(Call call) {
        return Listing.page(
                call,
                "/v1/setup_intents",
                account.store().newestFirst(Type.SETUP_INTENT),
                intent -> Listing.same(call, "customer", intent) && Listing.same(call, METHOD, intent));
    }
}
