package com.cognitionos.audit.boundary;

import com.cognitionos.kernel.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was done, by whom and from where (SPEC section 9). An entry belongs to the transaction that does it: both are
 * committed or neither.
 */
@ApplicationScoped
public class AuditLog {

    /**
     * Enters what the current caller does in its tenant, or in the platform's own log when it works across tenants.
     *
     * @param action {@code <what>.<done>}, such as {@code api_key.revoked}
     * @param target the id of what it was done to
     * @param before its state before, as far as it changed; null for something new; never a secret
     * @param after its state after; null for something that is gone
     * @throws IllegalStateException outside of a transaction
     */
    public void record(String action, String target, @Nullable Map<String, ?> before, @Nullable Map<String, ?> after) {
        record(Caller.current().tenant(), action, target, before, after);
    }

    /** As above, into the log of that tenant; the caller works for the platform. @param tenant null for the platform's */
    public void record(
            @Nullable UUID tenant,
            String action,
            String target,
            @Nullable Map<String, ?> before,
            @Nullable Map<String, ?> after) {
        // filled in by the audit component
    }
}
