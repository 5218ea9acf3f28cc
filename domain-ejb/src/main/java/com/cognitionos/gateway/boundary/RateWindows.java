package com.cognitionos.gateway.boundary;

import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;

/** The housekeeping of the rate limits (GAT-8). */
@Stateless
@TenantWall
public class RateWindows {

    @Inject
    private Sql sql;

    /** Forgets who has not been admitted for two minutes. @return how many */
    public int forgetIdle() {
        // A row that is locked is in use at this moment.
        return sql.queryOne("""
                        WITH idle AS (
                            SELECT subject, id FROM rate_limit_tracking
                            WHERE last_at < clock_timestamp() - interval '2 minutes' FOR UPDATE SKIP LOCKED),
                        slots AS (
                            DELETE FROM rate_limit_slots s USING idle WHERE s.tracking_id = idle.id),
                        gone AS (
                            DELETE FROM rate_limit_tracking t USING idle WHERE t.subject = idle.subject RETURNING 1)
                        SELECT count(*) FROM gone""", row -> row.getInt(1)).orElse(0);
    }
}
