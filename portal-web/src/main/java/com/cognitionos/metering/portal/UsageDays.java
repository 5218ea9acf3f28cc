package com.cognitionos.metering.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.tenancy.portal.CurrentTenant;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A meter over the last hours or days, as the usage page and its file have it. */
@RequestScoped
public class UsageDays {

    /** The last so many days can be shown. */
    static final List<Integer> RANGES = List.of(1, 7, 30, 90);

    private static final int MONTH = 30;

    /** Up to so many days are shown hour by hour. */
    private static final int MOST_BY_HOUR = 7;

    @EJB
    private Usage usage;

    @EJB
    private Plans plans;

    @Inject
    private CurrentTenant tenant;

    static int days(@Nullable String wanted) {
        return RANGES.stream()
                .filter(range -> range.toString().equals(wanted))
                .findFirst()
                .orElse(MONTH);
    }

    static boolean byHour(int days) {
        return days <= MOST_BY_HOUR;
    }

    /** The one of that code, or the first of all. */
    Meter meter(@Nullable String code) {
        List<Meter> meters = plans.meters();
        return meters.stream()
                .filter(known -> known.code().equals(code))
                .findFirst()
                .orElse(meters.get(0));
    }

    /** The dimension of that name, null where the meter has none such. */
    static @Nullable String group(Meter meter, @Nullable String wanted) {
        return wanted != null && meter.groups().contains(wanted) ? wanted : null;
    }

    /**
     * @param by the dimension that it is split by, or that {@code of} is of; null for neither
     * @param of the one group that is shown; null for all
     */
    Usage.Series series(String meter, int days, @Nullable String by, @Nullable String of) {
        Instant now = tenant.now();
        boolean byHour = byHour(days);
        // With the running one; by hour the same hours of as many days.
        Instant first = byHour
                ? now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS).minus(days, ChronoUnit.DAYS)
                : now.truncatedTo(ChronoUnit.DAYS).minus(days - 1L, ChronoUnit.DAYS);
        // To a moment after now, or the first instant of a day or hour would be an empty one.
        return usage.series(new Usage.Wanted(
                meter,
                first,
                now.plusMillis(1),
                byHour ? Usage.Granularity.HOUR : Usage.Granularity.DAY,
                of == null ? by : null,
                Usage.DEFAULT_GROUPS,
                by == null || of == null ? null : new Usage.Filter(by, of)));
    }
}
