package com.cognitionos.gateway.portal;

import com.cognitionos.gateway.boundary.ApiKeys;
import com.cognitionos.gateway.boundary.ApiKeys.IssuedKey;
import com.cognitionos.gateway.boundary.ApiKeys.KeyCalls;
import com.cognitionos.gateway.boundary.ApiKeys.KeyView;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.tenancy.portal.CurrentTenant;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tenant's API keys. */
@Named
@RequestScoped
public class KeysPage {

    /** How long a rotated key goes on working; what the page promises. */
    public static final Duration OVERLAP = Duration.ofHours(24);

    private static final Map<String, String> FIELDS = Map.of(
            "/name", "keys:name",
            "/scopes", "keys:access",
            "/expires_at", "keys:lasts",
            "/rate_limit_per_minute", "keys:limit");

    private static final KeyCalls NONE = new KeyCalls(BigDecimal.ZERO, BigDecimal.ZERO);

    @EJB
    private ApiKeys keys;

    @Inject
    private BusinessClock clock;

    @Inject
    private CurrentTenant tenant;

    @Inject
    private Dates dates;

    @Inject
    private Messages messages;

    // The row's own id, not its place: the list may have changed since it was shown.
    @Inject
    @ManagedProperty("#{param.key}")
    private @Nullable String chosen;

    private @Nullable List<KeyView> list;
    private @Nullable IssuedKey issued;
    private String name = "";
    private Access access = Access.SEND_USAGE;
    private Lifetime lasts = Lifetime.UNLIMITED;
    private @Nullable Integer limit;
    private @Nullable Section<Map<String, KeyCalls>> calls;

    @RequiresScope("keys:write")
    @StepUp
    public void create() {
        issue(() -> keys.issue(name, access.scopes(), lasts.endFrom(clock.system()), limit));
        if (issued != null) {
            name = "";
            limit = null;
        }
    }

    @RequiresScope("keys:write")
    @StepUp
    public void rotate() {
        issue(() -> keys.rotate(GivenId.of(chosen, "API key"), OVERLAP));
    }

    @RequiresScope("keys:write")
    @StepUp
    public void revoke() {
        messages.attempt(Map.of(), () -> {
            keys.revoke(GivenId.of(chosen, "API key"));
            messages.done("The key is revoked; requests that carry it are refused from now on.");
        });
        list = null;
    }

    private void issue(Supplier<IssuedKey> source) {
        messages.attempt(FIELDS, () -> issued = source.get());
        list = null;
    }

    public List<KeyView> getKeys() {
        if (list == null) {
            list = keys.list();
        }
        return list;
    }

    public String status(KeyView key) {
        if (key.revokedAt() != null) {
            return "Revoked";
        }
        return key.expiresAt() != null && !key.expiresAt().isAfter(clock.system()) ? "Expired" : "Active";
    }

    public boolean isUsable(KeyView key) {
        return status(key).equals("Active");
    }

    public String access(KeyView key) {
        return Access.describe(key.scopes());
    }

    /** How much came with the keys; a section of its own, so that keys can be revoked whatever it does. */
    public Section<Map<String, KeyCalls>> getCalls() {
        if (calls == null) {
            calls = Section.load("calls of the keys", keys::calls);
        }
        return calls;
    }

    public KeyCalls callsOf(KeyView key) {
        return getCalls().getValue().getOrDefault(key.prefix(), NONE);
    }

    /** The month that calls are counted in, by the tenant's clock. */
    public String getMonth() {
        return dates.month(tenant.now());
    }

    /** The key that was just made; shown in this answer only. */
    public @Nullable IssuedKey getIssued() {
        return issued;
    }

    public Access[] getAccesses() {
        return Access.values();
    }

    public Lifetime[] getLifetimes() {
        return Lifetime.values();
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public Access getAccess() {
        return access;
    }

    public void setAccess(Access access) {
        this.access = access;
    }

    public Lifetime getLasts() {
        return lasts;
    }

    public void setLasts(Lifetime lasts) {
        this.lasts = lasts;
    }

    public @Nullable Integer getLimit() {
        return limit;
    }

    public void setLimit(@Nullable Integer limit) {
        this.limit = limit;
    }
}
