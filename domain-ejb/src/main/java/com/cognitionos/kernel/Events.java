package com.cognitionos.kernel;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Where a component says what has happened in the caller's tenant, without knowing who wants to hear it (KER-8). */
@ApplicationScoped
public class Events {

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @Inject
    private Event<Happened> happened;

    @Inject
    private Event<ManyHappened> manyHappened;

    @Inject
    private Event<Expected> expected;

    /** Observers keep it in the transaction in which it happens. */
    public record Happened(UUID tenant, EventType type, Supplier<? extends Record> data) {}

    /** As {@link Happened}, of much at once; what happens in one tenant is in its order. */
    public record ManyHappened(List<Happened> all) {
        public ManyHappened {
            all = List.copyOf(all);
        }
    }

    /** Something is about to happen in all of these tenants; who looks up anything for an event can do it once for all. */
    public record Expected(Collection<UUID> tenants) {}

    /** For the platform's transaction in which something happens in many tenants: before the first {@link #publish}. */
    public void expect(Collection<UUID> tenants) {
        expected.fire(new Expected(List.copyOf(tenants)));
    }

    /**
     * @param data a public record, as the API would show it; asked for at once, if anybody wants to hear of it
     * @throws IllegalStateException outside of a transaction
     */
    public void publish(EventType type, Supplier<? extends Record> data) {
        publish(Caller.currentTenant(), type, data);
    }

    /** As above, of that tenant; for the platform. */
    public void publish(UUID tenant, EventType type, Supplier<? extends Record> data) {
        if (isHeard()) {
            happened.fire(new Happened(tenant, type, data));
        }
    }

    /** As above, of many tenants in one go; for the platform. */
    public void publish(List<Happened> all) {
        if (!all.isEmpty() && isHeard()) {
            manyHappened.fire(new ManyHappened(all));
        }
    }

    private boolean isHeard() {
        int status = transaction.getTransactionStatus();
        if (status == Status.STATUS_MARKED_ROLLBACK) {
            return false;
        }
        if (status != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("an event belongs to the transaction in which it happens; there is none");
        }
        return true;
    }
}
