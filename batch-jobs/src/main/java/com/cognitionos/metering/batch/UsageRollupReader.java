package com.cognitionos.metering.batch;

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

/** Reads the tenants whose rollups are behind, once each. */
@Named
@Dependent
public class UsageRollupReader extends AbstractItemReader {

    private static final int PAGE = 100;

    @Inject
    @BatchProperty
    private String all;

    @EJB
    private UsageRollupWork work;

    private final Deque<UUID> page = new ArrayDeque<>();
    private UUID last = new UUID(0, 0);

    @Override
    public void open(@Nullable Serializable checkpoint) {
        if (checkpoint instanceof UUID tenant) {
            last = tenant;
        }
    }

    @Override
    public @Nullable Object readItem() {
        if (page.isEmpty()) {
            page.addAll(work.next(last, UsageRollupJob.isAll(all), PAGE));
        }
        UUID next = page.poll();
        if (next != null) {
            last = next;
        }
        return next;
    }

    @Override
    public Serializable checkpointInfo() {
        return last;
    }
}
