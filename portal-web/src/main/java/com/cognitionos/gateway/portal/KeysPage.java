package com.cognitionos.gateway.portal;

import com.cognitionos.gateway.boundary.ApiKeys;
import com.cognitionos.gateway.boundary.ApiKeys.IssuedKey;
import com.cognitionos.gateway.boundary.ApiKeys.KeyView;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
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

    @EJB
    private ApiKeys keys;

    @Inject
    private BusinessClock clock;

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

    @RequiresScope("keys:write")
    @StepUp
    public void create() {
        issue(() -> keys.issue(name, access.scopes(), null, null));
        if (issued != null) {
            name = "";
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
        try {
            keys.revoke(GivenId.of(chosen, "API key"));
            messages.done("The key is revoked; requests that carry it are refused from now on.");
        } catch (Problem problem) {
            messages.show(problem, Map.of());
        }
        list = null;
    }

    private void issue(Supplier<IssuedKey> source) {
        try {
            issued = source.get();
        } catch (Problem problem) {
            messages.show(problem, Map.of("/name", "keys:name", "/scopes", "keys:access"));
        }
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

    /** The key that was just made; shown in this answer only. */
    public @Nullable IssuedKey getIssued() {
        return issued;
    }

    public Access[] getAccesses() {
        return Access.values();
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
}
