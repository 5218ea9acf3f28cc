package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.gateway.boundary.Admission;
import com.cognitionos.gateway.boundary.Admission.Quota;
import com.cognitionos.gateway.boundary.ApiKeys;
import com.cognitionos.gateway.boundary.ApiKeys.IssuedKey;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.kernel.Scope;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.entity.Setting;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Gateway: whose request it is, and whether there is room for it")
class GatewayIT extends InContainer {

    /** Another client each time, from a network that is for documents only. */
    private static String client() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "2001:db8:" + Integer.toHexString(random.nextInt(65536)) + ":"
                + Integer.toHexString(random.nextInt(65536)) + "::1";
    }

    private static IssuedKey issue(Company company, @Nullable Integer limit) {
        return company.as(() -> company.world().keys.issue("key", List.of("usage:read"), null, limit));
    }

    private Admission admit(String key) {
        return world.gateway.admit(key, "203.0.113.1");
    }

    private int admitted(String key, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += admit(key).admitted() ? 1 : 0;
        }
        return admitted;
    }

    private void limit(Company company, @Nullable Long perMinute) {
        Map<Setting, Object> limits = new java.util.EnumMap<>(Setting.class);
        limits.put(Setting.API_RATE_LIMIT_PER_MINUTE, perMinute);
        World.OPERATOR.in(company.id()).run(() -> world.settings.change(new TenantSettings.Change(limits, Map.of())));
    }

    @Test
    @DisplayName("GAT-7: the limit is the plan's, or the tenant's setting; a change holds at once")
    void tenantsLimit() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        String key = issue(company, null).key();

        Admission first = admit(key);
        assertThat(first.quotas()).singleElement().satisfies(quota -> {
            assertThat(quota.policy()).isEqualTo("tenant");
            assertThat(quota.limit()).isEqualTo(300);
            assertThat(quota.remaining()).isEqualTo(299);
            assertThat(quota.freeAt()).isEqualTo(first.decidedAt().plusSeconds(60));
        });
        assertThat(first.tenant()).isEqualTo(new Admission.Tenant(slug(company), "active"));
        limit(company, 5L);
        assertThat(admitted(key, 10)).isEqualTo(4);
        assertThat(admit(key).nextChance()).isEqualTo(first.decidedAt().plusSeconds(60));
        limit(company, 8L);
        assertThat(Await.until("the higher limit", () -> admit(key), Admission::admitted)
                        .tightest()
                        .remaining())
                .isEqualTo(2);
        limit(company, null);
        assertThat(admit(key).tightest().limit()).isEqualTo(300);
    }

    private String slug(Company company) {
        return company.as(world.tenants::current).slug();
    }

    @Test
    @DisplayName("GAT-7: keys of one tenant share its limit; a key with its own has both, and takes from both or none")
    void keysOwnLimit() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        String narrow = issue(company, 3).key();
        String wide = issue(company, null).key();

        assertThat(admitted(narrow, 10)).isEqualTo(3);
        Admission refused = admit(narrow);
        assertThat(refused.quotas()).extracting(Quota::policy).containsExactly("key", "tenant");
        assertThat(refused.quotas()).extracting(Quota::remaining).containsExactly(0, 297);
        assertThat(admit(wide).quotas()).extracting(Quota::remaining).containsExactly(296);

        limit(company, 4L);
        assertThat(admit(wide).admitted()).as("the tenant is full").isFalse();
        String another = issue(company, 3).key();
        assertThat(admit(another).quotas())
                .as("refused by the tenant, so the key keeps its places")
                .extracting(Quota::remaining)
                .containsExactly(3, 0);
    }

    @Test
    @DisplayName("GAT-8: of 240 requests at once on a limit of 60 exactly 60 are admitted, each with another place")
    void crowd() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        String key = issue(company, null).key();

        List<List<Admission>> answers = crowd.allAtOnce(24, i -> () -> {
            List<Admission> own = new ArrayList<>();
            for (int call = 0; call < 10; call++) {
                own.add(admit(key));
            }
            return own;
        });

        List<Admission> all = answers.stream().flatMap(List::stream).toList();
        assertThat(all).hasSize(240).filteredOn(Admission::admitted).hasSize(60);
        Set<Integer> places = new HashSet<>();
        all.stream()
                .filter(Admission::admitted)
                .forEach(one -> places.add(one.tightest().remaining()));
        assertThat(places).hasSize(60).contains(0, 59);
        assertThat(all).filteredOn(one -> !one.admitted()).allSatisfy(refused -> {
            assertThat(refused.tightest().remaining()).isZero();
            assertThat(refused.retryAfterSeconds()).isBetween(1L, 60L);
            assertThat(refused.nextChance()).isAfter(refused.decidedAt());
        });
    }

    @Test
    @DisplayName("GAT-8: a place is free again when its 60 s are over, and not before")
    void placesComeBack() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        limit(company, 3L);
        String key = issue(company, null).key();
        assertThat(admitted(key, 4)).isEqualTo(3);

        owner.update("""
                UPDATE rate_limit_slots SET at = at - interval '61 seconds' WHERE slot = 0 AND tracking_id =
                    (SELECT id FROM rate_limit_tracking WHERE subject = ?)""", "tenant:" + company.id());
        Await.until("the node to ask again", () -> admit(key), Admission::admitted);
        assertThat(admit(key).admitted()).isFalse();
    }

    @Test
    @DisplayName("GAT-7: who has no good key shares the places of an address; a good key does not need one")
    void anonymous() {
        String client = client();
        String neighbour = client.replace("::1", ":ffff::2");
        String key = issue(world.open(Tier.PRO, "2026-01-31"), null).key();
        for (int i = 0; i < 60; i++) {
            String shown = i % 3 == 0 ? null : i % 3 == 1 ? "cog_" + "%032x".formatted(i) : "no key at all";
            assertThat(world.gateway.admit(shown, i % 2 == 0 ? client : neighbour))
                    .satisfies(one -> {
                        assertThat(one.admitted()).isTrue();
                        assertThat(one.verified()).isEmpty();
                        assertThat(one.tightest().policy()).isEqualTo("address");
                        assertThat(one.tightest().limit()).isEqualTo(60);
                    });
        }
        assertThat(world.gateway.admit(null, client).admitted()).isFalse();
        assertThat(world.gateway.admit("cog_" + "1".repeat(32), neighbour).admitted())
                .isFalse();
        assertThat(world.gateway.admit(key, client).admitted()).isTrue();
        assertThat(world.gateway.admit(null, client()).admitted()).isTrue();
    }

    @Test
    @DisplayName("GAT-3: a key is refused from the request after its revocation on; what it was counts for its address")
    void revocationIsImmediate() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        IssuedKey key = issue(company, null);
        String client = client();
        assertThat(world.gateway.admit(key.key(), client).verified()).isPresent();
        company.does(() -> world.keys.revoke(key.view().id()));

        Admission after = world.gateway.admit(key.key(), client);
        assertThat(after.verified()).isEmpty();
        assertThat(after.tightest()).satisfies(quota -> {
            assertThat(quota.policy()).isEqualTo("address");
            assertThat(quota.remaining()).isEqualTo(59);
        });
    }

    @Test
    @DisplayName("GAT-5: who changes a key does not hold up its requests")
    void aLockedKeyIsAdmitted() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        IssuedKey key = issue(company, null);
        Admission meanwhile = owner.during(
                () -> admit(key.key()),
                "SELECT 1 FROM api_keys WHERE id = ? FOR UPDATE",
                key.view().id());
        assertThat(meanwhile.verified()).isPresent();
        assertThat(company.as(world.keys::list).get(0).lastUsedAt()).isNull();
        admit(key.key());
        assertThat(company.as(world.keys::list).get(0).lastUsedAt()).isNotNull();
    }

    @Test
    @DisplayName("GAT-8: only what is idle is forgotten")
    void cleaning() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        Company idle = world.open(Tier.FREE, "2026-01-31");
        limit(company, 2L);
        String key = issue(company, null).key();
        admitted(key, 2);
        admit(issue(idle, null).key());
        long ring = owner.count("SELECT id FROM rate_limit_tracking WHERE subject = ?", "tenant:" + idle.id());
        assertThat(owner.count("SELECT count(*) FROM rate_limit_slots WHERE tracking_id = ?", ring))
                .isEqualTo(1);
        owner.update("UPDATE rate_limit_tracking SET last_at = last_at - interval '3 minutes' WHERE id = ?", ring);

        World.OPERATOR.run(() -> world.rateWindows.forgetIdle());

        assertThat(owner.count("SELECT count(*) FROM rate_limit_tracking WHERE id = ?", ring))
                .isZero();
        assertThat(owner.count("""
                SELECT count(*) FROM rate_limit_slots s
                WHERE NOT EXISTS (SELECT FROM rate_limit_tracking t WHERE t.id = s.tracking_id)""")).isZero();
        assertThat(admit(key).admitted()).isFalse();
    }

    @Inject
    private Pool pool;

    @Test
    @DisplayName("KER-3: a tenant's role has no hand in the windows, and nobody but the gate's function in the login's")
    void windowsAreOutOfReach() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        for (String table : List.of("rate_limit_tracking", "rate_limit_slots")) {
            assertThat(company.as(() -> probe.look("SELECT 1 FROM " + table))).isEqualTo("42501");
            assertThat(pool.refusal("SELECT 1 FROM " + table)).isEqualTo("42501");
        }
        assertThat(company.as(() -> probe.look("SELECT * FROM gateway_admit(NULL, 'x', 1)")))
                .isEqualTo("42501");
        assertThat(company.as(() -> probe.look("SELECT * FROM rate_limit_admit(ARRAY['x'], ARRAY[1])")))
                .isEqualTo("42501");
        assertThat(pool.refusal("SELECT * FROM rate_limit_admit(ARRAY['x'], ARRAY[1])"))
                .isEqualTo("42501");
    }

    private ApiKeys.IssuedKey platformKey(@Nullable Integer limit, String... scopes) {
        return World.OPERATOR.call(() -> world.platformKeys.issue("test", List.of(scopes), null, limit));
    }

    @Test
    @DisplayName(
            "GAT-7, GAT-10: a platform key has its own limit, 10,000 a minute or what it was given, and its scopes")
    void platformKeys() {
        ApiKeys.IssuedKey finance = platformKey(null, "finance:read", "finance:write");
        Admission admission = admit(finance.key());
        assertThat(admission.verified()).hasValueSatisfying(caller -> {
            assertThat(caller.platform()).isTrue();
            assertThat(caller.tenant()).isNull();
            assertThat(caller.scopes()).containsExactlyInAnyOrder("finance:read", "finance:write");
        });
        assertThat(admission.quotas()).singleElement().satisfies(quota -> {
            assertThat(quota.policy()).isEqualTo("key");
            assertThat(quota.limit()).isEqualTo(10_000);
        });
        assertThat(admitted(platformKey(4, "finance:read").key(), 9)).isEqualTo(4);

        ApiKeys.IssuedKey next = World.OPERATOR.call(
                () -> world.platformKeys.rotate(finance.view().id(), Duration.ZERO));
        assertThat(admit(finance.key()).verified()).isEmpty();
        assertThat(admit(next.key()).verified()).isPresent();
        assertRefused(
                Kind.CONFLICT,
                () -> World.OPERATOR.call(
                        () -> world.platformKeys.rotate(finance.view().id(), Duration.ZERO)));
        World.OPERATOR.run(() -> world.platformKeys.revoke(next.view().id()));
        assertThat(admit(next.key()).verified()).isEmpty();
        assertRefused(Kind.INVALID, () -> platformKey(null, "finance:everything"));
        assertRefused(Kind.INVALID, () -> platformKey(null));
        assertRefused(Kind.INVALID, () -> platformKey(0, "finance:read"));
    }

    @Test
    @DisplayName("GAT-2: a platform key makes none that may do more, neither of the platform's nor for a tenant")
    void platformKeysDoNotGrow() {
        Caller operator = admit(platformKey(null, "operator:read", "operator:write", "keys:write")
                        .key())
                .verified()
                .orElseThrow();
        operator.call(() -> world.platformKeys.issue("same", List.of("operator:write"), null, null));
        assertRefused(
                Kind.FORBIDDEN,
                () -> operator.call(() -> world.platformKeys.issue("more", List.of("finance:write"), null, null)));
        Company company = world.open(Tier.PRO, "2026-01-31");
        assertRefused(
                Kind.FORBIDDEN,
                () -> operator.in(company.id())
                        .call(() -> world.keys.issue("more", List.of("invoices:read"), null, null)));
        assertRefused(
                Kind.FORBIDDEN,
                () -> operator.call(() -> world.platformKeys.rotate(
                        platformKey(null, "finance:read").view().id(), Duration.ZERO)));
    }

    @Test
    @DisplayName("GAT-10: the last live key that can make others cannot be revoked")
    void theLastOperatorKeyStays() {
        platformKey(null, "operator:write");
        platformKey(null, "operator:read");
        World.OPERATOR.run(() -> assertThat(problemOf(() -> probe.inVain(() -> {
                            world.platformKeys.list().stream()
                                    .filter(key -> key.scopes().contains("operator:write"))
                                    .forEach(key -> world.platformKeys.revoke(key.id()));
                            return null;
                        }))
                        .code())
                .isEqualTo("last_operator_key"));
    }

    @Test
    @DisplayName("A key's usage is the calls counted under its prefix, a point for each step")
    void usageOfAKey() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-03");
        IssuedKey key = issue(company, null);
        IssuedKey other = issue(company, null);
        counted(company, key.view().prefix(), 7, "2026-02-01");
        counted(company, key.view().prefix(), 5, "2026-02-02");
        counted(company, other.view().prefix(), 100, "2026-02-02");

        var usage = company.as(() -> world.keys.usage(
                key.view().id(), Dates.at("2026-01-31"), Dates.at("2026-02-03"), Usage.Granularity.DAY));

        assertThat(usage.total()).isEqualByComparingTo("12");
        assertThat(usage.series().points())
                .extracting(point -> point.quantity().intValueExact())
                .containsExactly(0, 7, 5);
        Company stranger = world.open(Tier.PRO, "2026-01-31");
        assertRefused(
                Kind.NOT_FOUND,
                () -> stranger.as(() -> world.keys.usage(
                        key.view().id(), Dates.at("2026-01-31"), Dates.at("2026-02-03"), Usage.Granularity.DAY)));
    }

    @Test
    @DisplayName(
            "GAT-12: the calls of all keys, by the tenant's own day and month; other subjects and tenants stay out")
    void callsOfAllKeys() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-03");
        IssuedKey key = issue(company, null);
        IssuedKey other = issue(company, null);
        IssuedKey idle = issue(company, null);
        counted(company, key.view().prefix(), 9, "2026-01-31");
        counted(company, key.view().prefix(), 7, "2026-02-01");
        counted(company, other.view().prefix(), 100, "2026-02-02");
        Company stranger = world.open(Tier.PRO, "2026-01-31").on("2026-02-03");
        counted(stranger, key.view().prefix(), 1000, "2026-02-02");
        counted(company, key.view().prefix(), 2, "2026-02-03");

        Map<String, ApiKeys.KeyCalls> calls = company.as(world.keys::calls);

        assertThat(calls.get(key.view().prefix()).today()).isEqualByComparingTo("2");
        assertThat(calls.get(key.view().prefix()).month()).isEqualByComparingTo("9");
        assertThat(calls.get(other.view().prefix()).today()).isEqualByComparingTo("0");
        assertThat(calls.get(other.view().prefix()).month()).isEqualByComparingTo("100");
        assertThat(calls).doesNotContainKey(idle.view().prefix());
        company.on("2026-03-01");
        assertThat(company.as(world.keys::calls)).isEmpty();
    }

    private static void counted(Company company, String prefix, long calls, String day) {
        Instant at = Dates.at(day);
        assertThat(company.sends(new UsageEvent(
                                World.unique("call"), "api_calls", BigDecimal.valueOf(calls), at, prefix, null))
                        .accepted())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("The bootstrapped operator key may do everything that any key may")
    void bootstrap() {
        String key = World.OPERATOR.call(world.platformKeys::newKey);
        assertThat(World.OPERATOR.call(() -> world.platformKeys.bootstrapOperator(key)))
                .isTrue();
        assertThat(World.OPERATOR.call(() -> world.platformKeys.bootstrapOperator(key)))
                .isFalse();
        assertThat(admit(key).verified().orElseThrow().scopes())
                .containsAll(Scope.ofPlatform())
                .containsAll(Scope.ofTenants());
    }
}
