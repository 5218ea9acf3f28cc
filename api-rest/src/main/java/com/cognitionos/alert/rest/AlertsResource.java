package com.cognitionos.alert.rest;

import com.cognitionos.alert.boundary.Alerts;
import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.alert.entity.Anomaly;
import com.cognitionos.alert.entity.AnomalySettings;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the tenant was told of its usage and spend. */
@Path("/usage/alerts")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Alerts")
public class AlertsResource {

    @EJB
    private Alerts alerts;

    public record AlertPage(List<AlertReply> alerts, long total, int page, int pageSize) {}

    /**
     * An alert.
     *
     * @param kind usage, budget or anomaly
     * @param name of the meter or the budget, as it was called then
     * @param thresholdPercent the share that was reached; null for an anomaly
     * @param percent how much it was then, with one decimal; of an anomaly of what is usual
     * @param value in the meter's units, or the currency's minor unit
     * @param limit what the share is of, in the same measure; of an anomaly what it went above or below
     * @param currency null for quantities
     * @param periodStart of the usage month; of an anomaly of the day, by UTC
     * @param triggeredAt by the tenant's clock
     * @param deliveredTo who got a mail
     * @param anomaly why the day was told of; null for all other kinds
     */
    public record AlertReply(
            UUID id,
            String kind,
            @Nullable String meter,
            @Nullable UUID budgetId,
            String name,
            @Nullable Integer thresholdPercent,
            BigDecimal percent,
            BigDecimal value,
            BigDecimal limit,
            @Nullable String currency,
            Instant periodStart,
            Instant periodEnd,
            Instant triggeredAt,
            List<String> deliveredTo,
            @Nullable Instant acknowledgedAt,
            @Nullable String acknowledgedBy,
            @Nullable AnomalyReply anomaly) {

        static AlertReply of(Alert alert) {
            return new AlertReply(
                    alert.id(),
                    alert.kind().code(),
                    alert.meter(),
                    alert.budget(),
                    alert.name(),
                    alert.kind() == Alert.Kind.ANOMALY ? null : alert.threshold(),
                    alert.percent(),
                    alert.value(),
                    alert.bound(),
                    alert.currency(),
                    alert.period().start(),
                    alert.period().end(),
                    alert.triggeredAt(),
                    alert.mailedTo(),
                    alert.acknowledgedAt(),
                    alert.acknowledgedBy(),
                    alert.anomaly() == null ? null : AnomalyReply.of(alert.anomaly()));
        }
    }

    /**
     * What was known when a day was told of.
     *
     * @param direction high or stopped
     * @param usual what was expected of the whole day
     * @param low at or below it a day that is over has all but stopped; 0 where that is not judged
     * @param high above it a day is an anomaly
     * @param history the 28 days before, oldest first
     */
    public record AnomalyReply(
            String direction, BigDecimal usual, BigDecimal low, BigDecimal high, List<BigDecimal> history) {

        static AnomalyReply of(Anomaly anomaly) {
            return new AnomalyReply(
                    anomaly.direction().code(), anomaly.usual(), anomaly.low(), anomaly.high(), anomaly.history());
        }
    }

    @GET
    @RequiresScope("usage:read")
    @Operation(summary = "Alerts, newest first")
    public AlertPage list(
            @Parameter(description = "open: of which nobody has taken note; all when left out")
                    @QueryParam("status")
                    @Nullable
                    String status,
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize) {
        if (status != null && !status.equals("open")) {
            throw Problem.invalid("status", "unknown_status", "status can only be open");
        }
        Page<Alert> found = alerts.list(status != null, Texts.page(page, pageSize));
        return new AlertPage(
                found.items().stream().map(AlertReply::of).toList(), found.total(), found.page(), found.pageSize());
    }

    @GET
    @Path("/{id}")
    @RequiresScope("usage:read")
    @Operation(summary = "One alert")
    public AlertReply get(@PathParam("id") UUID id) {
        return AlertReply.of(alerts.get(id));
    }

    @POST
    @Path("/{id}/acknowledge")
    @RequiresScope("usage:write")
    @Operation(summary = "Take note of an alert; a second time changes nothing")
    public AlertReply acknowledge(@PathParam("id") UUID id) {
        return AlertReply.of(alerts.acknowledge(id));
    }

