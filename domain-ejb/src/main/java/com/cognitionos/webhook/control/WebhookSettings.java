package com.cognitionos.webhook.control;

import com.cognitionos.kernel.Egress;
import com.cognitionos.kernel.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where webhooks may go (WHK-1). */
@ApplicationScoped
public class WebhookSettings {

    private static final int MAX_URL = 2000;

    @Inject
    @ConfigProperty(name = "cognitionos.webhook.allow-private", defaultValue = "false")
    private boolean allowPrivate;

    /** For CDI. */
    public WebhookSettings() {}

    WebhookSettings(boolean allowPrivate) {
        this.allowPrivate = allowPrivate;
    }

    /** What goes out through it never leads elsewhere than an endpoint may. */
    Egress egress() {
        return allowPrivate ? Egress.toAnywhere() : Egress.toPublic();
    }

    /** @param field what the caller calls the address @throws Problem INVALID with the reason */
    public void check(String field, String url) {
        if (url.length() > MAX_URL) {
            throw Problem.invalid(field, "length", field + " must have at most " + MAX_URL + " characters");
        }
        try {
            URI checked = egress().check(url);
            if (checked.getScheme().equalsIgnoreCase("http") && !isThisMachine(checked.getHost())) {
                throw refused(field, "The address must begin with https://.");
            }
        } catch (Egress.Refused e) {
            throw refused(field, String.valueOf(e.getMessage()));
        }
    }

    private static Problem refused(String field, String reason) {
        return Problem.invalid(field, "address_not_allowed", reason);
    }

    private static boolean isThisMachine(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.\\d{1,3}){3}");
    }
}
