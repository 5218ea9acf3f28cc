package com.cognitionos.metering.boundary;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.control.Counters;
import com.cognitionos.metering.control.IngestCounts;
import com.cognitionos.metering.control.Limits;
import com.cognitionos.metering.control.Refusals;
import com.cognitionos.metering.control.Standings;
import com.cognitionos.metering.control.UsageGrants;
import com.cognitionos.metering.control.UsageLog;
import com.cognitionos.metering.control.UsageQueue;
import com.cognitionos.metering.control.UsageStatement.Outcome;
import com.cognitionos.metering.control.UsageStatement.Request;
import com.cognitionos.metering.entity.Allowance;
import com.cognitionos.metering.entity.Refusal;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.Period;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes usage in. */
@Stateless
@TenantWall
public class UsageEvents {

    public static final int MAX_BATCH = 1000;
    public static final int MAX_ID_LENGTH = 255;
    public static final Duration MAX_AHEAD = Duration.ofHours(1);
    public static final Duration MAX_LATE = Duration.ofDays(35);

    /** Far above any real quantity, and far below where sums would overflow their column. */
    public static final BigDecimal MAX_QUANTITY = BigDecimal.valueOf(1_000_000_000_000L);

    @Inject
    private TenantLock locks;

    @Inject
    private UsageLog log;

    @Inject
    private Limits limits;

    @Inject
    private Standings standings;

    @Inject
    private Counters counters;

    @Inject
    private Refusals refusals;

    @Inject
    private UsageGrants grants;

    @Inject
    private UsageQueue queue;

    @Inject
    private IngestCounts counts;

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @EJB
    private Plans plans;

    @EJB
    private UsageEvents self;

    /** A request's place; given back when its reply is made. */
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A place for a request among those that are being taken in, asked for before its body is read.
     *
     * @param size of its body in bytes, the most that it can be where that is not known
     * @throws com.cognitionos.kernel.Problem UNAVAILABLE ({@code overloaded}) where there is none
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public Place enter(long size) {
        return queue.enter(Caller.currentTenant(), size);
    }

    /** The meters of which an event counts as one, whatever its quantity, so that it can be reported without. */
    public Set<String> metersWithoutQuantity() {
        return plans.meters().stream()
                .filter(meter -> meter.aggregation().isByEvent())
                .map(Meter::code)
                .collect(Collectors.toSet());
    }

    /**
     * Stores what is acceptable and says of each other event why it is not. Answered after the commit; within a
     * transaction it is part of that one.
     *
     * @param events by their index in the request
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public IngestResult ingest(SortedMap<Integer, UsageEvent> events) {
        IngestResult result = taken(events);
        counts.add(result.accepted(), result.duplicates(), result.rejected().size());
        return result;
    }

    private IngestResult taken(SortedMap<Integer, UsageEvent> events) {
        if (transaction.getTransactionStatus() != Status.STATUS_NO_TRANSACTION || BusinessClock.isPinned()) {
            return self.decide(events);
        }
        UUID tenant = Caller.currentTenant();
        if (!haveOwnIds(events)) {
            // In order and one by one, since what becomes of an event may rest on one before it.
            return queue.inTurn(tenant, () -> self.decide(events));
        }
        SortedMap<Integer, UsageEvent> undecided = new TreeMap<>();
        List<Integer> indices = new ArrayList<>(events.size());
        List<UsageEvent> sent = new ArrayList<>(events.size());
        events.forEach((index, event) -> {
            if (fault(index, event) == null) {
                indices.add(index);
                sent.add(event);
            } else {
                undecided.put(index, event);
            }
        });
        if (sent.isEmpty()) {
            return queue.inTurn(tenant, () -> self.decide(undecided));
        }
        Request request = new Request(tenant, UsageLog.key(), sent);
        Outcome[] outcomes = queue.store(request);
        if (outcomes[0] == Outcome.HELD) {
            // Were it decided on by itself now, it would hold up those who come next, and they again others.
            return queue.inTurn(tenant, () -> {
                IngestResult result = settled(indices, sent, queue.alone(request), undecided);
                return undecided.isEmpty() ? result : result.plus(self.decide(undecided));
            });
        }
        IngestResult result = settled(indices, sent, outcomes, undecided);
        return undecided.isEmpty() ? result : result.plus(queue.inTurn(tenant, () -> self.decide(undecided)));
    }

    /** @param undecided gets what is to be decided on */
    private static IngestResult settled(
            List<Integer> indices,
            List<UsageEvent> sent,
            Outcome[] outcomes,
            SortedMap<Integer, UsageEvent> undecided) {
        int accepted = 0;
        int duplicates = 0;
        List<Rejection> rejected = new ArrayList<>();
        for (int i = 0; i < outcomes.length; i++) {
            switch (outcomes[i]) {
                case STORED -> accepted++;
                case DUPLICATE -> duplicates++;
                case CONFLICT -> rejected.add(conflict(indices.get(i)));
                case UNDECIDED, HELD -> undecided.put(indices.get(i), sent.get(i));
            }
        }
        return new IngestResult(accepted, duplicates, rejected);
    }

