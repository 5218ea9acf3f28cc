package com.cognitionos.rest;

import com.cognitionos.alert.boundary.AnomalyNews;
import com.cognitionos.alert.boundary.BudgetAlertNews;
import com.cognitionos.alert.boundary.UsageAlertNews;
import com.cognitionos.credit.boundary.PrepaidCreditNews;
import com.cognitionos.dunning.boundary.DunningCaseNews;
import com.cognitionos.invoicing.entity.CreditNoteNews;
import com.cognitionos.invoicing.entity.InvoiceNews;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.RecordJson;
import com.cognitionos.payment.boundary.DisputeNews;
import com.cognitionos.payment.entity.PaymentMethodNews;
import com.cognitionos.payment.entity.PaymentNews;
import com.cognitionos.payment.entity.RefundNews;
import com.cognitionos.subscription.boundary.SubscriptionNews;
import com.cognitionos.tenancy.boundary.TenantNews;
import com.cognitionos.webhook.entity.PingNews;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/** Puts the events that tenants can be told of into the document at {@code /openapi}, as its {@code webhooks} (RES-9). */
final class WebhookTerms {

    /** By the schema of a reply what it has in common with events: the scan knows neither its class nor that it is inlined. */
    private static final Map<String, Class<? extends Record>> SHARED = Map.of(
            "InvoiceReply", InvoiceNews.class,
            "CreditNoteReply", CreditNoteNews.class,
            "SubscriptionReply", SubscriptionNews.class,
            "CreditReply", PrepaidCreditNews.class,
            "CaseReply", DunningCaseNews.class);

    private WebhookTerms() {}

    static void describe(OpenAPI document) {
        SHARED.forEach((reply, shared) -> {
            Schema schema = document.getComponents().getSchemas().get(reply);
            Map<String, Schema> properties = new LinkedHashMap<>(schema(shared).getProperties());
            properties.putAll(schema.getProperties());
            properties.remove("news");
            schema.properties(properties);
        });
        for (EventType type : EventType.values()) {
            Class<? extends Record> data = data(type);
            document.getComponents().addSchema(data.getSimpleName(), schema(data));
            document.addWebhook(type.code(), OASFactory.createPathItem().POST(operation(type, data.getSimpleName())));
        }
    }

    private static Class<? extends Record> data(EventType type) {
        return switch (type) {
            case INVOICE_FINALIZED, INVOICE_PAID, INVOICE_VOIDED, INVOICE_WRITTEN_OFF -> InvoiceNews.class;
            case CREDIT_NOTE_ISSUED -> CreditNoteNews.class;
            case PAYMENT_SUCCEEDED, PAYMENT_FAILED -> PaymentNews.class;
            case REFUND_CREATED, REFUND_SUCCEEDED, REFUND_FAILED -> RefundNews.class;
            case DISPUTE_OPENED, DISPUTE_WON, DISPUTE_LOST -> DisputeNews.class;
            case DUNNING_CASE_BEGUN,
                    DUNNING_CASE_RETRY_FAILED,
                    DUNNING_CASE_UNPAID,
                    DUNNING_CASE_EXHAUSTED,
                    DUNNING_CASE_RECOVERED,
                    DUNNING_CASE_CLOSED -> DunningCaseNews.class;
            case PAYMENT_METHOD_ADDED, PAYMENT_METHOD_EXPIRING, PAYMENT_METHOD_REMOVED -> PaymentMethodNews.class;
            case PREPAID_CREDIT_GRANTED, PREPAID_CREDIT_EXPIRED, PREPAID_CREDIT_VOIDED -> PrepaidCreditNews.class;
            case SUBSCRIPTION_CREATED,
                    SUBSCRIPTION_UPDATED,
                    SUBSCRIPTION_RENEWED,
                    SUBSCRIPTION_TRIAL_WILL_END,
                    SUBSCRIPTION_CANCELED -> SubscriptionNews.class;
            case TENANT_SUSPENDED, TENANT_REACTIVATED -> TenantNews.class;
            case USAGE_ALERT_TRIGGERED -> UsageAlertNews.class;
            case BUDGET_ALERT_TRIGGERED -> BudgetAlertNews.class;
            case USAGE_ANOMALY_DETECTED -> AnomalyNews.class;
            case WEBHOOK_PING -> PingNews.class;
        };
    }

