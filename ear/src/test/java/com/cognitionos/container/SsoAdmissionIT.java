package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.boundary.Account;
import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.sso.boundary.Sso;
import com.cognitionos.sso.boundary.SsoAdmission;
import com.cognitionos.sso.entity.Client;
import com.cognitionos.sso.entity.Identity;
import com.cognitionos.sso.entity.SsoSettings;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.entity.Setting;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whom a tenant's identity provider lets in")
class SsoAdmissionIT extends InContainer {

    private static final String ISSUER = "https://login.example.com";
    private static final String SECRET = "a client secret of no importance";

    @Inject
    private Sso sso;

    @Inject
    private SsoAdmission admission;

    @Inject
    private Members members;

    @Inject
    private Account account;

    @Inject
    private Owner owner;

    @Inject
    private Crowd crowd;

    private static <T> T platform(Supplier<T> work) {
        return World.OPERATOR.call(work);
    }

    private static SsoSettings settings(boolean provision, boolean required) {
        return new SsoSettings(ISSUER, "client", List.of("Corp.Example"), Role.DEVELOPER, provision, required);
    }

    /** Configured by a program, so nobody vouches for it. */
    private Company company(boolean provision) {
        Company company = world.open(Tier.TEAM, "2026-01-31");
        company.does(() -> sso.configure(settings(provision, false), SECRET));
        return company;
    }

    private static Identity identity(String subject, String email) {
        return new Identity(ISSUER, subject, email, true, "Ada \u0007Moreau");
    }

    private static String address() {
        return World.unique("p") + "@corp.example";
    }

    private UUID admit(Company company, Identity identity) {
        return platform(() -> admission.admit(company.id(), identity, Origin.JOB));
    }

    private void refused(Company company, Identity identity, String code) {
        assertThatThrownBy(() -> admit(company, identity))
                .satisfies(thrown -> assertThat(thrown instanceof Problem problem ? problem.code() : thrown.getCause())
                        .isEqualTo(code));
    }

    private UUID somebody(String email) {
        return platform(() -> world.users.create(email, "A Person", "a long enough password", Dates.at("2026-01-31")));
    }

    private void join(UUID user, Company company, Role role) {
        World.OPERATOR.run(() -> world.users.join(user, company.id(), role, Dates.at("2026-01-31")));
    }

    @Test
    @DisplayName("SSO-1: the secret is kept sealed for its tenant, and opens for the provider")
    void theSecretIsSealed() {
        Company a = company(true);
        byte[] stored = owner.query(
                        "SELECT client_secret FROM sso_settings WHERE tenant_id = ?", row -> row.getBytes(1), a.id())
                .get(0);
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
        assertThat(platform(() -> admission.client(a.id())).map(Client::secret)).contains(SECRET);
        Company b = company(true);
        owner.update("UPDATE sso_settings SET client_secret = ? WHERE tenant_id = ?", stored, b.id());
        assertThatThrownBy(() -> platform(() -> admission.client(b.id()))).hasMessageContaining("does not open");
    }

    @Test
    @DisplayName(
            "SSO-4: a new person is made without a password and with the default role; the next time it is the same")
    void newPeopleAreProvisioned() {
        Company company = company(true);
        String email = address();
        UUID user = admit(company, identity("s1", email));
        assertThat(admit(company, identity("s1", "renamed@elsewhere.example"))).isEqualTo(user);
        assertThat(company.as(members::list)).singleElement().satisfies(member -> {
            assertThat(member.email()).isEqualTo(email);
            assertThat(member.name()).isEqualTo("Ada Moreau");
            assertThat(member.role()).isEqualTo(Role.DEVELOPER);
        });
        assertThat(owner.count("SELECT count(*) FROM users WHERE id = ? AND password_hash IS NULL", user))
                .isEqualTo(1);
    }

    @Test
    @DisplayName(
            "SSO-4: a member with that address is linked and keeps the role; without provisioning nobody else comes in")
    void membersAreLinked() {
        Company company = company(false);
        String email = address();
        UUID user = somebody(email);
        refused(company, identity("s1", email), "sso_no_member");
        refused(company, identity("s2", address()), "sso_no_member");
        join(user, company, Role.BILLING);
        assertThat(admit(company, identity("s1", email))).isEqualTo(user);
        assertThat(company.as(members::list))
                .singleElement()
                .satisfies(member -> assertThat(member.role()).isEqualTo(Role.BILLING));
        refused(company, identity("s2", email), "sso_other_identity");
    }

