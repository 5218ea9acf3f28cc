package com.cognitionos.metering.boundary;

import com.cognitionos.catalog.entity.Amounts;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.control.ApiCallTail;
import com.cognitionos.metering.control.Counters;
import com.cognitionos.metering.control.KeptStandings;
import com.cognitionos.metering.control.Limits;
import com.cognitionos.metering.control.Refusals;
import com.cognitionos.metering.control.Standings;
import com.cognitionos.metering.control.UsageLog;
import com.cognitionos.metering.entity.Allowance;
import com.cognitionos.metering.entity.Refusal;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.Period;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is left of a tenant's allowances, and quantities of them kept for a while (MET-8 to MET-10). */
@Stateless
@TenantWall
public class Allowances {

    public static final Duration MIN_TTL = Duration.ofSeconds(1);
    public static final Duration MAX_TTL = Duration.ofDays(1);
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(60);

    private static final String COLUMNS = "id, meter, quantity, state, committed, reserved_at, expires_at";

    private static final String HOLD = """
            WITH held AS (
                UPDATE usage_counters SET reserved = reserved + ?
                WHERE tenant_id = ? AND id = ? AND (?::numeric IS NULL OR used + reserved + ? <= ?::numeric)
                RETURNING id
            )
            INSERT INTO usage_reservations
                (tenant_id, id, counter_id, meter, quantity, state, reserved_at, expires_at, created_by)
            SELECT ?::uuid, ?::uuid, id, ?, ?::numeric, 'held', ?::timestamptz, ?::timestamptz, ? FROM held
            RETURNING\s""" + COLUMNS;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private TenantLock locks;

    @Inject
    private Standings standings;

    @Inject
    private Counters counters;

    @Inject
    private Limits limits;

    @Inject
    private Refusals refusals;

    @Inject
    private UsageLog log;

    @Inject
    private ApiCallTail apiCalls;

    @Inject
    private KeptStandings kept;

    @EJB
    private Allowances self;

    /**
     * The most that a month's overage may cost.
     *
     * @param amountCents null is no cap
     * @param spentCents what the running month's overage comes to, with what is held and levels kept to its end
     */
    public record SpendingCap(@Nullable Long amountCents, long spentCents) {}

    /** The limits that hold, by meter; those of the last subscription when none is live. */
    public Map<String, Allowance> limits() {
        return standings.latest().map(Standing::allowances).orElse(List.of()).stream()
                .collect(Collectors.toMap(allowance -> allowance.meter().code(), allowance -> allowance));
    }

    /** Why nothing at all may be used now, if so. */
    public Optional<Refusal> notEntitled() {
        return standings
                .current()
                .map(standing -> standing.notEntitled(standing.now()))
                .orElseGet(() -> Optional.of(Standing.noSubscription()));
    }

    /**
     * How every meter stands; nothing is held by looking.
     *
     * @param quantity how much more would be used of each; of a level, by how much it would rise
     * @return in the plan's order; empty without a live subscription
     */
    public List<MeterUse> look(BigDecimal quantity) {
        locks.share(TenantLock.Purpose.BILLING);
        Standing standing = standings.current().orElse(null);
        if (standing == null) {
            return List.of();
        }
        Period month = standing.monthOf(standing.now());
        List<Counters.Key> sums = Limits.sums(month, standing);
        // Before anything is stored in the same transaction: afterwards two could wait for each other.
        Map<Counters.Key, Counters.Counter> counted = counters.ensured(sums);
        if (apiCalls.flush() + counters.expire() > 0) {
            counted = counters.ensured(sums);
        }
        Map<String, BigDecimal> projected = standing.capped() ? limits.unlocked(month, standing) : Map.of();
        List<MeterUse> uses = new ArrayList<>();
        for (Allowance allowance : standing.allowances()) {
            Counters.Counter counter =
                    counted.get(new Counters.Key(allowance.meter().code(), month));
            uses.add(look(allowance, counter, quantity, standing, month, projected));
        }
        return uses;
    }

