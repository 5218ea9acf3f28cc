package com.cognitionos.rest;

import com.cognitionos.gateway.boundary.Admission;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.metering.boundary.ApiCalls;
import jakarta.annotation.Priority;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Holds the matched method against what the caller may do (RES-1), then counts the call of a tenant's key (MET-11). */
@Provider
@ApplicationScoped
@Priority(Priorities.AUTHORIZATION)
public class ScopeGate implements ContainerRequestFilter, ContainerResponseFilter {

    /** How paths name the tenant they are about. */
    public static final String TENANT = "tenant";

    private static final String COUNTED = "com.cognitionos.api-call";

    @Context
    private ResourceInfo resource;

    @Context
    private HttpServletRequest servletRequest;

    @EJB
    private ApiCalls apiCalls;

    /** No reply leaves before its call is committed. */
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(COUNTED) instanceof ApiCalls.Pending counted) {
            counted.join();
        }
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Method method = resource.getResourceMethod();
        if (method.isAnnotationPresent(Public.class)) {
            return;
        }
        String scope = scope(method);
        if (!Caller.isPresent()) {
            throw new Problem(
                    Problem.Kind.UNAUTHENTICATED,
                    "unauthenticated",
                    "The API key is missing, unknown, revoked or expired; send it as Authorization: Bearer cog_….");
        }
        Caller caller = Caller.current();
        if (!caller.may(scope)) {
            throw new Problem(Problem.Kind.FORBIDDEN, "insufficient_scope", "This key lacks the scope " + scope + ".");
        }
        requireSelected(request.getUriInfo().getPathParameters().getFirst(TENANT), caller.tenant());
        if (!caller.platform() && !isOpenWhenSuspended(method) && isSuspended()) {
            throw new Problem(
                    Problem.Kind.FORBIDDEN,
                    "tenant_suspended",
                    "The tenant is suspended; only its billing is open, so that it can pay.");
        }
        if (!caller.platform() && !isUncounted(method)) {
            request.setProperty(COUNTED, apiCalls.begin());
        }
    }

    /** Closed by default: what names no scope is nobody's, whatever the caller may. */
    static String scope(Method method) {
        RequiresScope declared = method.getAnnotation(RequiresScope.class);
        if (declared == null) {
            throw new Problem(Problem.Kind.FORBIDDEN, "forbidden", "Nobody may call this.");
        }
        return declared.value();
    }

    /** The gate has read the same path by its own pattern; should the two ever differ, nothing is served. */
    static void requireSelected(@Nullable String named, @Nullable UUID selected) {
        if (named != null
                && !Texts.uuid(named).filter(id -> id.equals(selected)).isPresent()) {
            throw Problem.notFound("tenant");
        }
    }

    static boolean isOpenWhenSuspended(Method method) {
        return method.isAnnotationPresent(OpenWhenSuspended.class)
                || method.getDeclaringClass().isAnnotationPresent(OpenWhenSuspended.class);
    }

    static boolean isUncounted(Method method) {
        return method.isAnnotationPresent(Uncounted.class)
                || method.getDeclaringClass().isAnnotationPresent(Uncounted.class);
    }

    private boolean isSuspended() {
        // As the gate has read it with the key, in the same statement.
        return ApiGate.admission(servletRequest)
                .map(Admission::tenant)
                .filter(tenant -> tenant.status().equals("suspended"))
                .isPresent();
    }
}
