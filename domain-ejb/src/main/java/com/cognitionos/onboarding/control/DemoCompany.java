package com.cognitionos.onboarding.control;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.metering.entity.UsageEvent;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** The companies of the demo world and how they use the product. */
public enum DemoCompany {
    NORTHWIND("Northwind Labs", "northwind", "Ada Moreau", Tier.PRO, 345, 330_000, 2_900, 9_400),
    BRIGHTWAVE("Brightwave Robotics", "brightwave", "Jonas Lindqvist", Tier.TEAM, 3_150, 3_450_000, 29_000, 88_000),
    TINY_STUDIO("Tiny Studio", "tiny-studio", "Mia Okafor", Tier.FREE, 2, 2_400, 21, 420),
    GLOBEX("Globex Research", "globex", "Hana Suzuki", Tier.ENTERPRISE, 9_800, 12_000_000, 84_000, 640_000),
    UMBRA("Umbra Analytics", "umbra", "Leo Fischer", Tier.PRO, 352, 290_000, 2_400, 7_100),
    VANDELAY("Vandelay Exports", "vandelay", "Art Corvelay", Tier.PRO, 120, 95_000, 900, 3_300);

    /** On which one of them uses far more than ever, so that there is something to be told of. */
    private static final int LAST_DAY = 94;

    private static final int BURST = 6;

    private static final Duration INTERVAL = Duration.ofHours(8);

    private final String title;
    private final String slug;
    private final String person;
    private final Tier tier;
    private final long executionsPerDay;
    private final long tokensPerDay;
    private final long apiCallsPerDay;
    private final long storageMb;

    DemoCompany(
            String title,
            String slug,
            String person,
            Tier tier,
            long executionsPerDay,
            long tokensPerDay,
            long apiCallsPerDay,
            long storageMb) {
        this.title = title;
        this.slug = slug;
        this.person = person;
        this.tier = tier;
        this.executionsPerDay = executionsPerDay;
        this.tokensPerDay = tokensPerDay;
        this.apiCallsPerDay = apiCallsPerDay;
        this.storageMb = storageMb;
    }

    public String title() {
        return title;
    }

    public String slug() {
        return slug;
    }

    public String person() {
        return person;
    }

    public String email() {
        return person.substring(0, person.indexOf(' ')).toLowerCase(Locale.ROOT) + "@" + slug + ".example";
    }

    public Tier tier() {
        return tier;
    }

    /** Whether its card fails at last, so that its latest invoice is unpaid. */
    public boolean failing() {
        return this == UMBRA;
    }

    public boolean suspended() {
        return this == VANDELAY;
    }

    /** In a few words, for the list of sign-ins. */
    public String about() {
        return tier.code() + (failing() ? ", card fails" : suspended() ? ", suspended" : "");
    }

    /** What it used from {@code from} to {@code to}; the same each time it is told. */
    public SortedMap<Integer, UsageEvent> usage(Instant from, Instant to, Instant start) {
        SortedMap<Integer, UsageEvent> events = new TreeMap<>();
        for (Instant at = from.isBefore(start) ? start : from; at.isBefore(to); at = at.plus(INTERVAL)) {
            Random random = new Random(slug.hashCode() * 31L + at.getEpochSecond());
            double share = rhythm(at, start) / 3 * (0.75 + random.nextDouble() / 2);
            add(events, "executions", at, Math.round(executionsPerDay * share));
            long days = Duration.between(start, at).toDays();
            int burst = days == LAST_DAY && this == BRIGHTWAVE ? BURST : 1;
            add(events, "tokens", at, Math.round(burst * tokensPerDay * share * (0.9 + random.nextDouble() / 5)));
            add(events, "api_calls", at, Math.round(apiCallsPerDay * share));
            add(events, "storage_mb", at, Math.round(storageMb * (0.7 + 0.3 * days / 95)));
        }
        return events;
    }

    /** Weekends are quiet, and business grows a little. */
    private static double rhythm(Instant at, Instant start) {
        DayOfWeek day = LocalDate.ofInstant(at, ZoneOffset.UTC).getDayOfWeek();
        boolean weekend = day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
        return (weekend ? 0.45 : 1.15)
                * (0.85 + 0.3 * Duration.between(start, at).toDays() / 95);
    }

    private void add(SortedMap<Integer, UsageEvent> events, String meter, Instant at, long quantity) {
        events.put(
                events.size(),
                new UsageEvent(
                        "demo-" + slug + "-" + meter + "-" + at.getEpochSecond(),
                        meter,
                        BigDecimal.valueOf(quantity),
                        at,
                        "production",
                        null));
    }
}