    /**
     * As {@link #look(BigDecimal)} of one meter: two statements and no lock where no spending cap and no calls on their way
     * ask for more.
     *
     * @return empty without a live subscription, and for what its plan does not meter
     */
    public Optional<MeterUse> look(String meter, BigDecimal quantity) {
        Standing standing = standings.current().orElse(null);
        Allowance allowance =
                standing == null ? null : standing.allowance(meter).orElse(null);
        if (standing == null || allowance == null) {
            return Optional.empty();
        }
        Period month = standing.monthOf(standing.now());
        Counters.Counter counter = allowance.isCounted()
                ? counters.seen(new Counters.Key(meter, month)).orElse(null)
                : null;
        boolean counted = counter != null || !allowance.isCounted();
        if (!counted || standing.capped() || meter.equals(ApiCallTail.METER)) {
            return look(quantity).stream()
                    .filter(use -> use.allowance().meter().code().equals(meter))
                    .findFirst();
        }
        return Optional.of(look(allowance, counter, quantity, standing, month, Map.of()));
    }

    /**
     * As {@link #look(String, BigDecimal)} in a single statement, by what was read before and still holds; not inside a
     * transaction.
     *
     * @return empty where it takes a transaction to find out
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public Optional<MeterUse> lookAtOnce(String meter, BigDecimal quantity) {
        return isKept(meter)
                ? kept.taken(meter)
                        .map(taken -> look(
                                taken.allowance(),
                                taken.counter(),
                                quantity,
                                taken.standing(),
                                taken.counter().key().month(),
                                Map.of()))
                : Optional.empty();
    }

    private boolean isKept(String meter) {
        if (!kept.isFor(meter)) {
            return false;
        }
        if (kept.isUnread()) {
            self.keepStanding();
        }
        return true;
    }

    /** For {@link #lookAtOnce} and {@link #reserveAtOnce}: reads what they go by. */
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public void keepStanding() {
        kept.read();
    }

    private MeterUse look(
            Allowance allowance,
            Counters.@Nullable Counter counter,
            BigDecimal quantity,
            Standing standing,
            Period month,
            Map<String, BigDecimal> projected) {
        String meter = allowance.meter().code();
        BigDecimal used;
        BigDecimal reserved = BigDecimal.ZERO;
        Optional<Refusal> refusal = standing.notEntitled(standing.now());
        if (counter != null) {
            used = counter.used();
            reserved = counter.reserved();
            BigDecimal after = counter.taken().add(quantity);
            refusal = refusal.or(() -> standing.aboveLimit(allowance, after))
                    .or(() -> standing.aboveCap(allowance, projected, after));
        } else {
            used = limits.level(allowance, month, standing.now());
            BigDecimal level = used.add(quantity);
            refusal = refusal.or(() -> standing.aboveLimit(allowance, level))
                    .or(() -> limits.wouldRise(allowance, level, standing));
        }
        return new MeterUse(allowance, month, Sql.plain(used), Sql.plain(reserved), refusal.orElse(null));
    }

