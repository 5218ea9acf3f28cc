package com.cognitionos.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.onboarding.boundary.Installation;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Takes the node out of the balancer's rounds while the database does not answer. */
@Readiness
@ApplicationScoped
public class DatabaseReadiness implements HealthCheck {

    private static final Caller CALLER = Caller.job("health");

    @EJB
    private Installation installation;

    @Override
    public HealthCheckResponse call() {
        try {
            CALLER.call(() -> installation.anyTenant());
            return HealthCheckResponse.up("database");
        } catch (RuntimeException unreachable) {
            return HealthCheckResponse.down("database");
        }
    }
}
