package com.cognitionos.kernel;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;

/** Refuses what the caller's scopes do not cover; a method that names none inherits its class's. */
@RequiresScope
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_BEFORE)
public class RequiresScopeInterceptor {

    @AroundInvoke
    Object check(InvocationContext context) throws Exception {
        RequiresScope wanted = context.getMethod().getAnnotation(RequiresScope.class);
        if (wanted == null) {
            wanted = context.getMethod().getDeclaringClass().getAnnotation(RequiresScope.class);
        }
        if (wanted == null) {
            throw new IllegalStateException("bound to nothing: " + context.getMethod());
        }
        Caller caller = Caller.current();
        if (!caller.may(wanted.value())) {
            SecurityLog.refused(SecurityLog.Event.SCOPE_REFUSED, caller.subject(), caller.origin(), null);
        }
        caller.require(wanted.value());
        return context.proceed();
    }
}
