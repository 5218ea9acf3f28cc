package com.cognitionos.webhook.rest;

import com.cognitionos.kernel.Page;
import com.cognitionos.webhook.boundary.WebhookDeliveries.DeliveryView;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to an endpoint.
 *
 * @param eventId what the receiver gets as {@code webhook-id}
 * @param status pending, delivered or failed
 * @param nextAttemptAt null once it is delivered or has failed
 * @param lastStatusCode null where the last attempt had no reply
 * @param lastError why the last attempt had no reply
 */
public record DeliveryReply(
        UUID id,
        UUID endpointId,
        UUID eventId,
        String eventType,
        String status,
        int attempts,
        @Nullable Instant nextAttemptAt,
        @Nullable Integer lastStatusCode,
        @Nullable String lastError,
        Instant createdAt,
        @Nullable Instant settledAt) {

    /** One page of them. */
    public record DeliveryPage(List<DeliveryReply> deliveries, long total, int page, int pageSize) {
        static DeliveryPage of(Page<DeliveryView> page) {
            return new DeliveryPage(
                    page.items().stream().map(DeliveryReply::of).toList(), page.total(), page.page(), page.pageSize());
        }
    }

    static DeliveryReply of(DeliveryView view) {
        return new DeliveryReply(
                view.id(),
                view.endpointId(),
                view.eventId(),
                view.eventType(),
                view.status().code(),
                view.attempts(),
                view.nextAttemptAt(),
                view.statusCode(),
                view.error(),
                view.createdAt(),
                view.settledAt());
    }
}
