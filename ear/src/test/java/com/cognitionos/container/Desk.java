package com.cognitionos.container;

import com.cognitionos.kernel.RequiresScope;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;

/** A bean as the portal's pages have them: named, with actions that say who may. */
@Named
@RequestScoped
@RequiresScope("usage:read")
public class Desk {

    @RequiresScope("usage:write")
    public String changes() {
        return "changed";
    }

    public String looks() {
        return "seen";
    }
}
