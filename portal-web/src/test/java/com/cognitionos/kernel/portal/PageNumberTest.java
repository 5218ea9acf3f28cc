package com.cognitionos.kernel.portal;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageNumberTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, 1", "'', 1", "2, 2", "0, 1", "-3, 1", "x, 1", "99999999999, 1"})
    void whatIsNoPageIsTheFirst(@Nullable String text, int page) {
        assertThat(PageNumber.of(text)).isEqualTo(page);
    }
}
