package com.cognitionos.identity.portal;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.entity.TenantStatus;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All tenants, for those who run the platform. */
@Named
@RequestScoped
public class TenantsPage {

    private static final int PAGE_SIZE = 20;

    @EJB
    private Tenants tenants;

    @Inject
    private ActingFor acting;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.q}")
    private @Nullable String text;

    @Inject
    @ManagedProperty("#{param.status}")
    private @Nullable String status;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    @Inject
    @ManagedProperty("#{param.tenant}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{param.reason}")
    private @Nullable String reason;

    private @Nullable Page<TenantView> page;

    @RequiresScope("operator:write")
    @StepUp
    public void suspend() {
        if (reason == null || reason.isBlank()) {
            messages.failed("Nothing was changed: say why the tenant is to be suspended; its people read it.");
            return;
        }
        change(id -> tenants.suspend(reason.strip()).name() + " is suspended.");
    }

    @RequiresScope("operator:write")
    public void reactivate() {
        change(id -> tenants.reactivate().name() + " is active again.");
    }

    private interface Change {
        String in(UUID tenant);
    }

    private void change(Change change) {
        messages.attempt(Map.of(), () -> {
            UUID id = GivenId.of(chosen, "tenant");
            messages.done(Caller.current().in(id).call(() -> change.in(id)));
        });
        page = null;
    }

    /** From the next request on the person works in that tenant, with the scopes of the platform. */
    @RequiresScope("operator:read")
    public void actFor() throws IOException {
        try {
            acting.enter(GivenId.of(chosen, "tenant"), "/home");
        } catch (Problem problem) {
            messages.show(problem, Map.of());
        }
    }

    public Page<TenantView> getPage() {
        if (page == null) {
            page = tenants.list(
                    wantedStatus(),
                    getText().isEmpty() ? null : getText(),
                    new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE));
        }
        return page;
    }

    private @Nullable TenantStatus wantedStatus() {
        return Arrays.stream(TenantStatus.values())
                .filter(known -> known.code().equals(status))
                .findFirst()
                .orElse(null);
    }

    public TenantStatus[] getStatuses() {
        return TenantStatus.values();
    }

    public String getText() {
        return Objects.requireNonNullElse(text, "").strip();
    }

    public String getStatus() {
        TenantStatus wanted = wantedStatus();
        return wanted == null ? "" : wanted.code();
    }

    public boolean isFiltered() {
        return !getText().isEmpty() || !getStatus().isEmpty();
    }

    public long getPages() {
        return Math.max(1, (getPage().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    /** The address of another page of the same search. */
    public String address(long number) {
        return "/platform/tenants?q=" + URLEncoder.encode(getText(), StandardCharsets.UTF_8) + "&status=" + getStatus()
                + "&page=" + number;
    }

    public String tone(TenantView tenant) {
        return switch (tenant.status()) {
            case "active" -> "good";
            case "trial" -> "info";
            case "suspended" -> "bad";
            default -> "idle";
        };
    }

    /** A status or a plan, as it begins a sentence. */
    public String words(String code) {
        return code.substring(0, 1).toUpperCase(Locale.ROOT) + code.substring(1);
    }
}
