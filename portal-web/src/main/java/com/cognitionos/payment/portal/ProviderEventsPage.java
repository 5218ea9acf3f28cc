package com.cognitionos.payment.portal;

import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.payment.boundary.ProviderEvents;
import com.cognitionos.payment.boundary.ProviderEvents.EventView;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the payment provider told by itself, what came of it, and once more. */
@Named
@RequestScoped
public class ProviderEventsPage {

    private static final int PAGE_SIZE = 20;

    @EJB
    private ProviderEvents events;

    @Inject
    private Messages messages;

    /** The event to look at; none for the list alone. */
    @Inject
    @ManagedProperty("#{param.event}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{param.status}")
    private @Nullable String wantedStatus;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    private @Nullable Section<Page<EventView>> list;
    private @Nullable EventView event;

    @RequiresScope("finance:write")
    public void replay() {
        messages.attempt(Map.of(), () -> {
            event = events.replay(GivenId.of(chosen, "event"));
            messages.done("The event is worked on once more.");
        });
        list = null;
    }

    public Section<Page<EventView>> getList() {
        if (list == null) {
            String status = getStatus();
            list = Section.load(
                    "provider events",
                    () -> events.list(
                            status.isEmpty() ? null : status, new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
        }
        return list;
    }

    public List<String> getStatuses() {
        return ProviderEvents.STATUSES;
    }

    /** What the list is narrowed to; empty for all. */
    public String getStatus() {
        return wantedStatus != null && ProviderEvents.STATUSES.contains(wantedStatus) ? wantedStatus : "";
    }

    public long getPages() {
        return Math.max(1, (getList().getValue().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    public String address(long number) {
        return "/platform/provider-events?status=" + getStatus() + "&page=" + number;
    }

    /** The event that is looked at; null where none is, or where there is no such event. */
    public @Nullable EventView getEvent() {
        if (event == null && chosen != null && !chosen.isEmpty()) {
            try {
                event = events.get(GivenId.of(chosen, "event"));
            } catch (Problem none) {
                return null;
            }
        }
        return event;
    }

    public boolean isUnknown() {
        return chosen != null && !chosen.isEmpty() && getEvent() == null;
    }

    /** What was sent, without its secrets. */
    public String payload(EventView of) {
        return events.payload(of.id());
    }

    public String word(String status) {
        return switch (status) {
            case "pending" -> "Waits";
            case "parked" -> "Parked";
            default -> status.substring(0, 1).toUpperCase(Locale.ENGLISH) + status.substring(1);
        };
    }

    public String tone(String status) {
        return switch (status) {
            case "processed" -> "good";
            case "parked" -> "bad";
            case "pending" -> "info";
            default -> "";
        };
    }
}
