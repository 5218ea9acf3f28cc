package com.cognitionos.container;

import com.cognitionos.entitlement.boundary.RequiresEntitlement;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;

/** Work that uses what a plan gives: a CDI bean without a transaction and an EJB with one. */
@ApplicationScoped
public class Workshop {

    @RequiresEntitlement(feature = "executions", quantity = 3)
    public <T> T executes(Supplier<T> work) {
        return work.get();
    }

    @RequiresEntitlement(feature = "plugins")
    public String plugs() {
        return "plugged";
    }

    @RequiresEntitlement(feature = "bananas")
    public String peels() {
        return "peeled";
    }

    /** As an EJB. */
    @Stateless
    @TenantWall
    public static class Transactional {

        @RequiresEntitlement(feature = "executions", quantity = 3)
        public <T> T executes(Supplier<T> work) {
            return work.get();
        }
    }
}
