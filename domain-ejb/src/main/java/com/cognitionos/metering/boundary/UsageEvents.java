package com.cognitionos.metering.boundary;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.control.Limits;
import com.cognitionos.metering.control.Standings;
import com.cognitionos.metering.control.UsageLog;
import com.cognitionos.metering.entity.Refusal;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.metering.entity.UsageEvent;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
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

    @EJB
    private Plans plans;

    /**
     * Stores what is acceptable and says of each other event why it is not. Answered after the commit, since the
     * transaction ends with this call.
     *
     * @param events by their index in the request
     */
    public IngestResult ingest(SortedMap<Integer, UsageEvent> events) {
        List<Rejection> rejected = new ArrayList<>();
        // Billing takes the same lock alone: an event is either in the invoice or known to be late, never between.
        locks.share(TenantLock.Purpose.BILLING);
        Standing standing = standings.current().orElse(null);
        if (standing == null) {
            events.keySet()
                    .forEach(index -> rejected.add(new Rejection(
                            index, "no_subscription", "The tenant has no live subscription to count usage for.")));
            return new IngestResult(0, 0, rejected);
        }
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
            Optional<Refusal> refusal = months.admit(entry.getValue());
            refusal.ifPresent(why -> rejected.add(new Rejection(entry.getKey(), Refusal.CODE, why.detail())));
            return refusal.isPresent();
        });
        Set<String> stored = log.store(candidates.values(), standing);

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

    private static @Nullable Rejection fault(int index, UsageEvent event, Map<String, Meter> meters, Instant now) {
        if (event.id().isBlank() || event.id().length() > MAX_ID_LENGTH) {
            return new Rejection(index, "invalid_id", "id must have 1 to " + MAX_ID_LENGTH + " characters.");
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
        BigDecimal quantity = event.quantity();
        if (quantity.signum() < 0) {
            return new Rejection(index, "invalid_quantity", "quantity must not be negative.");
        }
        if (quantity.stripTrailingZeros().scale() > 6) {
            return new Rejection(index, "invalid_quantity", "quantity must have at most 6 decimal places.");
        }
        if (quantity.compareTo(MAX_QUANTITY) > 0) {
            return new Rejection(
                    index, "invalid_quantity", "quantity must be at most " + MAX_QUANTITY.toPlainString() + ".");
        }
        if (event.timestamp() != null && event.timestamp().isAfter(now.plus(MAX_AHEAD))) {
            return new Rejection(
                    index, "timestamp_in_future", "timestamp must be at most an hour ahead; it is now " + now + ".");
        }
        return null;
    }
}
