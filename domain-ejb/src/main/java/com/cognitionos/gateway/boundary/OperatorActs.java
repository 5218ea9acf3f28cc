package com.cognitionos.gateway.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.Map;

/** Enters in a tenant's log that somebody of the platform acts for it (GAT-11). */
@Stateless
@TenantWall
public class OperatorActs {

    @Inject
    private AuditLog audit;

    /**
     * Committed before the act itself begins, so that none goes unrecorded; whether it then succeeded is said by the
     * entries of the act.
     *
     * @param trace the id that the reply and the server's log carry
     */
    public void begins(String method, String path, String trace) {
        audit.record(
                "operator.acted",
                Caller.currentTenant().toString(),
                null,
                Map.of("method", method, "path", path, "trace_id", trace));
    }
}
