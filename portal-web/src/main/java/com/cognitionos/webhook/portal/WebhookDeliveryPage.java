package com.cognitionos.webhook.portal;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Subject;
import com.cognitionos.webhook.boundary.WebhookDeliveries;
import com.cognitionos.webhook.boundary.WebhookDeliveries.DeliveryDetails;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonWriter;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event on its way to an endpoint: what is in it, what was tried, and to send it again. */
@Named
@RequestScoped
public class WebhookDeliveryPage {

    private static final JsonWriterFactory PRETTY =
            Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

    @EJB
    private WebhookDeliveries deliveries;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.id}")
    private @Nullable String id;

    private final Subject<DeliveryDetails> details =
            new Subject<>(() -> deliveries.get(GivenId.of(id, "webhook delivery")));

    @RequiresScope("webhooks:read")
    public void open() {
        details.open();
    }

    @RequiresScope("webhooks:write")
    public void resend() {
        if (messages.attempt(
                Map.of(), () -> deliveries.resend(getDetails().delivery().id()))) {
            messages.done("It is sent again now, with the same id; reload to see what came of it.");
        }
        details.changed();
    }

    /** @throws Problem NOT_FOUND */
    public DeliveryDetails getDetails() {
        return details.get();
    }

    /** With a line for each value. */
    public String getPayload() {
        StringWriter text = new StringWriter();
        try (JsonReader reader = Json.createReader(new StringReader(getDetails().payload()));
                JsonWriter writer = PRETTY.createWriter(text)) {
            writer.write(reader.readValue());
        }
        return text.toString().strip();
    }

    public boolean isMissing() {
        return details.isMissing();
    }

    public String getTitle() {
        return isMissing()
                ? "There is no such delivery"
                : getDetails().delivery().eventType();
    }
}
