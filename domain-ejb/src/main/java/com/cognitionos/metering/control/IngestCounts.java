package com.cognitionos.metering.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.eclipse.microprofile.metrics.annotation.Gauge;

/**
 * What has become of events since this node's start, for {@code /metrics}. No figure names a tenant. In a server without
 * metrics the annotations say nothing.
 */
@ApplicationScoped
public class IngestCounts {

    private final LongAdder accepted = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final AtomicInteger inside = new AtomicInteger();

    public void add(int stored, int again, int not) {
        accepted.add(stored);
        duplicates.add(again);
        rejected.add(not);
    }

    void entered() {
        inside.incrementAndGet();
    }

    void left() {
        inside.decrementAndGet();
    }

    void refusedRequest() {
        refused.increment();
    }

    @Gauge(name = "usage_events_accepted", absolute = true, unit = MetricUnits.NONE, description = "Events stored")
    public long accepted() {
        return accepted.sum();
    }

    @Gauge(name = "usage_events_duplicate", absolute = true, unit = MetricUnits.NONE, description = "Events sent again")
    public long duplicates() {
        return duplicates.sum();
    }

    @Gauge(
            name = "usage_events_rejected",
            absolute = true,
            unit = MetricUnits.NONE,
            description = "Events not accepted")
    public long rejected() {
        return rejected.sum();
    }

    @Gauge(
            name = "usage_requests_refused",
            absolute = true,
            unit = MetricUnits.NONE,
            description = "Requests for which there was no place")
    public long refused() {
        return refused.sum();
    }

    @Gauge(
            name = "usage_requests_inside",
            absolute = true,
            unit = MetricUnits.NONE,
            description = "Requests that are being taken in")
    public int inside() {
        return inside.get();
    }
}
