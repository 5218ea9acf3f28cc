package com.cognitionos.gateway.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessTest {

    @Test
    void readingNeverWrites() {
        assertThat(Access.READ_ALL.scopes()).isNotEmpty().allMatch(scope -> scope.endsWith(":read"));
    }

    @Test
    void aKeyMadeElsewhereShowsItsScopes() {
        assertThat(Access.describe(Set.of("usage:read", "usage:write"))).isEqualTo("Send usage");
        assertThat(Access.describe(Set.of("invoices:read"))).isEqualTo("invoices:read");
    }
}
