package com.cognitionos.metering.entity;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file of usage, a row for each event, and how far it is taken in.
 *
 * @param bytes its size
 * @param header its columns; empty where it was refused before they were read
 * @param separator of its cells: a comma, a semicolon or a tab
 * @param rows of events, without the header and blank lines
 * @param doubtful how many of the rows could not be taken as they stood when the file was read
 * @param notes on the first of those, or what is wrong with a file that was refused
 * @param reason in a word, why it was refused or failed
 * @param uploadedBy whose upload it is, as a {@code Caller}'s subject
 * @param read how many rows were read so far: the sum of those taken, the duplicates and the rejected
 * @param kept whether rejected rows can still be had
 * @param rest whether rows are kept that are not taken in yet
 */
public record UsageUpload(
        UUID id,
        String fileName,
        long bytes,
        List<String> header,
        char separator,
        int rows,
        int doubtful,
        List<String> notes,
        Status status,
        @Nullable String reason,
        String uploadedBy,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        int read,
        int taken,
        int duplicates,
        int rejected,
        boolean kept,
        boolean rest) {

    private static final int FULL = 100;

    /** Where an upload stands. */
    public enum Status {
        /** It cannot be read, and nothing of it is kept. */
        REFUSED,
        /** It was read, and nothing is taken in before somebody says so. */
        CHECKED,
        QUEUED,
        RUNNING,
        COMPLETED,
        /** By somebody; it can go on. */
        STOPPED,
        /** By a fault of ours; it can go on. */
        FAILED;

        public static Status of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public UsageUpload {
        header = List.copyOf(header);
        notes = List.copyOf(notes);
    }

    public boolean isUnderWay() {
        return status == Status.QUEUED || status == Status.RUNNING;
    }

    /** Whether it can be set going, for the first time or again. */
    public boolean isStartable() {
        return rest && (status == Status.CHECKED || isLeftOff());
    }

    /** Whether it ended before all of it was taken in. */
    public boolean isLeftOff() {
        return status == Status.STOPPED || status == Status.FAILED;
    }

    /** From 0 to 100. */
    public int percent() {
        return rows == 0 ? FULL : (int) ((long) read * FULL / rows);
    }
}
