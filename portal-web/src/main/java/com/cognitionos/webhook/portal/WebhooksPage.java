package com.cognitionos.webhook.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.webhook.boundary.WebhookEndpoints;
import com.cognitionos.webhook.boundary.WebhookEndpoints.EndpointView;
import com.cognitionos.webhook.boundary.WebhookEndpoints.IssuedSecret;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tenant's webhook endpoints. */
@Named
@RequestScoped
public class WebhooksPage {

    static final Map<String, String> FIELDS = Map.of("/url", "endpoint:url", "/description", "endpoint:description");

    @EJB
    private WebhookEndpoints endpoints;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.endpoint_id}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{paramValues.event}")
    private String @Nullable [] events;

    private @Nullable List<EndpointView> list;
    private @Nullable IssuedSecret issued;
    private String url = "";
    private String description = "";

    @RequiresScope("webhooks:write")
    @StepUp
    public void add() {
        boolean done = messages.attempt(
                FIELDS,
                () -> issued =
                        endpoints.create(url.strip(), description, events == null ? List.of() : List.of(events), true));
        if (done) {
            url = "";
            description = "";
            events = null;
        }
        list = null;
    }

    @RequiresScope("webhooks:write")
    @StepUp
    public void remove() {
        messages.attempt(Map.of(), () -> {
            endpoints.remove(GivenId.of(chosen, "webhook endpoint"));
            messages.done("The endpoint is removed, with the list of what was sent to it.");
        });
        list = null;
    }

    public List<EndpointView> getList() {
        if (list == null) {
            list = endpoints.list();
        }
        return list;
    }

    public boolean isFull() {
        return getList().size() >= WebhookEndpoints.MOST;
    }

    public int getMost() {
        return WebhookEndpoints.MOST;
    }

    /** The endpoint that was just made, with its secret; shown in this answer only. */
    public @Nullable IssuedSecret getIssued() {
        return issued;
    }

    /** Whether that type was ticked in a form that comes back. */
    public boolean isTicked(String code) {
        return events != null && List.of(events).contains(code);
    }

    public String getUrl() {
        return url;
    }

    public void setUrl(String url) {
        this.url = url;
    }

    public String getDescription() {
        return description;
    }

    public void setDescription(String description) {
        this.description = description;
    }
}
