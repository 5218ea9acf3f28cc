package com.cognitionos.kernel;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Attempts to get round a control, as lines of the logger {@value #NAME} (KER-6):
 * {@code event=scope_refused subject=key:0a1b2c3d address=203.0.113.7 door=rest trace_id=… count=1}. Whoever repeats
 * itself gets one line a minute with the number of times; what was held back is written with the next event of anybody.
 * Nothing that a request says of itself stands in it but the address and the trace id, and these without odd characters.
 */
public final class SecurityLog {

    public static final String NAME = "com.cognitionos.security";

    /** What was refused. */
    public enum Event {
        /** A key that is unknown, revoked or expired. */
        BAD_KEY,
        /** An event that the payment provider has not signed, or not of late. */
        BAD_SIGNATURE,
        /** A key in an address, where it ends up in logs of others. */
        KEY_IN_ADDRESS,
        SCOPE_REFUSED,
        /** A tenant that the caller does not belong to. */
        FOREIGN_TENANT,
        /** More requests than the caller's rate. */
        RATE_LIMITED,
        /** A form that another site, or no page of ours, made a browser send. */
        FORGED_POST,
        SIGN_IN_FAILED,
        /** Too many guesses: nothing was looked at. */
        SIGN_IN_SLOWED,
        /** A step-up that failed. */
        CONFIRMATION_FAILED;

        private String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final int MOST = 1_000;
    static final long MINUTE_NS = 60_000_000_000L;
    private static final int LONGEST = 100;
    private static final String OTHERS = "others";
    private static final Pattern KEY = Pattern.compile("cog_[0-9a-fA-F]{32}");
    private static final Pattern ODD = Pattern.compile("[^A-Za-z0-9._:/@+-]");

    private static final SecurityLog SHARED = new SecurityLog(Logger.getLogger(NAME)::warning, System::nanoTime);

    private record Who(Event event, String subject) {}

    /** What was held back since the last line. */
    private static final class Held {
        private final long since;
        private String last = "";
        private long count;

        Held(long since) {
            this.since = since;
        }
    }

    private final Consumer<String> lines;
    private final LongSupplier nanoTime;
    // The oldest line comes first.
    private final Map<Who, Held> open = new LinkedHashMap<>();

    SecurityLog(Consumer<String> lines, LongSupplier nanoTime) {
        this.lines = lines;
        this.nanoTime = nanoTime;
    }

    /**
     * @param subject who, if it is known, as in {@link Caller#subject}; else the address counts
     * @param trace the id that the reply carries
     */
    public static void refused(Event event, @Nullable String subject, Origin origin, @Nullable String trace) {
        SHARED.add(event, subject, origin, trace);
    }

    void add(Event event, @Nullable String subject, Origin origin, @Nullable String trace) {
        String text = "event=" + event.code() + " subject=" + plain(subject) + " address=" + plain(origin.address())
                + " door=" + plain(origin.door()) + " trace_id=" + plain(trace);
        List<String> out = new ArrayList<>();
        synchronized (this) {
            long now = nanoTime.getAsLong();
            release(now, out);
            Who own = new Who(event, plain(subject == null ? origin.address() : subject));
            // Whoever comes from a thousand places at once must fill neither the memory nor the log.
            Who who = open.containsKey(own) || open.size() < MOST ? own : new Who(event, OTHERS);
            Held held = open.get(who);
            if (held == null) {
                open.put(who, new Held(now));
                out.add(text + " count=1");
            } else {
                held.last = text;
                held.count++;
            }
        }
        out.forEach(lines);
    }

    private void release(long now, List<String> out) {
        Map<Who, Held> again = new LinkedHashMap<>();
        Iterator<Map.Entry<Who, Held>> oldest = open.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Who, Held> entry = oldest.next();
            Held held = entry.getValue();
            if (now - held.since < MINUTE_NS) {
                break;
            }
            oldest.remove();
            if (held.count > 0) {
                out.add(held.last + " count=" + held.count);
                again.put(entry.getKey(), new Held(now));
            }
        }
        open.putAll(again);
    }

    private static String plain(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "-";
        }
        String cut = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
        return ODD.matcher(KEY.matcher(cut).replaceAll("cog_")).replaceAll("?");
    }
}
