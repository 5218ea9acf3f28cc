package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.billingportal.SessionCreateParams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sessions of the customer portal, where a customer manages their cards; see {@link HostedPages}. */
final class PortalSessions {

    private final Account account;
    private final PaymentMethods methods;

    PortalSessions(Account account, PaymentMethods methods) {
        this.account = account;
        this.methods = methods;
    }

    List<Operation> operations() {
        return List.of(new Operation("POST", "/v1/billing_portal/sessions", SessionCreateParams.class, this::create));
    }

    private JsonObject create(Call call) {
        String customer = String.valueOf(call.text("customer"));
        account.named(Type.CUSTOMER, customer, "customer");
        JsonObject flow = call.child("flow_data");
        String type = Json.text(flow, "type");
        if (type != null && !type.equals("payment_method_update")) {
            throw StripeError.invalid(null, "flow_data[type]", "The double knows the flow payment_method_update only.");
        }
        JsonObject session = account.fresh(Type.PORTAL_SESSION);
        session.remove("metadata");
        Json.set(
                session,
                "configuration",
                "bpc_double",
                "customer",
                customer,
                "flow",
                type == null ? null : flow(flow),
                "locale",
                call.text("locale"),
                "on_behalf_of",
                null,
                "return_url",
                call.text("return_url"),
                "url",
                account.hostedAt() + HostedPages.PORTAL + Json.needed(session, "id"));
        account.create(Type.PORTAL_SESSION, session, "billing_portal.session.created");
        return session;
    }

    private static JsonObject flow(JsonObject sent) {
        JsonObject after = Json.child(sent, "after_completion");
        String type = Json.text(after, "type");
        return Json.of(
                "after_completion",
                Json.of(
                        "hosted_confirmation", after.get("hosted_confirmation"),
                        "redirect", after.get("redirect"),
                        "type", type == null ? "portal_homepage" : type),
                "subscription_cancel",
                null,
                "subscription_update",
                null,
                "subscription_update_confirm",
                null,
                "type",
                Json.text(sent, "type"));
    }

    JsonObject at(String id) {
        return account.at(Type.PORTAL_SESSION, id, "session");
    }

    /** Where the flow leads once it is done; null for the portal itself. */
    static @Nullable String afterFlow(JsonObject session) {
        JsonObject after = Json.child(Json.child(session, "flow"), "after_completion");
        return "redirect".equals(Json.text(after, "type"))
                ? Json.text(Json.child(after, "redirect"), "return_url")
                : null;
    }

    List<JsonObject> cards(JsonObject session) {
        return account.store().newestFirst(Type.PAYMENT_METHOD).stream()
                .filter(method -> Listing.sameText(Json.text(session, "customer"), Json.text(method, "customer")))
                .toList();
    }

    @Nullable
    String defaultCard(JsonObject session) {
        JsonObject customer = account.at(Type.CUSTOMER, Json.needed(session, "customer"), "customer");
        return Json.text(Json.child(customer, "invoice_settings"), "default_payment_method");
    }

    /**
     * The customer adds a card, which becomes the default.
     *
     * @throws StripeError 402 when it is refused
     */
    void add(JsonObject session, TestCard card) {
        JsonObject method = methods.attach(methods.make(card), Json.needed(session, "customer"));
        methods.authenticated(Json.needed(method, "id"));
        makeDefault(session, Json.needed(method, "id"));
    }

    void makeDefault(JsonObject session, String method) {
        methods.ofCustomer(method, Json.needed(session, "customer"), "payment_method");
        JsonObject customer = account.at(Type.CUSTOMER, Json.needed(session, "customer"), "customer");
        customer.add("invoice_settings", Customers.invoiceSettings(method));
        account.update(Type.CUSTOMER, customer, "customer.updated");
    }

    void remove(JsonObject session, String method) {
        methods.detach(methods.ofCustomer(method, Json.needed(session, "customer"), "payment_method"));
    }
}
