package com.cognitionos.onboarding.boundary;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.boundary.SignUps;
import com.cognitionos.identity.boundary.Users;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.boundary.TestClocks;
import com.cognitionos.tenancy.entity.Slug;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes tenants. Runs for the platform. */
@Stateless
@TenantWall
public class Onboarding {

    private static final ZoneId UTC = ZoneId.of("UTC");

    @Inject
    private BusinessClock clock;

    @EJB
    private Plans plans;

    @EJB
    private Tenants tenants;

    @EJB
    private TestClocks testClocks;

    @EJB
    private Users users;

    @EJB
    private Members members;

    @EJB
    private SignUps signUps;

    @EJB
    private Billing billing;

    /**
     * A tenant as the operator wants it.
     *
     * @param trialDays 0 for none, up to 365
     * @param testClockStart only with {@code testMode}; null for now
     * @param timeZone what its periods are counted in
     */
    public record NewTenant(
            String name,
            String slug,
            String ownerEmail,
            String billingEmail,
            Tier tier,
            BillingCycle cycle,
            int trialDays,
            boolean testMode,
            @Nullable Instant testClockStart,
            ZoneId timeZone) {

        /** One in UTC. */
        public NewTenant(
                String name,
                String slug,
                String ownerEmail,
                String billingEmail,
                Tier tier,
                BillingCycle cycle,
                int trialDays,
                boolean testMode,
                @Nullable Instant testClockStart) {
            this(name, slug, ownerEmail, billingEmail, tier, cycle, trialDays, testMode, testClockStart, UTC);
        }
    }

    /** Who signed up, and the tenant that they own now. */
    public record Founded(UUID user, UUID tenant) {}

    /** Its owner gets an invitation. @throws Problem INVALID for a bad field, CONFLICT when the slug is taken */
    public TenantView open(NewTenant wanted) {
        TenantView tenant = openUnannounced(wanted);
        Caller.current().in(tenant.id()).run(() -> members.invite(wanted.ownerEmail(), Role.OWNER));
        return tenant;
    }

    /** As {@link #open}, but nobody is invited. */
    public TenantView openUnannounced(NewTenant wanted) {
        Slug slug = new Slug(wanted.slug());
        if (tenants.slugTaken(slug)) {
            throw Problem.conflict("slug_taken", "The slug " + slug.value() + " is taken.");
        }
        if (wanted.testClockStart() != null && !wanted.testMode()) {
            throw Problem.invalid(
                    "test_clock_start", "needs_test_mode", "test_clock_start is for a tenant in test_mode");
        }
        if (wanted.testClockStart() != null) {
            TestClocks.checkStart(wanted.testClockStart());
        }
        return make(wanted, slug);
    }

    /**
     * Begins a sign-up: what follows is in the mail to its address, and whoever asks hears the same for every address.
     *
     * @throws Problem INVALID for a bad field, TOO_MANY_REQUESTS when it was asked too often from one place
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void signUp(SignUps.Wanted wanted) {
        checkName("company", wanted.company());
        signUps.ask(wanted);
    }

    /**
     * Ends a sign-up: who holds the link of the mail chooses a password. A refused one uses the link up no more than not
     * asking.
     *
     * @throws Problem NOT_FOUND for a bad link, INVALID for the password, CONFLICT ({@code email_taken}) when the address
     *     came to an account meanwhile
     */
    public Founded found(String token, String password) {
        SignUps.Wanted wanted = signUps.take(token);
        Instant now = clock.system();
        UUID user = users.createVerified(wanted.email(), wanted.name(), password, now);
        Slug slug = freeSlug(wanted.company());
        TenantView tenant = make(
                new NewTenant(
                        wanted.company(),
                        slug.value(),
                        wanted.email(),
                        wanted.email(),
                        wanted.proTrial() ? Tier.PRO : Tier.FREE,
                        BillingCycle.MONTHLY,
                        wanted.proTrial() ? Subscriptions.TRIAL_DAYS : 0,
                        false,
                        null),
                slug);
        users.join(user, tenant.id(), Role.OWNER, now);
        return new Founded(user, tenant.id());
    }

    private TenantView make(NewTenant wanted, Slug slug) {
        checkName("name", wanted.name());
        String owner = Users.checkEmail("owner_email", wanted.ownerEmail());
        String billingAddress = Users.checkEmail("billing_email", wanted.billingEmail());
        Instant start = wanted.testClockStart() == null
                ? clock.system()
                : wanted.testClockStart().truncatedTo(ChronoUnit.MICROS);
        UUID id = Ids.next();
        return Caller.current().in(id).call(() -> {
            tenants.create(
                    new Tenants.NewTenant(
                            wanted.name().strip(),
                            slug,
                            owner,
                            billingAddress,
                            wanted.timeZone(),
                            wanted.testMode(),
                            plans.onSale(wanted.tier(), start)),
                    start);
            if (wanted.testMode()) {
                testClocks.start(start);
            }
            billing.subscribe(wanted.tier(), wanted.cycle(), Subscriptions.CURRENCY, wanted.trialDays());
            return tenants.current();
        });
    }

    private static void checkName(String field, String name) {
        if (name.isBlank() || name.length() > 255 || name.chars().anyMatch(Character::isISOControl)) {
            throw Problem.invalid(field, "length", field + " must have 1 to 255 characters");
        }
    }

    private Slug freeSlug(String company) {
        String proposal = Slug.propose(company);
        for (int n = 1; ; n++) {
            Slug slug = new Slug(n == 1 ? proposal : proposal + "-" + n);
            if (!tenants.slugTaken(slug)) {
                return slug;
            }
        }
    }
}
