package com.cognitionos.metering.control;

import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.entity.UsageColumns;
import com.cognitionos.metering.entity.UsageEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a file of usage has in it, by going through it once, part by part.
 *
 * @param header empty where it could not be read
 * @param rows of events
 * @param doubtful how many of them could not be taken as they stand
 * @param notes on the first of those, or what keeps the file from being read
 * @param reason in a word, why it is refused; null where it is not
 */
public record UploadContents(
        List<String> header,
        char separator,
        int rows,
        int doubtful,
        List<String> notes,
        @Nullable String reason) {

    private static final int PART_ROWS = 1000;
    private static final int PART_CHARS = 1 << 19;
    private static final int MOST_NOTES = 10;

    /** Up to a thousand lines, ready to be kept. @param position from 0 */
    public record Part(int position, int rows, String content) {}

    /** A row of a part again. @param line of the file that it began at */
    public record Row(long line, List<String> cells) {}

    /**
     * @param meters that there are
     * @param most rows that a file may have
     * @param keep is given part after part; of a file that is refused in the end, too
     */
    public static UploadContents read(InputStream in, Set<String> meters, int most, Consumer<Part> keep)
            throws IOException {
        List<String> header = List.of();
        char separator = ',';
        try (UsageFile file = UsageFile.of(in)) {
            separator = file.separator();
            UsageFile.Line first = file.next();
            if (first == null) {
                return refused(header, separator, "empty", "The file is empty.");
            }
            UsageColumns.Header read = UsageColumns.of(first.cells());
            // A refused one is shown as far as one may have been.
            header = first.cells().stream().limit(UsageColumns.MAX_COLUMNS).toList();
            UsageColumns columns = read.columns();
            if (columns == null) {
                return new UploadContents(header, separator, 0, 0, read.faults(), "header");
            }
            Through through = new Through(columns, meters, keep);
            for (UsageFile.Line line = file.next(); line != null; line = file.next()) {
                if (through.rows == most) {
                    return refused(
                            header,
                            separator,
                            "too_many_rows",
                            "The file has more than " + most + " rows. Split it into several files.");
                }
                through.take(line);
            }
            through.keepPart();
            return through.rows == 0
                    ? refused(header, separator, "empty", "Below the names of the columns the file has no rows.")
                    : new UploadContents(header, separator, through.rows, through.doubtful, through.notes, null);
        } catch (Problem unreadable) {
            Problem.FieldError error = unreadable.errors().get(0);
            return refused(header, separator, error.code(), error.detail());
        }
    }

    private static UploadContents refused(List<String> header, char separator, String reason, String words) {
        return new UploadContents(header, separator, 0, 0, List.of(words), reason);
    }

    /** The rows of a part. */
    public static List<Row> rows(String content) {
        return UsageFile.lines(content).stream()
                .map(cells -> new Row(Long.parseLong(cells.get(0)), List.copyOf(cells.subList(1, cells.size()))))
                .toList();
    }

    private static final class Through {
        private final UsageColumns columns;
        private final Set<String> meters;
        private final Consumer<Part> keep;
        private final StringBuilder part = new StringBuilder();
        private final List<String> notes = new ArrayList<>();
        private int parts;
        private int inPart;
        private int rows;
        private int doubtful;

        Through(UsageColumns columns, Set<String> meters, Consumer<Part> keep) {
            this.columns = columns;
            this.meters = meters;
            this.keep = keep;
        }

        void take(UsageFile.Line line) {
            UsageColumns.Row row = columns.read(line.cells());
            UsageColumns.Fault fault = row.fault();
            UsageEvent event = row.event();
            if (fault == null && event != null && !meters.contains(event.meter())) {
                fault = new UsageColumns.Fault("unknown_meter", "There is no meter " + event.meter() + ".");
            }
            if (fault != null) {
                doubtful++;
                if (notes.size() < MOST_NOTES) {
                    notes.add("Line " + line.number() + ": " + fault.detail());
                }
            }
            String written = UsageFile.line(line);
            if (inPart == PART_ROWS || inPart > 0 && part.length() + written.length() > PART_CHARS) {
                keepPart();
            }
            part.append(written);
            inPart++;
            rows++;
        }

        void keepPart() {
            if (inPart > 0) {
                keep.accept(new Part(parts, inPart, part.toString()));
                parts++;
                inPart = 0;
                part.setLength(0);
            }
        }
    }
}
