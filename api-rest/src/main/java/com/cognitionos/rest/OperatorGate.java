package com.cognitionos.rest;

import com.cognitionos.gateway.boundary.OperatorActs;
import com.cognitionos.kernel.Caller;
import jakarta.annotation.Priority;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;

/** After the scopes: each writing request of the platform for a tenant is entered in that tenant's log (GAT-11). */
@Provider
@ApplicationScoped
@Priority(Priorities.AUTHORIZATION + 100)
public class OperatorGate implements ContainerRequestFilter {

    private static final Set<String> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    @Context
    private HttpServletRequest servletRequest;

    @EJB
    private OperatorActs acts;

    @Override
    public void filter(ContainerRequestContext request) {
        if (Caller.isPresent()
                && Caller.current().platform()
                && Caller.current().tenant() != null
                && !READING.contains(request.getMethod())) {
            acts.begins(request.getMethod(), servletRequest.getRequestURI(), Trace.of(servletRequest));
        }
    }
}
