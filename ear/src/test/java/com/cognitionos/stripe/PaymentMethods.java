package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.CustomerListPaymentMethodsParams;
import com.stripe.param.CustomerRetrievePaymentMethodParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.PaymentMethodCreateParams;
import com.stripe.param.PaymentMethodDetachParams;
import com.stripe.param.PaymentMethodListParams;
import com.stripe.param.PaymentMethodRetrieveParams;
import com.stripe.param.PaymentMethodUpdateParams;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Payment methods: cards, made of Stripe's test cards. */
final class PaymentMethods {

    private static final String PARAMETER = "payment_method";

    private final Account account;

    PaymentMethods(Account account) {
        this.account = account;
    }

    List<Operation> operations() {
        String one = "/v1/payment_methods/{payment_method}";
        return List.of(
                new Operation("POST", "/v1/payment_methods", PaymentMethodCreateParams.class, this::create),
                new Operation("GET", "/v1/payment_methods", PaymentMethodListParams.class, this::list),
                new Operation("GET", one, PaymentMethodRetrieveParams.class, this::retrieve),
                new Operation("POST", one, PaymentMethodUpdateParams.class, this::update),
                new Operation("POST", one + "/attach", PaymentMethodAttachParams.class, this::attach),
                new Operation("POST", one + "/detach", PaymentMethodDetachParams.class, this::detach),
                new Operation(
                        "GET",
                        "/v1/customers/{customer}/payment_methods",
                        CustomerListPaymentMethodsParams.class,
                        this::listOfCustomer),
                new Operation(
                        "GET",
                        "/v1/customers/{customer}/payment_methods/{payment_method}",
                        CustomerRetrievePaymentMethodParams.class,
                        this::retrieveOfCustomer));
    }

    /** What the double knows of a method's card. */
    TestCard card(JsonObject method) {
        JsonObject inHand = account.store()
                .find(Type.CARD_IN_HAND, Json.needed(method, "id"))
                .orElseThrow();
        return TestCard.of(Json.needed(inHand, "token")).orElseThrow();
    }

    /** Whether its holder has been authenticated for charges without them. */
    boolean isAuthenticated(JsonObject method) {
        return account.store()
                .find(Type.CARD_IN_HAND, Json.needed(method, "id"))
                .map(inHand -> Json.flag(inHand, "authenticated"))
                .orElse(false);
    }

    void authenticated(String method) {
        account.store()
                .find(Type.CARD_IN_HAND, method)
                .ifPresent(inHand -> account.store().put(Type.CARD_IN_HAND, Json.set(inHand, "authenticated", true)));
    }

    /**
     * The method that a parameter names; of a test card a new one, as Stripe makes it.
     *
     * @throws StripeError 400 when there is none
     */
    JsonObject named(String id, String parameter) {
        return TestCard.of(id).map(this::make).orElseGet(() -> account.named(Type.PAYMENT_METHOD, id, parameter));
    }

    /** A method that the customer keeps. */
    JsonObject ofCustomer(String id, String customer, String parameter) {
        JsonObject method = account.named(Type.PAYMENT_METHOD, id, parameter);
        if (!customer.equals(Json.text(method, "customer"))) {
            throw StripeError.invalid(
                    null,
                    parameter,
                    "The payment method '" + id + "' is not attached to the customer '" + customer + "'.");
        }
        return method;
    }

    /** @throws StripeError 400 or 402 when no customer can keep it */
    void refuseUnattachable(JsonObject method) {
        if (Json.has(method, "customer")) {
            throw StripeError.invalid(
                    null, null, "The payment method you provided has already been attached to a customer.");
        }
        refuseUsed(method);
        TestCard card = card(method);
        if (card.refusesAttaching() && card.decline() != null) {
            throw declined(card.decline());
        }
    }

    /** Stripe lets no one use a card again that was detached, or charged without a customer who keeps it. */
    void refuseUsed(JsonObject method) {
        if (account.find(Type.CARD_IN_HAND, Json.text(method, "id"))
                .map(inHand -> Json.flag(inHand, "used"))
                .orElse(false)) {
            throw StripeError.invalid(
                    null,
                    null,
                    "This PaymentMethod was used without a customer or was detached from one, and may not be used again.");
        }
    }

    void used(JsonObject method) {
        String id = Json.needed(method, "id");
        account.store()
                .find(Type.CARD_IN_HAND, id)
                .ifPresent(inHand -> account.store().put(Type.CARD_IN_HAND, Json.set(inHand, "used", true)));
    }

    static StripeError declined(TestCard.Decline decline) {
        StripeError error = StripeError.of(402, StripeError.CARD, decline.code(), decline.message());
        return decline.declineCode() == null ? error : error.with("decline_code", decline.declineCode());
    }

    /** The customer keeps it from now on. */
    JsonObject attach(JsonObject method, String customer) {
        refuseUnattachable(method);
        Json.set(method, "customer", customer);
        account.update(Type.PAYMENT_METHOD, method, "payment_method.attached");
        return method;
    }

    void detachAll(String customer) {
        account.store().newestFirst(Type.PAYMENT_METHOD).stream()
                .filter(method -> customer.equals(Json.text(method, "customer")))
                .forEach(this::detach);
    }

    /** Nobody keeps it any more, and nobody can again. */
    JsonObject detach(JsonObject method) {
        String customer = Json.text(method, "customer");
        if (customer == null) {
            throw StripeError.invalid(
                    null, PARAMETER, "The payment method you provided is not attached to a customer.");
        }
        Json.set(method, "customer", null);
        used(method);
        account.store().put(Type.PAYMENT_METHOD, method);
        account.tell("payment_method.detached", method, Json.of("customer", customer));
        forgetDefault(customer, Json.needed(method, "id"));
        return method;
    }

