package com.cognitionos.webhook.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.RecordJson;
import com.cognitionos.kernel.Sql;
import com.cognitionos.webhook.entity.PingNews;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Keeps what happens for the endpoints that want it, in the transaction in which it happens (WHK-2). */
@ApplicationScoped
public class Outbox {

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private Event<Queued> queued;

    /** Something is to be sent. */
    public record Queued() {}

    /** What a receiver reads; {@code timestamp} is when it happened, by the tenant's clock. */
    public record Message(String type, Instant timestamp, Record data) {}

    /** @param events codes; none for all */
    private record Listener(UUID endpoint, Set<String> events) {
        boolean wants(EventType type) {
            return events.isEmpty() || events.contains(type.code());
        }
    }

    /** An event that is wanted. */
    private record Kept(UUID tenant, UUID id, EventType type, Record data, List<Delivery> deliveries) {
        static Kept of(UUID tenant, EventType type, Record data, List<UUID> endpoints) {
            UUID event = Ids.next();
            return new Kept(
                    tenant,
                    event,
                    type,
                    data,
                    endpoints.stream()
                            .map(endpoint -> new Delivery(tenant, Ids.next(), endpoint, event))
                            .toList());
        }
    }

    private record Delivery(UUID tenant, UUID id, UUID endpoint, UUID event) {}

    void happened(@Observes Events.Happened event) {
        keepWanted(List.of(event));
    }

    void manyHappened(@Observes Events.ManyHappened events) {
        keepWanted(events.all());
    }

    private void keepWanted(List<Events.Happened> all) {
        List<Kept> wanted = new ArrayList<>();
        for (Events.Happened event : all) {
            List<UUID> endpoints = listeners(event.tenant()).stream()
                    .filter(listener -> listener.wants(event.type()))
                    .map(Listener::endpoint)
                    .toList();
            if (!endpoints.isEmpty()) {
                wanted.add(Kept.of(event.tenant(), event.type(), event.data().get(), endpoints));
            }
        }
        if (!wanted.isEmpty()) {
            keep(wanted);
        }
    }

    /** Asked for once a transaction, however much happens in it; none of them can be removed before it ends. */
    private List<Listener> listeners(UUID tenant) {
        return known().computeIfAbsent(
                        tenant,
                        id -> sql.query(
                                "SELECT id, events FROM webhook_endpoints WHERE tenant_id = ? AND enabled ORDER BY id FOR KEY SHARE",
                                Outbox::listener,
                                id));
    }

    /** As {@link #listeners}, of many tenants at once. */
    void expected(@Observes Events.Expected event) {
        Map<UUID, List<Listener>> found = new HashMap<>();
        sql.query(
                        """
                        SELECT tenant_id, id, events FROM webhook_endpoints WHERE tenant_id = ANY (?) AND enabled
                        ORDER BY tenant_id, id FOR KEY SHARE""",
                        row -> Map.entry(row.getObject("tenant_id", UUID.class), listener(row)),
                        new Sql.Array("uuid", event.tenants().toArray()))
                .forEach(row -> found.computeIfAbsent(row.getKey(), id -> new ArrayList<>())
                        .add(row.getValue()));
        event.tenants().forEach(tenant -> known().putIfAbsent(tenant, found.getOrDefault(tenant, List.of())));
    }

    private static Listener listener(ResultSet row) throws SQLException {
        return new Listener(row.getObject("id", UUID.class), Set.of((String[])
                row.getArray("events").getArray()));
    }

    /** By tenant, of the present transaction. */
    @SuppressWarnings("unchecked")
    private Map<UUID, List<Listener>> known() {
        Map<UUID, List<Listener>> known = (Map<UUID, List<Listener>>) transaction.getResource(Listener.class);
        if (known == null) {
            known = new HashMap<>();
            transaction.putResource(Listener.class, known);
        }
        return known;
    }

    /** The present transaction changes who listens. */
    public void listenersChange() {
        known().remove(Caller.currentTenant());
    }

    /** @return the id of the delivery */
    public UUID ping(UUID endpoint) {
        Kept ping = Kept.of(Caller.currentTenant(), EventType.WEBHOOK_PING, new PingNews(endpoint), List.of(endpoint));
        keep(List.of(ping));
        return ping.deliveries().get(0).id();
    }

    /** Somebody is to be told that there is something to send, once this transaction is committed. */
    public void wake() {
        queued.fire(new Queued());
    }

    private void keep(List<Kept> all) {
        Instant now = clock.system();
        Map<UUID, Instant> present = clock.now(all.stream().map(Kept::tenant).collect(Collectors.toSet()));
        List<Delivery> deliveries =
                all.stream().flatMap(one -> one.deliveries().stream()).toList();
        sql.update(
                """
                WITH event AS (INSERT INTO webhook_events (tenant_id, id, type, happened_at, payload, created_at)
                    SELECT e.*, ?::timestamptz FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[], ?::text[]) AS e)
                INSERT INTO webhook_deliveries
                    (tenant_id, id, endpoint_id, event_id, status, began_at, next_attempt_at, created_at)
                SELECT d.tenant, d.id, d.endpoint, d.event, 'pending', ?::timestamptz, ?::timestamptz, ?::timestamptz
                FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[]) AS d (tenant, id, endpoint, event)""",
                now,
                column(all, "uuid", Kept::tenant),
                column(all, "uuid", Kept::id),
                column(all, "text", one -> one.type().code()),
                column(all, "timestamptz", one -> present.get(one.tenant()).toString()),
                column(
                        all,
                        "text",
                        one -> payload(new Message(one.type().code(), present.get(one.tenant()), one.data()))),
                now,
                now,
                now,
                column(deliveries, "uuid", Delivery::tenant),
                column(deliveries, "uuid", Delivery::id),
                column(deliveries, "uuid", Delivery::endpoint),
                column(deliveries, "uuid", Delivery::event));
        wake();
    }

    private static String payload(Message message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RecordJson.write(message, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
