package com.cognitionos.kernel.batch;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/** Starts jobs of which the order may be in the caller's transaction, where the job would not see it yet. */
@ApplicationScoped
public class AfterCommit {

    @Resource
    private TransactionSynchronizationRegistry transaction;

    @Resource
    private ManagedExecutorService executor;

    /** Without a transaction at once; within one on another thread once it is committed, and never where it is not. */
    public void run(Runnable work) {
        int status = transaction.getTransactionStatus();
        if (status == Status.STATUS_NO_TRANSACTION) {
            work.run();
        } else if (status == Status.STATUS_ACTIVE) {
            transaction.registerInterposedSynchronization(new Waiting(() -> executor.execute(work)));
        }
    }

    private record Waiting(Runnable work) implements Synchronization {
        @Override
        public void beforeCompletion() {
            // not yet
        }

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                work.run();
            }
        }
    }
}
