package com.cognitionos.payment.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PAY-9: amounts as Stripe documents them. */
class StripeAmountTest {

    @ParameterizedTest
    @CsvSource({
        "4900, USD, 4900",
        "500, JPY, 500",
        "5, UGX, 500",
        "5, ISK, 500",
        "500, MGA, 5",
        "5120, KWD, 5120",
        "1, HUF, 1",
        "9007199254740993, EUR, 9007199254740993",
    })
    void bothWays(long cents, String currency, long amount) {
        assertThat(StripeAmount.toStripe(cents, currency)).hasValue(amount);
        assertThat(StripeAmount.fromStripe(amount, currency.toLowerCase())).isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({"501, MGA", "5121, KWD", "1, BHD"})
    void whatStripeCannotCharge(long cents, String currency) {
        assertThat(StripeAmount.toStripe(cents, currency)).isEmpty();
    }

    @Test
    void aFeeThatIsNoWholeUnitIsRoundedHalfUp() {
        assertThat(StripeAmount.fromStripe(150, "ugx")).isEqualTo(2);
        assertThat(StripeAmount.fromStripe(149, "ugx")).isEqualTo(1);
    }
}
