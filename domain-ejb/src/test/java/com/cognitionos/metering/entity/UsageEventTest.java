package com.cognitionos.metering.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** MET-1: what makes two events the same. */
class UsageEventTest {

    @Test
    void theSameContentHasTheSameHashHoweverTheNumberIsWritten() {
        assertThat(event("10", null, null).contentHash())
                .isEqualTo(event("10.000", null, null).contentHash());
        assertThat(event("100", null, null).contentHash())
                .isEqualTo(event("1E+2", null, null).contentHash());
    }

    @Test
    void anyOtherContentHasAnother() {
        byte[] hash = event("10", null, null).contentHash();
        assertThat(hash).isNotEqualTo(event("11", null, null).contentHash());
        assertThat(hash).isNotEqualTo(event("10", Instant.EPOCH, null).contentHash());
        assertThat(hash).isNotEqualTo(event("10", null, "").contentHash());
        assertThat(event("10", null, "s{}").contentHash())
                .as("parts must not run into each other")
                .isNotEqualTo(new UsageEvent("id", "tokens", BigDecimal.TEN, null, "s", "{}").contentHash());
    }

    private static UsageEvent event(String quantity, Instant at, String subject) {
        return new UsageEvent("id", "tokens", new BigDecimal(quantity), at, subject, null);
    }
}
