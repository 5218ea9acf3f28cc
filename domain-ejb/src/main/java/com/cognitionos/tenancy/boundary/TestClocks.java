package com.cognitionos.tenancy.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The clocks of test tenants (TEN-5). A live tenant has none: not found. */
@Stateless
@TenantWall
public class TestClocks {

    /** The first plans are sold from then on. */
    private static final Instant EARLY = Instant.EPOCH;

    private static final Instant FAR = Instant.parse("2200-01-01T00:00:00Z");

    @Inject
    private Sql sql;

    @Inject
    private AuditLog audit;

    /** @param target where the clock is on its way to; null when it stands */
    public record TestClock(Instant now, @Nullable Instant target) {

        /** {@code ready} or {@code advancing}. */
        public String status() {
            return target == null ? "ready" : "advancing";
        }
    }

    /** @throws Problem INVALID ({@code out_of_range}) */
    public static void checkStart(Instant at) {
        if (at.isBefore(EARLY) || at.isAfter(FAR)) {
            throw Problem.invalid(
                    "test_clock_start", "out_of_range", "a test clock starts from " + EARLY + " to " + FAR);
        }
    }

    public void start(Instant at) {
        sql.update("INSERT INTO test_clocks (tenant_id, now) VALUES (?, ?)", Caller.currentTenant(), at);
    }

    /** @throws Problem NOT_FOUND for a live tenant */
    public TestClock current() {
        return sql.queryOne(
                        "SELECT now, target FROM test_clocks WHERE tenant_id = ?",
                        row -> new TestClock(Sql.instant(row, "now"), Sql.instant(row, "target")),
                        Caller.currentTenant())
                .orElseThrow(() -> Problem.notFound("test clock"));
    }

    /**
     * Sends the clock on its way; the billing component moves it, doing what falls due.
     *
     * @throws Problem INVALID when the target lies before the clock or before where it is going
     */
    public TestClock sendTo(Instant wanted) {
        Instant target = wanted.truncatedTo(ChronoUnit.MICROS);
        TestClock clock = lock();
        Instant earliest = clock.target() == null ? clock.now() : clock.target();
        if (target.isBefore(earliest)) {
            throw Problem.invalid("now", "clock_backwards", "a test clock only goes forward; it is at " + earliest);
        }
        if (target.isAfter(FAR)) {
            throw Problem.invalid("now", "out_of_range", "a test clock goes no further than " + FAR);
        }
        sql.update("UPDATE test_clocks SET target = ? WHERE tenant_id = ?", target, Caller.currentTenant());
        audit.record(
                "test_clock.moved", Caller.currentTenant().toString(), Map.of("now", earliest), Map.of("now", target));
        return new TestClock(clock.now(), target);
    }

    /** The clock has come to this instant on its way; at its target it stands. */
    public void tick(Instant to) {
        sql.update("""
                UPDATE test_clocks SET now = greatest(now, ?), target = CASE WHEN target > ? THEN target END
                WHERE tenant_id = ?""", to, to, Caller.currentTenant());
    }

    /**
     * The clock passes this instant; it stands only after {@link #tick}, when all that falls due there is done. Where it is on
     * its way to an earlier one, as an invoice run comes in between, it goes on from here.
     */
    public void pass(Instant at) {
        sql.update("""
                UPDATE test_clocks SET now = greatest(now, ?), target = CASE WHEN target < ? THEN ? ELSE target END
                WHERE tenant_id = ?""", at, at, at, Caller.currentTenant());
    }

    /** The tenants whose clock is on its way; for the platform. */
    public List<UUID> advancing() {
        return sql.query(
                "SELECT tenant_id FROM test_clocks WHERE target IS NOT NULL ORDER BY tenant_id",
                row -> row.getObject("tenant_id", UUID.class));
    }

    private TestClock lock() {
        sql.query(
                "SELECT 1 FROM test_clocks WHERE tenant_id = ? FOR UPDATE",
                row -> row.getInt(1),
                Caller.currentTenant());
        return current();
    }
}
