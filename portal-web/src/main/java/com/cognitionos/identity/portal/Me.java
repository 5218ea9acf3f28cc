package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Account;
import com.cognitionos.identity.boundary.Sessions;
import com.cognitionos.identity.boundary.Users.Membership;
import com.cognitionos.identity.boundary.Users.Person;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Origins;
import com.cognitionos.sso.boundary.Sso;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The person at the browser, for this one request. */
@Named
@RequestScoped
public class Me {

    private static final Caller DOOR = Caller.job("portal");

    @EJB
    private Sessions sessions;

    @EJB
    private Account account;

    @EJB
    private Sso sso;

    @Inject
    private BusinessClock clock;

    @Inject
    private HttpServletRequest request;

    /** For how long a sign-in or a confirmation counts, as ISO 8601; PT0S asks every time. */
    @Inject
    @ConfigProperty(name = "cognitionos.confirmation.lasts", defaultValue = "PT10M")
    private Duration confirmationLasts;

    private @Nullable SignedIn signedIn;
    private @Nullable Standing standing;
    private Account.@Nullable Profile profile;

    /**
     * Looks who it is: the session must still be open and the person must still be there.
     *
     * @return whether it is somebody
     */
    boolean recognise() {
        if (standing != null) {
            return true;
        }
        SignedIn present = SignedIn.in(request);
        if (present == null) {
            return false;
        }
        Optional<Standing> found = DOOR.from(origin()).call(() -> look(present));
        if (found.isEmpty()) {
            request.getSession().invalidate();
            return false;
        }
        signedIn = present;
        standing = found.get();
        return true;
    }

    private Optional<Standing> look(SignedIn present) {
        try {
            return sessions.use(present.session())
                    .filter(open -> open.user().equals(present.user()))
                    .map(open -> standing(present));
        } catch (Problem gone) {
            return Optional.empty();
        }
    }

    Origin origin() {
        return Origins.of(request);
    }

    Optional<Caller> caller() {
        return standing().caller(origin());
    }

    /** Does something with the person's own account, in their name. */
    <T> T withAccount(Supplier<T> work) {
        return standing().forAccount(origin()).call(work);
    }

    void withAccount(Runnable work) {
        standing().forAccount(origin()).run(work);
    }

    /** Takes in what was just changed: a tenant chosen, a name, a confirmation. */
    void remember(SignedIn changed) {
        changed.keep(request);
        signedIn = changed;
        reload();
    }

    void reload() {
        SignedIn present = session();
        standing = DOOR.from(origin()).call(() -> standing(present));
        profile = null;
    }

    private Standing standing(SignedIn present) {
        Person person = account.person(present.user());
        List<UUID> tenants =
                person.memberships().stream().map(Membership::tenant).toList();
        boolean byPassword = present.onlyTenant() == null && !tenants.isEmpty();
        return Standing.of(present, person, byPassword ? sso.requiredBy(tenants) : Set.of());
    }

    SignedIn session() {
        return Objects.requireNonNull(signedIn, "nobody is signed in");
    }

    Standing standing() {
        return Objects.requireNonNull(standing, "nobody is signed in");
    }

    Instant now() {
        return clock.system();
    }

    /** Whether somebody is signed in, as far as this request has looked. */
    public boolean isKnown() {
        return standing != null;
    }

    /** For a page: whether to offer what needs the scope. The action itself checks again. */
    public boolean may(String scope) {
        return standing != null && caller().map(who -> who.may(scope)).orElse(false);
    }

    public UUID getUser() {
        return session().user();
    }

    public String getName() {
        return standing().person().name();
    }

    public String getEmail() {
        return standing().person().email();
    }

    public List<Membership> getMemberships() {
        return standing().memberships();
    }

    /** Companies of theirs that only single sign-on opens. */
    public List<Membership> getClosedMemberships() {
        return standing().closed();
    }

    public boolean isInTenant() {
        return standing().tenant() != null;
    }

    public @Nullable UUID getTenant() {
        return standing().tenant();
    }

    public @Nullable Role getRole() {
        return standing().role();
    }

    public boolean isStaff() {
        return standing().isStaff();
    }

    public boolean isActing() {
        return standing().isActing();
    }

    /** Whether there is more than one place to work in. */
    public boolean isAbleToSwitch() {
        return getMemberships().size() + getClosedMemberships().size() > 1
                || (isStaff() && !getMemberships().isEmpty());
    }

    /** Whether a tenant's identity provider let them in; such a session has no password to confirm with. */
    public boolean isLetInByTenant() {
        return session().onlyTenant() != null;
    }

    public boolean isSecondFactor() {
        return getProfile().secondFactor();
    }

    public Account.Profile getProfile() {
        if (profile == null) {
            profile = withAccount(() -> account.profile(getUser()));
        }
        return profile;
    }

    /** Whether it was confirmed lately enough that it is them. */
    public boolean isFresh() {
        return session().confirmedAt().plus(confirmationLasts).isAfter(now());
    }
}
