package com.cognitionos.entitlement.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.entitlement.control.Features;
import com.cognitionos.entitlement.entity.Entitlement;
import com.cognitionos.entitlement.entity.Entitlement.Kind;
import com.cognitionos.entitlement.entity.Entitlement.Reason;
import com.cognitionos.flag.boundary.Flags;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.boundary.Allowances;
import com.cognitionos.metering.boundary.MeterUse;
import com.cognitionos.metering.boundary.Reservation;
import com.cognitionos.metering.entity.Allowance;
import com.cognitionos.metering.entity.Refusal;
import com.cognitionos.tenancy.boundary.Settings;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the tenant that the caller works in may use. */
@Stateless
@TenantWall
public class Entitlements {

    @Inject
    private Features features;

    @Inject
    private AuditLog audit;

    @EJB
    private Allowances allowances;

    @EJB
    private Plans plans;

    @EJB
    private Tenants tenants;

    @EJB
    private TenantSettings settings;

    @EJB
    private Flags flags;

    @EJB
    private Entitlements self;

    /** All features, meters first; each as if one more of it were asked for. */
    public List<Entitlement> all() {
        return all(BigDecimal.ONE, feature -> true);
    }

    /**
     * @param quantity how much more is asked for, from 0; of no meaning for a yes or no
     * @throws Problem NOT_FOUND for an unknown feature, INVALID
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public Entitlement check(String feature, BigDecimal quantity) {
        Allowances.requireQuantity(quantity);
        return allowances
                .lookAtOnce(feature, quantity)
                .map(use -> metered(use, quantity))
                .orElseGet(() -> self.findOut(feature, quantity));
    }

    /** For {@link #check}, in a transaction. @throws Problem NOT_FOUND for an unknown feature */
    public Entitlement findOut(String feature, BigDecimal quantity) {
        return allowances
                .look(feature, quantity)
                .map(use -> metered(use, quantity))
                .or(() -> all(quantity, feature::equals).stream().findFirst())
                .orElseThrow(() -> Problem.notFound("feature"));
    }

    /** Passes only where {@link #check} allows. @throws Problem PAYMENT_REQUIRED ({@code entitlement_exceeded}) */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public void require(String feature, BigDecimal quantity) {
        Entitlement entitlement = check(feature, quantity);
        if (!entitlement.allowed()) {
            throw new Problem(
                    Problem.Kind.PAYMENT_REQUIRED, Refusal.CODE, feature + " is refused: " + entitlement.detail());
        }
    }

    /** Whether it is a meter whose quantities add up, and so can be reserved. @throws Problem NOT_FOUND */
    public boolean isReservable(String feature) {
        Meter meter = plans.meter(feature).orElse(null);
        if (meter == null) {
            check(feature, BigDecimal.ZERO);
        }
        return meter != null && meter.aggregation().adds();
    }

    /**
     * Keeps a quantity of a meter for the caller.
     *
     * @param quantity above 0, at most 6 decimal places
     * @param ttl 1 second to a day
     * @throws Problem PAYMENT_REQUIRED ({@code entitlement_exceeded}) when it does not fit; NOT_FOUND for an unknown
     *     feature; INVALID, also for one that is not metered or that is a level
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public Reservation reserve(String feature, BigDecimal quantity, Duration ttl) {
        return allowances
                .reserveAtOnce(feature, quantity, ttl)
                .orElseGet(() -> self.decideOnReservation(feature, quantity, ttl));
    }

    /** For {@link #reserve}, in a transaction. @throws Problem as it does */
    public Reservation decideOnReservation(String feature, BigDecimal quantity, Duration ttl) {
        if (!isReservable(feature)) {
            throw Problem.invalid(
                    "feature", "not_reservable", "Only what adds up can be reserved, and " + feature + " does not.");
        }
        return allowances.reserve(feature, quantity, ttl);
    }

    /**
     * As {@link Allowances#commit}.
     *
     * @throws Problem NOT_FOUND also for a reservation of another feature
     */
    public Reservation commit(String feature, UUID reservation, @Nullable BigDecimal quantity) {
        requireOf(feature, reservation);
        return allowances.commit(reservation, quantity);
    }

    /**
     * As {@link Allowances#release}.
     *
     * @throws Problem NOT_FOUND also for a reservation of another feature
     */
    public Reservation release(String feature, UUID reservation) {
        requireOf(feature, reservation);
        return allowances.release(reservation);
    }

    private void requireOf(String feature, UUID reservation) {
        if (!allowances.reservation(reservation).meter().equals(feature)) {
            throw Problem.notFound("reservation");
        }
    }

    public Allowances.SpendingCap spendingCap() {
        return allowances.spendingCap();
    }

    /** @param amountCents from 0; null takes the cap away */
    public Allowances.SpendingCap capSpending(@Nullable Long amountCents) {
        Long before = allowances.capSpending(amountCents);
        audit.record("spending_cap.changed", Caller.currentTenant().toString(), cents(before), cents(amountCents));
        return allowances.spendingCap();
    }

