package com.cognitionos.identity.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.identity.boundary.Users.Membership;
import com.cognitionos.identity.boundary.Users.Person;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** POR-6, POR-7: what a session makes of a person. */
class StandingTest {

    private static final UUID USER = UUID.randomUUID();
    private static final UUID NORTH = UUID.randomUUID();
    private static final UUID SOUTH = UUID.randomUUID();
    private static final UUID FOREIGN = UUID.randomUUID();

    private static Person person(Set<Role> platform, Membership... memberships) {
        return new Person(USER, "ada@north.example", "Ada", List.of(memberships), platform);
    }

    private static Membership member(UUID tenant, Role role) {
        return new Membership(tenant, "slug", "Name", role);
    }

    private static SignedIn session(@Nullable UUID only, @Nullable UUID chosen) {
        return new SignedIn(USER, UUID.randomUUID(), only, chosen, Instant.EPOCH);
    }

    private static Standing standing(SignedIn session, Person person) {
        return Standing.of(session, person, Set.of());
    }

    private static Caller caller(Standing standing) {
        return standing.caller(Origin.JOB).orElseThrow();
    }

    @Test
    void aMemberHasTheScopesOfTheirRoleAndNoOther() {
        Standing standing = standing(session(null, NORTH), person(Set.of(), member(NORTH, Role.VIEWER)));
        assertThat(caller(standing))
                .isEqualTo(new Caller("user:" + USER, false, NORTH, Role.VIEWER.scopes(), Origin.JOB));
    }

    @Test
    void theChosenTenantDecidesTheRole() {
        Person both = person(Set.of(), member(NORTH, Role.OWNER), member(SOUTH, Role.BILLING));
        Standing standing = standing(session(null, SOUTH), both);
        assertThat(standing.tenant()).isEqualTo(SOUTH);
        assertThat(caller(standing).scopes()).isEqualTo(Role.BILLING.scopes());
    }

    @Test
    void aTenantThatOneNoLongerBelongsToIsGone() {
        Standing elsewhere = standing(session(null, FOREIGN), person(Set.of(), member(NORTH, Role.VIEWER)));
        assertThat(elsewhere.tenant()).isEqualTo(NORTH);
        Standing nowhere = standing(session(null, NORTH), person(Set.of()));
        assertThat(nowhere.caller(Origin.JOB)).isEmpty();
    }

    @Test
    void aSessionFromATenantsIdentityProviderStaysThereAndIsNoStaff() {
        Person operator = person(Set.of(Role.OPERATOR), member(NORTH, Role.OWNER), member(SOUTH, Role.DEVELOPER));
        Standing standing = standing(session(SOUTH, NORTH), operator);
        assertThat(standing.tenant()).isEqualTo(SOUTH);
        assertThat(standing.isStaff()).isFalse();
        assertThat(standing.memberships()).hasSize(1);
        assertThat(caller(standing).platform()).isFalse();
        assertThat(caller(standing).scopes()).isEqualTo(Role.DEVELOPER.scopes());
        assertThat(standing(session(SOUTH, null), person(Set.of(Role.OPERATOR), member(NORTH, Role.OWNER)))
                        .caller(Origin.JOB))
                .isEmpty();
    }

    @Test
    void anOperatorAndFinanceActForAnyTenantAndReviewersForNone() {
        Standing operator = standing(session(null, FOREIGN), person(Set.of(Role.OPERATOR)));
        assertThat(operator.isActing()).isTrue();
        assertThat(caller(operator).tenant()).isEqualTo(FOREIGN);
        assertThat(caller(operator).platform()).isTrue();
        Standing finance = standing(session(null, FOREIGN), person(Set.of(Role.FINANCE)));
        assertThat(finance.isActing()).isTrue();
        assertThat(caller(finance).tenant()).isEqualTo(FOREIGN);
        assertThat(caller(finance).scopes()).isEqualTo(Role.FINANCE.scopes());
        Standing reviewer = standing(session(null, FOREIGN), person(Set.of(Role.REVIEWER)));
        assertThat(caller(reviewer).tenant()).isNull();
    }

    @Test
    void staffWhoChoseNothingWorkAcrossTenants() {
        Standing standing = standing(session(null, null), person(Set.of(Role.FINANCE), member(NORTH, Role.VIEWER)));
        assertThat(standing.tenant()).isNull();
        assertThat(caller(standing).scopes()).isEqualTo(Role.FINANCE.scopes());
    }

    @Test
    void aPasswordDoesNotOpenATenantThatRequiresSingleSignOn() {
        Person person = person(Set.of(), member(NORTH, Role.ADMIN), member(SOUTH, Role.VIEWER));
        Standing byPassword = Standing.of(session(null, NORTH), person, Set.of(NORTH));
        assertThat(byPassword.tenant()).isEqualTo(SOUTH);
        assertThat(byPassword.closed()).extracting(Membership::tenant).containsExactly(NORTH);
        assertThat(Standing.of(session(null, NORTH), person, Set.of(NORTH, SOUTH))
                        .caller(Origin.JOB))
                .isEmpty();

        Standing byProvider = Standing.of(session(NORTH, NORTH), person, Set.of(NORTH));
        assertThat(byProvider.tenant()).isEqualTo(NORTH);
        assertThat(byProvider.closed()).isEmpty();
        Person owner = person(Set.of(), member(NORTH, Role.OWNER));
        assertThat(Standing.of(session(null, NORTH), owner, Set.of(NORTH)).tenant())
                .isEqualTo(NORTH);
    }
}
