package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.LocalZone;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a line of an invoice or of a preview is, and how its amount comes about. */
@Named
@RequestScoped
public class LineWords {

    @EJB
    private Subscriptions subscriptions;

    @Inject
    private LocalZone place;

    @Inject
    private Money money;

    @Inject
    private Dates dates;

    private final Map<UUID, Set<Instant>> anchors = new HashMap<>();

    /** How the amount comes about where quantity and price don't say it; null where they do. */
    public @Nullable String how(UUID subscription, InvoiceLine line, String currency) {
        return PartOfPeriod.of(line, anchors.computeIfAbsent(subscription, this::anchors), place.zone())
                .map(part -> part.words(place.zone()) + ", at " + money.of(part.wholeCents(), currency) + " for "
                        + dates.period(part.whole()))
                .orElse(null);
    }

    private Set<Instant> anchors(UUID subscription) {
        return subscriptions.history(subscription).stream()
                .map(SubscriptionEvent::anchor)
                .collect(Collectors.toSet());
    }

    /** What lines of a kind are together. */
    static String heading(InvoiceLine.Kind kind) {
        return switch (kind) {
            case PLAN -> "Plan";
            case ADD_ON -> "Add-ons";
            case OVERAGE -> "Usage";
            case ADJUSTMENT -> "Corrections of invoiced months";
            case COMMITMENT -> "Commitment";
            case CHARGE -> "One-off charges";
            case BALANCE -> "Balance";
        };
    }
}
