package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.PaymentMethod;
import com.stripe.model.StripeCollection;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerListParams;
import com.stripe.param.CustomerRetrieveParams;
import com.stripe.param.CustomerSearchParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.PaymentMethodCreateParams;
import com.stripe.param.PaymentMethodListParams;
import com.stripe.param.PaymentMethodUpdateParams;
import com.stripe.param.common.EmptyParam;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Customers and the cards they keep. */
class CustomersTest {

    private final Wired wired = new Wired();

    @AfterEach
    void close() {
        assertThat(wired.stripe.violations()).isEmpty();
        wired.close();
    }

    private List<String> types() {
        return wired.stripe.events().stream().map(event -> event.getType()).collect(Collectors.toList());
    }

    @Test
    void aCustomerIsMadeReadChangedAndDeleted() throws StripeException {
        Customer made = wired.customer();
        assertThat(made.getId()).startsWith("cus_");
        assertThat(made.getMetadata()).containsEntry("tenant", "t-1");
        Customer changed = wired.client
                .v1()
                .customers()
                .update(
                        made.getId(),
                        CustomerUpdateParams.builder()
                                .setName(EmptyParam.EMPTY)
                                .setAddress(CustomerUpdateParams.Address.builder()
                                        .setCountry("FR")
                                        .build())
                                .putMetadata("tenant", "")
                                .putMetadata("plan", "pro")
                                .build());
        assertThat(changed.getName()).isNull();
        assertThat(changed.getMetadata()).containsOnlyKeys("plan");
        Customer read = wired.client.v1().customers().retrieve(made.getId());
        assertThat(read.getAddress().getCountry()).isEqualTo("FR");
        assertThat(read.getEmail()).isEqualTo("ada@example.com");
        wired.client.v1().customers().delete(made.getId());
        assertThat(wired.client.v1().customers().retrieve(made.getId()).getDeleted())
                .isTrue();
        assertThat(wired.client.v1().customers().list().getData()).isEmpty();
        assertThat(types()).containsExactly("customer.created", "customer.updated", "customer.deleted");
        assertThat(wired.stripe.events().get(1).getData().getPreviousAttributes())
                .containsEntry("name", "Ada")
                .containsKeys("metadata", "address")
                .doesNotContainKey("email");
    }

    @Test
    void customersAreListedPageByPageAndSearchedByMetadata() throws StripeException {
        for (int i = 0; i < 5; i++) {
            wired.client
                    .v1()
                    .customers()
                    .create(CustomerCreateParams.builder()
                            .setName("c" + i)
                            .putMetadata("tenant", "t-" + i % 2)
                            .build());
        }
        StripeCollection<Customer> first = wired.client
                .v1()
                .customers()
                .list(CustomerListParams.builder().setLimit(2L).build());
        assertThat(first.getHasMore()).isTrue();
        assertThat(first.getData()).extracting(Customer::getName).containsExactly("c4", "c3");
        StripeCollection<Customer> next = wired.client
                .v1()
                .customers()
                .list(CustomerListParams.builder()
                        .setLimit(3L)
                        .setStartingAfter(first.getData().get(1).getId())
                        .build());
        assertThat(next.getHasMore()).isFalse();
        assertThat(next.getData()).extracting(Customer::getName).containsExactly("c2", "c1", "c0");
        assertThat(wired.client
                        .v1()
                        .customers()
                        .list(CustomerListParams.builder()
                                .setEndingBefore(next.getData().get(2).getId())
                                .setLimit(2L)
                                .build())
                        .getData())
                .extracting(Customer::getName)
                .containsExactly("c2", "c1");
        assertThat(wired.client
                        .v1()
                        .customers()
                        .search(CustomerSearchParams.builder()
                                .setQuery("metadata['tenant']:'t-1'")
                                .build())
                        .getData())
                .extracting(Customer::getName)
                .containsExactly("c3", "c1");
        assertThat(wired.client
                        .v1()
                        .customers()
                        .search(CustomerSearchParams.builder()
                                .setQuery("metadata['tenant']:'t-1' AND -name:'c1'")
                                .build())
                        .getData())
                .extracting(Customer::getName)
                .containsExactly("c3");
        int walked = 0;
        for (Customer each : wired.client
                .v1()
                .customers()
                .list(CustomerListParams.builder().setLimit(2L).build())
                .autoPagingIterable()) {
            assertThat(each.getName()).isEqualTo("c" + (4 - walked));
            walked++;
        }
        assertThat(walked).isEqualTo(5);
    }

