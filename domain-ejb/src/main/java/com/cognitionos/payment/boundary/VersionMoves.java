package com.cognitionos.payment.boundary;

import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.boundary.PlanVersion.Status;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Moves subscriptions onto another version of their plan, one by one, each in its own transaction: who cannot be moved is
 * listed with the reason and holds nobody else up (PAY-5). A change of the catalogue alters no subscription but by this.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class VersionMoves {

    /** In one request; the next one goes on with the rest. */
    public static final int MOST = 500;

    private static final Logger LOG = Logger.getLogger(VersionMoves.class.getName());

    @EJB
    private Catalogue catalogue;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Billing billing;

    @EJB
    private Settlement settlement;

    /**
     * Who is moved, and when.
     *
     * @param tenants those; none for whoever is on {@code fromVersion}
     * @param atPeriodEnd else now
     * @param dryRun whether only to tell what it would make
     */
    public record Order(
            Tier tier,
            int version,
            List<UUID> tenants,
            @Nullable Integer fromVersion,
            boolean atPeriodEnd,
            boolean dryRun) {}

    /** What became of one tenant. */
    public enum Outcome {
        MOVED,
        /** At its period's end. */
        SCHEDULED,
        /** It would be moved. */
        PREVIEWED,
        /** It is on that version already. */
        UNCHANGED,
        FAILED
    }

    /**
     * @param preview of a dry run; else null
     * @param code why it failed; else null
     */
    public record Move(
            UUID tenant,
            Outcome outcome,
            Billing.@Nullable Preview preview,
            @Nullable String code,
            @Nullable String detail) {}

    /** @param more whether there are others on that version still */
    public record Result(List<Move> moves, boolean more) {}

    /** @throws Problem NOT_FOUND; INVALID for nobody to move; CONFLICT ({@code wrong_state}) for a version nobody can have */
    public Result move(Order order) {
        Caller platform = Caller.current().acrossTenants();
        PlanVersion target = platform.call(() -> catalogue.version(order.tier(), order.version()));
        if (target.status() != Status.PUBLISHED && target.status() != Status.CONTRACT) {
            throw Problem.conflict("wrong_state", "Only a version that is published or a contract can be moved onto.");
        }
        List<UUID> tenants = tenants(order, platform);
        List<Move> moves = new ArrayList<>();
        tenants.stream()
                .limit(MOST)
                .forEach(tenant -> moves.add(platform.in(tenant).call(() -> move(order, target, tenant))));
        if (!order.dryRun()) {
            long done = moves.stream()
                    .filter(move -> move.outcome() == Outcome.MOVED || move.outcome() == Outcome.SCHEDULED)
                    .count();
            platform.run(() -> catalogue.noteMoves(
                    order.tier(),
                    order.version(),
                    Map.of(
                            "effective",
                            order.atPeriodEnd() ? "period_end" : "now",
                            "moved",
                            done,
                            "failed",
                            moves.stream()
                                    .filter(move -> move.outcome() == Outcome.FAILED)
                                    .count())));
        }
        return new Result(moves, tenants.size() > MOST);
    }

    /** A contract says from when to when it can be had. */
    private void requireValid(PlanVersion target) {
        Instant from = target.validFrom();
        Instant to = target.validTo();
        if (target.status() != Status.CONTRACT || from == null) {
            return;
        }
        Instant now = billing.present();
        if (now.isBefore(from) || to != null && !now.isBefore(to)) {
            throw Problem.conflict(
                    "not_valid", "The contract holds from " + from + (to == null ? "" : " to " + to) + ".");
        }
    }

    private List<UUID> tenants(Order order, Caller platform) {
        Integer from = order.fromVersion();
        if (order.tenants().isEmpty() == (from == null)) {
            throw Problem.invalid("tenant_ids", "required", "name either tenant_ids or from_version");
        }
        if (from == null) {
            if (order.tenants().size() > MOST) {
                throw Problem.invalid("tenant_ids", "length", "tenant_ids has at most " + MOST);
            }
            return List.copyOf(new LinkedHashSet<>(order.tenants()));
        }
        if (from == order.version()) {
            throw Problem.invalid("from_version", "no_change", "from_version must be another version");
        }
        return platform.call(() -> {
            catalogue.version(order.tier(), from);
            return subscriptions.onVersion(order.tier(), from, !order.atPeriodEnd(), MOST + 1);
        });
    }

    private Move move(Order order, PlanVersion target, UUID tenant) {
        Effective effective = order.atPeriodEnd() ? Effective.PERIOD_END : Effective.NOW;
        try {
            requireValid(target);
            if (order.dryRun()) {
                Billing.Preview preview =
                        settlement.preview(new Amendment.ToVersion(order.tier(), order.version()), effective);
                return new Move(tenant, Outcome.PREVIEWED, preview, null, null);
            }
            settlement.move(order.tier(), order.version(), effective);
            Outcome outcome = order.atPeriodEnd() ? Outcome.SCHEDULED : Outcome.MOVED;
            return new Move(tenant, outcome, null, null, null);
        } catch (Problem problem) {
            boolean unchanged = problem.code().equals("no_change");
            String code = problem.errors().isEmpty()
                    ? problem.code()
                    : problem.errors().get(0).code();
            return new Move(
                    tenant,
                    unchanged ? Outcome.UNCHANGED : Outcome.FAILED,
                    null,
                    unchanged ? null : code,
                    unchanged ? null : problem.getMessage());
        } catch (RuntimeException e) {
            // One tenant's fault of ours must not keep the others.
            LOG.log(Level.SEVERE, e, () -> "Moving the subscription of " + tenant + " failed");
            return new Move(tenant, Outcome.FAILED, null, "internal_error", "It failed; the log says why.");
        }
    }
}
