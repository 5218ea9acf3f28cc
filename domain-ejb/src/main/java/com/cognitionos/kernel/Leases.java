package com.cognitionos.kernel;

import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Who works on what, by the database's clock, so that those of the nodes need not agree (KER-9); for the platform. */
@Stateless
@TenantWall
public class Leases {

    /** How long a lease lasts without being kept; whoever works keeps it several times meanwhile. */
    private static final int LASTS_S = 15;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String HOLDER = holder();

    @Inject
    private Sql sql;

    @Resource
    private SessionContext session;

    /**
     * Takes what nobody works on.
     *
     * @return empty while somebody does, or may still be about to commit
     */
    public Optional<Lease> take(String name) {
        try {
            // A transaction of whoever had it holds it until it ends; it is asked for again then.
            sql.query("SELECT set_config('lock_timeout', '3s', true)", row -> 0);
            return sql.queryOne("""
                    INSERT INTO leases AS l (name, holder, until)
                    VALUES (?, ?, clock_timestamp() + make_interval(secs => ?))
                    ON CONFLICT (name) DO UPDATE SET fence = excluded.fence, holder = excluded.holder,
                        until = clock_timestamp() + make_interval(secs => ?)
                    WHERE l.until < now() RETURNING fence""", row -> new Lease(name, row.getLong("fence")), name, HOLDER, LASTS_S, LASTS_S);
        } catch (Sql.SqlFailure held) {
            if (!held.sqlState().equals(LOCK_NOT_AVAILABLE)) {
                throw held;
            }
            session.setRollbackOnly();
            return Optional.empty();
        }
    }

    /**
     * As {@link #take(String)}, for work that has an end.
     *
     * @param unfinished asked after the lease was taken: whoever had it before may have ended the work the moment before
     * @return empty also when it is at its end
     */
    public Optional<Lease> take(String name, BooleanSupplier unfinished) {
        Optional<Lease> lease = take(name);
        if (lease.isPresent() && !unfinished.getAsBoolean()) {
            release(lease.get());
            return Optional.empty();
        }
        return lease;
    }

    /** Makes it last again. @return whether it is still this one */
    public boolean keep(Lease lease) {
        return sql.update(
                        "UPDATE leases SET until = clock_timestamp() + make_interval(secs => ?) WHERE name = ? AND fence = ?",
                        LASTS_S,
                        lease.name(),
                        lease.fence())
                == 1;
    }

    /** Gives it back: others need not wait for its end. */
    public void release(Lease lease) {
        sql.update("DELETE FROM leases WHERE name = ? AND fence = ?", lease.name(), lease.fence());
    }

    private static String holder() {
        long process = ProcessHandle.current().pid();
        try {
            return process + "@" + InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return process + "@localhost";
        }
    }
}
