package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerListParams;
import com.stripe.param.CustomerRetrieveParams;
import com.stripe.param.CustomerSearchParams;
import com.stripe.param.CustomerUpdateParams;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Customers. */
final class Customers {

    private static final String[] PLAIN = {
        "address", "balance", "description", "email", "name", "phone", "preferred_locales", "shipping", "tax_exempt"
    };

    private final Account account;
    private final PaymentMethods methods;

    Customers(Account account, PaymentMethods methods) {
        this.account = account;
        this.methods = methods;
    }

    List<Operation> operations() {
        return List.of(
                new Operation("POST", "/v1/customers", CustomerCreateParams.class, this::create),
                new Operation("GET", "/v1/customers", CustomerListParams.class, this::list),
                new Operation("GET", "/v1/customers/search", CustomerSearchParams.class, this::search),
                new Operation("GET", "/v1/customers/{customer}", CustomerRetrieveParams.class, this::retrieve),
                new Operation("POST", "/v1/customers/{customer}", CustomerUpdateParams.class, this::update),
                new Operation("DELETE", "/v1/customers/{customer}", null, this::delete));
    }

    private JsonObject create(Call call) {
        JsonObject customer = Json.set(
                account.fresh(Type.CUSTOMER),
                "address",
                null,
                "balance",
                0,
                "currency",
                null,
                "default_source",
                null,
                "delinquent",
                false,
                "description",
                null,
                "discount",
                null,
                "email",
                null,
                "invoice_prefix",
                account.id("", 8).toUpperCase(Locale.ROOT),
                "name",
                null,
                "next_invoice_sequence",
                1,
                "phone",
                null,
                "preferred_locales",
                List.of(),
                "shipping",
                null,
                "tax_exempt",
                "none",
                "test_clock",
                null);
        customer.add("invoice_settings", invoiceSettings(null));
        apply(call, customer);
        String named = call.text("payment_method");
        JsonObject method = named == null ? null : methods.named(named, "payment_method");
        if (method != null) {
            // Looked at before anything is kept, so that a refused card leaves no customer behind.
            methods.refuseUnattachable(method);
        }
        account.create(Type.CUSTOMER, customer, "customer.created");
        if (method != null) {
            methods.attach(method, Json.needed(customer, "id"));
        }
        return customer;
    }

    static JsonObject invoiceSettings(@Nullable String defaultMethod) {
        return Json.of(
                "custom_fields", null,
                "default_payment_method", defaultMethod,
                "footer", null,
                "rendering_options", null);
    }

    private JsonObject update(Call call) {
        JsonObject customer = alive(call);
        apply(call, customer);
        account.update(Type.CUSTOMER, customer, "customer.updated");
        return customer;
    }

    private void apply(Call call, JsonObject customer) {
        Json.copy(call.params(), customer, PLAIN);
        Account.mergeMetadata(call.params(), customer);
        JsonObject settings = call.child("invoice_settings");
        String method = Json.text(settings, "default_payment_method");
        if (method != null) {
            methods.ofCustomer(method, Json.needed(customer, "id"), "invoice_settings[default_payment_method]");
        }
        JsonObject kept = Json.child(customer, "invoice_settings");
        Json.copy(settings, kept, "custom_fields", "default_payment_method", "footer", "rendering_options");
        customer.add("invoice_settings", kept);
    }

    private JsonObject alive(Call call) {
        JsonObject customer = account.at(Type.CUSTOMER, call.id("customer"), "id");
        if (Json.flag(customer, "deleted")) {
            throw StripeError.notFound(Type.CUSTOMER, call.id("customer"), "id");
        }
        return customer;
    }

    private JsonObject retrieve(Call call) {
        return account.at(Type.CUSTOMER, call.id("customer"), "id");
    }

    private JsonObject delete(Call call) {
        JsonObject customer = alive(call);
        String id = Json.needed(customer, "id");
        account.tell("customer.deleted", customer, null);
        JsonObject deleted = Json.of("id", id, "object", "customer", "deleted", true);
        account.store().put(Type.CUSTOMER, deleted);
        methods.detachAll(id);
        return deleted;
    }

    private JsonObject list(Call call) {
        return Listing.page(
                call,
                "/v1/customers",
                account.store().newestFirst(Type.CUSTOMER),
                customer -> !Json.flag(customer, "deleted") && Listing.same(call, "email", customer));
    }

    private JsonObject search(Call call) {
        return Listing.search(
                call, "/v1/customers/search", account.searched(Type.CUSTOMER, String.valueOf(call.text("query"))));
    }
}
