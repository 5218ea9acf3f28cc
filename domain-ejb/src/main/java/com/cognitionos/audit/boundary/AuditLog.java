package com.cognitionos.audit.boundary;

import com.cognitionos.audit.control.AuditChains;
import com.cognitionos.audit.entity.AuditEntry;
import com.cognitionos.audit.entity.CanonicalState;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.DatabaseRole;
import com.cognitionos.kernel.Ids;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was done, by whom and from where (SPEC section 9). An entry belongs to the transaction that does it: both are
 * committed or neither.
 */
@ApplicationScoped
public class AuditLog {

    private static final String ENTERED = "com.cognitionos.audit-entries";
    private static final Pattern ACTION = Pattern.compile("[a-z0-9_]+(\\.[a-z0-9_]+)+");

    /** The platform's chain last; one order for all, or two transactions that enter in two chains could block each other. */
    private static final Comparator<@Nullable UUID> ORDER = Comparator.nullsLast(Comparator.naturalOrder());

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @Inject
    private BusinessClock clock;

    @Inject
    private DatabaseRole role;

    @Inject
    private AuditChains chains;

    /** An act before it has its place in a chain. */
    private record Act(
            Caller caller,
            Instant at,
            String action,
            String target,
            @Nullable String before,
            @Nullable String after) {}

    /**
     * Enters what the current caller does in its tenant, or in the platform's own log when it works across tenants.
     *
     * @param action {@code <what>.<done>}, such as {@code api_key.revoked}
     * @param target the id of what it was done to
     * @param before its state before, as far as it changed; null for something new; never a secret
     * @param after its state after; null for something that is gone
     * @throws IllegalStateException outside of a transaction
     */
    public void record(String action, String target, @Nullable Map<String, ?> before, @Nullable Map<String, ?> after) {
        record(Caller.current().tenant(), action, target, before, after);
    }

    /** As above, into the log of that tenant; the caller works for the platform. @param tenant null for the platform's */
    public void record(
            @Nullable UUID tenant,
            String action,
            String target,
            @Nullable Map<String, ?> before,
            @Nullable Map<String, ?> after) {
        Caller caller = Caller.current();
        if (!caller.platform() && !Objects.equals(tenant, caller.tenant())) {
            throw new IllegalStateException("a tenant's principal enters in no other log than its tenant's");
        }
        if (!ACTION.matcher(action).matches()) {
            throw new IllegalArgumentException("not the name of an act: " + action);
        }
        int status = transaction.getTransactionStatus();
        if (status == Status.STATUS_MARKED_ROLLBACK) {
            return;
        }
        if (status != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("an act is entered in the transaction that does it; there is none");
        }
        entered()
                .of(tenant)
                .add(new Act(
                        caller,
                        clock.system(),
                        action,
                        CanonicalState.storable(target),
                        before == null ? null : CanonicalState.of(before),
                        after == null ? null : CanonicalState.of(after)));
    }

    private Entered entered() {
        Entered known = (Entered) transaction.getResource(ENTERED);
        if (known == null) {
            known = new Entered();
            transaction.putResource(ENTERED, known);
            transaction.registerInterposedSynchronization(known);
        }
        return known;
    }

    /**
     * What a transaction has entered so far. Chains are locked as late as can be, at the commit, after JPA has written:
     * nobody who has a place in a chain waits for anybody's row.
     */
    private final class Entered implements Synchronization {

        private final Map<@Nullable UUID, List<Act>> acts = new TreeMap<>(ORDER);

        List<Act> of(@Nullable UUID tenant) {
            return acts.computeIfAbsent(tenant, any -> new ArrayList<>());
        }

        @Override
        public void beforeCompletion() {
            role.asPlatform(() -> write(acts));
        }

        @Override
        public void afterCompletion(int status) {
            // it is written or gone
        }
    }

    private void write(Map<@Nullable UUID, List<Act>> acts) {
        Map<UUID, List<Act>> ofTenants = new LinkedHashMap<>();
        acts.forEach((tenant, some) -> {
            if (tenant != null) {
                ofTenants.put(tenant, some);
            }
        });
        if (!ofTenants.isEmpty()) {
            Map<UUID, AuditChains.Head> heads = chains.lock(ofTenants.keySet());
            Map<UUID, Instant> nows = clock.now(ofTenants.keySet());
            List<AuditEntry> entries = new ArrayList<>();
            ofTenants.forEach((tenant, some) ->
                    entries.addAll(entries(tenant, some, Objects.requireNonNull(heads.get(tenant)), nows.get(tenant))));
            chains.append(entries);
        }
        List<Act> ofPlatform = acts.get(null);
        if (ofPlatform != null) {
            entries(null, ofPlatform, chains.lockPlatform(), null).forEach(chains::appendToPlatform);
        }
    }

    private List<AuditEntry> entries(
            @Nullable UUID tenant, List<Act> acts, AuditChains.Head end, @Nullable Instant businessNow) {
        List<AuditEntry> entries = new ArrayList<>();
        long seq = end.seq();
        byte[] previous = end.hash();
        for (Act act : acts) {
            Caller caller = act.caller();
            AuditEntry entry = chains.signed(new AuditEntry(
                    tenant,
                    ++seq,
                    Ids.next(),
                    act.at(),
                    businessNow == null ? act.at() : businessNow,
                    CanonicalState.storable(caller.subject()),
                    caller.platform(),
                    caller.origin().door(),
                    storable(caller.origin().address()),
                    storable(caller.origin().agent()),
                    act.action(),
                    act.target(),
                    act.before(),
                    act.after(),
                    previous,
                    AuditEntry.genesis()));
            entries.add(entry);
            previous = entry.hash();
        }
        return entries;
    }

    private static @Nullable String storable(@Nullable String text) {
        return text == null ? null : CanonicalState.storable(text);
    }
}