    /**
     * Keeps a quantity of a meter that adds up for the caller, until it commits or releases it or the time is over.
     *
     * @param quantity above 0, at most 6 decimal places
     * @param ttl from {@link #MIN_TTL} to {@link #MAX_TTL}
     * @throws Problem PAYMENT_REQUIRED ({@code entitlement_exceeded}) when it does not fit, INVALID, NOT_FOUND
     */
    public Reservation reserve(String meter, BigDecimal quantity, Duration ttl) {
        if (!isInRange(ttl)) {
            throw Problem.invalid(
                    "ttl_seconds",
                    "out_of_range",
                    "ttl_seconds must be from " + MIN_TTL.toSeconds() + " to " + MAX_TTL.toSeconds());
        }
        requireQuantity(quantity);
        if (quantity.signum() == 0) {
            throw Problem.invalid("quantity", "out_of_range", "quantity must be above 0");
        }
        locks.share(TenantLock.Purpose.BILLING);
        Standing standing =
                standings.current().orElseThrow(() -> Standing.noSubscription().problem());
        standing.notEntitled(standing.now()).ifPresent(refusal -> {
            throw refusal.problem();
        });
        Allowance allowance = standing.allowance(meter)
                .filter(Allowance::isReservable)
                .orElseThrow(() -> Problem.invalid(
                        "feature", "not_reservable", "Only what adds up can be reserved, and " + meter + " does not."));
        Hold hold = new Hold(meter, quantity, standing.now(), clock.system().plus(ttl));
        if (standing.capped()) {
            // Before its counter is touched: a cap is decided on with those of all meters, which are locked in their
            // order.
            if (meter.equals(ApiCallTail.METER)) {
                apiCalls.flush();
            }
            requireAdmitted(hold, allowance, standing);
            return hold(hold, counter(hold, standing), null).orElseThrow();
        }
        UUID counter = counter(hold, standing);
        if (meter.equals(ApiCallTail.METER)) {
            apiCalls.flush();
        }
        return hold(hold, counter, allowance.limit()).orElseGet(() -> {
            requireAdmitted(hold, allowance, standing);
            return hold(hold, counter, null).orElseThrow();
        });
    }

    /**
     * As {@link #reserve} in a single statement, by what was read before and still holds; not inside a transaction. Committed
     * as this returns.
     *
     * @return empty, and nothing is reserved, where it takes a transaction to decide, or there is something to complain of
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public Optional<Reservation> reserveAtOnce(String meter, BigDecimal quantity, Duration ttl) {
        if (!isPositive(quantity) || !isInRange(ttl) || !isKept(meter)) {
            return Optional.empty();
        }
        UUID id = Ids.next();
        Instant until = clock.system().plus(ttl);
        return kept.hold(meter, id, quantity, until)
                .map(at -> new Reservation(id, meter, Sql.plain(quantity), "held", null, at, until));
    }

    private static boolean isInRange(Duration ttl) {
        return ttl.compareTo(MIN_TTL) >= 0 && ttl.compareTo(MAX_TTL) <= 0;
    }

    private static boolean isPositive(BigDecimal quantity) {
        return quantity.signum() > 0 && isQuantity(quantity);
    }

    private UUID counter(Hold hold, Standing standing) {
        return counters.toChange(new Counters.Key(hold.meter(), standing.monthOf(hold.at())))
                .id();
    }

    private void requireAdmitted(Hold hold, Allowance allowance, Standing standing) {
        UsageEvent event = new UsageEvent("", hold.meter(), hold.quantity(), null, null, null);
        refusals.noted(hold.meter(), limits.lock(allowance, standing).admit(event))
                .ifPresent(refusal -> {
                    throw refusal.problem();
                });
    }

    private record Hold(String meter, BigDecimal quantity, Instant at, Instant until) {}

    /** In one statement, since others wait for the counter from here to the commit. @param limit null for any */
    private Optional<Reservation> hold(Hold hold, UUID counter, @Nullable BigDecimal limit) {
        return sql.queryOne(
                HOLD,
                Allowances::reservation,
                hold.quantity(),
                Caller.currentTenant(),
                counter,
                limit,
                hold.quantity(),
                limit,
                Caller.currentTenant(),
                Ids.next(),
                hold.meter(),
                hold.quantity(),
                hold.at(),
                hold.until(),
                Caller.current().subject());
    }

    /** @throws Problem NOT_FOUND */
    public Reservation reservation(UUID id) {
        return find(id);
    }

