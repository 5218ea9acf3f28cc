package com.cognitionos.alert.boundary;

import com.cognitionos.kernel.BackgroundThreads;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.metering.entity.LimitRefused;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells of a limit as soon as it refuses something, rather than with the timer's next turn (ALR-8). Whoever is refused does not
 * wait for it. A flood of refusals is one look a minute.
 */
@ApplicationScoped
public class RefusalWatch {

    private static final Caller CALLER = Caller.job("alerts");
    private static final Logger LOG = Logger.getLogger(RefusalWatch.class.getName());
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** Of so many the node remembers when it looked; beyond that the timer's turn is soon enough. */
    private static final int MOST = 10_000;

    private final Map<Subject, Instant> looked = new ConcurrentHashMap<>();

    @Inject
    private BackgroundThreads threads;

    @Inject
    private BusinessClock clock;

    @EJB
    private AlertWatch watch;

    private record Subject(UUID tenant, String meter) {}

    void refused(@Observes LimitRefused refused) {
        Subject subject = new Subject(Caller.currentTenant(), refused.meter());
        if (isFirst(subject, clock.system())) {
            threads.execute(() -> look(subject));
        }
    }

    private boolean isFirst(Subject subject, Instant now) {
        Instant before = looked.get(subject);
        if (before != null && now.isBefore(before.plus(PAUSE))) {
            return false;
        }
        if (before == null && looked.size() >= MOST) {
            looked.values().removeIf(at -> !now.isBefore(at.plus(PAUSE)));
            if (looked.size() >= MOST) {
                return false;
            }
        }
        return before == null ? looked.putIfAbsent(subject, now) == null : looked.replace(subject, before, now);
    }

    private void look(Subject subject) {
        try {
            CALLER.in(subject.tenant()).run(() -> watch.refused(subject.meter()));
        } catch (RuntimeException e) {
            looked.remove(subject);
            LOG.log(
                    Level.WARNING,
                    e,
                    () -> "What a limit of tenant " + subject.tenant() + " refused is told with the next");
        }
    }
}
