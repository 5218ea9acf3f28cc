package com.cognitionos.mail.boundary;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What mails have in common. */
public final class Wording {

    private static final int LONGEST_NAME = 80;

    private Wording() {}

    /** What others typed in must not pass for a sentence or a link of ours. */
    public static String plain(String name) {
        String words = name.replaceAll("[^\\p{L}\\p{M}\\p{N} &'.,()+-]", " ")
                .replaceAll("\\.(?=\\p{L})", ". ")
                .strip();
        return words.length() > LONGEST_NAME ? words.substring(0, LONGEST_NAME) + "…" : words;
    }

    /** {@code 3 March 2026}. */
    public static String day(Instant at, ZoneId zone) {
        return format("d MMMM uuuu", at, zone);
    }

    /** {@code Tuesday, 3 March 2026}. */
    public static String weekday(Instant at, ZoneId zone) {
        return format("EEEE, d MMMM uuuu", at, zone);
    }

    private static String format(String pattern, Instant at, ZoneId zone) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                .withZone(zone)
                .format(at);
    }
}
