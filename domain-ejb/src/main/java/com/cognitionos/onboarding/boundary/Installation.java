package com.cognitionos.onboarding.boundary;

import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.Optional;

/** What this installation remembers of itself. Runs for the platform. */
@Stateless
@TenantWall
public class Installation {

    @Inject
    private Sql sql;

    public Optional<String> recall(String key) {
        return sql.queryOne("SELECT value FROM installation WHERE key = ?", row -> row.getString("value"), key);
    }

    /** The first value that is remembered for a key stays. @return the value that stands */
    public String rememberFirst(String key, String value) {
        sql.update("INSERT INTO installation (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING", key, value);
        return recall(key).orElseThrow();
    }

    public boolean anyTenant() {
        return sql.queryOne("SELECT 1 FROM tenants LIMIT 1", row -> true).isPresent();
    }

    /**
     * What would make the tenant wall useless: a sign-in that passes it by.
     *
     * @return the fault in words; empty when all is well
     */
    public Optional<String> faultOfDatabaseRole() {
        return sql.queryOne("""
                SELECT CASE
                    WHEN r.rolsuper THEN 'is a superuser'
                    WHEN r.rolbypassrls THEN 'bypasses row security'
                    WHEN EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p')) THEN 'owns tables'
                END AS fault
                FROM pg_roles r WHERE r.rolname = session_user""", row -> Optional.ofNullable(row.getString("fault")))
                .flatMap(fault -> fault);
    }
}
