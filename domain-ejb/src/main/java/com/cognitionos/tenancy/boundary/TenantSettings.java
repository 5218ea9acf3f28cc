package com.cognitionos.tenancy.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.tenancy.entity.Setting;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant's settings: overrides over what the plan says (TEN-4). */
@Stateless
@TenantWall
public class TenantSettings {

    @Inject
    private Sql sql;

    @Inject
    private AuditLog audit;

    @Inject
    private Event<WebhookUrlChanged> webhookUrl;

    @EJB
    private Plans plans;

    /**
     * What shall change. A key that is absent stays; a null value of {@code limits} goes back to the plan.
     *
     * @param limits Booleans for the switches, Longs for the rest
     * @param texts of {@code custom_domain}, {@code webhook_url} (every event is sent there) and {@code metadata} (a JSON
     *     object as text)
     */
    public record Change(Map<Setting, @Nullable Object> limits, Map<String, @Nullable String> texts) {}

    /** In the transaction that changes it; whoever observes it may refuse it. @param url null for none */
    public record WebhookUrlChanged(@Nullable String url) {}

    private record Stored(
            Map<Setting, @Nullable Object> overrides,
            @Nullable String customDomain,
            @Nullable String webhookUrl,
            String metadata) {}

    public Settings current() {
        return effective(load(false), plan());
    }

    public Settings change(Change change) {
        UUID tenant = Caller.currentTenant();
        Plan plan = plan();
        Stored stored = load(true);
        Map<Setting, @Nullable Object> overrides = stored.overrides();
        Map<String, @Nullable Object> before = named(stored);
        change.limits().forEach((setting, wanted) -> {
            setting.check(wanted, overrides.get(setting), plan, Caller.current().platform());
            overrides.put(setting, wanted);
        });
        Map<String, @Nullable String> texts = change.texts();
        Stored changed = new Stored(
                overrides,
                texts.containsKey("custom_domain") ? texts.get("custom_domain") : stored.customDomain(),
                texts.containsKey("webhook_url") ? texts.get("webhook_url") : stored.webhookUrl(),
                Objects.requireNonNullElse(
                        texts.containsKey("metadata") ? texts.get("metadata") : stored.metadata(), "{}"));
        sql.update(
                """
                INSERT INTO tenant_settings (tenant_id, max_users, max_agents, max_workflows, max_executions_per_month,
                    max_storage_gb, api_rate_limit_per_minute, enable_plugins, enable_custom_models,
                    enable_priority_execution, custom_domain, webhook_url, metadata, version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, 1)
                ON CONFLICT (tenant_id) DO UPDATE SET
                    max_users = excluded.max_users, max_agents = excluded.max_agents,
                    max_workflows = excluded.max_workflows,
                    max_executions_per_month = excluded.max_executions_per_month,
                    max_storage_gb = excluded.max_storage_gb,
                    api_rate_limit_per_minute = excluded.api_rate_limit_per_minute,
                    enable_plugins = excluded.enable_plugins, enable_custom_models = excluded.enable_custom_models,
                    enable_priority_execution = excluded.enable_priority_execution,
                    custom_domain = excluded.custom_domain, webhook_url = excluded.webhook_url,
                    metadata = excluded.metadata, version = tenant_settings.version + 1""",
                tenant,
                overrides.get(Setting.MAX_USERS),
                overrides.get(Setting.MAX_AGENTS),
                overrides.get(Setting.MAX_WORKFLOWS),
                overrides.get(Setting.MAX_EXECUTIONS_PER_MONTH),
                overrides.get(Setting.MAX_STORAGE_GB),
                overrides.get(Setting.API_RATE_LIMIT_PER_MINUTE),
                overrides.get(Setting.ENABLE_PLUGINS),
                overrides.get(Setting.ENABLE_CUSTOM_MODELS),
                overrides.get(Setting.ENABLE_PRIORITY_EXECUTION),
                changed.customDomain(),
                changed.webhookUrl(),
                changed.metadata());
        audit(before, named(changed));
        if (!Objects.equals(stored.webhookUrl(), changed.webhookUrl())) {
            webhookUrl.fire(new WebhookUrlChanged(changed.webhookUrl()));
        }
        return effective(changed, plan);
    }

    private void audit(Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
        Map<String, @Nullable Object> same = new LinkedHashMap<>(before);
        same.entrySet().retainAll(after.entrySet());
        before.keySet().removeAll(same.keySet());
        after.keySet().removeAll(same.keySet());
        if (!after.isEmpty()) {
            audit.record("tenant_settings.changed", Caller.currentTenant().toString(), before, after);
        }
    }

    private static Map<String, @Nullable Object> named(Stored stored) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            named.put(setting.code(), stored.overrides().get(setting));
        }
        named.put("custom_domain", stored.customDomain());
        named.put("webhook_url", stored.webhookUrl());
        named.put("metadata", stored.metadata());
        return named;
    }

    private Plan plan() {
        return sql.queryOne(
                        "SELECT tier, plan_version FROM tenants WHERE id = ?",
                        row -> plans.version(Tier.of(row.getString("tier")), row.getInt("plan_version")),
                        Caller.currentTenant())
                .orElseThrow(() -> Problem.notFound("tenant"));
    }

    private Stored load(boolean toChange) {
        return sql.queryOne(
                        "SELECT * FROM tenant_settings WHERE tenant_id = ?" + (toChange ? " FOR UPDATE" : ""),
                        TenantSettings::read,
                        Caller.currentTenant())
                .orElseGet(() -> new Stored(new EnumMap<>(Setting.class), null, null, "{}"));
    }

    private static Stored read(ResultSet row) throws SQLException {
        Map<Setting, @Nullable Object> overrides = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            overrides.put(
                    setting,
                    setting.isSwitch()
                            ? row.getObject(setting.code(), Boolean.class)
                            : row.getObject(setting.code(), Long.class));
        }
        return new Stored(
                overrides, row.getString("custom_domain"), row.getString("webhook_url"), row.getString("metadata"));
    }

    private static Settings effective(Stored stored, Plan plan) {
        return new Settings(
                Caller.currentTenant(),
                number(Setting.MAX_USERS, stored, plan),
                number(Setting.MAX_AGENTS, stored, plan),
                number(Setting.MAX_WORKFLOWS, stored, plan),
                number(Setting.MAX_EXECUTIONS_PER_MONTH, stored, plan),
                number(Setting.MAX_STORAGE_GB, stored, plan),
                number(Setting.API_RATE_LIMIT_PER_MINUTE, stored, plan),
                isOn(Setting.ENABLE_PLUGINS, stored, plan),
                isOn(Setting.ENABLE_CUSTOM_MODELS, stored, plan),
                isOn(Setting.ENABLE_PRIORITY_EXECUTION, stored, plan),
                stored.customDomain(),
                stored.webhookUrl(),
                stored.metadata());
    }

    private static @Nullable Object value(Setting setting, Stored stored, Plan plan) {
        Object override = stored.overrides().get(setting);
        return override == null ? setting.fromPlan(plan) : override;
    }

    private static @Nullable Long number(Setting setting, Stored stored, Plan plan) {
        return (Long) value(setting, stored, plan);
    }

    private static boolean isOn(Setting setting, Stored stored, Plan plan) {
        return Boolean.TRUE.equals(value(setting, stored, plan));
    }
}
