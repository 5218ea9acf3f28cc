package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Sessions;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Origins;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Opens the session of a person who has shown who they are, in whatever way. */
@RequestScoped
public class SignIn {

    @EJB
    private Sessions sessions;

    @Inject
    private BusinessClock clock;

    @Inject
    private HttpServletRequest request;

    /**
     * From the next request on it is this person. The browser's session gets a new id, so that one planted before is
     * worth nothing; a session of whoever was signed in before ends.
     *
     * @param onlyTenant the tenant whose identity provider let them in; null when we made sure ourselves
     */
    public void enter(UUID user, @Nullable UUID onlyTenant) {
        Origin origin = Origins.of(request);
        SignedIn entering = Caller.job("sign-in").from(origin).call(() -> {
            endPresent();
            // Without a choice, Standing takes the first that is open to this session.
            return new SignedIn(user, sessions.open(user, onlyTenant, origin), onlyTenant, onlyTenant, clock.system());
        });
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        PendingSignIn.end(request);
        entering.keep(request);
    }

    private void endPresent() {
        SignedIn before = SignedIn.in(request);
        if (before == null) {
            return;
        }
        try {
            sessions.end(before.user(), before.session());
        } catch (Problem over) {
            // It ended by itself meanwhile, which is as good.
        }
    }
}
