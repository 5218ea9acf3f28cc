package com.cognitionos.kernel;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/**
 * Locks of the caller's tenant that last until the transaction ends, for what two requests at once must not both decide
 * on. They lie in the database, so they hold across nodes; one lock says nothing about another.
 */
@ApplicationScoped
public class TenantLock {

    /** What is decided on. The order is part of the lock's number and so must not change while nodes run. */
    public enum Purpose {
        /** Which events belong to a month that is being invoiced; ingestion shares it. */
        BILLING,
        SUBSCRIBING,
        /** Whether usage still fits into an allowance. */
        ALLOWANCE,
        PAYING,
        /** Which card is the default. */
        CARDS,
        SLUG,
        /** Which rates of a tax are in force when. */
        TAX_RATES,
        /** Which webhook goes out next. */
        SENDING,
        /** How many budgets there are. */
        BUDGETS,
        /** Which hours a rollup makes. */
        ROLLING_UP,
        /** How many files of usage wait. */
        UPLOADING
    }

    @Inject
    private Sql sql;

    /** Waits for whoever has or shares it. */
    public void take(Purpose purpose) {
        take(purpose, Caller.currentTenant().toString());
    }

    /** Waits for whoever has it; many may share it. */
    public void share(Purpose purpose) {
        sql.query(
                "SELECT pg_advisory_xact_lock_shared(hashtextextended(?, ?))",
                row -> 0,
                Caller.currentTenant().toString(),
                (long) purpose.ordinal());
    }

    /** Those of these tenants whose lock was free and is taken now; nobody is waited for. */
    public Set<UUID> tryTake(Purpose purpose, Collection<UUID> tenants) {
        return Set.copyOf(sql.query(
                """
                SELECT tenant FROM unnest(?::uuid[]) AS tenant
                WHERE pg_try_advisory_xact_lock(hashtextextended(tenant::text, ?))""", row -> row.getObject("tenant", UUID.class), new Sql.Array("uuid", tenants.toArray()), (long)
                        purpose.ordinal()));
    }

    /** A lock on something else than the tenant, a slug for example. */
    public void take(Purpose purpose, String what) {
        sql.query("SELECT pg_advisory_xact_lock(hashtextextended(?, ?))", row -> 0, what, (long) purpose.ordinal());
    }
}
