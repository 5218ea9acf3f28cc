package com.cognitionos.audit.boundary;

import com.cognitionos.audit.control.AuditChains;
import com.cognitionos.audit.control.AuditChains.Filter;
import com.cognitionos.audit.control.AuditChains.Head;
import com.cognitionos.audit.entity.AuditEntry;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Vault;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and checks the log of the tenant that the caller works in, or the platform's own (AUD-5). */
@Stateless
@TenantWall
public class AuditTrail {

    private static final int BATCH = 1_000;

    /** Beyond it a swapped entry is called a changed one: each place costs a MAC. */
    private static final long FARTHEST_SWAP = 100_000;

    @Inject
    private AuditChains chains;

    /**
     * Which entries; null means any.
     *
     * @param action what the action begins with, such as {@code payment.}
     * @param from in real time, inclusive
     * @param to exclusive
     */
    public record Wanted(
            @Nullable String action,
            @Nullable String actor,
            @Nullable String target,
            @Nullable Instant from,
            @Nullable Instant to) {

        public static final Wanted ALL = new Wanted(null, null, null, null, null);

        private Filter filter() {
            return new Filter(text(action), text(actor), text(target), from, to);
        }

        private static String text(@Nullable String text) {
            return text == null ? "" : text;
        }
    }

    /** What somebody did to the log. */
    public enum Kind {
        /** The entry is not as it was entered. */
        CHANGED,
        /** There is no entry at that place. */
        REMOVED,
        /** The entry belongs to another place. */
        SWAPPED,
        /** Entries from that place on are gone, or the record of the log's end is not ours. */
        TAIL_CUT;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param seq the place in the log, from 1 */
    public record Fault(long seq, Kind kind) {}

    /** @param entries how many are in good order, up to the first fault */
    public record Verification(
            boolean ok, long entries, @Nullable Fault fault) {}

    /** Newest first. */
    public Page<AuditEntry> list(Wanted wanted, Page.Request page) {
        UUID tenant = Caller.current().tenant();
        return new Page<>(
                chains.latest(tenant, wanted.filter(), page.offset(), page.pageSize()),
                chains.count(tenant, wanted.filter()),
                page.page(),
                page.pageSize());
    }

    /** In their order, for an export in portions: those after {@code after}, a thousand at most. */
    public List<AuditEntry> next(Wanted wanted, long after) {
        return chains.next(Caller.current().tenant(), wanted.filter(), after, BATCH);
    }

    /** Computes the whole chain again (AUD-3), a portion at a time. What is entered meanwhile is left out. */
    public Verification verify() {
        UUID tenant = Caller.current().tenant();
        Optional<Head> known = chains.head(tenant);
        if (known.isEmpty()) {
            // A tenant's first act is that it was made, so its log is never empty.
            return tenant == null ? new Verification(true, 0, null) : fault(1, Kind.TAIL_CUT);
        }
        Head head = known.get();
        long good = 0;
        byte[] previous = AuditEntry.genesis();
        List<AuditEntry> portion = chains.next(tenant, Filter.ALL, good, BATCH);
        while (!portion.isEmpty()) {
            for (AuditEntry entry : portion) {
                if (entry.seq() > head.lastSeq()) {
                    return end(tenant, head, good, previous);
                }
                if (entry.seq() != good + 1) {
                    return fault(good + 1, Kind.REMOVED);
                }
                if (!Vault.same(chains.mac(entry, entry.seq()), entry.hash())) {
                    return fault(entry.seq(), isFromElsewhere(entry, head) ? Kind.SWAPPED : Kind.CHANGED);
                }
                if (!Vault.same(previous, entry.previousHash())) {
                    return fault(entry.seq(), Kind.CHANGED);
                }
                good = entry.seq();
                previous = entry.hash();
            }
            portion = chains.next(tenant, Filter.ALL, good, BATCH);
        }
        return end(tenant, head, good, previous);
    }

    private Verification end(@Nullable UUID tenant, Head head, long good, byte[] last) {
        if (head.seq() != good) {
            return fault(Math.min(head.seq(), good) + 1, Kind.TAIL_CUT);
        }
        boolean ours = Vault.same(head.hash(), last) && Vault.same(head.seal(), chains.seal(tenant, head.seq(), last));
        return ours ? new Verification(true, good, null) : fault(good + 1, Kind.TAIL_CUT);
    }

    /** Whether it is the genuine entry of another place, the nearest ones tried first. */
    private boolean isFromElsewhere(AuditEntry entry, Head head) {
        long end = Math.max(head.seq(), head.lastSeq());
        for (long distance = 1; distance <= Math.min(end, FARTHEST_SWAP); distance++) {
            if (isFrom(entry, entry.seq() - distance) || isFrom(entry, entry.seq() + distance)) {
                return true;
            }
        }
        return false;
    }

    private boolean isFrom(AuditEntry entry, long place) {
        return place > 0 && Vault.same(chains.mac(entry, place), entry.hash());
    }

    private static Verification fault(long seq, Kind kind) {
        return new Verification(false, seq - 1, new Fault(seq, kind));
    }
}