    @Test
    @DisplayName("SSO-5: nothing changes of what a person is elsewhere, and no other company knows the identity")
    void elsewhereNothingChanges() {
        Company first = world.open(Tier.TEAM, "2026-01-31");
        String email = address();
        UUID user = somebody(email);
        join(user, first, Role.OWNER);
        String before = person(user);

        Company second = company(true);
        assertThat(admit(second, identity("s1", email))).isEqualTo(user);
        assertThat(person(user)).isEqualTo(before);
        assertThat(platform(() -> account.person(user)).memberships())
                .extracting(membership -> membership.role())
                .containsExactlyInAnyOrder(Role.OWNER, Role.DEVELOPER);
        first.does(() -> sso.configure(settings(false, false), SECRET));
        refused(first, identity("s1", address()), "sso_no_member");
    }

    private String person(UUID user) {
        return owner.query("SELECT to_jsonb(users)::text FROM users WHERE id = ?", row -> row.getString(1), user)
                .get(0);
    }

    @Test
    @DisplayName("SSO-7: an owner comes in only by what an owner or the operator has saved")
    void ownersAreNotMadeByAdministrators() {
        Company company = company(true);
        String email = address();
        UUID user = somebody(email);
        join(user, company, Role.OWNER);
        refused(company, identity("s1", email), "sso_not_vouched");
        assertThat(owner.count("SELECT count(*) FROM sso_identities WHERE tenant_id = ?", company.id()))
                .isZero();

        new Caller("user:" + user, false, company.id(), Role.OWNER.scopes())
                .run(() -> sso.configure(settings(true, false), SECRET));
        assertThat(admit(company, identity("s1", email))).isEqualTo(user);
        UUID admin = somebody(address());
        join(admin, company, Role.ADMIN);
        new Caller("user:" + admin, false, company.id(), Role.ADMIN.scopes())
                .run(() -> sso.configure(settings(true, false), SECRET));
        refused(company, identity("s1", email), "sso_not_vouched");
    }

    @Test
    @DisplayName("SSO-4: a removed member is nobody to the provider, and is not let in by an old link")
    void removedMembersAreForgotten() {
        Company company = company(true);
        String email = address();
        UUID user = admit(company, identity("s1", email));
        company.does(() -> sso.configure(settings(false, false), null));
        owner.update("DELETE FROM memberships WHERE tenant_id = ? AND user_id = ?", company.id(), user);
        assertThat(owner.count("SELECT count(*) FROM sso_identities WHERE tenant_id = ?", company.id()))
                .isZero();
        refused(company, identity("s1", email), "sso_no_member");
    }

    @Test
    @DisplayName("SSO-4: ten first sign-ins at once for the last seat: one gets it")
    void theLastSeatGoesOnce() {
        Company company = company(true);
        // One is held by the owner's invitation.
        company.does(() -> world.settings.change(new TenantSettings.Change(Map.of(Setting.MAX_USERS, 2L), Map.of())));
        long in = crowd.atOnce(10, i -> () -> admit(company, identity("s" + i, address()))).stream()
                .filter(Crowd.Outcome::succeeded)
                .count();
        assertThat(in).isEqualTo(1);
        assertThat(company.as(members::list)).hasSize(1);
    }

    @Test
    @DisplayName("SSO-4: one person's first sign-in from several tabs at once makes one person")
    void onePersonIsMadeOnce() {
        Company company = company(true);
        String email = address();
        assertThat(crowd.allAtOnce(5, i -> () -> admit(company, identity("s1", email))))
                .containsOnly(company.as(members::list).get(0).userId());
    }

    @Test
    @DisplayName("SSO-1: without the plan, or removed, it neither lets in nor keeps passwords out")
    void withoutThePlanItIsOff() {
        Company company = company(true);
        company.does(() -> sso.configure(settings(true, true), null));
        assertThat(platform(() -> sso.requiredBy(List.of(company.id(), UUID.randomUUID()))))
                .containsExactly(company.id());

        owner.update("UPDATE tenants SET tier = 'pro' WHERE id = ?", company.id());
        assertThat(platform(() -> sso.requiredBy(List.of(company.id())))).isEmpty();
        refused(company, identity("s1", address()), "sso_changed");
        company.does(() -> assertRefused(Kind.PAYMENT_REQUIRED, () -> sso.configure(settings(true, true), null)));
        owner.update("UPDATE tenants SET tier = 'team' WHERE id = ?", company.id());

        company.does(sso::remove);
        assertThat(platform(() -> sso.requiredBy(List.of(company.id())))).isEmpty();
        refused(company, identity("s1", address()), "sso_changed");
        company.does(() -> assertRefused(Kind.NOT_FOUND, sso::remove));
    }
}
