package com.cognitionos.tenancy.portal;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.portal.LocalZone;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.boundary.TestClocks;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tenant that this request works in, as the frame of every page shows it. */
@Named
@RequestScoped
public class CurrentTenant implements LocalZone {

    @EJB
    private Tenants tenants;

    @EJB
    private TestClocks testClocks;

    @Inject
    private BusinessClock clock;

    private @Nullable TenantView tenant;
    private @Nullable Instant now;

    /** Loads the tenant of the thread's caller. */
    public void enter() {
        tenant = tenants.current();
    }

    /** Whether the page works in a tenant. */
    public boolean isPresent() {
        return tenant != null;
    }

    public boolean isSuspended() {
        return isPresent() && view().status().equals("suspended");
    }

    /** Whether it keeps its people from all but paying; the platform still gets everywhere. */
    public boolean isClosed() {
        return isSuspended() && !Caller.current().platform();
    }

    /** As a sentence; empty when none was given. */
    public String getSuspendedReason() {
        String reason = Objects.requireNonNullElse(view().suspendedReason(), "").strip();
        return reason.isEmpty() || reason.endsWith(".") ? reason : reason + ".";
    }

    public TenantView view() {
        return Objects.requireNonNull(tenant, "no tenant on this page");
    }

    /** Where its periods begin and end. */
    @Override
    public ZoneId zone() {
        return tenant == null ? UTC : ZoneId.of(tenant.timeZone());
    }

    /** The tenant's present: its own clock where it has one. */
    public Instant now() {
        if (now == null) {
            now = view().testMode() ? testClocks.current().now() : clock.system();
        }
        return now;
    }
}
