package com.cognitionos.invoicing.batch;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the tenants of one share that are still to do. The checkpoint is the last tenant that was handed out. */
@Named
@Dependent
public class InvoiceRunReader extends AbstractItemReader {

    private static final int PAGE = 100;

    @Inject
    @BatchProperty
    private String run;

    @Inject
    @BatchProperty
    private String partition;

    @Inject
    @BatchProperty
    private String partitions;

    @EJB
    private InvoiceRunWork work;

    private final Deque<UUID> page = new ArrayDeque<>();
    private @Nullable UUID last;

    @Override
    public void open(@Nullable Serializable checkpoint) {
        // What is pending in the database tells better than any checkpoint where to go on: a tenant of the chunk that
        // was cut off is pending still, though the checkpoint may lie behind it.
        last = null;
    }

    @Override
    public @Nullable Object readItem() {
        if (page.isEmpty()) {
            page.addAll(work.next(
                    UUID.fromString(run), Integer.parseInt(partition), Integer.parseInt(partitions), last, PAGE));
        }
        last = page.poll();
        return last;
    }

    @Override
    public @Nullable Serializable checkpointInfo() {
        return last;
    }
}
