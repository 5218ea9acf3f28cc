package com.cognitionos.payment.control;

import com.cognitionos.kernel.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The secrets under which Stripe signs what it sends; several while one is rolled. */
@ApplicationScoped
public class WebhookSecrets {

    @Inject
    @ConfigProperty(name = "cognitionos.stripe.webhook.secret")
    private Optional<String> configured;

    /**
     * @param header {@code Stripe-Signature}
     * @throws Problem BAD_REQUEST ({@code signature_missing}, {@code signature_invalid}, {@code signature_expired}); UNAVAILABLE
     *     where no secret is configured
     */
    public void verify(@Nullable String header, byte[] body, Instant now) {
        StripeSignature signature = StripeSignature.parse(header)
                .orElseThrow(() -> header == null
                        ? bad("signature_missing", "The header Stripe-Signature is missing.")
                        : bad("signature_invalid", "The header Stripe-Signature has no t or no v1."));
        List<String> secrets = secrets();
        if (secrets.isEmpty()) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "webhooks_not_configured",
                    "This installation takes no events of Stripe: COGNITIONOS_STRIPE_WEBHOOK_SECRET is not set.");
        }
        if (!signature.isBy(secrets, body)) {
            throw bad("signature_invalid", "The signature is not that of this body.");
        }
        if (!signature.isFresh(now)) {
            throw bad("signature_expired", "The signature is more than 300 seconds away from now.");
        }
    }

    private List<String> secrets() {
        return configured.stream()
                .flatMap(all -> Arrays.stream(all.split(",")))
                .map(String::strip)
                .filter(secret -> !secret.isEmpty())
                .toList();
    }

    private static Problem bad(String code, String detail) {
        return new Problem(Problem.Kind.BAD_REQUEST, code, detail);
    }
}
