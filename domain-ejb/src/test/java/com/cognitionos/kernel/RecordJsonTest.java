package com.cognitionos.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordJsonTest {

    @ParameterizedTest
    @CsvSource({"maxUsers, max_users", "id, id", "last4, last4", "unitPrice, unit_price"})
    void snake(String java, String wire) {
        assertThat(RecordJson.snake(java)).isEqualTo(wire);
    }
}
