package com.cognitionos.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1-1-1-1-1", "0197f000-0000-7000-8000-00000000000g", " 0197f000-0000-7000-8000-000000000001"
            })
    void refusesWhatIsNoUuid(String text) {
        assertThat(Texts.uuid(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2026-01-31", "2026-01-31T10:00:00", "2026-02-30T10:00:00Z", "+999999999-01-01T00:00:00Z", "now"
            })
    void refusesWhatIsNoInstant(String text) {
        assertThat(Texts.instant(text)).isEmpty();
    }

    @Test
    void aPageHasDefaultsAndBadNumbersAreTheCallersFault() {
        assertThat(Texts.page(null, null)).isEqualTo(new Page.Request(1, 20));
        assertThatThrownBy(() -> Texts.page("x", null)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Texts.page("1", "101")).isInstanceOf(Problem.class);
    }

    @Test
    void aSubDomainCountsOnlyUnderTheBaseDomain() {
        assertThat(TenantSelection.subDomain("acme.example.com", "example.com")).contains("acme");
        assertThat(TenantSelection.subDomain("www.example.com", "example.com")).isEmpty();
        assertThat(TenantSelection.subDomain("acme.example.com.evil.org", "example.com"))
                .isEmpty();
        assertThat(TenantSelection.subDomain("localhost", "example.com")).isEmpty();
    }
}
