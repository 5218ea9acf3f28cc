package com.cognitionos.metering.control;

import com.cognitionos.kernel.Problem;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file of comma-separated values (RFC 4180) as people's programs write it: in UTF-8, with or without a byte
 * order mark, separated by comma, semicolon or tab, whichever the first line has. It is read as it comes; the longest line
 * bounds what is held of it.
 */
public final class UsageFile implements AutoCloseable {

    /** Characters of one line, with those of a cell that has line ends in it. */
    static final int LONGEST_LINE = 65_536;

    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

    private final Text text;
    private final char separator;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;

    /** A line's cells, and which line of the file it begins at, from 1. */
    public record Line(long number, List<String> cells) {
        boolean isBlank() {
            return cells.stream().allMatch(String::isBlank);
        }
    }

    private UsageFile(Text text, char separator) throws IOException {
        this.text = text;
        this.separator = separator;
        parser =
                CSVParser.builder().setReader(text).setFormat(format(separator)).get();
        records = parser.iterator();
    }

    private static CSVFormat format(char separator) {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(separator)
                .setIgnoreEmptyLines(true)
                .get();
    }

    /** @throws Problem INVALID where it is no text in UTF-8 */
    public static UsageFile of(InputStream in) throws IOException {
        Text text = new Text(new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        try {
            return new UsageFile(text, separator(text.firstLine()));
        } catch (CharacterCodingException | NoText e) {
            throw notUtf8(1);
        }
    }

    /** The lines of what {@link #line} wrote. */
    static List<List<String>> lines(String written) {
        try (CSVParser parser = CSVParser.builder()
                .setReader(new StringReader(written))
                .setFormat(CSVFormat.RFC4180)
                .get()) {
            return parser.stream().map(CSVRecord::toList).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line as it is kept: its number, then its cells. */
    static String line(Line line) {
        return CSVFormat.RFC4180.format(Stream.concat(Stream.of(line.number()), line.cells().stream())
                        .toArray())
                + "\r\n";
    }

    /** The one that makes the most columns of the first line. */
    private static char separator(String line) {
        return SEPARATORS.stream()
                .max(Comparator.comparingInt(candidate -> outsideOfQuotes(line, candidate)))
                .filter(best -> outsideOfQuotes(line, best) > 0)
                .orElse(',');
    }

    private static int outsideOfQuotes(String line, char wanted) {
        boolean quoted = false;
        int found = 0;
        for (char c : line.toCharArray()) {
            quoted ^= c == '"';
            found += !quoted && c == wanted ? 1 : 0;
        }
        return found;
    }

    public char separator() {
        return separator;
    }

    /**
     * The next line that has anything in it; null at the end.
     *
     * @throws Problem INVALID where the rest of the file cannot be told apart into lines and cells
     */
    public @Nullable Line next() throws IOException {
        long before = parser.getCurrentLineNumber();
        try {
            while (records.hasNext()) {
                List<String> cells = records.next().toList();
                text.lineRead();
                long number = parser.getCurrentLineNumber() - lineEnds(cells);
                Line line = new Line(number, cells);
                if (!line.isBlank()) {
                    return line;
                }
            }
            return null;
        } catch (UncheckedIOException | IllegalStateException e) {
            throw refusal(e.getCause(), before + 1);
        }
    }

    private static Problem refusal(@Nullable Throwable cause, long line) {
        if (cause instanceof CharacterCodingException || cause instanceof NoText) {
            return notUtf8(line);
        }
        if (cause instanceof TooLong) {
            return Problem.invalid(
                    "file",
                    "line_too_long",
                    "Line " + line + " has more than " + LONGEST_LINE
                            + " characters; a quotation mark before it may not be closed.");
        }
        return Problem.invalid(
                "file",
                "malformed",
                "Line " + line + " cannot be read: a quotation mark in it is not closed, or something follows a closed"
                        + " one. A quotation mark inside of quotation marks is written twice.");
    }

    private static Problem notUtf8(long line) {
        return Problem.invalid(
                "file",
                "not_utf8",
                "From about line " + line
                        + " on this is no text in UTF-8. Save the file as “CSV UTF-8” and choose it again.");
    }

    /** A cell may have line ends in it; the parser tells the line that it ended at. */
    private static long lineEnds(List<String> cells) {
        long ends = 0;
        for (String cell : cells) {
            for (int i = 0; i < cell.length(); i++) {
                char c = cell.charAt(i);
                boolean second = c == '\n' && i > 0 && cell.charAt(i - 1) == '\r';
                ends += (c == '\n' || c == '\r') && !second ? 1 : 0;
            }
        }
        return ends;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** NUL, which PostgreSQL cannot keep and no text has. */
    private static final class NoText extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Characters without the byte order mark, of which the first line can be seen before it is read. */
    private static final class Text extends FilterReader {

        private final StringBuilder ahead = new StringBuilder();
        private int given;
        private int sinceLine;

        Text(Reader in) {
            super(in);
        }

        /** To its end, or as much as a line may have. */
        String firstLine() throws IOException {
            int next = super.in.read();
            if (next == BYTE_ORDER_MARK) {
                next = super.in.read();
            }
            for (; next >= 0; next = super.in.read()) {
                ahead.append(checked((char) next));
                if (next == '\n' || next == '\r' || ahead.length() == LONGEST_LINE) {
                    break;
                }
            }
            return ahead.toString();
        }

        void lineRead() {
            sinceLine = 0;
        }

        @Override
        public int read() throws IOException {
            char[] one = new char[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int read;
            if (given < ahead.length()) {
                read = Math.min(length, ahead.length() - given);
                ahead.getChars(given, given + read, buffer, offset);
                given += read;
            } else {
                read = super.in.read(buffer, offset, length);
                for (int i = offset; i < offset + read; i++) {
                    checked(buffer[i]);
                }
            }
            // The parser reads ahead by a buffer, so this is not exact; it only must not grow without end.
            sinceLine += Math.max(0, read);
            if (sinceLine > 2 * LONGEST_LINE) {
                throw new TooLong();
            }
            return read;
        }

        private static char checked(char c) throws NoText {
            if (c == 0) {
                throw new NoText();
            }
            return c;
        }
    }
}