    private static boolean haveOwnIds(SortedMap<Integer, UsageEvent> events) {
        Set<String> ids = new HashSet<>();
        return events.values().stream().allMatch(event -> ids.add(event.id()));
    }

    /**
     * For {@link #ingest}: looks at all that each event rests on, and grants what may be stored without that from now on.
     *
     * @param events by their index in the request
     */
    public IngestResult decide(SortedMap<Integer, UsageEvent> events) {
        List<Rejection> rejected = new ArrayList<>();
        // Billing takes the same lock alone: an event is either in the invoice or known to be late, never between.
        locks.share(TenantLock.Purpose.BILLING);
        // Nobody stores by a grant meanwhile, so none that is made here is held against what it does not know.
        locks.take(TenantLock.Purpose.ALLOWANCE);
        Standings.Resting found = standings.resting().orElse(null);
        if (found == null) {
            events.keySet()
                    .forEach(index -> rejected.add(new Rejection(
                            index, "no_subscription", "The tenant has no live subscription to count usage for.")));
            return new IngestResult(0, 0, rejected);
        }
        Standing standing = found.standing();
        Instant now = standing.now();
        Map<String, Meter> meters = plans.meters().stream().collect(Collectors.toMap(Meter::code, Function.identity()));

        Map<String, Integer> firstIndex = new HashMap<>();
        LinkedHashMap<Integer, UsageEvent> candidates = new LinkedHashMap<>();
        Set<Integer> tooLate = new HashSet<>();
        int duplicates = 0;
        for (Map.Entry<Integer, UsageEvent> entry : events.entrySet()) {
            int index = entry.getKey();
            UsageEvent event = entry.getValue();
            Rejection fault = fault(index, event, meters, now);
            if (fault != null) {
                rejected.add(fault);
                continue;
            }
            Integer earlier = firstIndex.putIfAbsent(event.id(), index);
            if (earlier == null) {
                candidates.put(index, event);
                if (event.timestamp() != null && event.timestamp().isBefore(now.minus(MAX_LATE))) {
                    tooLate.add(index);
                }
            } else if (Arrays.equals(events.get(earlier).contentHash(), event.contentHash())) {
                duplicates++;
            } else {
                rejected.add(conflict(index));
            }
        }

        // From here on nobody else decides on the same limits; what others stored before is seen.
        Limits.Months months = limits.lock(candidates.values(), meters, standing);
        Map<String, byte[]> known = log.known(firstIndex.keySet());
        duplicates += settleKnown(candidates, known, rejected);
        candidates.keySet().removeIf(index -> {
            boolean late = tooLate.contains(index);
            if (late) {
                rejected.add(new Rejection(
                        index,
                        "too_late",
                        "The event is more than " + MAX_LATE.toDays() + " days old; it is now " + now + "."));
            }
            return late;
        });
        candidates.entrySet().removeIf(entry -> {
            Optional<Refusal> refusal = refusals.noted(entry.getValue().meter(), months.admit(entry.getValue()));
            refusal.ifPresent(why -> rejected.add(new Rejection(entry.getKey(), Refusal.CODE, why.detail())));
            return refusal.isPresent();
        });
        Set<String> stored = log.store(candidates.values(), standing);
        grant(candidates.values(), found.facts(), standing, meters);

        int accepted = stored.size();
        // Whoever stored the same id in the meantime decides whether ours is a duplicate or a conflict.
        candidates.values().removeIf(event -> stored.contains(event.id()));
        if (!candidates.isEmpty()) {
            duplicates += settleKnown(
                    candidates,
                    log.known(candidates.values().stream().map(UsageEvent::id).collect(Collectors.toSet())),
                    rejected);
        }
        return new IngestResult(accepted, duplicates, List.of()).with(rejected);
    }

