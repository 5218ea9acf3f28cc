package com.cognitionos.alert.control;

import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.alert.entity.Anomaly;
import com.cognitionos.alert.entity.AnomalySettings;
import com.cognitionos.alert.entity.Budget;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.Period;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Settings, budgets and alerts of the caller's tenant as rows. */
@ApplicationScoped
public class AlertRecords {

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    /** @param version from 0, when nobody has chosen anything */
    public record Version(AlertSettings settings, long version) {}

    public Version settings() {
        UUID tenant = Caller.currentTenant();
        return sql.queryOne(
                        "SELECT * FROM alert_settings WHERE tenant_id = ?",
                        row -> new Version(
                                new AlertSettings(thresholds(row), meters(), texts(row, "recipients"), anomalies(row)),
                                row.getLong("version")),
                        tenant)
                .orElse(new Version(AlertSettings.USUAL, 0));
    }

    private static AnomalySettings anomalies(ResultSet row) throws SQLException {
        return new AnomalySettings(
                AnomalySettings.Sensitivity.of(row.getString("anomalies")).orElseThrow(),
                texts(row, "anomalies_except"));
    }

    private Map<String, Thresholds> meters() {
        Map<String, Thresholds> meters = new HashMap<>();
        sql.query(
                        "SELECT meter, thresholds FROM alert_meters WHERE tenant_id = ?",
                        row -> Map.entry(row.getString("meter"), thresholds(row)),
                        Caller.currentTenant())
                .forEach(entry -> meters.put(entry.getKey(), entry.getValue()));
        return meters;
    }

