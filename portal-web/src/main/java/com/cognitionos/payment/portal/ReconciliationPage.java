package com.cognitionos.payment.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.payment.boundary.ProviderDifferences;
import com.cognitionos.payment.boundary.ProviderDifferences.DifferenceView;
import com.cognitionos.payment.boundary.ReconciliationOrders;
import com.cognitionos.payment.boundary.Reconciliations;
import com.cognitionos.payment.boundary.Reconciliations.Run;
import com.cognitionos.payment.boundary.Remedies;
import com.cognitionos.payment.entity.Finding;
import com.cognitionos.payment.entity.Finding.Remedy;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the provider's books and ours do not say alike, and what finance does about it. */
@Named
@RequestScoped
public class ReconciliationPage {

    private static final int PAGE_SIZE = 20;
    private static final int LATEST = 5;

    @EJB
    private ProviderDifferences differences;

    @EJB
    private Remedies remedies;

    @EJB
    private Reconciliations runs;

    @EJB
    private Tenants tenants;

    @Inject
    private ReconciliationOrders orders;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.difference}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{param.action}")
    private @Nullable String action;

    @Inject
    @ManagedProperty("#{param.reason}")
    private @Nullable String reason;

    @Inject
    @ManagedProperty("#{param.state}")
    private @Nullable String wantedState;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    private @Nullable Section<Page<DifferenceView>> list;
    private @Nullable Section<List<Run>> latest;
    private @Nullable Map<UUID, TenantView> named;

    @RequiresScope("finance:write")
    public void compare() {
        messages.attempt(Map.of(), () -> {
            orders.start(Caller.current().subject());
            messages.done("The books are being compared. Look again in a moment.");
        });
        latest = null;
    }

    @RequiresScope("finance:write")
    @StepUp
    public void remedy() {
        messages.attempt(Map.of(), () -> {
            Remedy remedy = Arrays.stream(Remedy.values())
                    .filter(one -> one.code().equals(action))
                    .findFirst()
                    .orElseThrow(() -> Problem.notFound("remedy"));
            DifferenceView after = remedies.apply(GivenId.of(chosen, "difference"), remedy, reason);
            messages.done(after.isOpen() ? "Both sides still do not agree." : "The difference is resolved.");
        });
        list = null;
    }

    public Section<Page<DifferenceView>> getList() {
        if (list == null) {
            list = Section.load(
                    "differences",
                    () -> differences.list(getState(), new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
        }
        return list;
    }

    public Section<List<Run>> getRuns() {
        if (latest == null) {
            latest = Section.load("reconciliations", () -> runs.latest(LATEST));
        }
        return latest;
    }

    /** Open, unless the resolved ones are asked for. */
    public String getState() {
        return "resolved".equals(wantedState) ? "resolved" : "open";
    }

    public long getPages() {
        return Math.max(1, (getList().getValue().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    public String address(long number) {
        return "/platform/reconciliation?state=" + getState() + "&page=" + number;
    }

    public String tenant(DifferenceView of) {
        UUID id = of.finding().tenant();
        if (id == null) {
            return "Nobody here knows it";
        }
        if (named == null) {
            named = tenants
                    .withIds(getList().getValue().items().stream()
                            .map(one -> one.finding().tenant())
                            .filter(Objects::nonNull)
                            .collect(Collectors.toSet()))
                    .stream()
                    .collect(Collectors.toMap(TenantView::id, Function.identity()));
        }
        TenantView tenant = named.get(id);
        return tenant == null ? id.toString() : tenant.name();
    }

    /** What is wrong, in a sentence. */
    public String words(Finding finding) {
        return switch (finding.kind()) {
            case PAYMENT_UNSETTLED -> "A payment is under way here and decided at the provider";
            case PAYMENT_SUCCEEDED_THERE -> "A payment failed here and succeeded at the provider";
            case PAYMENT_NOT_THERE -> "A payment succeeded here and not at the provider";
            case PAYMENT_AMOUNT -> "A payment is of another amount at the provider";
            case PAYMENT_UNKNOWN_HERE -> "The provider has a payment under our name that is not here";
            case REFUND_UNSETTLED -> "A refund is under way here and decided at the provider";
            case REFUND_UNKNOWN_HERE -> "A refund was made at the provider";
            case REFUND_NOT_THERE -> "A refund succeeded here and not at the provider";
            case REFUND_AMOUNT -> "A refund is of another amount at the provider";
            case REFUND_SUCCEEDED_THERE -> "A refund failed here and succeeded at the provider";
            case DISPUTE_NOT_ENTERED -> "A dispute stands otherwise at the provider";
        };
    }

    public List<Remedy> remedies(DifferenceView of) {
        return of.finding().kind().remedies().stream()
                .filter(remedy -> remedy != Remedy.ACKNOWLEDGE)
                .toList();
    }

    public String button(Remedy remedy) {
        return switch (remedy) {
            case SETTLE -> "Take the provider’s word";
            case ASK_AGAIN -> "Look again";
            case RECORD_REFUND -> "Enter the refund";
            case ACKNOWLEDGE -> "Mark as seen";
        };
    }

    /** How it was resolved. */
    public String resolution(DifferenceView of) {
        return switch (String.valueOf(of.resolution())) {
            case "settle" -> "The provider’s word was taken";
            case "record_refund" -> "The refund was entered";
            case "acknowledge" -> "Seen";
            default -> "Both sides agree";
        };
    }

    public String tone(Run run) {
        return switch (run.status()) {
            case "completed" -> run.differences() == 0 ? "good" : "warn";
            case "failed" -> "bad";
            default -> "info";
        };
    }

    public String state(Run run) {
        return switch (run.status()) {
            case "completed" ->
                run.differences() == 0
                        ? "Agrees"
                        : run.differences() + (run.differences() == 1 ? " difference" : " differences");
            case "failed" -> "Broke off";
            case "queued" -> "Waits";
            default -> "Runs";
        };
    }
}
