package com.cognitionos.webhook.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Vault;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.boundary.TenantSettings.WebhookUrlChanged;
import com.cognitionos.webhook.control.Courier;
import com.cognitionos.webhook.control.Outbox;
import com.cognitionos.webhook.control.WebhookSettings;
import com.cognitionos.webhook.entity.Signature;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Where the caller's tenant wants to be told what happens. */
@Stateless
@TenantWall
public class WebhookEndpoints {

    public static final int MOST = 16;
    public static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);
    public static final Duration MAX_OVERLAP = Duration.ofDays(7);

    /** Stands for every type, those to come too. */
    public static final String ALL = "*";

    private static final int MAX_DESCRIPTION = 500;

    @Inject
    private Sql sql;

    @Inject
    private Vault vault;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private WebhookSettings settings;

    @Inject
    private Outbox outbox;

    @EJB
    private TenantSettings tenantSettings;

    /**
     * An endpoint as it may be shown.
     *
     * @param events codes of {@link EventType}, or {@link #ALL} alone
     * @param disabledReason {@code failing} or {@code gone}; null when it is enabled or somebody disabled it
     * @param failingSince the first failure after which nothing got through
     * @param formerSecretUntil until when the secret before the last rotation signs along
     * @param ofSettings whether it is the one that the tenant setting {@code webhook_url} names
     */
    public record EndpointView(
            UUID id,
            String url,
            String description,
            List<String> events,
            boolean enabled,
            @Nullable String disabledReason,
            @Nullable Instant failingSince,
            @Nullable Instant succeededAt,
            @Nullable Instant formerSecretUntil,
            boolean ofSettings,
            Instant createdAt,
            Instant updatedAt) {

        public EndpointView {
            events = List.copyOf(events);
        }

        private Map<String, Object> facts() {
            return Map.of("url", url, "description", description, "events", events, "enabled", enabled);
        }
    }

    /** The only time that a secret is known. */
    public record IssuedSecret(EndpointView view, String secret) {}

    /** What is to be different; null stays as it is. */
    public record Change(
            @Nullable String url,
            @Nullable String description,
            @Nullable List<String> events,
            @Nullable Boolean enabled) {}

    /** Oldest first. */
    public List<EndpointView> list() {
        return sql.query(
                "SELECT * FROM webhook_endpoints WHERE tenant_id = ? ORDER BY created_at, id",
                this::view,
                Caller.currentTenant());
    }

    /** @throws Problem NOT_FOUND */
    public EndpointView get(UUID id) {
        return find("SELECT * FROM webhook_endpoints WHERE tenant_id = ? AND id = ?", id);
    }

    /**
     * @param events codes of {@link EventType}; none, or {@link #ALL}, for every type
     * @throws Problem INVALID, CONFLICT ({@code too_many}) beyond {@link #MOST}
     */
    public IssuedSecret create(String url, String description, Collection<String> events, boolean enabled) {
        settings.check("url", url);
        return create(url, description, events, enabled, false);
    }

    private IssuedSecret create(
            String url, String description, Collection<String> events, boolean enabled, boolean ofSettings) {
        requireRoom();
        UUID id = Ids.next();
        byte[] secret = Signature.newSecret();
        Instant now = clock.system();
        sql.update(
                """
                INSERT INTO webhook_endpoints
                    (tenant_id, id, url, description, events, enabled, secret, of_settings, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                Caller.currentTenant(),
                id,
                url,
                description(description),
                types(events),
                enabled,
                sealed(id, secret),
                ofSettings,
                now,
                now);
        outbox.listenersChange();
        EndpointView made = get(id);
        audit.record("webhook_endpoint.created", id.toString(), null, made.facts());
        return new IssuedSecret(made, Signature.shown(secret));
    }

    /** One that is enabled again begins anew, and gets what waits for it. @throws Problem NOT_FOUND, INVALID */
    public EndpointView change(UUID id, Change change) {
        EndpointView after = changed(id, change);
        if (after.ofSettings() && change.url() != null) {
            settingTo(after.url());
        }
        return after;
    }

    private EndpointView changed(UUID id, Change change) {
        EndpointView before = lock(id);
        String url = change.url() == null ? before.url() : change.url();
        if (!url.equals(before.url())) {
            settings.check("url", url);
        }
        boolean enabled = change.enabled() == null ? before.enabled() : change.enabled();
        boolean turned = enabled != before.enabled();
        sql.update(
                """
                UPDATE webhook_endpoints SET url = ?, description = ?, events = ?, enabled = ?, updated_at = ?,
                    disabled_reason = CASE WHEN ? THEN NULL ELSE disabled_reason END,
                    failing_since = CASE WHEN ? THEN NULL ELSE failing_since END
                WHERE tenant_id = ? AND id = ?""",
                url,
                change.description() == null ? before.description() : description(change.description()),
                types(change.events() == null ? before.events() : change.events()),
                enabled,
                clock.system(),
                turned,
                turned,
                Caller.currentTenant(),
                id);
        outbox.listenersChange();
        EndpointView after = get(id);
        if (!after.facts().equals(before.facts())) {
            audit.record("webhook_endpoint.changed", id.toString(), before.facts(), after.facts());
        }
        if (turned && enabled) {
            outbox.wake();
        }
        return after;
    }

    /** With all that was or was to be delivered to it. @throws Problem NOT_FOUND */
    public void remove(UUID id) {
        if (removed(id).ofSettings()) {
            settingTo(null);
        }
    }

    private EndpointView removed(UUID id) {
        EndpointView gone = lock(id);
        sql.update("DELETE FROM webhook_endpoints WHERE tenant_id = ? AND id = ?", Caller.currentTenant(), id);
        outbox.listenersChange();
        audit.record("webhook_endpoint.removed", id.toString(), gone.facts(), null);
        return gone;
    }

    private void settingTo(@Nullable String url) {
        tenantSettings.change(new TenantSettings.Change(Map.of(), Collections.singletonMap("webhook_url", url)));
    }

    /** The endpoint of the setting is as the setting says (WHK-11). @throws Problem INVALID, CONFLICT as {@link #create} */
    public void follow(@Observes WebhookUrlChanged setting) {
        EndpointView known = sql.queryOne(
                        "SELECT * FROM webhook_endpoints WHERE tenant_id = ? AND of_settings FOR NO KEY UPDATE",
                        this::view,
                        Caller.currentTenant())
                .orElse(null);
        String url = setting.url();
        if (url != null) {
            settings.check("webhook_url", url);
        }
        if (known == null) {
            if (url != null) {
                create(url, "The tenant setting webhook_url", List.of(), true, true);
            }
        } else if (url == null) {
            removed(known.id());
        } else if (!url.equals(known.url())) {
            changed(known.id(), new Change(url, null, null, known.enabled() || known.disabledReason() != null));
        }
    }

    /**
     * Replaces the secret.
     *
     * @param overlap how long the old one signs along, from 0 to {@link #MAX_OVERLAP}
     * @throws Problem NOT_FOUND, INVALID
     */
    public IssuedSecret rotateSecret(UUID id, Duration overlap) {
        if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
            throw Problem.invalid(
                    "overlap_seconds", "out_of_range", "overlap_seconds must be from 0 to " + MAX_OVERLAP.toSeconds());
        }
        lock(id);
        byte[] secret = Signature.newSecret();
        Instant now = clock.system();
        Instant until = overlap.isZero() ? null : now.plus(overlap);
        sql.update("""
                UPDATE webhook_endpoints SET former_secret = CASE WHEN ? THEN NULL ELSE secret END, former_secret_until = ?,
                    secret = ?, updated_at = ?
                WHERE tenant_id = ? AND id = ?""", until == null, until, sealed(id, secret), now, Caller.currentTenant(), id);
        audit.record(
                "webhook_endpoint.secret_rotated",
                id.toString(),
                null,
                Map.of("old_secret_until", (until == null ? now : until).toString()));
        return new IssuedSecret(get(id), Signature.shown(secret));
    }

    /** Sends a {@code webhook.ping}. @return the delivery's id @throws Problem NOT_FOUND, CONFLICT when it is disabled */
    public UUID test(UUID id) {
        requireEnabled(get(id));
        UUID delivery = outbox.ping(id);
        audit.record("webhook_endpoint.tested", id.toString(), null, Map.of("delivery_id", delivery));
        return delivery;
    }

    static void requireEnabled(EndpointView endpoint) {
        if (!endpoint.enabled()) {
            throw Problem.conflict("endpoint_disabled", "The endpoint is disabled; enable it first.");
        }
    }

    private void requireRoom() {
        // Two requests at once must not both take the last place.
        sql.query("SELECT 1 FROM tenants WHERE id = ? FOR UPDATE", row -> row.getInt(1), Caller.currentTenant());
        if (list().size() >= MOST) {
            throw Problem.conflict("too_many", "A tenant has at most " + MOST + " webhook endpoints; remove one.");
        }
    }

    private byte[] sealed(UUID id, byte[] secret) {
        return vault.seal(Courier.PURPOSE, id.toString(), secret);
    }

    private static String description(String text) {
        if (text.length() > MAX_DESCRIPTION) {
            throw Problem.invalid(
                    "description", "length", "description must have at most " + MAX_DESCRIPTION + " characters");
        }
        return text.strip();
    }

    /** In the order of the catalogue; none stands for all. */
    private static Sql.Array types(Collection<String> codes) {
        List<String> wanted = List.copyOf(codes);
        List<Problem.FieldError> unknown = IntStream.range(0, wanted.size())
                .filter(i -> !wanted.get(i).equals(ALL)
                        && EventType.of(wanted.get(i)).isEmpty())
                .mapToObj(i -> new Problem.FieldError(
                        "/events/" + i, "unknown_event_type", "there is no event type " + wanted.get(i)))
                .toList();
        if (!unknown.isEmpty()) {
            throw Problem.invalid(unknown);
        }
        if (wanted.contains(ALL)) {
            return new Sql.Array("text", new Object[0]);
        }
        return new Sql.Array(
                "text",
                wanted.stream()
                        .map(EventType::of)
                        .flatMap(Optional::stream)
                        .distinct()
                        .sorted()
                        .map(EventType::code)
                        .toArray());
    }

    /** So that two changes of an endpoint come one after the other. */
    private EndpointView lock(UUID id) {
        return find("SELECT * FROM webhook_endpoints WHERE tenant_id = ? AND id = ? FOR NO KEY UPDATE", id);
    }

    private EndpointView find(String statement, UUID id) {
        return sql.queryOne(statement, this::view, Caller.currentTenant(), id)
                .orElseThrow(() -> Problem.notFound("webhook endpoint"));
    }

    private EndpointView view(ResultSet row) throws SQLException {
        String[] events = (String[]) row.getArray("events").getArray();
        Instant until = Sql.instant(row, "former_secret_until");
        return new EndpointView(
                row.getObject("id", UUID.class),
                row.getString("url"),
                row.getString("description"),
                events.length == 0 ? List.of(ALL) : List.of(events),
                row.getBoolean("enabled"),
                row.getString("disabled_reason"),
                Sql.instant(row, "failing_since"),
                Sql.instant(row, "succeeded_at"),
                until != null && until.isAfter(clock.system()) ? until : null,
                row.getBoolean("of_settings"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "updated_at"));
    }
}
