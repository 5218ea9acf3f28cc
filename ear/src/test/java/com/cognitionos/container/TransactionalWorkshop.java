package com.cognitionos.container;

import com.cognitionos.entitlement.boundary.RequiresEntitlement;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import java.util.function.Supplier;

/** As {@link Workshop}, in an EJB with a transaction. */
@Stateless
@TenantWall
public class TransactionalWorkshop {

    public void together(Runnable work) {
        work.run();
    }

    @RequiresEntitlement(feature = "executions", quantity = 3)
    public <T> T executes(Supplier<T> work) {
        return work.get();
    }
}
