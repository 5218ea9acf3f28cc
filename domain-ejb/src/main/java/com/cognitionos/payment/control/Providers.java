package com.cognitionos.payment.control;

import com.cognitionos.tenancy.boundary.TenantView;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Which provider it is: the mock for test tenants, for all others what is configured (SPEC section 9). */
@ApplicationScoped
public class Providers {

    @Inject
    @ConfigProperty(name = "cognitionos.billing.provider", defaultValue = MockProviderPort.NAME)
    private String configured;

    @Inject
    @ConfigProperty(name = "cognitionos.stripe.api.key")
    private Optional<String> stripeKey;

    @Inject
    @ConfigProperty(name = "cognitionos.stripe.api.base")
    private Optional<String> stripeBase;

    @Inject
    private MockProviderPort mock;

    private @Nullable PaymentProvider stripe;

    @PostConstruct
    void open() {
        Optional<String> key = stripeKey.map(String::strip).filter(given -> !given.isEmpty());
        stripe = key.map(given -> new StripeProvider(
                        given,
                        stripeBase
                                .map(String::strip)
                                .filter(base -> !base.isEmpty())
                                .map(URI::create)
                                .orElse(null)))
                .orElse(null);
    }

    /** @throws IllegalStateException that says what to set, when the configured one is not there */
    public void requireConfigured() {
        chosen();
    }

    /** The provider of what the tenant does from now on. */
    public PaymentProvider of(TenantView tenant) {
        return tenant.testMode() ? mock : chosen();
    }

    /** The provider of all tenants that are no test tenants. */
    public PaymentProvider live() {
        return chosen();
    }

    /** The provider of a card or payment that there is; empty when it is not configured any more. */
    public Optional<PaymentProvider> configured(String name) {
        return switch (name) {
            case MockProviderPort.NAME -> Optional.of(mock);
            case StripeProvider.NAME -> Optional.ofNullable(stripe);
            default -> Optional.empty();
        };
    }

    /** Those that can be asked. */
    public List<String> names() {
        return stripe == null ? List.of(MockProviderPort.NAME) : List.of(MockProviderPort.NAME, StripeProvider.NAME);
    }

    private PaymentProvider chosen() {
        String name = configured.strip();
        return configured(name)
                .orElseThrow(() -> new IllegalStateException(
                        name.equals(StripeProvider.NAME)
                                ? "COGNITIONOS_BILLING_PROVIDER is stripe, which needs COGNITIONOS_STRIPE_API_KEY; set it,"
                                        + " or set the provider to mock."
                                : "COGNITIONOS_BILLING_PROVIDER is \"" + name + "\"; set it to mock or stripe."));
    }
}
