package com.cognitionos.dunning.portal;

import com.cognitionos.dunning.boundary.DunningPolicies;
import com.cognitionos.dunning.boundary.DunningPolicies.PolicyView;
import com.cognitionos.dunning.entity.DunningPolicy;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.Messages;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How invoices to come are gone after: what holds, and what would come of another policy before it does. */
@Named
@RequestScoped
public class DunningPolicyForm {

    private static final Map<String, String> FIELDS =
            Map.of("/retry_days", "policy:days", "retry_days", "policy:days", "/grace_days", "policy:grace");
    private static final Pattern SEPARATOR = Pattern.compile("[\\s,;]+");
    private static final Pattern DAY = Pattern.compile("\\d{1,3}");

    @EJB
    private DunningPolicies policies;

    @Inject
    private BusinessClock clock;

    @Inject
    private Dates dates;

    @Inject
    private Messages messages;

    private PolicyView view;
    private long version;
    private @Nullable String days;
    private @Nullable Integer grace;
    private boolean suspend;
    private boolean withoutCard;
    private @Nullable DunningPolicy preview;

    /** Something that happens by itself. @param day after the first failure */
    public record Step(int day, String date, String words) {}

    @PostConstruct
    void load() {
        show(policies.view());
    }

    private void show(PolicyView present) {
        DunningPolicy policy = present.policy();
        view = present;
        version = present.version();
        days = policy.retryDays().stream().map(String::valueOf).collect(Collectors.joining(", "));
        grace = policy.graceDays();
        suspend = policy.suspend();
        withoutCard = policy.withoutCard();
        preview = null;
    }

    @RequiresScope("finance:read")
    public void preview() {
        messages.attempt(FIELDS, () -> preview = typed());
    }

    @RequiresScope("finance:write")
    @StepUp
    public void save() {
        messages.attempt(FIELDS, () -> {
            PolicyView changed = policies.change(typed(), version);
            show(changed);
            messages.done(
                    "Invoices whose charge fails from now on go by this schedule; cases that have begun keep theirs.");
        });
    }

    private DunningPolicy typed() {
        List<Integer> wanted = new ArrayList<>();
        for (String one : SEPARATOR.split(Objects.requireNonNullElse(days, "").strip())) {
            if (!DAY.matcher(one).matches()) {
                throw Problem.invalid("retry_days", "invalid_days", "Type whole numbers of days, such as 1, 3, 5, 7.");
            }
            wanted.add(Integer.valueOf(one));
        }
        try {
            return new DunningPolicy(wanted, grace == null ? -1 : grace, suspend, withoutCard).checked();
        } catch (Problem refused) {
            // The rules name the one day that is wrong; the form has one field for all of them.
            String where =
                    refused.errors().isEmpty() ? "" : refused.errors().get(0).pointer();
            throw where.contains("retry_days")
                    ? Problem.invalid(
                            "retry_days",
                            "out_of_range",
                            refused.errors().get(0).detail())
                    : refused;
        }
    }

    /** Of what is previewed, else of what holds; for a charge that fails today. */
    public List<Step> getSteps() {
        return steps(preview == null ? view.policy() : preview, clock.system());
    }

    private List<Step> steps(DunningPolicy policy, Instant today) {
        List<Step> steps = new ArrayList<>();
        steps.add(step(today, 0, "The charge fails. The subscription is past due, and the customer is written to."));
        int last = 0;
        for (int day : policy.retryDays()) {
            last = day;
            boolean lastRetry = steps.size() == policy.retries();
            steps.add(step(
                    today,
                    day,
                    lastRetry
                            ? "Tried for the last time. When it fails the subscription is unpaid, what the plan includes cannot"
                                    + " be used, and the last notice goes out."
                            : "Tried again. When it fails the customer is written to."));
        }
        steps.add(
                policy.suspend()
                        ? step(
                                today,
                                last + policy.graceDays(),
                                "The tenant is suspended until it pays: only its billing stays open, and no period that begins"
                                        + " then is charged.")
                        : step(today, last, "Nothing more happens by itself: the tenant is not suspended."));
        return steps;
    }

    private Step step(Instant today, int day, String words) {
        return new Step(day, dates.day(today.plus(Duration.ofDays(day))), words);
    }

    /** Whether the steps are of what is typed in rather than of what holds. */
    public boolean isPreviewed() {
        return preview != null;
    }

    /** What becomes of invoices that there is no card for, in a sentence. */
    public String getWithoutCardWords() {
        return (preview == null ? view.policy() : preview).withoutCard()
                ? "An invoice that there is no card for goes the same way from its due date on, with reminders instead of"
                        + " charges."
                : "An invoice that there is no card for just stays open.";
    }

    public Instant getUpdatedAt() {
        return view.updatedAt();
    }

    /** That the form was made from, so that two at once do not undo each other. */
    public long getVersion() {
        return version;
    }

    public void setVersion(long version) {
        this.version = version;
    }

    public @Nullable String getDays() {
        return days;
    }

    public void setDays(@Nullable String days) {
        this.days = days;
    }

    public @Nullable Integer getGrace() {
        return grace;
    }

    public void setGrace(@Nullable Integer grace) {
        this.grace = grace;
    }

    public boolean isSuspend() {
        return suspend;
    }

    public void setSuspend(boolean suspend) {
        this.suspend = suspend;
    }

    public boolean isWithoutCard() {
        return withoutCard;
    }

    public void setWithoutCard(boolean withoutCard) {
        this.withoutCard = withoutCard;
    }
}
