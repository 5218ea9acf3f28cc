package com.cognitionos.stripe;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Runs the double by itself, for a demo of the product with Stripe's flows and no account there. In the project's root, in
 * one terminal
 *
 * <pre>{@code
 * COGNITIONOS_STRIPE_WEBHOOK_SECRET=whsec_demo ./mvnw test-compile exec:exec@stripe-double
 * }</pre>
 *
 * and in another
 *
 * <pre>{@code
 * COGNITIONOS_BILLING_PROVIDER=stripe COGNITIONOS_STRIPE_API_KEY=sk_test_demo \
 *     COGNITIONOS_STRIPE_WEBHOOK_SECRET=whsec_demo COGNITIONOS_STRIPE_API_BASE=http://localhost:12111 ./mvnw
 * }</pre>
 *
 * <p>Its own page at {@code http://localhost:12111/} gives the outcomes that come later. Settings by environment, as the
 * product's where it has them: {@code STRIPE_DOUBLE_PORT} (12111), {@code COGNITIONOS_DATA_DIR} (.data; the state is in
 * {@code stripe-double.jsonl} there), {@code COGNITIONOS_HTTP_PORT} (9080; events go to the product there),
 * {@code COGNITIONOS_STRIPE_WEBHOOK_SECRET} (without it events are only kept).
 */
public final class StripeDoubleMain {

    private StripeDoubleMain() {}

    /** Runs until it is stopped. */
    public static void main(String... args) throws InterruptedException {
        Path data = Sources.root().resolve(setting("COGNITIONOS_DATA_DIR").orElse(".data"));
        StripeDouble stripe = StripeDouble.start(
                Integer.parseInt(setting("STRIPE_DOUBLE_PORT").orElse("12111")),
                Clock.systemUTC(),
                data.resolve("stripe-double.jsonl"));
        String product = "http://localhost:" + setting("COGNITIONOS_HTTP_PORT").orElse("9080");
        setting("COGNITIONOS_STRIPE_WEBHOOK_SECRET").ifPresent(secret -> {
            stripe.webhooks().to(java.net.URI.create(product + "/api/v3/webhooks/stripe"), secret.split(","));
            stripe.webhooks()
                    .retry(
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(10),
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(5),
                            Duration.ofMinutes(30));
        });
        System.out.println("A double of Stripe answers at " + stripe.base());
        Thread.currentThread().join();
    }

    private static Optional<String> setting(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
