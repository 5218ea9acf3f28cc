package com.cognitionos.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** GAT-2, and who may choose a tenant. */
class ScopeTest {

    private static final UUID OWN = UUID.randomUUID();
    private static final UUID FOREIGN = UUID.randomUUID();

    @Test
    void aTenantsKeyHasNoPlatformScope() {
        assertThat(Scope.checkForTenant(List.of("usage:write", "usage:read")))
                .containsExactly("usage:write", "usage:read");
        for (String scope : List.of("operator:read", "finance:write", "usage:*", "*", "")) {
            assertThatExceptionOfType(Problem.class).isThrownBy(() -> Scope.checkForTenant(List.of(scope)));
        }
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> Scope.checkForTenant(List.of()));
    }

    @Test
    void onlyThePlatformChoosesItsTenant() {
        Caller key = new Caller("key:cog_00000000", false, OWN, Set.of("usage:read"));
        assertThat(key.in(OWN).tenant()).isEqualTo(OWN);
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> key.in(FOREIGN))
                .matches(problem -> problem.kind() == Problem.Kind.FORBIDDEN);
        assertThatExceptionOfType(Problem.class).isThrownBy(key::acrossTenants);
        assertThat(Caller.job("test").in(FOREIGN).tenant()).isEqualTo(FOREIGN);
    }

    @Test
    void theCallerIsGoneAfterItsWorkAlsoWhenThatFails() {
        Caller key = new Caller("key:cog_00000000", false, OWN, Set.of());
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> key.run(() -> {
                    throw new IllegalStateException("on purpose");
                }));
        assertThat(Caller.isPresent()).isFalse();
        assertThatExceptionOfType(Problem.class).isThrownBy(Caller::current);
    }
}
