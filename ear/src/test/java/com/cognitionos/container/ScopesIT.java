package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem.Kind;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Scopes of beans")
class ScopesIT extends InContainer {

    @Inject
    private Desk desk;

    private static Caller with(Set<String> scopes) {
        return new Caller("user:" + UUID.randomUUID(), false, UUID.randomUUID(), scopes);
    }

    @Test
    @DisplayName("An action of a named bean is refused to whom its scope is missing, whoever comes to call it")
    void actionsAskForTheirScope() {
        with(Role.DEVELOPER.scopes()).run(() -> assertThat(desk.changes()).isEqualTo("changed"));
        with(Role.VIEWER.scopes()).run(() -> {
            assertThat(problemOf(desk::changes).code()).isEqualTo("insufficient_scope");
            assertRefused(Kind.FORBIDDEN, desk::changes);
        });
        assertRefused(Kind.UNAUTHENTICATED, desk::changes);
    }

    @Test
    @DisplayName("A method that names no scope has its class's")
    void methodsInheritTheirClassesScope() {
        with(Role.VIEWER.scopes()).run(() -> assertThat(desk.looks()).isEqualTo("seen"));
        with(Set.of("usage:write")).run(() -> assertRefused(Kind.FORBIDDEN, desk::looks));
        assertRefused(Kind.UNAUTHENTICATED, desk::looks);
    }
}
