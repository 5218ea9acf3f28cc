package com.cognitionos.kernel;

import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Objects;

/**
 * The one place that tells the database whose transaction this is. Nested boundaries of the same caller cost nothing;
 * a nested boundary of another caller (a job that goes from tenant to tenant) switches and switches back.
 */
@TenantWall
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
public class TenantWallInterceptor {

    private static final String SCOPE = "com.cognitionos.database-scope";

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private Sql sql;

    @AroundInvoke
    Object enter(InvocationContext context) throws Exception {
        if (transaction.getTransactionStatus() != Status.STATUS_ACTIVE) {
            return context.proceed();
        }
        DatabaseScope before = (DatabaseScope) transaction.getResource(SCOPE);
        DatabaseScope wanted = DatabaseScope.of(Caller.current());
        if (Objects.equals(before, wanted)) {
            return context.proceed();
        }
        if (before != null) {
            settle();
        }
        take(wanted);
        try {
            return context.proceed();
        } finally {
            if (before != null && transaction.getTransactionStatus() == Status.STATUS_ACTIVE) {
                settle();
                take(before);
            }
        }
    }

    /** What was changed as one role is written and checked as that role, not at the commit as another. */
    private void settle() {
        entities.flush();
        sql.update("SET CONSTRAINTS ALL IMMEDIATE");
        sql.update("SET CONSTRAINTS ALL DEFERRED");
    }

    private void take(DatabaseScope scope) {
        // Local to the transaction: a session-wide setting would leak to the pool's next user.
        sql.query(
                "SELECT set_config('role', ?, true), set_config('app.tenant_id', ?, true)",
                row -> row.getString(1),
                scope.role(),
                scope.tenant());
        transaction.putResource(SCOPE, scope);
    }

    private record DatabaseScope(String role, String tenant) {
        static DatabaseScope of(Caller caller) {
            return caller.tenant() == null
                    ? new DatabaseScope("cog_platform", "")
                    : new DatabaseScope("cog_rt", caller.tenant().toString());
        }
    }
}
