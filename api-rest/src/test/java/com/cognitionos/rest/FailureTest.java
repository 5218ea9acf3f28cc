package com.cognitionos.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.Problem;
import jakarta.ejb.EJBException;
import jakarta.persistence.OptimisticLockException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RES-3: failures as the caller sees them. */
class FailureTest {

    @ParameterizedTest
    @CsvSource({
        "BAD_REQUEST, 400",
        "UNAUTHENTICATED, 401",
        "PAYMENT_REQUIRED, 402",
        "FORBIDDEN, 403",
        "NOT_FOUND, 404",
        "CONFLICT, 409",
        "TOO_LARGE, 413",
        "MEDIA_TYPE, 415",
        "INVALID, 422",
        "UNAVAILABLE, 503"
    })
    void aProblemKeepsItsCodeThroughTheContainersWrappings(Problem.Kind kind, int status) {
        Failure failure =
                Failure.of(new EJBException(new RuntimeException(new Problem(kind, "some_code", "Some detail."))));

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.code()).isEqualTo("some_code");
        assertThat(failure.unexpected()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "23505, 409, conflict",
        "08006, 503, unavailable",
        "57P01, 503, unavailable",
        "53100, 503, storage_full",
        "42601, 500, internal_error"
    })
    void theDatabasesStateDecidesAndItsWordsStayInside(String state, int status, String code) {
        Failure failure = Failure.of(new EJBException(new RuntimeException(new SQLException("secret words", state))));

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.detail()).doesNotContain("secret");
    }

    @Test
    void aLostUpdateIsStale() {
        assertThat(Failure.of(new EJBException(new OptimisticLockException())).code())
                .isEqualTo("stale_version");
    }

    @Test
    void anythingElseIsOurs() {
        Failure failure = Failure.of(new NullPointerException("secret words"));

        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.unexpected()).isTrue();
        assertThat(failure.detail()).doesNotContain("secret");
    }
}
