package com.cognitionos.identity.portal;

import com.cognitionos.kernel.Caller;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.UUID;

/** Takes somebody of the platform into a tenant, who works there from the next request on with the scopes of the platform. */
@RequestScoped
public class ActingFor {

    @EJB
    private Tenants tenants;

    @Inject
    private Me me;

    @Inject
    private ExternalContext external;

    /** @param path of the page there @throws com.cognitionos.kernel.Problem NOT_FOUND */
    public void enter(UUID tenant, String path) throws IOException {
        Caller.current().require("operator:read");
        Caller.current().in(tenant).call(tenants::current);
        me.remember(me.session().workingIn(tenant));
        external.redirect(path);
    }
}