    private static Operation operation(EventType type, String data) {
        Schema message = OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .addProperty(
                        "type",
                        OASFactory.createSchema().addType(SchemaType.STRING).addEnumeration(type.code()))
                .addProperty("timestamp", instant().description("When it happened, by the tenant's clock"))
                .addProperty("data", OASFactory.createSchema().ref(data))
                .required(List.of("type", "timestamp", "data"));
        return OASFactory.createOperation()
                .summary(type.description())
                .description(
                        "Signed as in Standard Webhooks (standardwebhooks.com). Any status from 200 to 299 within 10"
                                + " seconds is a success; else it is sent again over three days. It may come more than once, with"
                                + " the same webhook-id, and in another order than it happened.")
                .tags(List.of("Webhooks"))
                .security(List.of())
                .addParameter(header("webhook-id", "The event's id, the same each time it is sent"))
                .addParameter(header("webhook-timestamp", "When it was sent, in seconds since 1970"))
                .addParameter(header(
                        "webhook-signature",
                        "v1, and the HMAC-SHA-256 in base64 of webhook-id, webhook-timestamp and body, joined by full"
                                + " stops; after a rotation one for each secret, separated by a blank"))
                .requestBody(OASFactory.createRequestBody()
                        .required(true)
                        .content(OASFactory.createContent()
                                .addMediaType(
                                        "application/json",
                                        OASFactory.createMediaType().schema(message))))
                .responses(OASFactory.createAPIResponses()
                        .addAPIResponse("2XX", OASFactory.createAPIResponse().description("It was taken"))
                        .addAPIResponse(
                                "410", OASFactory.createAPIResponse().description("The endpoint wants no more events"))
                        .addAPIResponse(
                                "default",
                                OASFactory.createAPIResponse()
                                        .description("It is sent again, not before Retry-After")));
    }

    private static Parameter header(String name, String words) {
        return OASFactory.createParameter()
                .name(name)
                .in(Parameter.In.HEADER)
                .required(true)
                .description(words)
                .schema(OASFactory.createSchema().addType(SchemaType.STRING));
    }

    private static Schema schema(Class<? extends Record> data) {
        Schema schema = OASFactory.createSchema().addType(SchemaType.OBJECT);
        List<String> required = new ArrayList<>();
        for (RecordComponent component : data.getRecordComponents()) {
            schema.addProperty(RecordJson.name(component), property(component.getType()));
            if (component.getType().isPrimitive()) {
                required.add(RecordJson.name(component));
            }
        }
        return required.isEmpty() ? schema : schema.required(required);
    }

    private static Schema property(Class<?> type) {
        if (type == UUID.class) {
            return OASFactory.createSchema().addType(SchemaType.STRING).format("uuid");
        }
        if (type == Instant.class) {
            return instant();
        }
        if (type == boolean.class) {
            return OASFactory.createSchema().addType(SchemaType.BOOLEAN);
        }
        if (type == long.class || type == int.class) {
            return OASFactory.createSchema().addType(SchemaType.INTEGER).format(type == long.class ? "int64" : "int32");
        }
        if (type == String.class) {
            return OASFactory.createSchema().addType(SchemaType.STRING);
        }
        if (type == BigDecimal.class) {
            return OASFactory.createSchema().addType(SchemaType.NUMBER);
        }
        throw new IllegalArgumentException("no schema for " + type);
    }

    private static Schema instant() {
        return OASFactory.createSchema().addType(SchemaType.STRING).format("date-time");
    }
}
