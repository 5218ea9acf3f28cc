package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.gateway.boundary.ApiKeys.IssuedKey;
import com.cognitionos.identity.boundary.Account;
import com.cognitionos.identity.boundary.SignIns;
import com.cognitionos.identity.boundary.Users.Person;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.onboarding.boundary.Onboarding;
import jakarta.ejb.EJB;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("API keys and passwords")
class AccessIT extends InContainer {

    private static final String PASSWORD = "correct horse battery";

    private static IssuedKey issue(Company company, String... scopes) {
        return company.as(() -> company.world().keys.issue("key", List.of(scopes), null, null));
    }

    private Optional<Caller> verify(String key) {
        return world.gateway.admit(key, "203.0.113.1").verified();
    }

    @Test
    @DisplayName("GAT-1, GAT-2: a key is its tenant's, with its scopes, and is nowhere stored")
    void keyOpensItsTenant() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        IssuedKey issued = issue(company, "usage:write", "invoices:read");

        assertThat(issued.key()).matches("cog_[0-9a-f]{32}");
        assertThat(verify(issued.key())).hasValueSatisfying(caller -> {
            assertThat(caller.tenant()).isEqualTo(company.id());
            assertThat(caller.platform()).isFalse();
            assertThat(caller.scopes()).containsExactlyInAnyOrder("usage:write", "invoices:read");
            assertThat(caller.subject()).isEqualTo("key:" + issued.view().prefix());
        });
        assertThat(owner.query(
                        "SELECT to_jsonb(k)::text FROM api_keys k WHERE id = ?",
                        row -> row.getString(1),
                        issued.view().id()))
                .singleElement()
                .asString()
                .contains(issued.view().prefix())
                .doesNotContain(issued.key());
    }

    @Test
    @DisplayName("GAT-2: a key makes no key that may do more, and no tenant makes a platform's key")
    void keysDoNotGrow() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        Caller key = verify(issue(company, "keys:write", "usage:read").key()).orElseThrow();

        assertThat(key.call(() -> world.keys.issue("less", List.of("usage:read"), null, null))
                        .view()
                        .scopes())
                .containsExactly("usage:read");
        assertRefused(
                Kind.FORBIDDEN, () -> key.call(() -> world.keys.issue("more", List.of("invoices:read"), null, null)));
        assertRefused(Kind.INVALID, () -> issue(company, "operator:write"));
        assertRefused(Kind.INVALID, () -> issue(company, "*"));
        assertRefused(Kind.INVALID, () -> issue(company));
    }

    @Test
    @DisplayName("GAT-3: a revoked, an expired, an unknown and a malformed key get the same answer")
    void noneOfTheseOpens() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        IssuedKey revoked = issue(company, "usage:read");
        IssuedKey expired = issue(company, "usage:read");
        company.does(() -> world.keys.revoke(revoked.view().id()));
        company.does(() -> world.keys.revoke(revoked.view().id()));
        owner.update(
                "UPDATE api_keys SET expires_at = ? WHERE id = ?",
                Instant.now().minusSeconds(1),
                expired.view().id());

        for (String key : List.of(
                revoked.key(),
                expired.key(),
                "cog_" + "0".repeat(32),
                "cog_x",
                "",
                issue(company, "usage:read").key().toUpperCase())) {
            assertThat(verify(key)).as(key).isEmpty();
        }
        assertThat(company.as(world.keys::list)).hasSize(3);
        assertRefused(
                Kind.CONFLICT,
                () -> company.as(() -> world.keys.rotate(revoked.view().id(), Duration.ZERO)));
        assertRefused(
                Kind.CONFLICT,
                () -> company.as(() -> world.keys.rotate(expired.view().id(), Duration.ZERO)));
        assertRefused(
                Kind.INVALID,
                () -> company.as(() -> world.keys.issue(
                        "past", List.of("usage:read"), Instant.now().minus(1, ChronoUnit.HOURS), null)));
    }

    @Test
    @DisplayName("GAT-4: a rotated key stays valid for its overlap; with none it is refused at once")
    void rotation() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        IssuedKey old = issue(company, "usage:write");

        IssuedKey next = company.as(() -> world.keys.rotate(old.view().id(), Duration.ofHours(1)));
        assertThat(verify(old.key())).isPresent();
        assertRefused(
                Kind.CONFLICT,
                () -> company.as(() -> world.keys.rotate(old.view().id(), Duration.ofHours(1))));
        assertThat(verify(next.key()).orElseThrow().scopes()).containsExactly("usage:write");
        IssuedKey last = company.as(() -> world.keys.rotate(next.view().id(), Duration.ZERO));
        assertThat(verify(next.key())).isEmpty();
        assertThat(verify(last.key())).isPresent();

        owner.update(
                "UPDATE api_keys SET expires_at = now() WHERE id = ?",
                old.view().id());
        assertThat(verify(old.key())).as("after its overlap").isEmpty();
        assertRefused(
                Kind.INVALID,
                () -> company.as(() -> world.keys.rotate(last.view().id(), Duration.ofDays(8))));
    }

    @Test
    @DisplayName("GAT-5: when a key was last used is written at most once a minute")
    void lastUsedIsCoarse() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        IssuedKey key = issue(company, "usage:write");
        verify(key.key());
        Instant first = company.as(world.keys::list).get(0).lastUsedAt();
        assertThat(first).isNotNull();
        for (int i = 0; i < 5; i++) {
            verify(key.key());
        }
        assertThat(company.as(world.keys::list).get(0).lastUsedAt()).isEqualTo(first);

        owner.update(
                "UPDATE api_keys SET last_used_at = last_used_at - interval '2 minutes' WHERE id = ?",
                key.view().id());
        verify(key.key());
        assertThat(company.as(world.keys::list).get(0).lastUsedAt()).isAfter(first.minusSeconds(1));
    }

    @Test
    @DisplayName("The plan's number of keys is kept by eight who ask at once; a revoked key makes room")
    void planLimitsKeys() {
        Company company = world.open(Tier.PRO, "2026-01-31");

        List<Crowd.Outcome<IssuedKey>> outcomes =
                crowd.jammedAt("api_keys", 8, i -> () -> issue(company, "usage:read"));

        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(5);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.succeeded())
                .allSatisfy(outcome -> assertRefused(Kind.PAYMENT_REQUIRED, () -> {
                    throw outcome.thrown();
                }));
        company.does(() -> world.keys.revoke(world.keys.list().get(0).id()));
        assertThat(verify(issue(company, "usage:read").key())).isPresent();
        assertRefused(Kind.PAYMENT_REQUIRED, () -> issue(company, "usage:read"));
    }

    private static String address() {
        return World.unique("p") + "@example.org";
    }

    @EJB
    private SignIns signIns;

    @EJB
    private Account account;

    private Optional<Person> signIn(String email, String password) {
        return Caller.job("sign-in").call(() -> {
            SignIns.Result result = signIns.password(email, password, Origin.JOB);
            return result.outcome() == SignIns.Outcome.IN
                    ? Optional.of(account.person(result.user()))
                    : Optional.empty();
        });
    }

    @Test
    @DisplayName("IDE-1, IDE-2: an unknown address, a wrong password and an empty one get the same answer")
    void sameAnswerForAll() {
        String email = address();
        World.OPERATOR.run(() -> world.users.create(email, "Ada Moreau", PASSWORD, Instant.now()));

        Set<Optional<Person>> answers = Set.of(Optional.empty());
        for (String password :
                List.of("wrong horse battery", "", PASSWORD + " ", PASSWORD.toUpperCase(), "x".repeat(100_000))) {
            assertThat(answers).contains(signIn(email, password)).contains(signIn(address(), password));
        }
        assertThat(signIn(address(), PASSWORD)).isEmpty();
        assertThat(owner.query("SELECT password_hash FROM users WHERE email = ?", row -> row.getString(1), email))
                .singleElement()
                .asString()
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$")
                .doesNotContain(PASSWORD);
    }

    @Test
    @DisplayName("TEN-2: of eight who want the same slug at once one gets it, the others are told that it is taken")
    void oneSlugAtOnce() {
        String slug = World.unique("s");

        List<Crowd.Outcome<UUID>> outcomes = crowd.jammedAt(
                "tenants",
                8,
                i -> () -> World.OPERATOR.call(() -> world.onboarding
                        .open(new Onboarding.NewTenant(
                                "Company",
                                slug,
                                "a@example.org",
                                "b@example.org",
                                Tier.FREE,
                                BillingCycle.MONTHLY,
                                0,
                                false,
                                null))
                        .id()));

        assertThat(owner.count("SELECT count(*) FROM tenants WHERE slug = ?", slug))
                .isEqualTo(1);
        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(1);
        assertThat(outcomes).filteredOn(outcome -> !outcome.succeeded()).allSatisfy(outcome -> {
            assertThat(outcome.thrown()).isInstanceOf(Problem.class);
            assertThat(((Problem) outcome.thrown()).code()).isEqualTo("slug_taken");
        });
    }
}
