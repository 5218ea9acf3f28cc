package com.cognitionos.payment.entity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeclineCodeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fraudulent",
                "lost_card",
                "merchant_blacklist",
                "pickup_card",
                "restricted_card",
                "security_violation",
                "stolen_card"
            })
    void aSuspicionIsNotTold(String code) {
        assertThat(DeclineCode.told(code)).isEmpty();
    }

    @Test
    void whatTheHolderCanDoSomethingAboutIs() {
        assertThat(DeclineCode.told("insufficient_funds")).contains("insufficient_funds");
        assertThat(DeclineCode.told(null)).isEmpty();
    }
}