    @Test
    void aCardIsAttachedMadeTheDefaultAndDetached() throws StripeException {
        String customer = wired.customer().getId();
        PaymentMethod card = wired.attached("pm_card_mastercard", customer);
        assertThat(card.getId()).startsWith("pm_1");
        assertThat(card.getCustomer()).isEqualTo(customer);
        assertThat(card.getCard().getBrand()).isEqualTo("mastercard");
        assertThat(card.getCard().getLast4()).isEqualTo("4444");
        wired.client
                .v1()
                .customers()
                .update(
                        customer,
                        CustomerUpdateParams.builder()
                                .setInvoiceSettings(CustomerUpdateParams.InvoiceSettings.builder()
                                        .setDefaultPaymentMethod(card.getId())
                                        .build())
                                .build());
        Customer expanded = wired.client
                .v1()
                .customers()
                .retrieve(
                        customer,
                        CustomerRetrieveParams.builder()
                                .addExpand("invoice_settings.default_payment_method")
                                .build());
        assertThat(expanded.getInvoiceSettings()
                        .getDefaultPaymentMethodObject()
                        .getCard()
                        .getLast4())
                .isEqualTo("4444");
        wired.client
                .v1()
                .paymentMethods()
                .update(
                        card.getId(),
                        PaymentMethodUpdateParams.builder()
                                .setCard(PaymentMethodUpdateParams.Card.builder()
                                        .setExpMonth(1L)
                                        .setExpYear(2031L)
                                        .build())
                                .build());
        assertThat(wired.client
                        .v1()
                        .paymentMethods()
                        .list(PaymentMethodListParams.builder()
                                .setCustomer(customer)
                                .setType(PaymentMethodListParams.Type.CARD)
                                .build())
                        .getData())
                .extracting(each -> each.getCard().getExpYear())
                .containsExactly(2031L);
        assertThat(wired.client.v1().customers().paymentMethods().list(customer).getData())
                .hasSize(1);
        assertThat(wired.client
                        .v1()
                        .customers()
                        .paymentMethods()
                        .retrieve(customer, card.getId())
                        .getId())
                .isEqualTo(card.getId());
        wired.client.v1().paymentMethods().detach(card.getId());
        assertThat(wired.client.v1().paymentMethods().retrieve(card.getId()).getCustomer())
                .isNull();
        assertThat(wired.client
                        .v1()
                        .customers()
                        .retrieve(customer)
                        .getInvoiceSettings()
                        .getDefaultPaymentMethod())
                .isNull();
        assertThat(types())
                .containsExactly(
                        "customer.created",
                        "payment_method.attached",
                        "customer.updated",
                        "payment_method.updated",
                        "payment_method.detached",
                        "customer.updated");
        assertThatThrownBy(() -> wired.attached(card.getId(), customer)).hasMessageContaining("may not be used again");
    }

    @Test
    void aDeclinedCardIsRefusedWhenAddedAndLeavesNothing() throws StripeException {
        String customer = wired.customer().getId();
        assertThatThrownBy(() -> wired.attached("pm_card_visa_chargeDeclinedInsufficientFunds", customer))
                .isInstanceOfSatisfying(CardException.class, refused -> {
                    assertThat(refused.getStatusCode()).isEqualTo(402);
                    assertThat(refused.getCode()).isEqualTo("card_declined");
                    assertThat(refused.getDeclineCode()).isEqualTo("insufficient_funds");
                    assertThat(refused.getRequestId()).startsWith("req_");
                });
        assertThatThrownBy(() -> wired.client
                        .v1()
                        .customers()
                        .create(CustomerCreateParams.builder()
                                .setPaymentMethod("pm_card_visa_chargeDeclined")
                                .build()))
                .isInstanceOf(CardException.class);
        assertThat(wired.client.v1().customers().list().getData()).hasSize(1);
        assertThat(types()).containsExactly("customer.created");
    }

    @Test
    void aTokenMakesACardOfNobody() throws StripeException {
        PaymentMethod made = wired.client
                .v1()
                .paymentMethods()
                .create(PaymentMethodCreateParams.builder()
                        .setType(PaymentMethodCreateParams.Type.CARD)
                        .setCard(PaymentMethodCreateParams.Token.builder()
                                .setToken("tok_visa")
                                .build())
                        .build());
        assertThat(made.getCustomer()).isNull();
        assertThat(made.getCard().getFingerprint())
                .isEqualTo(wired.client
                        .v1()
                        .paymentMethods()
                        .retrieve("pm_card_visa")
                        .getCard()
                        .getFingerprint());
    }

    @Test
    void whatIsNotThereIsSaidLikeStripe() {
        assertThatThrownBy(() -> wired.client.v1().customers().retrieve("cus_none"))
                .isInstanceOfSatisfying(InvalidRequestException.class, missing -> {
                    assertThat(missing.getStatusCode()).isEqualTo(404);
                    assertThat(missing.getCode()).isEqualTo("resource_missing");
                    assertThat(missing.getParam()).isEqualTo("id");
                    assertThat(missing.getMessage()).startsWith("No such customer: 'cus_none'");
                });
        assertThatThrownBy(() -> wired.attached("pm_card_visa", "cus_none"))
                .isInstanceOfSatisfying(InvalidRequestException.class, missing -> {
                    assertThat(missing.getStatusCode()).isEqualTo(400);
                    assertThat(missing.getParam()).isEqualTo("customer");
                });
        assertThatThrownBy(() -> wired.attached("pm_none", wired.customer().getId()))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        missing -> assertThat(missing.getStatusCode()).isEqualTo(404));
    }
}
