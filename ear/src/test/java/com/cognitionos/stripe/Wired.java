package com.cognitionos.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentMethodAttachParams;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A double with stripe-java wired to it, and a clock that stands until it is moved. */
final class Wired implements AutoCloseable {

    /** A moment that Stripe's library takes for now, as it checks the age of signatures by the system's clock. */
    private static final class Standing extends Clock {
        private volatile Instant now = Instant.ofEpochSecond(System.currentTimeMillis() / 1000);

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final Standing clock = new Standing();
    final StripeDouble stripe = StripeDouble.start(clock);
    final StripeClient client = client(stripe);

    static StripeClient client(StripeDouble stripe) {
        return StripeClient.builder()
                .setApiKey("sk_test_double")
                .setApiBase(stripe.base())
                .setMaxNetworkRetries(0)
                .setReadTimeout(10_000)
                .build();
    }

    void pass(Duration time) {
        clock.now = clock.now.plus(time);
    }

    Instant now() {
        return clock.now;
    }

    Customer customer() throws StripeException {
        return client.v1()
                .customers()
                .create(CustomerCreateParams.builder()
                        .setEmail("ada@example.com")
                        .setName("Ada")
                        .putMetadata("tenant", "t-1")
                        .build());
    }

    PaymentMethod attached(String token, String customer) throws StripeException {
        return client.v1()
                .paymentMethods()
                .attach(
                        token,
                        PaymentMethodAttachParams.builder()
                                .setCustomer(customer)
                                .build());
    }

    PaymentIntentCreateParams.Builder payment(String customer, String method) {
        return PaymentIntentCreateParams.builder()
                .setAmount(10_00L)
                .setCurrency("eur")
                .setCustomer(customer)
                .setPaymentMethod(method)
                .addPaymentMethodType("card")
                .setOffSession(true)
                .setConfirm(true)
                .putMetadata("payment", "p-1");
    }

    /** A kept card is charged 10.00 EUR. */
    PaymentIntent charge(String token) throws StripeException {
        String customer = customer().getId();
        String method = attached(token, customer).getId();
        return client.v1().paymentIntents().create(payment(customer, method).build());
    }

    static RequestOptions key(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    @Override
    public void close() {
        stripe.close();
    }
}
