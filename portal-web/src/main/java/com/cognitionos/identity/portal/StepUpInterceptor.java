package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.SignIns;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.portal.Messages;
import jakarta.annotation.Priority;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** Lets the action happen in a fresh session, or after the confirmation that came with the form. */
@StepUp
@Interceptor
@Priority(Interceptor.Priority.APPLICATION)
public class StepUpInterceptor {

    /** The parameter of {@code <p:confirm/>}. */
    static final String PARAMETER = "confirmation";

    @EJB
    private SignIns signIns;

    @Inject
    private Me me;

    @Inject
    private Messages messages;

    @Inject
    private HttpServletRequest request;

    @AroundInvoke
    @Nullable
    Object check(InvocationContext context) throws Exception {
        return me.isFresh() || confirm() ? context.proceed() : null;
    }

    private boolean confirm() {
        String given = request.getParameter(PARAMETER);
        if (me.isLetInByTenant()) {
            messages.failed("Nothing was changed. Sign out and in again to show that it is still you, then repeat it.");
            return false;
        }
        if (given == null || given.isBlank()) {
            messages.failed("Nothing was changed yet: confirm with your " + (me.isSecondFactor() ? "code" : "password")
                    + " that it is you.");
            return false;
        }
        SignIns.Result result =
                Caller.job("sign-in").from(me.origin()).call(() -> signIns.confirm(me.getUser(), given, me.origin()));
        switch (result.outcome()) {
            case IN -> {
                me.remember(me.session().confirmed(me.now()));
                return true;
            }
            case SLOWED -> messages.failed(SlowedDown.words(result.retryAfterSeconds()));
            default ->
                messages.failed("Nothing was changed: the " + (me.isSecondFactor() ? "code" : "password")
                        + " for the confirmation is wrong.");
        }
        return false;
    }
}
