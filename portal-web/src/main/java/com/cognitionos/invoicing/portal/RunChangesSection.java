package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.InvoiceRunChanges;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Change;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Earlier;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Kind;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Sum;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Run;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How the run that is shown compares with an earlier one. */
@Named
@RequestScoped
public class RunChangesSection {

    private static final int PAGE_SIZE = 20;

    @EJB
    private InvoiceRunChanges changes;

    @Inject
    private HttpServletRequest request;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    private @Nullable Section<Compared> compared;

    /**
     * Two runs, compared.
     *
     * @param against null where nothing is there to compare with
     * @param earlier what else there is
     */
    public record Compared(@Nullable Run against, List<Earlier> earlier, List<Sum> sums, Page<Change> page) {}

    /** @param run the one that is shown */
    public Section<Compared> of(Run run) {
        if (compared == null) {
            compared = Section.load("changes of an invoice run", () -> compare(run.id()));
        }
        return compared;
    }

    private Compared compare(UUID run) {
        RunChangesFilter filter = getFilter();
        Run against = changes.against(run, filter.named()).orElse(null);
        UUID before = against == null ? null : against.id();
        List<Earlier> earlier = new ArrayList<>(changes.earlier(run));
        if (against != null && earlier.stream().noneMatch(one -> one.id().equals(before))) {
            earlier.add(
                    0,
                    new Earlier(
                            against.id(),
                            against.asOf(),
                            against.dryRun(),
                            against.createdAt(),
                            against.scope(),
                            false));
        }
        return new Compared(
                against,
                earlier,
                changes.sums(run, before),
                changes.list(run, before, filter.wanted(), new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
    }

    public RunChangesFilter getFilter() {
        return RunChangesFilter.of(request);
    }

    public boolean isFiltered() {
        return getFilter().any();
    }

    public List<Kind> getKinds() {
        return Arrays.asList(Kind.values());
    }

    /** What else the list of runs says of one. */
    public String about(Earlier run) {
        String tenants = switch (run.scope()) {
            case ALL, LIVE -> "";
            case NAMED -> ", some tenants";
            case UNKNOWN -> ", all or some tenants";
        };
        return tenants + (run.dryRun() ? ", only counted" : "");
    }

    public boolean isChosen(Compared of, Earlier run) {
        return of.against() != null && run.id().equals(of.against().id());
    }

    /** Which tenants are compared. */
    public String covered(Run run, Run against) {
        Set<InvoiceRuns.Scope> scopes = EnumSet.of(run.scope(), against.scope());
        if (scopes.contains(InvoiceRuns.Scope.NAMED)) {
            return "Only tenants that both runs were to bill are compared; a run of some says nothing of the others.";
        }
        return scopes.contains(InvoiceRuns.Scope.UNKNOWN)
                ? "Only tenants that both runs were to bill are compared; whether an older run was of all is not known."
                : "Both runs were to bill all who had something due.";
    }

    public String words(Kind kind) {
        return switch (kind) {
            case NEW -> "New";
            case GONE -> "Gone";
            case LARGER -> "Larger";
            case SMALLER -> "Smaller";
            case SAME -> "The same";
            case FAILED -> "Failed";
        };
    }

    public String tone(Kind kind) {
        return switch (kind) {
            case NEW, LARGER -> "info";
            case GONE, SMALLER -> "warn";
            case SAME -> "good";
            case FAILED -> "bad";
        };
    }

    /** {@code +12.5 %}; null where there was nothing before. */
    public @Nullable String percent(Change change) {
        BigDecimal percent = change.changePercent();
        return percent == null
                ? null
                : (percent.signum() > 0 ? "+" : percent.signum() < 0 ? "−" : "") + percent.abs() + " %";
    }

    public long pages(Compared of) {
        return Math.max(1, (of.page().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    /** The address of another page of the same search. @param run the one that is shown */
    public String address(Run run, long number) {
        return "/platform/invoice-runs?" + query(run) + "&page=" + number + "#changes";
    }

    /** As it goes on in an address; after a run was started, that does not name it yet. */
    public String query(Run run) {
        RunChangesFilter filter = getFilter();
        return new RunChangesFilter(run.id().toString(), filter.against(), filter.kind(), filter.percent()).query();
    }
}