    /**
     * @param thresholds percent of the limit, or of what is included where nothing is refused
     * @param meters that have other thresholds
     * @param recipients {@code billing_email}, or roles of members
     * @param anomalies of days that are unlike the tenant's own history
     * @param version goes up with each change; 0 until somebody chooses
     */
    public record SettingsReply(
            List<Integer> thresholds,
            List<MeterThresholds> meters,
            List<String> recipients,
            AnomalyTerms anomalies,
            long version) {

        static SettingsReply of(Alerts.SettingsView view) {
            AlertSettings settings = view.settings();
            return new SettingsReply(
                    settings.thresholds().percent(),
                    settings.meters().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(own -> new MeterThresholds(
                                    own.getKey(), own.getValue().percent()))
                            .toList(),
                    settings.recipients(),
                    new AnomalyTerms(
                            settings.anomalies().sensitivity().code(),
                            settings.anomalies().except()),
                    view.version());
        }
    }

    /**
     * Whether days that are unlike the tenant's own history are told of.
     *
     * @param sensitivity off, low, normal or high; normal when left out
     * @param except meters of which they are not; none when left out
     */
    public record AnomalyTerms(
            @Nullable String sensitivity,
            @Nullable @Size(max = 100) List<String> except) {

        AnomalySettings settings() {
            if (except != null && except.stream().anyMatch(Objects::isNull)) {
                throw Problem.invalid("anomalies/except", "required", "each meter is named");
            }
            return new AnomalySettings(
                    sensitivity == null
                            ? AnomalySettings.USUAL.sensitivity()
                            : AnomalySettings.Sensitivity.of(sensitivity)
                                    .orElseThrow(() -> Problem.invalid(
                                            "anomalies/sensitivity",
                                            "unknown_sensitivity",
                                            "sensitivity is off, low, normal or high")),
                    except == null ? List.of() : except);
        }
    }

    /** A meter of its own; without thresholds it is never told of. */
    public record MeterThresholds(
            @NotNull String meter, @NotNull List<Integer> thresholds) {}

    /**
     * The whole of the settings.
     *
     * @param thresholds percent, ascending, 1 to 1000 each; 50, 75, 90 and 100 when left out
     * @param meters that are to have other thresholds; an empty list of them switches a meter off
     * @param recipients the billing address and the owners when left out; an empty list sends no mails
     * @param anomalies of all meters and normally sensitive when left out
     * @param version of the settings it was made from, the present one when left out
     */
    public record NewSettings(
            @Nullable List<Integer> thresholds,
            @Nullable @Size(max = 100) List<MeterThresholds> meters,
            @Nullable List<String> recipients,
            @Nullable @Valid AnomalyTerms anomalies,
            @Nullable Long version) {

        AlertSettings settings() {
            Map<String, Thresholds> own = new HashMap<>();
            if (meters != null) {
                for (int i = 0; i < meters.size(); i++) {
                    MeterThresholds one = present(meters.get(i), "meters/" + i);
                    if (own.put(one.meter(), of(one.thresholds(), "meters/" + i + "/thresholds")) != null) {
                        throw Problem.invalid("meters/" + i, "duplicate", "each meter is named once");
                    }
                }
            }
            if (recipients != null) {
                for (int i = 0; i < recipients.size(); i++) {
                    present(recipients.get(i), "recipients/" + i);
                }
            }
            return new AlertSettings(
                    thresholds == null ? Thresholds.USUAL : of(thresholds, "thresholds"),
                    own,
                    recipients == null ? AlertSettings.USUAL.recipients() : recipients,
                    anomalies == null ? AnomalySettings.USUAL : anomalies.settings());
        }
    }

    static Thresholds of(List<Integer> percent, String field) {
        if (percent.stream().anyMatch(Objects::isNull)) {
            throw Problem.invalid(field, "required", "each share is a whole number of percent");
        }
        return new Thresholds(percent);
    }

    private static <T> T present(@Nullable T value, String field) {
        if (value == null) {
            throw Problem.invalid(field, "required", field + " must not be null");
        }
        return value;
    }

    @GET
    @Path("/settings")
    @RequiresScope("usage:read")
    @Operation(summary = "At which shares there are alerts, and who gets mails")
    public SettingsReply settings() {
        return SettingsReply.of(alerts.settings());
    }

    @PUT
    @Path("/settings")
    @RequiresScope("usage:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change at which shares there are alerts, and who gets mails")
    public SettingsReply change(NewSettings wanted) {
        return SettingsReply.of(alerts.change(wanted.settings(), wanted.version()));
    }
}
