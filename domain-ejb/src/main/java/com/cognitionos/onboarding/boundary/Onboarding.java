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
    private Onboarding self;

    @EJB
    private Billing billing;

    /**
     * A tenant as the operator wants it.
     *
     * @param trialDays 0 for none, up to 365
     * @param testClockStart only with {@code testMode}; null for now
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
            @Nullable Instant testClockStart) {}

    /** A new account: the person, the company and the plan that it starts with. */
    public record SignUp(String company, String name, String email, String password, boolean proTrial) {}

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
        return make(wanted, slug);
    }

    /**
     * @return the new tenant
     * @throws Problem INVALID for a bad field, CONFLICT when the address is taken, TOO_MANY_REQUESTS when that was asked
     *     too often from one place
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public UUID signUp(SignUp wanted) {
        return signUps.attempt(() -> self.found(wanted));
    }

    /** What {@link #signUp} does, in one transaction. */
    public UUID found(SignUp wanted) {
        Instant now = clock.system();
        UUID user = users.create(wanted.email(), wanted.name(), wanted.password(), now);
        String email = wanted.email().strip();
        Slug slug = freeSlug(wanted.company());
        TenantView tenant = make(
                new NewTenant(
                        wanted.company(),
                        slug.value(),
                        email,
                        email,
                        wanted.proTrial() ? Tier.PRO : Tier.FREE,
                        BillingCycle.MONTHLY,
                        wanted.proTrial() ? Subscriptions.TRIAL_DAYS : 0,
                        false,
                        null),
                slug);
        users.join(user, tenant.id(), Role.OWNER, now);
        return tenant.id();
    }

    private TenantView make(NewTenant wanted, Slug slug) {
        if (wanted.name().isBlank() || wanted.name().length() > 255) {
            throw Problem.invalid("name", "length", "name must have 1 to 255 characters");
        }
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
                            UTC,
                            wanted.testMode(),
                            plans.onSale(wanted.tier(), start)),
                    start);
            if (wanted.testMode()) {
                testClocks.start(start);
            }
            billing.subscribe(wanted.tier(), wanted.cycle(), wanted.trialDays());
            return tenants.current();
        });
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
