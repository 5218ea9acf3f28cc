package com.cognitionos.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTest {

    @ParameterizedTest
    @CsvSource({"08006, true", "57P01, true", "53100, true", "25P03, true", "23505, false", "42601, false", ", false"})
    void whatIsNobodysFaultIsWorthAnotherTry(String state, boolean outage) {
        SQLException cause = new SQLException("words", state);
        assertThat(Sql.isOutage(new IllegalStateException(new Sql.SqlFailure(cause))))
                .isEqualTo(outage);
        assertThat(Sql.isOutage(new IllegalStateException("words"))).isFalse();
    }
}