    private static @Nullable Map<String, Long> cents(@Nullable Long amount) {
        return amount == null ? null : Map.of("amount_cents", amount);
    }

    private List<Entitlement> all(BigDecimal quantity, Predicate<String> wanted) {
        TenantView tenant = tenants.current();
        Plan plan = plans.version(Tier.of(tenant.tier()), tenant.planVersion());
        Settings held = settings.current();
        Refusal refusal = allowances.notEntitled().orElse(null);
        List<Entitlement> all = new ArrayList<>();
        if (plan.meters().stream().anyMatch(meter -> wanted.test(meter.meter().code()))) {
            metered(quantity, plan).stream()
                    .filter(entitlement -> wanted.test(entitlement.feature()))
                    .forEach(all::add);
        }
        Map<String, Flags.State> states = new HashMap<>(flags.states());
        plan.features().forEach((feature, value) -> {
            Flags.State state = value.enabled() == null ? null : states.remove(Features.flagOf(feature));
            if (!wanted.test(feature)) {
                return;
            }
            all.add(
                    value.enabled() == null
                            ? number(feature, Features.limit(feature, plan, held), quantity, refusal)
                            : bool(feature, plan, held, state, refusal));
        });
        states.entrySet().stream()
                .filter(flag -> wanted.test(flag.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(flag -> all.add(yesOrNo(
                        flag.getKey(),
                        refusal != null
                                ? reason(refusal)
                                : flag.getValue().on() ? Reason.SWITCHED_ON : Reason.SWITCHED_OFF)));
        return all;
    }

    private List<Entitlement> metered(BigDecimal quantity, Plan plan) {
        List<MeterUse> uses = allowances.look(quantity);
        if (uses.isEmpty()) {
            Refusal none = allowances.notEntitled().orElseThrow();
            return plan.meters().stream()
                    .map(meter -> new Entitlement(
                            meter.meter().code(),
                            Kind.METERED,
                            false,
                            reason(none),
                            none.detail(),
                            null,
                            null,
                            BigDecimal.ZERO,
                            true,
                            BigDecimal.ZERO,
                            null,
                            meter.meter().unit()))
                    .toList();
        }
        return uses.stream().map(use -> metered(use, quantity)).toList();
    }

    private static Entitlement metered(MeterUse use, BigDecimal quantity) {
        Allowance allowance = use.allowance();
        Refusal refusal = use.refusal();
        Reason reason;
        if (refusal != null) {
            reason = reason(refusal);
        } else if (allowance.shown() == null) {
            reason = Reason.UNLIMITED;
        } else {
            BigDecimal after = use.used().add(use.reserved()).add(quantity);
            reason = allowance.costs(after) ? Reason.OVERAGE : Reason.INCLUDED;
        }
        return new Entitlement(
                allowance.meter().code(),
                Kind.METERED,
                refusal == null,
                reason,
                refusal == null ? reason.detail() : refusal.detail(),
                use.used(),
                use.reserved(),
                allowance.shown(),
                allowance.limit() != null,
                use.remaining(),
                use.month().end(),
                allowance.meter().unit());
    }

    private static Entitlement bool(
            String feature, Plan plan, Settings held, Flags.@Nullable State flag, @Nullable Refusal refusal) {
        return yesOrNo(
                feature,
                refusal == null
                        ? Features.reason(plan.has(feature), Features.granted(feature, plan, held), flag)
                        : reason(refusal));
    }

    private static Entitlement yesOrNo(String feature, Reason reason) {
        boolean allowed = reason == Reason.INCLUDED || reason == Reason.SWITCHED_ON;
        return new Entitlement(
                feature, Kind.BOOLEAN, allowed, reason, reason.detail(), null, null, null, false, null, null, null);
    }

    private Entitlement number(String feature, @Nullable Long limit, BigDecimal quantity, @Nullable Refusal refusal) {
        Long current = features.use(feature);
        BigDecimal used = current == null ? null : BigDecimal.valueOf(current);
        BigDecimal most = limit == null ? null : BigDecimal.valueOf(limit);
        BigDecimal base = used == null ? BigDecimal.ZERO : used;
        Reason reason;
        if (refusal != null) {
            reason = reason(refusal);
        } else if (most == null) {
            reason = Reason.UNLIMITED;
        } else {
            reason = base.add(quantity).compareTo(most) <= 0 ? Reason.INCLUDED : Reason.LIMIT_REACHED;
        }
        return new Entitlement(
                feature,
                Kind.STATIC,
                reason == Reason.UNLIMITED || reason == Reason.INCLUDED,
                reason,
                reason.detail(),
                used,
                null,
                most,
                most != null,
                most == null ? null : most.subtract(base).max(BigDecimal.ZERO),
                null,
                null);
    }

    private static Reason reason(Refusal refusal) {
        return Reason.valueOf(refusal.reason().name());
    }
}
