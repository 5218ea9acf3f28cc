package com.cognitionos.kernel.portal;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** POR-1 and POR-4: redirects stay here, and only our own pages may send something. */
class WhereToTest {

    @ParameterizedTest
    @ValueSource(strings = {"/home", "/usage?meter=tokens&days=90", "/invoice?id=1", "/"})
    void aPageOfOursMayBeWished(String target) {
        assertThat(Paths.isLocal(target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "home",
                "//evil.example",
                "/\\evil.example",
                "\\/evil.example",
                "https://evil.example",
                "javascript:alert(1)",
                "/\t/evil.example",
                "/home\r\nSet-Cookie: a=b",
                " /home",
                "/sign-in",
                "/sign-out"
            })
    void anythingElseIsNot(String target) {
        assertThat(Paths.isLocal(target)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "same-origin, -, localhost:9080, true",
                "none, -, localhost:9080, true",
                "cross-site, http://localhost:9080, localhost:9080, false",
                "same-site, -, localhost:9080, false",
                "-, http://localhost:9080, localhost:9080, true",
                "-, https://billing.example, billing.example, true",
                "-, http://localhost:9081, localhost:9080, false",
                "-, https://evil.example, localhost:9080, false",
                "-, null, localhost:9080, false",
                "-, ::, localhost:9080, false",
                "-, -, localhost:9080, true",
            })
    void onlyOurOwnPagesMaySend(
            @Nullable String site, @Nullable String origin, @Nullable String host, boolean allowed) {
        assertThat(SameOrigin.isOurs(site, origin, host)).isEqualTo(allowed);
    }
}
