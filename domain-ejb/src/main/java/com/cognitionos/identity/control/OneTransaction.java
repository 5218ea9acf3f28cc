package com.cognitionos.identity.control;

import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import java.util.function.Supplier;

/** Does what a boundary, itself outside of a transaction, wants done in one; the caller's where it has one. */
@Stateless
@TenantWall
public class OneTransaction {

    public <T> T call(Supplier<T> work) {
        return work.get();
    }
}
