package com.cognitionos.container;

import com.cognitionos.entitlement.boundary.RequiresEntitlement;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;

/** Work that uses what a plan gives, in a CDI bean without a transaction. */
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
}
