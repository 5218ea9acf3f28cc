package com.cognitionos.kernel;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.function.Supplier;

/** Where a component says what has happened in the caller's tenant, without knowing who wants to hear it (KER-8). */
@ApplicationScoped
public class Events {

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @Inject
    private Event<Happened> happened;

    /** Observers keep it in the transaction in which it happens. */
    public record Happened(EventType type, Supplier<? extends Record> data) {}

    /**
     * @param data a public record, as the API would show it; asked for at once, if anybody wants to hear of it
     * @throws IllegalStateException outside of a transaction
     */
    public void publish(EventType type, Supplier<? extends Record> data) {
        int status = transaction.getTransactionStatus();
        if (status == Status.STATUS_MARKED_ROLLBACK) {
            return;
        }
        if (status != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("an event belongs to the transaction in which it happens; there is none");
        }
        happened.fire(new Happened(type, data));
    }
}
