package com.cognitionos.alert.boundary;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.metering.entity.LimitRefused;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells of a limit as soon as it refuses something, rather than with the timer's next turn (ALR-8). Whoever is refused does not
 * wait for it. Of a flood of refusals there is a look every ten seconds, and one after the last of them.
 */
@ApplicationScoped
public class RefusalWatch {

    private static final Caller CALLER = Caller.job("alerts");
    private static final Logger LOG = Logger.getLogger(RefusalWatch.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** Of so many the node remembers when it looked; beyond that the timer's turn is soon enough. */
    private static final int MOST = 10_000;

    /** Whose look is to come. */
    private final Set<Subject> awaited = ConcurrentHashMap.newKeySet();

    private final Map<Subject, Instant> looked = new ConcurrentHashMap<>();

    @Resource
    private ManagedScheduledExecutorService scheduler;

    @Inject
    private BusinessClock clock;

    @EJB
    private AlertWatch watch;

    private record Subject(UUID tenant, String meter) {}

    /** After the transaction, whatever came of it: what else it used counts by then. */
    void refused(@Observes(during = TransactionPhase.AFTER_COMPLETION) LimitRefused refused) {
        Subject subject = new Subject(refused.tenant(), refused.meter());
        if (hasRoom() && awaited.add(subject)) {
            Duration rest = Duration.between(
                    clock.system(), looked.getOrDefault(subject, Instant.EPOCH).plus(PAUSE));
            try {
                scheduler.schedule(() -> look(subject), Math.max(0, rest.toMillis()), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopping) {
                awaited.remove(subject);
            }
        }
    }

    private boolean hasRoom() {
        if (looked.size() >= MOST) {
            Instant before = clock.system().minus(PAUSE);
            looked.values().removeIf(before::isAfter);
        }
        return looked.size() < MOST;
    }

    private void look(Subject subject) {
        // What is refused from here on is looked at again.
        awaited.remove(subject);
        looked.put(subject, clock.system());
        try {
            CALLER.in(subject.tenant()).run(() -> watch.refused(subject.meter()));
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    e,
                    () -> "What a limit of tenant " + subject.tenant() + " refused is told with the next");
        }
    }
}
