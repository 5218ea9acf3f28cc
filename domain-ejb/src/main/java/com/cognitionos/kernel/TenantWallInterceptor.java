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

/**
 * The one place that tells the database whose transaction this is. Nested boundaries of the same caller cost nothing;
 * a nested boundary of another caller (a job that goes from tenant to tenant) switches and switches back.
 */
@TenantWall
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
public class TenantWallInterceptor {

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private Sql sql;

    @Inject
    private DatabaseRole role;

    @AroundInvoke
    Object enter(InvocationContext context) throws Exception {
        if (transaction.getTransactionStatus() != Status.STATUS_ACTIVE) {
            return context.proceed();
        }
        DatabaseRole.Scope before = role.current();
        DatabaseRole.Scope wanted = DatabaseRole.Scope.of(Caller.current());
        if (DatabaseRole.isWithin(before, wanted)) {
            return context.proceed();
        }
        if (before != null) {
            settle();
        }
        role.take(wanted);
        try {
            return context.proceed();
        } finally {
            if (before != null && transaction.getTransactionStatus() == Status.STATUS_ACTIVE) {
                settle();
                role.take(before);
            }
        }
    }

    /** What was changed as one role is written and checked as that role, not at the commit as another. */
    private void settle() {
        entities.flush();
        sql.update("SET CONSTRAINTS ALL IMMEDIATE");
        sql.update("SET CONSTRAINTS ALL DEFERRED");
    }
}
