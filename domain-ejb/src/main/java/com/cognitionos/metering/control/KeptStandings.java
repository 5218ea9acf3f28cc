package com.cognitionos.metering.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock.Purpose;
import com.cognitionos.metering.entity.Allowance;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.rating.entity.Period;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Standings that this node has read before, with the facts on which they rest. A statement that looks at an allowance, or
 * holds some of it, says which facts it expects and does nothing where they have changed, on whatever node; so nobody has
 * to be told. It runs by itself, without a transaction around it: one round trip instead of four or seven.
 */
@ApplicationScoped
public class KeptStandings {

    static final int MOST_KEPT = 10_000;
    /** A standing that does not keep is looked for again. */
    static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

    private static final String TAKEN = "SELECT * FROM allowance_taken(?, ?, ?, ?, ?, ?)";
    private static final String HOLD = "SELECT * FROM hold_allowance(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    @Resource(lookup = "jdbc/cognitionos", shareable = false)
    private DataSource dataSource;

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @Inject
    private BusinessClock clock;

    @Inject
    private Standings standings;

    private final LongSupplier nanos;

    private final Map<UUID, Kept> kept = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Kept> eldest) {
            return size() > MOST_KEPT;
        }
    });

    /** @param standing null where there is none that {@link Standing#keeps} */
    private record Kept(String facts, @Nullable Standing standing, long readAt) {}

    /** @param counter as if expired reservations were given back by now */
    public record Taken(Standing standing, Allowance allowance, Counters.Counter counter) {}

    public KeptStandings() {
        this(System::nanoTime);
    }

    KeptStandings(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Calls on their way are counted nowhere yet, and what a transaction has done nobody else sees. */
    public boolean isFor(String meter) {
        return !meter.equals(ApiCallTail.METER)
                && !BusinessClock.isPinned()
                && transaction.getTransactionStatus() == Status.STATUS_NO_TRANSACTION;
    }

    /** Whether the standing of the caller's tenant is to be {@link #read} first. */
    public boolean isUnread() {
        Kept known = kept.get(Caller.currentTenant());
        return known == null || known.standing() == null && nanos.getAsLong() - known.readAt() >= AGAIN_AFTER.toNanos();
    }

    /** In a transaction that has changed nothing: what it changes might be taken back, and the same facts mean something else. */
    public void read() {
        Standings.Resting found =
                standings.resting().filter(one -> one.standing().keeps()).orElse(null);
        kept.put(
                Caller.currentTenant(),
                found == null
                        ? new Kept("", null, nanos.getAsLong())
                        : new Kept(found.facts(), found.standing(), nanos.getAsLong()));
    }

    /** What is taken of a counted meter; empty where that has to be found out in a transaction. */
    public Optional<Taken> taken(String meter) {
        Kept known = kept.get(Caller.currentTenant());
        Standing standing = known == null ? null : known.standing();
        Allowance allowance =
                standing == null ? null : standing.allowance(meter).orElse(null);
        if (known == null || standing == null || allowance == null || !allowance.isCounted()) {
            return Optional.empty();
        }
        Period month = standing.usagePeriod();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(TAKEN)) {
            bind(statement, meter, known.facts(), month);
            statement.setObject(6, clock.system().atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    forget(known);
                    return Optional.empty();
                }
                Instant present = Sql.instantOf(row, "present");
                UUID counter = row.getObject("counter_id", UUID.class);
                if (counter == null || !month.contains(present)) {
                    return Optional.empty();
                }
                return Optional.of(new Taken(
                        standing.at(present),
                        allowance,
                        new Counters.Counter(
                                counter,
                                new Counters.Key(meter, month),
                                row.getBigDecimal("used"),
                                row.getBigDecimal("reserved"))));
            }
        } catch (SQLException e) {
            throw new Sql.SqlFailure(e);
        }
    }

    /**
     * Holds a quantity of a meter that adds up, committed as this returns.
     *
     * @return the tenant's present at which it was held; empty, and nothing is held, where that has to be decided in a
     *     transaction
     */
    public Optional<Instant> hold(String meter, UUID reservation, BigDecimal quantity, Instant expiresAt) {
        Kept known = kept.get(Caller.currentTenant());
        Standing standing = known == null ? null : known.standing();
        Allowance allowance =
                standing == null ? null : standing.allowance(meter).orElse(null);
        if (known == null || standing == null || allowance == null || !allowance.isReservable()) {
            return Optional.empty();
        }
        Period month = standing.usagePeriod();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(HOLD)) {
            bind(statement, meter, known.facts(), month);
            statement.setObject(6, standing.entitledUntil(month).atOffset(ZoneOffset.UTC));
            statement.setBigDecimal(7, quantity);
            statement.setBigDecimal(8, allowance.limit());
            statement.setObject(9, reservation);
            statement.setObject(10, expiresAt.atOffset(ZoneOffset.UTC));
            statement.setString(11, Caller.current().subject());
            statement.setObject(12, clock.system().atOffset(ZoneOffset.UTC));
            statement.setLong(13, Purpose.BILLING.ordinal());
            statement.setLong(14, Purpose.ALLOWANCE.ordinal());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    forget(known);
                    return Optional.empty();
                }
                return row.getBoolean("held") ? Optional.of(Sql.instantOf(row, "present")) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new Sql.SqlFailure(e);
        }
    }

    private void forget(Kept old) {
        kept.remove(Caller.currentTenant(), old);
    }

    private static void bind(PreparedStatement statement, String meter, String facts, Period month)
            throws SQLException {
        statement.setObject(1, Caller.currentTenant());
        statement.setString(2, meter);
        statement.setString(3, facts);
        statement.setObject(4, month.start().atOffset(ZoneOffset.UTC));
        statement.setObject(5, month.end().atOffset(ZoneOffset.UTC));
    }
}
