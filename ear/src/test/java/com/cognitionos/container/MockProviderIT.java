package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.payment.control.PaymentProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The mock provider")
class MockProviderIT extends InContainer implements ProviderContract {

    @Override
    public PaymentProvider provider() {
        return world.mock();
    }

    @Test
    @DisplayName("It has no pages of its own")
    void hasNoPages() {
        assertThat(provider().pages()).isEmpty();
    }
}