    /** From now on events like these need no decision, while they count in the running month. */
    private void grant(Collection<UsageEvent> events, String facts, Standing standing, Map<String, Meter> meters) {
        Period month = standing.usagePeriod();
        Set<String> wanted = new TreeSet<>();
        for (UsageEvent event : events) {
            if (month.contains(standing.countedAt(event.timestamp()))) {
                wanted.add(event.meter());
            }
        }
        if (wanted.isEmpty() || BusinessClock.isPinned()) {
            return;
        }
        wanted.removeAll(grants.held(facts, month));
        for (String code : wanted) {
            Meter.Aggregation kind = meters.get(code).aggregation();
            Allowance allowance = standing.allowance(code).orElse(null);
            BigDecimal ceiling = allowance == null ? null : allowance.limitWhen(standing.capped());
            boolean free = allowance == null || ceiling == null && (kind.isCounted() || !standing.capped());
            // A level is no sum that a counter could hold; and what is included moves while several plans share a
            // month.
            if (free || kind.isCounted() && standing.before().isEmpty()) {
                Counters.Key key = new Counters.Key(code, month);
                UUID counter = ceiling == null
                        ? null
                        : counters.ensured(List.of(key)).get(key).id();
                grants.grant(meters.get(code), facts, standing, month, counter, ceiling);
            }
        }
    }

    /** Takes out of {@code candidates} what is stored already. @return how many of them are duplicates */
    private static int settleKnown(
            Map<Integer, UsageEvent> candidates, Map<String, byte[]> known, List<Rejection> rejected) {
        int duplicates = 0;
        for (var entries = candidates.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<Integer, UsageEvent> entry = entries.next();
            byte[] hash = known.get(entry.getValue().id());
            if (hash != null) {
                entries.remove();
                if (Arrays.equals(hash, entry.getValue().contentHash())) {
                    duplicates++;
                } else {
                    rejected.add(conflict(entry.getKey()));
                }
            }
        }
        return duplicates;
    }

    private static Rejection conflict(int index) {
        return new Rejection(index, "id_conflict", "An event with this id and other content was accepted before.");
    }

    /** Why it could not be stored even if there were such a meter and no limit. */
    private static @Nullable Rejection fault(int index, UsageEvent event) {
        if (event.id().isBlank() || event.id().length() > MAX_ID_LENGTH) {
            return new Rejection(index, "invalid_id", "id must have 1 to " + MAX_ID_LENGTH + " characters.");
        }
        BigDecimal quantity = event.quantity();
        if (quantity.signum() < 0) {
            return new Rejection(index, "invalid_quantity", "quantity must not be negative.");
        }
        if (quantity.scale() > 6 && quantity.stripTrailingZeros().scale() > 6) {
            return new Rejection(index, "invalid_quantity", "quantity must have at most 6 decimal places.");
        }
        if (quantity.compareTo(MAX_QUANTITY) > 0) {
            return new Rejection(
                    index, "invalid_quantity", "quantity must be at most " + MAX_QUANTITY.toPlainString() + ".");
        }
        return null;
    }

    private static @Nullable Rejection fault(int index, UsageEvent event, Map<String, Meter> meters, Instant now) {
        Rejection form = fault(index, event);
        if (form != null) {
            return form;
        }
        if (!meters.containsKey(event.meter())) {
            return new Rejection(
                    index,
                    "unknown_meter",
                    "There is no meter " + event.meter() + "; there are "
                            + String.join(
                                    ", ", meters.keySet().stream().sorted().toList()) + ".");
        }
        Meter meter = meters.get(event.meter());
        if (meter.uniqueBy() != null && event.value(meter).isEmpty()) {
            return new Rejection(
                    index,
                    "missing_value",
                    "An event of " + meter.code() + " must have "
                            + (meter.uniqueBy().equals("subject") ? "a subject" : "the property " + meter.uniqueBy())
                            + " of 1 to 255 characters.");
        }
        if (event.timestamp() != null && event.timestamp().isAfter(now.plus(MAX_AHEAD))) {
            return new Rejection(
                    index, "timestamp_in_future", "timestamp must be at most an hour ahead; it is now " + now + ".");
        }
        return null;
    }
}
