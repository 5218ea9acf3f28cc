package com.cognitionos.alert.boundary;

import com.cognitionos.alert.control.AlertRecords;
import com.cognitionos.alert.control.Watches;
import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the caller's tenant was told of its usage and spend, and what it wants to be told of. */
@Stateless
@TenantWall
public class Alerts {

    @Inject
    private AlertRecords records;

    @Inject
    private Watches watches;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    /** @param version goes up with each change; 0 for what holds until somebody chooses */
    public record SettingsView(AlertSettings settings, long version) {}

    /** Newest first. @param unacknowledged only those of which nobody has taken note */
    public Page<Alert> list(boolean unacknowledged, Page.Request page) {
        return records.list(unacknowledged, page);
    }

    /** @throws Problem NOT_FOUND */
    public Alert get(UUID id) {
        return records.find(id).orElseThrow(() -> Problem.notFound("alert"));
    }

    /** Somebody has taken note; a second time changes nothing. @throws Problem NOT_FOUND */
    public Alert acknowledge(UUID id) {
        Alert alert = get(id);
        if (alert.acknowledgedAt() != null) {
            return alert;
        }
        records.acknowledge(
                id, clock.now(Caller.currentTenant()), Caller.current().subject());
        audit.record("alert.acknowledged", id.toString(), null, Map.of("alert", words(alert)));
        return get(id);
    }

    private static String words(Alert alert) {
        return alert.kind() == Alert.Kind.ANOMALY
                ? alert.value().toPlainString() + " of " + alert.name() + " on a day"
                : alert.threshold() + " % of " + alert.bound().toPlainString() + " of " + alert.name();
    }

    public SettingsView settings() {
        AlertRecords.Version version = records.settings();
        return new SettingsView(version.settings(), version.version());
    }

    /**
     * Puts other settings in their place, whole. What was told of the running month is not told again.
     *
     * @param expectedVersion the version the change was made from; null takes the present one
     * @throws Problem INVALID; CONFLICT ({@code stale_version})
     */
    public SettingsView change(AlertSettings wanted, @Nullable Long expectedVersion) {
        AlertRecords.Version before = records.settings();
        if (expectedVersion != null && expectedVersion != before.version()) {
            throw stale(before.version());
        }
        AlertSettings after =
                wanted.checked(plans.meters().stream().map(Meter::code).collect(Collectors.toSet()));
        if (after.equals(before.settings())) {
            return settings();
        }
        if (!records.change(after, before.version())) {
            throw stale(before.version() + 1);
        }
        audit.record(
                "alert_settings.changed", Caller.currentTenant().toString(), words(before.settings()), words(after));
        watches.markAnew();
        return settings();
    }

    private static Problem stale(long version) {
        return Problem.conflict(
                "stale_version", "The settings were changed meanwhile; their version is now " + version + ".");
    }

    private static Map<String, Object> words(AlertSettings settings) {
        Map<String, Object> meters = new TreeMap<>();
        settings.meters().forEach((meter, own) -> meters.put(meter, words(own)));
        return Map.of(
                "thresholds",
                words(settings.thresholds()),
                "meters",
                meters.toString(),
                "recipients",
                String.join(", ", settings.recipients()),
                "anomalies",
                settings.anomalies().sensitivity().code(),
                "anomalies_except",
                String.join(", ", settings.anomalies().except()));
    }

    static String words(Thresholds thresholds) {
        return thresholds.percent().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
