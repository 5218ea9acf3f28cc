package com.cognitionos.dunning.portal;

import com.cognitionos.dunning.boundary.DunningCases;
import com.cognitionos.dunning.boundary.DunningCases.CaseView;
import com.cognitionos.dunning.boundary.DunningPolicies;
import com.cognitionos.dunning.entity.DunningCase;
import com.cognitionos.dunning.entity.DunningCase.State;
import com.cognitionos.dunning.entity.DunningPolicy;
import com.cognitionos.identity.portal.ActingFor;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.payment.boundary.Settlement;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Invoices of all tenants that could not be collected, and what finance does about one. */
@Named
@RequestScoped
public class DunningPage {

    private static final int PAGE_SIZE = 20;

    @EJB
    private DunningCases cases;

    @EJB
    private DunningPolicies policies;

    @EJB
    private Settlement settlement;

    @Inject
    private ActingFor acting;

    @Inject
    private Messages messages;

    @Inject
    private Dates dates;

    @Inject
    @ManagedProperty("#{param.status}")
    private @Nullable String wanted;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    // The row's own id, not its place: the list may have changed since it was shown.
    @Inject
    @ManagedProperty("#{param.chosen}")
    private @Nullable String chosen;

    private @Nullable Section<Page<CaseView>> list;

    /** What may be asked for. */
    public List<State> getStates() {
        return List.of(State.values());
    }

    /** The state that is shown, by its code; empty for all. */
    public String getStatus() {
        State state = state();
        return state == null ? "" : state.code();
    }

    private @Nullable State state() {
        try {
            return wanted == null || wanted.isBlank() ? null : State.of(wanted.strip());
        } catch (Problem unknown) {
            return null;
        }
    }

    public Section<Page<CaseView>> getList() {
        if (list == null) {
            Page.Request page = new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE);
            list = Section.load("dunning", () -> cases.list(state(), page));
        }
        return list;
    }

    public long getPages() {
        return getList().isLoaded() ? Math.max(1, (getList().getValue().total() + PAGE_SIZE - 1) / PAGE_SIZE) : 1;
    }

    /** The policy of cases to come, in words. */
    public String getPolicy() {
        DunningPolicy policy = policies.view().policy();
        String days = policy.retryDays().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "A failed charge is tried again after " + days + " days; then the subscription is unpaid"
                + (policy.suspend()
                        ? ", and " + policy.graceDays() + " days later the tenant is suspended."
                        : "; the tenant is not suspended.")
                + (policy.withoutCard()
                        ? " An invoice without a card goes the same way from its due date on."
                        : " An invoice without a card just stays open.");
    }

    public String name(State state) {
        return switch (state) {
            case ACTIVE -> "Active";
            case RECOVERED -> "Recovered";
            case EXHAUSTED -> "Exhausted";
            case CLOSED -> "Closed";
        };
    }

    public String tone(State state) {
        return switch (state) {
            case ACTIVE -> "warn";
            case RECOVERED -> "good";
            case EXHAUSTED -> "bad";
            case CLOSED -> "idle";
        };
    }

    public String next(CaseView view) {
        DunningCase dunning = view.dunning();
        return switch (dunning.next()) {
            case RETRY ->
                (dunning.declinedCard() == null ? "Retry " : "Another card is needed; step ") + (dunning.step() + 1)
                        + " of " + dunning.policy().retries() + " on " + dates.day(dunning.nextAt());
            case SUSPEND -> "Suspension on " + dates.day(dunning.nextAt());
            case NOTHING ->
                dunning.endedAt() == null ? "Nothing by itself" : "Over since " + dates.day(dunning.endedAt());
        };
    }

    public boolean isOpen(CaseView view) {
        return view.dunning().state().isOpen();
    }

    @RequiresScope("finance:write")
    @StepUp
    public void retry() {
        messages.attempt(Map.of(), () -> {
            DunningCase dunning = find();
            at(dunning).run(() -> settlement.pay(dunning.invoice()));
            messages.done("The invoice is paid.");
        });
        list = null;
    }

    @RequiresScope("finance:write")
    @StepUp
    public void stop() {
        messages.attempt(Map.of(), () -> {
            DunningCase dunning = find();
            at(dunning).run(() -> cases.stop(dunning.id()));
            messages.done("Nothing more happens by itself; the invoice stays open.");
        });
        list = null;
    }

    /** To the invoice, in its tenant. */
    @RequiresScope("finance:read")
    public void openInvoice() throws IOException {
        try {
            DunningCase dunning = find();
            acting.enter(dunning.tenant(), "/invoice?id=" + dunning.invoice());
        } catch (Problem problem) {
            messages.show(problem, Map.of());
        }
    }

    private DunningCase find() {
        UUID id = GivenId.of(chosen, "dunning case");
        return cases.get(id).dunning();
    }

    private static Caller at(DunningCase dunning) {
        return Caller.current().acrossTenants().in(dunning.tenant());
    }
}