    /**
     * What was kept is used: a usage event with the reservation's id, so it counts once. It counts where it was kept,
     * also when the month is over by now. A second time with the same quantity changes nothing.
     *
     * @param quantity from 0 to what was reserved; null is all of it
     * @throws Problem NOT_FOUND; INVALID for more than was reserved; CONFLICT when it was released, has expired or was
     *     committed with another quantity
     */
    public Reservation commit(UUID id, @Nullable BigDecimal quantity) {
        locks.share(TenantLock.Purpose.BILLING);
        Held held = lock(id);
        Reservation reservation = held.reservation();
        BigDecimal used = quantity == null ? reservation.quantity() : quantity;
        requireQuantity(used);
        if (used.compareTo(reservation.quantity()) > 0) {
            throw Problem.invalid(
                    "quantity",
                    "above_reserved",
                    "quantity must be at most the "
                            + Sql.plain(reservation.quantity()).toPlainString() + " reserved");
        }
        if (reservation.is("committed") && used.compareTo(reservation.committed()) == 0) {
            return reservation;
        }
        requireHeld(reservation);
        Standing standing = standings
                .current()
                .orElseThrow(() -> Problem.conflict("no_subscription", "The tenant has no live subscription."));
        UsageEvent event =
                new UsageEvent(id.toString(), reservation.meter(), used, reservation.reservedAt(), "reservation", null);
        if (log.store(List.of(event), standing).isEmpty()) {
            throw Problem.conflict("id_conflict", "A usage event with the reservation's id was reported already.");
        }
        counters.unhold(held.counter(), reservation.quantity());
        settle(id, "committed", used);
        return find(id);
    }

    /**
     * What was kept is not used. A second time, and after it has expired, changes nothing.
     *
     * @throws Problem NOT_FOUND; CONFLICT when it was committed
     */
    public Reservation release(UUID id) {
        Held held = lock(id);
        Reservation reservation = held.reservation();
        if (reservation.is("released") || reservation.is("expired")) {
            return reservation;
        }
        if (reservation.is("committed")) {
            throw Problem.conflict("wrong_state", "The reservation was committed.");
        }
        counters.unhold(held.counter(), reservation.quantity());
        settle(id, "released", null);
        return find(id);
    }

    /** Gives back what the caller's tenant let expire. @return how many reservations */
    public int expire() {
        return counters.expire();
    }

    /** The tenants with reservations that have expired, from {@code after} on in the order of their ids; for the platform. */
    public List<UUID> tenantsWithExpired(UUID after, int limit) {
        return sql.query("""
                SELECT DISTINCT tenant_id FROM usage_reservations
                WHERE state = 'held' AND expires_at <= ? AND tenant_id > ? ORDER BY tenant_id LIMIT ?""", row -> row.getObject("tenant_id", UUID.class), clock.system(), after, limit);
    }

    public SpendingCap spendingCap() {
        locks.share(TenantLock.Purpose.BILLING);
        Standing standing = standings.current().orElse(null);
        if (standing == null) {
            return new SpendingCap(storedCap().orElse(null), 0);
        }
        Period month = standing.monthOf(standing.now());
        // Before anything is stored in the same transaction: afterwards two could wait for each other.
        counters.ensured(Limits.sums(month, standing));
        apiCalls.flush();
        return new SpendingCap(standing.capCents(), standing.overageCents(limits.unlocked(month, standing)));
    }

    /**
     * Holds from the next event on; what was used already stays charged.
     *
     * @param amountCents from 0; null takes the cap away
     * @return the cap before; null for none
     */
    public @Nullable Long capSpending(@Nullable Long amountCents) {
        if (amountCents != null) {
            Amounts.require("amount_cents", amountCents, 0);
        }
        // Whoever is about to use something has decided by the cap before, or will by this one.
        locks.take(TenantLock.Purpose.BILLING);
        Long before = storedCap().orElse(null);
        if (amountCents == null) {
            sql.update("DELETE FROM spending_caps WHERE tenant_id = ?", Caller.currentTenant());
        } else {
            sql.update(
                    """
                    INSERT INTO spending_caps (tenant_id, amount_cents, updated_at, updated_by) VALUES (?, ?, ?, ?)
                    ON CONFLICT (tenant_id) DO UPDATE SET amount_cents = excluded.amount_cents,
                        updated_at = excluded.updated_at, updated_by = excluded.updated_by""",
                    Caller.currentTenant(),
                    amountCents,
                    clock.now(Caller.currentTenant()),
                    Caller.current().subject());
        }
        return before;
    }