    /** @param before the version that it is made from. @return false where somebody else has changed it meanwhile */
    public boolean change(AlertSettings settings, long before) {
        UUID tenant = Caller.currentTenant();
        int changed = sql.update(
                """
                INSERT INTO alert_settings (tenant_id, thresholds, recipients, anomalies, anomalies_except, version,
                    updated_at, updated_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant_id) DO UPDATE SET thresholds = excluded.thresholds,
                    recipients = excluded.recipients, anomalies = excluded.anomalies,
                    anomalies_except = excluded.anomalies_except, version = excluded.version,
                    updated_at = excluded.updated_at, updated_by = excluded.updated_by
                WHERE alert_settings.version = excluded.version - 1""",
                tenant,
                percent(settings.thresholds()),
                new Sql.Array("text", settings.recipients().toArray()),
                settings.anomalies().sensitivity().code(),
                new Sql.Array("text", settings.anomalies().except().toArray()),
                before + 1,
                clock.now(tenant),
                Caller.current().subject());
        if (changed == 0) {
            return false;
        }
        sql.update("DELETE FROM alert_meters WHERE tenant_id = ?", tenant);
        List<Map.Entry<String, Thresholds>> own = List.copyOf(settings.meters().entrySet());
        sql.update(
                """
                INSERT INTO alert_meters (tenant_id, meter, thresholds)
                SELECT ?, meter, string_to_array(shares, ',')::integer[] FROM unnest(?::text[], ?::text[]) AS x (meter, shares)""",
                tenant,
                new Sql.Array("text", own.stream().map(Map.Entry::getKey).toArray()),
                new Sql.Array(
                        "text",
                        own.stream()
                                .map(one -> one.getValue().percent().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(",")))
                                .toArray()));
        return true;
    }

    /** Oldest first. */
    public List<Budget> budgets() {
        return sql.query(
                "SELECT * FROM budgets WHERE tenant_id = ? ORDER BY created_at, id",
                AlertRecords::budget,
                Caller.currentTenant());
    }

    /** Locked until the transaction ends. */
    public Optional<Budget> budget(UUID id) {
        return sql.queryOne(
                "SELECT * FROM budgets WHERE tenant_id = ? AND id = ? FOR UPDATE",
                AlertRecords::budget,
                Caller.currentTenant(),
                id);
    }

    public void insert(Budget budget) {
        sql.update("""
                INSERT INTO budgets (name, basis, meter, amount_cents, thresholds, version, created_at, updated_at,
                    tenant_id, id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", columns(budget));
    }

    public void update(Budget budget) {
        sql.update("""
                UPDATE budgets SET name = ?, basis = ?, meter = ?, amount_cents = ?, thresholds = ?, version = ?,
                    created_at = ?, updated_at = ?
                WHERE tenant_id = ? AND id = ?""", columns(budget));
    }

    public void delete(UUID budget) {
        sql.update("DELETE FROM budgets WHERE tenant_id = ? AND id = ?", Caller.currentTenant(), budget);
    }

    private static @Nullable Object[] columns(Budget budget) {
        return new @Nullable Object[] {
            budget.name(),
            budget.basis().code(),
            budget.meter(),
            budget.amountCents(),
            percent(budget.thresholds()),
            budget.version(),
            budget.createdAt(),
            budget.updatedAt(),
            Caller.currentTenant(),
            budget.id()
        };
    }

    /** What was told of that usage month. */
    public List<Alert> ofPeriod(Instant start) {
        return sql.query(
                "SELECT * FROM alerts WHERE tenant_id = ? AND period_start = ? ORDER BY created_at, id",
                AlertRecords::alert,
                Caller.currentTenant(),
                start);
    }

    /** Of days that begin at that time or later. */
    public List<Alert> anomalies(Instant since) {
        return sql.query(
                "SELECT * FROM alerts WHERE tenant_id = ? AND kind = 'anomaly' AND period_start >= ? ORDER BY created_at, id",
                AlertRecords::alert,
                Caller.currentTenant(),
                since);
    }

    /** Newest first. */
    public Page<Alert> list(boolean unacknowledged, Page.Request page) {
        UUID tenant = Caller.currentTenant();
        String which = "FROM alerts WHERE tenant_id = ? AND (acknowledged_at IS NULL OR NOT ?) ";
        List<Alert> items = sql.query(
                "SELECT * " + which + "ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?",
                AlertRecords::alert,
                tenant,
                unacknowledged,
                page.pageSize(),
                page.offset());
        long total = sql.queryOne("SELECT count(*) " + which, row -> row.getLong(1), tenant, unacknowledged)
                .orElse(0L);
        return new Page<>(items, total, page.page(), page.pageSize());
    }

    /** Locked until the transaction ends. */
    public Optional<Alert> find(UUID id) {
        return sql.queryOne(
                "SELECT * FROM alerts WHERE tenant_id = ? AND id = ? FOR UPDATE",
                AlertRecords::alert,
                Caller.currentTenant(),
                id);
    }

    /** @return false where it was told before: then nobody is to be told again */
    public boolean insert(Alert alert) {
        Anomaly anomaly = alert.anomaly();
        return sql.update(
                        """
                INSERT INTO alerts (tenant_id, id, kind, subject, meter, budget_id, name, currency, period_start, period_end,
                    threshold, bound, value, triggered_at, created_at, mailed_to, usual, low, high, history)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                        Caller.currentTenant(),
                        alert.id(),
                        alert.kind().code(),
                        alert.subject(),
                        alert.meter(),
                        alert.budget(),
                        alert.name(),
                        alert.currency(),
                        alert.period().start(),
                        alert.period().end(),
                        alert.threshold(),
                        alert.bound(),
                        alert.value(),
                        alert.triggeredAt(),
                        clock.system(),
                        new Sql.Array("text", alert.mailedTo().toArray()),
                        anomaly == null ? null : anomaly.usual(),
                        anomaly == null ? null : anomaly.low(),
                        anomaly == null ? null : anomaly.high(),
                        anomaly == null
                                ? null
                                : new Sql.Array("numeric", anomaly.history().toArray()))
                > 0;
    }

    public void acknowledge(UUID alert, Instant at, String by) {
        sql.update(
                "UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ? WHERE tenant_id = ? AND id = ?",
                at,
                by,
                Caller.currentTenant(),
                alert);
    }

    private static Alert alert(ResultSet row) throws SQLException {
        return new Alert(
                row.getObject("id", UUID.class),
                Alert.Kind.of(row.getString("kind")),
                row.getString("meter"),
                row.getObject("budget_id", UUID.class),
                row.getString("name"),
                row.getString("currency"),
                new Period(Sql.instantOf(row, "period_start"), Sql.instantOf(row, "period_end")),
                row.getInt("threshold"),
                Sql.plain(row.getBigDecimal("bound")),
                Sql.plain(row.getBigDecimal("value")),
                Sql.instantOf(row, "triggered_at"),
                texts(row, "mailed_to"),
                Sql.instant(row, "acknowledged_at"),
                row.getString("acknowledged_by"),
                anomaly(row));
    }

    private static @Nullable Anomaly anomaly(ResultSet row) throws SQLException {
        BigDecimal usual = row.getBigDecimal("usual");
        return usual == null
                ? null
                : new Anomaly(
                        row.getBigDecimal("value").compareTo(usual) > 0
                                ? Anomaly.Direction.HIGH
                                : Anomaly.Direction.STOPPED,
                        Sql.plain(usual),
                        Sql.plain(row.getBigDecimal("low")),
                        Sql.plain(row.getBigDecimal("high")),
                        Stream.of((BigDecimal[]) row.getArray("history").getArray())
                                .map(Sql::plain)
                                .toList());
    }

    private static Budget budget(ResultSet row) throws SQLException {
        return new Budget(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Budget.Basis.of(row.getString("basis")).orElseThrow(),
                row.getString("meter"),
                row.getLong("amount_cents"),
                thresholds(row),
                row.getLong("version"),
                Sql.instantOf(row, "created_at"),
                Sql.instantOf(row, "updated_at"));
    }

    private static Thresholds thresholds(ResultSet row) throws SQLException {
        return new Thresholds(
                Arrays.asList((Integer[]) row.getArray("thresholds").getArray()));
    }

    private static Sql.Array percent(Thresholds thresholds) {
        return new Sql.Array("integer", thresholds.percent().toArray());
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return Arrays.asList((String[]) row.getArray(column).getArray());
    }
}
