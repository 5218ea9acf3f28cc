package com.cognitionos.invoicing.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.InvoiceRunOrders;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Failure;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Run;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Invoice runs: how far they are, whom they could not invoice, and one more. */
@Named
@RequestScoped
public class InvoiceRunsPage {

    private static final int LATEST = 50;

    private static final Map<String, String> FIELDS = Map.of("/as_of", "run:asOf", "/tenant_ids", "run:tenants");

    @EJB
    private InvoiceRuns runs;

    @EJB
    private Tenants tenants;

    @Inject
    private InvoiceRunOrders orders;

    @Inject
    private BusinessClock clock;

    @Inject
    private Messages messages;

    /** The run to look at; none for the list alone. */
    @Inject
    @ManagedProperty("#{param.run}")
    private @Nullable String chosen;

    private @Nullable Section<List<Run>> list;
    private @Nullable Run run;
    private Map<UUID, TenantView> named = Map.of();
    private String asOf = "";
    private String slugs = "";
    private boolean dryRun = true;

    /** A tenant that was not invoiced. */
    public record Unbilled(String name, String slug, String reason) {}

    @RequiresScope("finance:write")
    @StepUp
    public void start() {
        Set<String> wanted = Arrays.stream(slugs.split("[\\s,;]+"))
                .filter(slug -> !slug.isEmpty())
                .map(slug -> slug.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<TenantView> found = wanted.isEmpty() ? List.of() : tenants.withSlugs(wanted);
        Set<String> unknown = new LinkedHashSet<>(wanted);
        found.forEach(tenant -> unknown.remove(tenant.slug()));
        if (!unknown.isEmpty()) {
            messages.failedAt(
                    "run:tenants",
                    "There is no tenant with the slug " + unknown.iterator().next() + ".");
            return;
        }
        messages.attempt(FIELDS, () -> {
            Run started = orders.start(
                    instant(),
                    dryRun,
                    wanted.isEmpty() ? null : found.stream().map(TenantView::id).toList(),
                    Caller.current().subject());
            run = runs.get(started.id());
            chosen = started.id().toString();
            messages.done(
                    run.tenantsTotal() == 0
                            ? "Nothing is due by then, so nothing was done."
                            : dryRun ? "The run counts what is due; nothing is billed." : "The run bills what is due.");
        });
        list = null;
    }

    /** Today ends ahead of the clock; it is meant as what is due by now. */
    private Instant instant() {
        Instant now = clock.system();
        if (asOf.isBlank()) {
            return now;
        }
        try {
            LocalDate day = LocalDate.parse(asOf.strip());
            return day.equals(LocalDate.ofInstant(now, ZoneOffset.UTC))
                    ? now
                    : day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw Problem.invalid("as_of", "invalid_timestamp", "a day is written like 2026-02-21");
        }
    }

    @RequiresScope("finance:write")
    @StepUp
    public void restart() {
        act(id -> {
            orders.restart(id);
            return "The run goes on with what is left. Nothing is billed twice.";
        });
    }

    @RequiresScope("finance:write")
    @StepUp
    public void stop() {
        act(id -> {
            runs.stop(id);
            return "The run stops after the tenants that are under way.";
        });
    }

    private void act(Function<UUID, String> order) {
        messages.attempt(Map.of(), () -> messages.done(order.apply(GivenId.of(chosen, "invoice run"))));
        run = null;
        list = null;
    }

    public Section<List<Run>> getRuns() {
        if (list == null) {
            list = Section.load("invoice runs", () -> runs.latest(LATEST));
        }
        return list;
    }

    /** The run that is looked at; null where none is, or where there is no such run. */
    public @Nullable Run getRun() {
        if (run == null && chosen != null && !chosen.isEmpty()) {
            try {
                run = runs.get(GivenId.of(chosen, "invoice run"));
            } catch (Problem none) {
                return null;
            }
        }
        return run;
    }

    /** Whether the address names a run that there is not. */
    public boolean isUnknown() {
        return chosen != null && !chosen.isEmpty() && getRun() == null;
    }

    public List<InvoiceRuns.Amount> amounts(Run of) {
        return runs.amounts(of.id());
    }

    public List<Unbilled> unbilled(Run of) {
        if (named.isEmpty() && !of.failures().isEmpty()) {
            named = tenants.withIds(of.failures().stream().map(Failure::tenant).collect(Collectors.toSet())).stream()
                    .collect(Collectors.toMap(TenantView::id, Function.identity()));
        }
        return of.failures().stream()
                .map(failure -> {
                    TenantView tenant = named.get(failure.tenant());
                    return new Unbilled(
                            tenant == null ? failure.tenant().toString() : tenant.name(),
                            tenant == null ? "" : tenant.slug(),
                            failure.reason());
                })
                .toList();
    }

    /** In words, as {@code Completed, 2 failed}. */
    public String state(Run of) {
        String word = switch (of.status()) {
            case QUEUED -> "Waits";
            case RUNNING -> "Runs";
            case COMPLETED -> "Completed";
            case STOPPED -> "Stopped";
            case FAILED -> "Broke off";
        };
        return of.failed() == 0 ? word : word + ", " + of.failed() + " failed";
    }

    public String tone(Run of) {
        if (of.failed() > 0 || of.status() == InvoiceRuns.Status.FAILED) {
            return "bad";
        }
        return switch (of.status()) {
            case COMPLETED -> "good";
            case STOPPED -> "warn";
            default -> "info";
        };
    }

    public boolean isUnderWay(Run of) {
        return of.status() == InvoiceRuns.Status.QUEUED || of.status() == InvoiceRuns.Status.RUNNING;
    }

    /** Whether something of it is left that another attempt could do. */
    public boolean isUnfinished(Run of) {
        return !isUnderWay(of) && (of.failed() > 0 || of.tenantsDone() + of.failed() < of.tenantsTotal());
    }

    /** The last day that it bills, as the form takes it. */
    public String getAsOf() {
        return asOf;
    }

    public void setAsOf(@Nullable String asOf) {
        this.asOf = asOf == null ? "" : asOf;
    }

    public String getSlugs() {
        return slugs;
    }

    public void setSlugs(@Nullable String slugs) {
        this.slugs = slugs == null ? "" : slugs;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }
}
