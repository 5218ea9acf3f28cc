package com.cognitionos.kernel;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Comma-separated values by RFC 4180 that no spreadsheet computes (KER-7). */
public final class Csv {

    public static final String MEDIA_TYPE = "text/csv";

    /** In UTF-8, as all of our files are. */
    public static final String CONTENT_TYPE = MEDIA_TYPE + ";charset=UTF-8";

    /** What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection). */
    private static final String FORMULA = "=+-@\t\r";

    private static final String LINE_END = "\r\n";

    private Csv() {}

    /** A file that is ready to be written, a portion at a time. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /** The value of Content-Disposition for a file of that name. */
    public static String disposition(String name) {
        return "attachment; filename=\"" + name + ".csv\"";
    }

    /** The first line. */
    public static String header(List<String> columns) {
        return String.join(",", columns) + LINE_END;
    }

    /** A cell of text that may come from anybody. */
    public static String cell(String text) {
        String harmless = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean plain = harmless.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? harmless : '"' + harmless.replace("\"", "\"\"") + '"';
    }

    /** One line, cell by cell; null is an empty cell. */
    public static final class Line {
        private final StringJoiner cells = new StringJoiner(",", "", LINE_END);

        public Line text(@Nullable Object value) {
            cells.add(value == null ? "" : cell(value.toString()));
            return this;
        }

        /** A number of ours, which may begin with a minus. */
        public Line number(@Nullable Number value) {
            cells.add(value == null ? "" : value.toString());
            return this;
        }

        /** An amount with the decimals of its currency, and a point: 12.50, -500. */
        public Line amount(long minor, String currency) {
            cells.add(MinorUnit.plain(minor, currency));
            return this;
        }

        @Override
        public String toString() {
            return cells.toString();
        }
    }
}