    private void forgetDefault(String customer, String method) {
        account.find(Type.CUSTOMER, customer)
                .filter(found ->
                        method.equals(Json.text(Json.child(found, "invoice_settings"), "default_payment_method")))
                .ifPresent(found -> {
                    Json.set(Json.child(found, "invoice_settings"), "default_payment_method", null);
                    account.update(Type.CUSTOMER, found, "customer.updated");
                });
    }

    /** A new method of a test card, which nobody keeps yet. */
    JsonObject make(TestCard card) {
        JsonObject method = account.fresh(Type.PAYMENT_METHOD);
        JsonObject details = Json.child(method, "card");
        int year = Instant.ofEpochSecond(account.now()).atZone(ZoneOffset.UTC).getYear();
        Json.set(
                details,
                "brand",
                card.brand(),
                "checks",
                Json.of("address_line1_check", null, "address_postal_code_check", null, "cvc_check", "pass"),
                "country",
                "US",
                "display_brand",
                card.brand(),
                "exp_month",
                12,
                "exp_year",
                year + 3,
                "fingerprint",
                fingerprint(card.number()),
                "funding",
                card.funding(),
                "generated_from",
                null,
                "last4",
                card.last4(),
                "networks",
                Json.of("available", List.of(card.brand()), "preferred", null),
                "three_d_secure_usage",
                Json.of("supported", true),
                "wallet",
                null);
        Json.set(
                method,
                "allow_redisplay",
                "unspecified",
                "billing_details",
                blankBilling(),
                "card",
                details,
                "customer",
                null,
                "type",
                "card");
        account.store()
                .put(
                        Type.CARD_IN_HAND,
                        Json.of(
                                "id",
                                Json.needed(method, "id"),
                                "token",
                                card.token(),
                                "used",
                                false,
                                "authenticated",
                                false));
        account.store().put(Type.PAYMENT_METHOD, method);
        return method;
    }

    static JsonObject blankBilling() {
        return Json.of(
                "address",
                Json.of(
                        "city", null,
                        "country", null,
                        "line1", null,
                        "line2", null,
                        "postal_code", null,
                        "state", null),
                "email",
                null,
                "name",
                null,
                "phone",
                null,
                "tax_id",
                null);
    }

    /** The same card gives the same, whoever brings it. */
    private static String fingerprint(String number) {
        return new java.math.BigInteger(number)
                        .multiply(new java.math.BigInteger("1000003000009"))
                        .toString(36) + "double";
    }

    private JsonObject create(Call call) {
        String type = call.text("type");
        if (!"card".equals(type)) {
            throw StripeError.invalid(null, "type", "The double knows payment methods of the type card only.");
        }
        JsonObject card = call.child("card");
        if (card.has("number")) {
            throw StripeError.of(
                    402,
                    StripeError.CARD,
                    null,
                    "Sending credit card numbers directly to the Stripe API is generally unsafe.");
        }
        String token = String.valueOf(Json.text(card, "token"));
        TestCard named = TestCard.of(token.replaceFirst("^tok_", "pm_card_"))
                .orElseThrow(
                        () -> StripeError.invalid("resource_missing", "card[token]", "No such token: '" + token + "'"));
        JsonObject method = make(named);
        apply(call, method);
        account.store().put(Type.PAYMENT_METHOD, method);
        return method;
    }

    private JsonObject update(Call call) {
        JsonObject method = at(call);
        JsonObject details = Json.child(method, "card");
        Json.copy(call.child("card"), details, "exp_month", "exp_year");
        apply(call, method);
        account.update(Type.PAYMENT_METHOD, method, "payment_method.updated");
        return method;
    }

    private void apply(Call call, JsonObject method) {
        JsonObject billing = Json.child(method, "billing_details");
        Json.copy(call.child("billing_details"), billing, "address", "email", "name", "phone", "tax_id");
        Json.copy(call.params(), method, "allow_redisplay");
        Account.mergeMetadata(call.params(), method);
    }

    private JsonObject at(Call call) {
        String id = call.id(PARAMETER);
        return TestCard.of(id).map(this::make).orElseGet(() -> account.at(Type.PAYMENT_METHOD, id, PARAMETER));
    }

    private JsonObject retrieve(Call call) {
        return at(call);
    }

    private JsonObject attach(Call call) {
        String customer = String.valueOf(call.text("customer"));
        account.named(Type.CUSTOMER, customer, "customer");
        return attach(at(call), customer);
    }

    private JsonObject detach(Call call) {
        return detach(at(call));
    }

    private JsonObject list(Call call) {
        String customer = call.text("customer");
        return page(call, customer, "/v1/payment_methods");
    }

    private JsonObject listOfCustomer(Call call) {
        String customer = call.id("customer");
        account.at(Type.CUSTOMER, customer, "id");
        return page(call, customer, "/v1/customers/" + customer + "/payment_methods");
    }

    /** Without a customer Stripe lists those of no customer, which are none here. */
    private JsonObject page(Call call, @Nullable String customer, String url) {
        if (customer != null) {
            account.named(Type.CUSTOMER, customer, "customer");
        }
        return Listing.page(
                call,
                url,
                account.store().newestFirst(Type.PAYMENT_METHOD),
                method -> customer != null
                        && customer.equals(Json.text(method, "customer"))
                        && Listing.same(call, "type", method));
    }

    private JsonObject retrieveOfCustomer(Call call) {
        JsonObject method = account.at(Type.PAYMENT_METHOD, call.id(PARAMETER), PARAMETER);
        if (!call.id("customer").equals(Json.text(method, "customer"))) {
            throw StripeError.notFound(Type.PAYMENT_METHOD, call.id(PARAMETER), PARAMETER);
        }
        return method;
    }
}
