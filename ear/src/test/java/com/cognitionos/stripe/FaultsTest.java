package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.param.CustomerCreateParams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** STD-5. */
class FaultsTest {

    private static final String CREATE = "POST /v1/customers";

    private final Wired wired = new Wired();

    @AfterEach
    void close() {
        wired.close();
    }

    private StripeClient hasty() {
        return StripeClient.builder()
                .setApiKey("sk_test_double")
                .setApiBase(wired.stripe.base())
                .setMaxNetworkRetries(0)
                .setReadTimeout(300)
                .build();
    }

    private static Customer create(StripeClient by) throws StripeException {
        return by.v1()
                .customers()
                .create(CustomerCreateParams.builder().setName("Ada").build(), Wired.key("k-1"));
    }

    private int customers() throws StripeException {
        return wired.client.v1().customers().list().getData().size();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"TIME_OUT_BEFORE", "TIME_OUT_AFTER", "CUT_BEFORE", "CUT_AFTER"})
    void aLostReplySaysNothingAndTheSameKeyFindsOut(Fault fault) throws StripeException {
        boolean happened = fault.name().endsWith("AFTER");
        wired.stripe.faults().next(CREATE, fault);
        StripeClient client = hasty();
        assertThatThrownBy(() -> create(client)).isInstanceOf(ApiConnectionException.class);
        assertThat(customers()).isEqualTo(happened ? 1 : 0);
        Customer again = create(wired.client);
        assertThat(again.getLastResponse()
                        .headers()
                        .firstValue("Idempotent-Replayed")
                        .isPresent())
                .isEqualTo(happened);
        assertThat(customers()).isEqualTo(1);
        assertThat(wired.stripe.faults().toCome()).isZero();
    }

    @Test
    void aTruncatedReplyLooksLikeAMalformedSuccess() throws StripeException {
        wired.stripe.faults().next(CREATE, Fault.TRUNCATED_AFTER);
        assertThatThrownBy(() -> create(wired.client))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        malformed -> assertThat(malformed.getStatusCode()).isEqualTo(200));
        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void theJdkSendsAgainByItselfWhenNoReplyBegins() throws StripeException {
        wired.stripe.faults().next(CREATE, Fault.HUNG_UP_AFTER);
        Customer made = create(wired.client);
        assertThat(made.getLastResponse().headers().firstValue("Idempotent-Replayed"))
                .contains("true");
        assertThat(customers()).isEqualTo(1);
        assertThat(wired.stripe.calls()).containsEntry(CREATE, 2L);
    }

    @Test
    void aRefusalBeforeAnythingHappenedLeavesTheKeyFree() throws StripeException {
        wired.stripe.faults().next(CREATE, Fault.CONFLICT);
        wired.stripe.faults().nth(CREATE, 2, Fault.RATE_LIMITED);
        wired.stripe.faults().nth(CREATE, 3, Fault.UNAVAILABLE);
        assertThatThrownBy(() -> create(wired.client))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.getStatusCode()).isEqualTo(409));
        assertThatThrownBy(() -> create(wired.client)).isInstanceOf(RateLimitException.class);
        assertThatThrownBy(() -> create(wired.client))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.getStatusCode()).isEqualTo(503));
        assertThat(customers()).isZero();
        create(wired.client);
        assertThat(customers()).isEqualTo(1);
        assertThat(wired.stripe.calls()).containsEntry(CREATE, 4L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"ERROR_KEPT", "ERROR_AFTER"})
    void anErrorIsKeptWithItsKey(Fault fault) throws StripeException {
        wired.stripe.faults().next(CREATE, fault);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> create(wired.client))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            error -> assertThat(error.getStatusCode()).isEqualTo(500));
        }
        assertThat(customers()).isEqualTo(fault == Fault.ERROR_AFTER ? 1 : 0);
    }

    @Test
    void theLibraryTriesAgainWhatStripeSaysMayBe() throws StripeException {
        wired.stripe.faults().next(CREATE, Fault.UNAVAILABLE);
        wired.stripe.faults().nth(CREATE, 3, Fault.ERROR_AFTER);
        StripeClient patient = StripeClient.builder()
                .setApiKey("sk_test_double")
                .setApiBase(wired.stripe.base())
                .setMaxNetworkRetries(1)
                .build();
        create(patient);
        assertThat(customers()).isEqualTo(1);
        assertThatThrownBy(() -> patient.v1()
                        .customers()
                        .create(CustomerCreateParams.builder().build()))
                .isInstanceOf(ApiException.class);
        assertThat(wired.stripe.calls()).containsEntry(CREATE, 3L);
    }

    @Test
    void chanceIsTheSameForTheSameSeed() {
        assertThat(pattern(7))
                .isEqualTo(pattern(7))
                .isNotEqualTo(pattern(8))
                .contains("x")
                .contains(".");
    }

    private String pattern(long seed) {
        Faults faults = new Faults();
        faults.randomly(seed, 0.3, Fault.UNAVAILABLE);
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            pattern.append(faults.of("GET /v1/events").isPresent() ? "x" : ".");
        }
        return pattern.toString();
    }
}
