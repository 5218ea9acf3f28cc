package com.cognitionos.kernel;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionSynchronizationRegistry;
import org.jspecify.annotations.Nullable;

/** The database role that the current transaction has taken on, and the only place that takes one on (KER-2). */
@ApplicationScoped
public class DatabaseRole {

    private static final String SCOPE = "com.cognitionos.database-scope";
    private static final String FENCED = "com.cognitionos.fenced";
    private static final Scope NOBODY = new Scope("none", "");
    private static final Scope PLATFORM = new Scope("cog_platform", "");
    private static final Scope BATCH = new Scope("cog_batch", "");

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @Inject
    private Sql sql;

    /** A role and the tenant whose rows it sees; the platform's has none. */
    record Scope(String role, String tenant) {
        static Scope of(Caller caller) {
            return caller.tenant() == null
                    ? PLATFORM
                    : new Scope("cog_rt", caller.tenant().toString());
        }
    }

    /** Whether a transaction that has taken on one role may go on in it where another is wanted. */
    static boolean isWithin(@Nullable Scope present, Scope wanted) {
        return wanted.equals(present) || BATCH.equals(present) && PLATFORM.equals(wanted);
    }

    /** Null before the first boundary of a transaction. */
    @Nullable
    Scope current() {
        return (Scope) transaction.getResource(SCOPE);
    }

    /** @throws LeaseLost at the first role of a transaction by a {@link Lease} that somebody else has taken since */
    void take(Scope scope) {
        Lease lease = transaction.getResource(FENCED) == null ? Lease.current().orElse(null) : null;
        // Local to the transaction: a session-wide setting would leak to the pool's next user.
        if (lease == null) {
            sql.query(
                    "SELECT set_config('role', ?, true), set_config('app.tenant_id', ?, true)",
                    row -> 0,
                    scope.role(),
                    scope.tenant());
        } else {
            takeBy(lease, scope);
        }
        transaction.putResource(SCOPE, scope);
    }

    private void takeBy(Lease lease, Scope scope) {
        boolean held = sql.queryOne(
                        "SELECT set_config('role', ?, true), set_config('app.tenant_id', ?, true), hold_lease(?, ?)",
                        row -> row.getBoolean(3),
                        scope.role(),
                        scope.tenant(),
                        lease.name(),
                        lease.fence())
                .orElse(false);
        if (!held) {
            transaction.setRollbackOnly();
            throw new LeaseLost(lease);
        }
        transaction.putResource(FENCED, lease);
    }

    /**
     * From here to the end of the platform's transaction, also in the boundaries that it calls: the role that writes for
     * many tenants at once, which row security does not keep apart. Each of its statements names its tenants itself.
     *
     * @throws IllegalStateException in a tenant's transaction
     */
    public void becomeBatch() {
        if (!PLATFORM.equals(current())) {
            throw new IllegalStateException("only the platform's own transaction writes for many tenants");
        }
        take(BATCH);
    }

    /**
     * For what a component keeps of its own beside the business data of whoever's transaction it is, such as the audit
     * log: the work runs as the platform, and afterwards the transaction is whose it was. The work uses {@link Sql}
     * only, calls no boundary, and leaves nothing behind that is checked at the commit. If it fails, so does the
     * transaction.
     */
    public void asPlatform(Runnable work) {
        Scope before = current();
        if (PLATFORM.equals(before)) {
            work.run();
            return;
        }
        take(PLATFORM);
        try {
            work.run();
        } catch (RuntimeException e) {
            transaction.setRollbackOnly();
            throw e;
        }
        take(before == null ? NOBODY : before);
        transaction.putResource(SCOPE, before);
    }
}
