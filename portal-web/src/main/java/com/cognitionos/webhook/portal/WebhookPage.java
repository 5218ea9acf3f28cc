package com.cognitionos.webhook.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.kernel.portal.Subject;
import com.cognitionos.webhook.boundary.WebhookDeliveries;
import com.cognitionos.webhook.boundary.WebhookDeliveries.DeliveryView;
import com.cognitionos.webhook.boundary.WebhookEndpoints;
import com.cognitionos.webhook.boundary.WebhookEndpoints.EndpointView;
import com.cognitionos.webhook.boundary.WebhookEndpoints.IssuedSecret;
import com.cognitionos.webhook.entity.DeliveryStatus;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One webhook endpoint: to change it, and to see what was sent to it. */
@Named
@RequestScoped
public class WebhookPage {

    private static final int PAGE_SIZE = 20;

    @EJB
    private WebhookEndpoints endpoints;

    @EJB
    private WebhookDeliveries deliveries;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.id}")
    private @Nullable String id;

    @Inject
    @ManagedProperty("#{param.status}")
    private @Nullable String wantedStatus;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    @Inject
    @ManagedProperty("#{paramValues.event}")
    private String @Nullable [] events;

    private final Subject<EndpointView> endpoint =
            new Subject<>(() -> endpoints.get(GivenId.of(id, "webhook endpoint")));
    private @Nullable IssuedSecret issued;
    private @Nullable Section<Page<DeliveryView>> sent;
    private @Nullable String url;
    private @Nullable String description;
    private boolean refused;

    @RequiresScope("webhooks:read")
    public void open() {
        endpoint.open();
    }

    @RequiresScope("webhooks:write")
    @StepUp
    public void save() {
        WebhookEndpoints.Change change = new WebhookEndpoints.Change(
                url == null ? null : url.strip(),
                description == null ? "" : description,
                events == null ? List.of() : List.of(events),
                null);
        refused = !messages.attempt(
                WebhooksPage.FIELDS,
                () -> endpoint.is(endpoints.change(getEndpoint().id(), change)));
        if (!refused) {
            messages.done("Saved. It holds for whatever happens from now on.");
        }
    }

    @RequiresScope("webhooks:write")
    public void enable() {
        turn(true, "The endpoint is enabled. What waits for it is sent now.");
    }

    @RequiresScope("webhooks:write")
    public void disable() {
        turn(false, "The endpoint is disabled. What happens meanwhile is not kept for it.");
    }

    private void turn(boolean enabled, String words) {
        WebhookEndpoints.Change change = new WebhookEndpoints.Change(null, null, null, enabled);
        if (messages.attempt(
                Map.of(), () -> endpoint.is(endpoints.change(getEndpoint().id(), change)))) {
            messages.done(words);
        }
    }

    @RequiresScope("webhooks:write")
    @StepUp
    public void rotate() {
        messages.attempt(
                Map.of(), () -> issued = endpoints.rotateSecret(getEndpoint().id(), WebhookEndpoints.DEFAULT_OVERLAP));
        endpoint.changed();
    }

    @RequiresScope("webhooks:write")
    public void test() {
        if (messages.attempt(Map.of(), () -> endpoints.test(getEndpoint().id()))) {
            messages.done("A webhook.ping is on its way; reload the list below to see what came of it.");
        }
    }

    /** @throws Problem NOT_FOUND */
    public EndpointView getEndpoint() {
        return endpoint.get();
    }

    /** Newest first; a section of its own, so that the endpoint can be disabled whatever it does. */
    public Section<Page<DeliveryView>> getSent() {
        if (sent == null) {
            sent = Section.load(
                    "deliveries of the webhook",
                    () -> deliveries.list(
                            getEndpoint().id(), status(), new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
        }
        return sent;
    }

    /** An address is typed by people: what is no status is any. */
    private @Nullable DeliveryStatus status() {
        return Arrays.stream(DeliveryStatus.values())
                .filter(one -> one.code().equals(wantedStatus))
                .findFirst()
                .orElse(null);
    }

    /** The code of the status that is shown alone; empty for all. */
    public String getChosenStatus() {
        DeliveryStatus status = status();
        return status == null ? "" : status.code();
    }

    public String address(String status, long page) {
        return "/webhook?id=" + getEndpoint().id() + (status.isEmpty() ? "" : "&status=" + status)
                + (page == 1 ? "" : "&page=" + page);
    }

    public long getPages() {
        return Math.max(1, (getSent().getValue().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    public boolean isMissing() {
        return endpoint.isMissing();
    }

    public String getTitle() {
        return isMissing() ? "There is no such webhook endpoint" : "Webhook endpoint";
    }

    /** The secret that was just made; shown in this answer only. */
    public @Nullable IssuedSecret getIssued() {
        return issued;
    }

    /** As it is stored, or as it was entered in a form that comes back. */
    public boolean isTicked(String code) {
        return refused
                ? events != null && List.of(events).contains(code)
                : getEndpoint().events().contains(code);
    }

    public @Nullable String getUrl() {
        return url == null ? getEndpoint().url() : url;
    }

    public void setUrl(@Nullable String url) {
        this.url = url;
    }

    public @Nullable String getDescription() {
        return description == null ? getEndpoint().description() : description;
    }

    public void setDescription(@Nullable String description) {
        this.description = description;
    }
}
