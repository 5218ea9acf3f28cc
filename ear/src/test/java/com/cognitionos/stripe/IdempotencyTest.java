package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.ApiException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.PaymentIntent;
import com.stripe.param.CustomerCreateParams;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** STD-3. */
class IdempotencyTest {

    private final Wired wired = new Wired();

    @AfterEach
    void close() {
        wired.close();
    }

    private Customer create(String name, String key) throws StripeException {
        return wired.client
                .v1()
                .customers()
                .create(CustomerCreateParams.builder().setName(name).build(), Wired.key(key));
    }

    @Test
    void theSameAgainGivesTheSameReply() throws StripeException {
        Customer first = create("Ada", "k-1");
        wired.client.v1().customers().delete(first.getId());
        Customer again = create("Ada", "k-1");
        assertThat(again.getId()).isEqualTo(first.getId());
        assertThat(again.getLastResponse().headers().firstValue("Idempotent-Replayed"))
                .contains("true");
        assertThat(again.getLastResponse().headers().firstValue("Original-Request"))
                .contains(first.getLastResponse().requestId());
        assertThat(again.getLastResponse().requestId())
                .isNotEqualTo(first.getLastResponse().requestId());
        assertThat(first.getLastResponse().headers().firstValue("Idempotent-Replayed"))
                .isEmpty();
        assertThat(wired.stripe.exercised()).extracting(Exercise::replayed).containsExactly(false, false, true);
    }

    @Test
    void aKeyIsForOneRequest() throws StripeException {
        create("Ada", "k-1");
        assertThatThrownBy(() -> create("Grace", "k-1"))
                .isInstanceOfSatisfying(
                        IdempotencyException.class,
                        refused -> assertThat(refused.getStatusCode()).isEqualTo(400));
        assertThatThrownBy(() -> wired.client
                        .v1()
                        .paymentIntents()
                        .create(wired.payment("cus_1", "pm_1").build(), Wired.key("k-1")))
                .isInstanceOf(IdempotencyException.class)
                .hasMessageContaining("/v1/customers");
        assertThat(wired.client.v1().customers().list().getData()).hasSize(1);
    }

    @Test
    void aKeyIsKeptForADay() throws StripeException {
        Customer first = create("Ada", "k-1");
        wired.pass(Duration.ofHours(24).minusSeconds(1));
        assertThat(create("Ada", "k-1").getId()).isEqualTo(first.getId());
        wired.pass(Duration.ofSeconds(1));
        assertThat(create("Ada", "k-1").getId()).isNotEqualTo(first.getId());
    }

    @Test
    void aKeyInUseIsRefusedAndServedAfterwards() throws Exception {
        wired.stripe.faults().next("POST /v1/customers", Fault.HELD);
        CompletableFuture<Customer> first = CompletableFuture.supplyAsync(() -> {
            try {
                return create("Ada", "k-1");
            } catch (StripeException e) {
                throw new IllegalStateException(e);
            }
        });
        wired.stripe.faults().awaitWaiting(1);
        assertThatThrownBy(() -> create("Ada", "k-1")).isInstanceOfSatisfying(ApiException.class, refused -> {
            assertThat(refused.getStatusCode()).isEqualTo(409);
            assertThat(refused.getCode()).isEqualTo("idempotency_key_in_use");
        });
        wired.stripe.faults().release();
        assertThat(create("Ada", "k-1").getId()).isEqualTo(first.get().getId());
    }

    @Test
    void aRefusedCardIsKeptToo() throws StripeException {
        String customer = wired.customer().getId();
        String card = wired.attached("pm_card_chargeCustomerFail", customer).getId();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> wired.client
                            .v1()
                            .paymentIntents()
                            .create(wired.payment(customer, card).build(), Wired.key("k-1")))
                    .isInstanceOf(CardException.class);
        }
        assertThat(wired.client.v1().paymentIntents().list().getData())
                .extracting(PaymentIntent::getStatus)
                .containsExactly("requires_payment_method");
        assertThat(wired.client.v1().charges().list().getData()).hasSize(1);
    }

    @Test
    void aRequestThatIsNotValidLeavesTheKeyFree() throws StripeException {
        assertThatThrownBy(() -> wired.client
                        .v1()
                        .customers()
                        .create(
                                CustomerCreateParams.builder()
                                        .putExtraParam("colour", "red")
                                        .build(),
                                Wired.key("k-1")))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(create("Ada", "k-1").getName()).isEqualTo("Ada");
    }
}
