package com.cognitionos.webhook.portal;

import com.cognitionos.kernel.EventType;
import com.cognitionos.webhook.boundary.WebhookDeliveries.DeliveryView;
import com.cognitionos.webhook.boundary.WebhookEndpoints;
import com.cognitionos.webhook.boundary.WebhookEndpoints.EndpointView;
import com.cognitionos.webhook.entity.DeliveryStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the states of endpoints and deliveries are called, and in which colour. */
@Named
@ApplicationScoped
public class WebhookWords {

    public String status(EndpointView endpoint) {
        if (!endpoint.enabled()) {
            return "Disabled";
        }
        return endpoint.failingSince() == null ? "Enabled" : "Failing";
    }

    public String tone(EndpointView endpoint) {
        if (!endpoint.enabled()) {
            return endpoint.disabledReason() == null ? "idle" : "bad";
        }
        return endpoint.failingSince() == null ? "good" : "warn";
    }

    /** Why it gets nothing; empty where somebody wanted it so, or it gets something. */
    public String reason(EndpointView endpoint) {
        if ("gone".equals(endpoint.disabledReason())) {
            return "It answered that it is gone for good (status 410), so it was disabled.";
        }
        if ("failing".equals(endpoint.disabledReason())) {
            return "It was disabled because it kept failing and nothing got through.";
        }
        return "";
    }

    public String events(EndpointView endpoint) {
        return isAll(endpoint) ? "every event" : String.join(", ", endpoint.events());
    }

    public boolean isAll(EndpointView endpoint) {
        return endpoint.events().contains(WebhookEndpoints.ALL);
    }

    /** Events of one kind of thing. */
    public record Topic(String name, List<EventType> types) {}

    /** Those that a filter may name, in the order of the catalogue; a ping passes each. */
    public List<Topic> getTopics() {
        Map<String, List<EventType>> byThing = Arrays.stream(EventType.values())
                .filter(type -> type != EventType.WEBHOOK_PING)
                .collect(Collectors.groupingBy(
                        type -> type.code().substring(0, type.code().indexOf('.')),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return byThing.entrySet().stream()
                .map(entry -> new Topic(topic(entry.getKey()), entry.getValue()))
                .toList();
    }

    /** {@code credit_note} becomes {@code Credit notes}. */
    private static String topic(String thing) {
        String words = thing.replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + "s";
    }

    public String status(DeliveryView delivery) {
        return switch (delivery.status()) {
            case DELIVERED -> "Delivered";
            case FAILED -> "Failed";
            case PENDING -> delivery.attempts() == 0 ? "Waiting" : "Trying again";
        };
    }

    public String tone(DeliveryView delivery) {
        return switch (delivery.status()) {
            case DELIVERED -> "good";
            case FAILED -> "bad";
            case PENDING -> delivery.attempts() == 0 ? "info" : "warn";
        };
    }

    /** What the receiver said last. */
    public String answer(@Nullable Integer statusCode, @Nullable String error) {
        if (statusCode != null) {
            return "status " + statusCode;
        }
        return error == null || error.isEmpty() ? "" : error;
    }

    public String name(DeliveryStatus status) {
        return switch (status) {
            case PENDING -> "Waiting";
            case DELIVERED -> "Delivered";
            case FAILED -> "Failed";
        };
    }

    public DeliveryStatus[] getStatuses() {
        return DeliveryStatus.values();
    }
}