    private Optional<Long> storedCap() {
        return sql.queryOne(
                "SELECT amount_cents FROM spending_caps WHERE tenant_id = ?",
                row -> row.getLong("amount_cents"),
                Caller.currentTenant());
    }

    private record Held(Reservation reservation, UUID counter) {}

    /** The counter before the reservation, as everybody locks them. */
    private Held lock(UUID id) {
        counters.shareForStoring();
        UUID counter = sql.queryOne("""
                        SELECT c.id FROM usage_counters c
                        JOIN usage_reservations r ON r.tenant_id = c.tenant_id AND r.counter_id = c.id
                        WHERE r.tenant_id = ? AND r.id = ? FOR NO KEY UPDATE OF c""", row -> row.getObject("id", UUID.class), Caller.currentTenant(), id)
                .orElseThrow(() -> Problem.notFound("reservation"));
        return new Held(find(id), counter);
    }

    private void requireHeld(Reservation reservation) {
        if (reservation.is("committed")) {
            throw Problem.conflict(
                    "wrong_state",
                    "The reservation was committed with the quantity "
                            + Sql.plain(reservation.committed()).toPlainString() + ".");
        }
        if (reservation.is("released")) {
            throw Problem.conflict("wrong_state", "The reservation was released.");
        }
        if (reservation.is("expired") || !reservation.expiresAt().isAfter(clock.system())) {
            throw Problem.conflict(
                    "reservation_expired", "The reservation expired at " + reservation.expiresAt() + ".");
        }
    }

    /** @throws Problem INVALID below 0, above {@link UsageEvents#MAX_QUANTITY} or with more than 6 decimal places */
    public static void requireQuantity(BigDecimal quantity) {
        if (!isQuantity(quantity)) {
            throw Problem.invalid(
                    "quantity",
                    "out_of_range",
                    "quantity must be from 0 to " + UsageEvents.MAX_QUANTITY.toPlainString()
                            + ", with at most 6 decimal places");
        }
    }

    private static boolean isQuantity(BigDecimal quantity) {
        return quantity.signum() >= 0
                && quantity.stripTrailingZeros().scale() <= 6
                && quantity.compareTo(UsageEvents.MAX_QUANTITY) <= 0;
    }

    private void settle(UUID id, String state, @Nullable BigDecimal committed) {
        sql.update(
                "UPDATE usage_reservations SET state = ?, committed = ?, settled_at = ? WHERE tenant_id = ? AND id = ?",
                state,
                committed,
                clock.system(),
                Caller.currentTenant(),
                id);
    }

    private Reservation find(UUID id) {
        return sql.queryOne(
                        "SELECT " + COLUMNS + " FROM usage_reservations WHERE tenant_id = ? AND id = ?",
                        Allowances::reservation,
                        Caller.currentTenant(),
                        id)
                .orElseThrow(() -> Problem.notFound("reservation"));
    }

    private static Reservation reservation(ResultSet row) throws SQLException {
        BigDecimal committed = row.getBigDecimal("committed");
        Instant expiresAt = Sql.instant(row, "expires_at");
        return new Reservation(
                row.getObject("id", UUID.class),
                row.getString("meter"),
                Sql.plain(row.getBigDecimal("quantity")),
                row.getString("state"),
                committed == null ? null : Sql.plain(committed),
                Sql.instant(row, "reserved_at"),
                expiresAt);
    }
}
