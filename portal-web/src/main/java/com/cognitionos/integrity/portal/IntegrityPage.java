package com.cognitionos.integrity.portal;

import com.cognitionos.integrity.boundary.IntegrityChecks;
import com.cognitionos.integrity.boundary.IntegrityChecks.Answer;
import com.cognitionos.integrity.boundary.IntegrityChecks.Check;
import com.cognitionos.integrity.boundary.IntegrityOrders;
import com.cognitionos.integrity.entity.Invariant;
import com.cognitionos.integrity.entity.Offender;
import com.cognitionos.kernel.Caller;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether all that is stored agrees with itself: the latest check, or the one that is asked for. */
@Named
@RequestScoped
public class IntegrityPage {

    private static final int LATEST = 10;

    @EJB
    private IntegrityChecks checks;

    @EJB
    private Tenants tenants;

    @Inject
    private IntegrityOrders orders;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.check}")
    private @Nullable String chosen;

    private @Nullable Section<List<Check>> latest;
    private @Nullable Section<List<Answer>> answers;
    private @Nullable Map<UUID, String> names;

    @RequiresScope("operator:write")
    public void start() {
        messages.attempt(Map.of(), () -> {
            orders.start(Caller.current().subject());
            messages.done("The check is under way. Look again in a moment.");
        });
        latest = null;
        answers = null;
    }

    public Section<List<Check>> getLatest() {
        if (latest == null) {
            latest = Section.load("integrity checks", () -> checks.latest(LATEST));
        }
        return latest;
    }

    /** The one that is asked for, else the latest; null where there is none. */
    public @Nullable Check getShown() {
        if (!getLatest().isLoaded()) {
            return null;
        }
        List<Check> all = getLatest().getValue();
        if (chosen == null || chosen.isBlank()) {
            return all.isEmpty() ? null : all.get(0);
        }
        UUID id = GivenId.of(chosen, "integrity check");
        return all.stream().filter(one -> one.id().equals(id)).findFirst().orElseGet(() -> checks.get(id));
    }

    public Section<List<Answer>> getAnswers() {
        if (answers == null) {
            Check shown = getShown();
            answers = shown == null
                    ? Section.closed()
                    : Section.load("answers of the integrity check", () -> checks.answers(shown.id()));
        }
        return answers;
    }

    public String tenant(Offender of) {
        if (of.tenant() == null) {
            return "The platform";
        }
        if (names == null) {
            names = tenants
                    .withIds(getAnswers().getValue().stream()
                            .flatMap(answer -> answer.findings().first().stream())
                            .map(Offender::tenant)
                            .filter(Objects::nonNull)
                            .collect(Collectors.toSet()))
                    .stream()
                    .collect(Collectors.toMap(TenantView::id, TenantView::name));
        }
        return names.getOrDefault(of.tenant(), of.tenant().toString());
    }

    public int getAll() {
        return Invariant.values().length;
    }

    public String tone(Check check) {
        return switch (check.status()) {
            case "completed" -> check.held() ? "good" : "bad";
            case "failed" -> "warn";
            default -> "info";
        };
    }

    public String state(Check check) {
        return switch (check.status()) {
            case "completed" -> check.held() ? "Everything holds" : check.broken() + " broken";
            case "failed" -> "Broke off";
            case "queued" -> "Waits";
            default -> "Runs, " + check.answered() + " of " + getAll() + " asked";
        };
    }
}
