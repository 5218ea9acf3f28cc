package com.cognitionos.metering.portal;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.metering.boundary.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A meter by group, the one with the most first and all that are not shown by themselves at the end. */
public record GroupedUsage(List<Group> groups) {

    static final GroupedUsage NONE = new GroupedUsage(List.of());

    /**
     * @param name as the events say; null for all others together
     * @param label for people
     * @param share of the largest, in percent
     */
    public record Group(@Nullable String name, String label, BigDecimal quantity, BigDecimal share) {}

    public static GroupedUsage of(Usage.Series series) {
        Map<String, List<BigDecimal>> steps = new LinkedHashMap<>();
        series.groups().forEach(group -> steps.put(group, new ArrayList<>()));
        List<BigDecimal> others = new ArrayList<>();
        for (Usage.Point point : series.points()) {
            List<BigDecimal> of = point.group() == null ? others : steps.get(point.group());
            if (of != null) {
                of.add(point.quantity());
            }
        }
        Meter.Aggregation kind = series.meter().aggregation();
        List<Group> groups = new ArrayList<>();
        BigDecimal most = steps.values().stream()
                .map(quantities -> UsageOverTime.total(kind, quantities))
                .reduce(BigDecimal.ZERO, BigDecimal::max);
        steps.forEach((name, quantities) -> groups.add(group(name, UsageOverTime.total(kind, quantities), most)));
        if (!others.isEmpty()) {
            groups.add(group(null, UsageOverTime.total(kind, others), most));
        }
        return new GroupedUsage(List.copyOf(groups));
    }

    private static Group group(@Nullable String name, BigDecimal quantity, BigDecimal most) {
        String label = name == null ? "All others" : name.isEmpty() ? "None" : name;
        BigDecimal share = most.signum() == 0
                ? BigDecimal.ZERO
                : quantity.multiply(BigDecimal.valueOf(100)).divide(most, 1, RoundingMode.HALF_UP);
        return new Group(name, label, quantity, share.min(BigDecimal.valueOf(100)));
    }
}
