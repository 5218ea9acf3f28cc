package com.cognitionos.metering.entity;

import jakarta.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a file of usage mean, by its first line. Names are those of an event in the API, {@code event_id} and
 * {@code occurred_at} do as well; whatever else there is becomes a property, a dimension that usage can be split by.
 *
 * <p>A file of rejected rows can be mended and read again: its additional columns are passed over, and so is the mark that
 * keeps a spreadsheet from computing a cell.
 *
 * @param header as it stood in the file
 * @param meanings of each column
 */
public record UsageColumns(List<String> header, List<Meaning> meanings) {

    private static final int MAX_TEXT = 255;
    private static final int MAX_PROPERTIES = 16_384;
    private static final int MAX_NUMBER = 100;
    private static final int MAX_SCALE = 1000;
    public static final int MAX_COLUMNS = 100;
    private static final int DATE_LENGTH = 10;

    /** What a mark was put before: any number of marks and then what a spreadsheet may take for a formula. */
    private static final Pattern GUARDED = Pattern.compile("'+[=+\\-@\\t\\r].*", Pattern.DOTALL);

    private static final Pattern PLAIN = Pattern.compile("[ !#-\\[\\]-~]*");
    private static final Pattern TO_GUARD = Pattern.compile("'*[=+\\-@\\t\\r].*", Pattern.DOTALL);

    /** The columns that a file of rejected rows has behind those of the file. */
    public static final List<String> OF_REJECTED = List.of("rejected_line", "rejected_code", "rejected_reason");

    private static final Map<String, Meaning> NAMES = Map.of(
            "id", Meaning.ID,
            "event_id", Meaning.ID,
            "meter", Meaning.METER,
            "quantity", Meaning.QUANTITY,
            "timestamp", Meaning.TIMESTAMP,
            "occurred_at", Meaning.TIMESTAMP,
            "subject", Meaning.SUBJECT);

    private static final Map<Meaning, String> REQUIRED =
            Map.of(Meaning.ID, "event_id", Meaning.METER, "meter", Meaning.QUANTITY, "quantity");

    /** What a column holds. */
    public enum Meaning {
        ID,
        METER,
        QUANTITY,
        TIMESTAMP,
        SUBJECT,
        PROPERTY,
        PASSED_OVER
    }

    /** Why a row makes no event; code and detail as a rejection has them. */
    public record Fault(String code, String detail) {}

    /** An event, or why there is none. */
    public record Row(@Nullable UsageEvent event, @Nullable Fault fault) {}

    /** Columns, or what is wrong with them in whole sentences. */
    public record Header(@Nullable UsageColumns columns, List<String> faults) {}

    public UsageColumns {
        header = List.copyOf(header);
        meanings = List.copyOf(meanings);
    }

    /** Reads a file's first line. */
    public static Header of(List<String> header) {
        boolean mended = isMended(header);
        List<String> names = header.stream()
                .map(name -> (mended ? unguarded(name) : name).strip())
                .toList();
        List<Meaning> meanings = names.stream().map(UsageColumns::meaning).toList();
        List<String> faults = faults(names, meanings);
        return faults.isEmpty()
                ? new Header(new UsageColumns(header, meanings), List.of())
                : new Header(null, List.copyOf(faults));
    }

    private static boolean isMended(List<String> header) {
        return new HashSet<>(header).containsAll(OF_REJECTED);
    }

    private static Meaning meaning(String name) {
        if (OF_REJECTED.contains(name)) {
            return Meaning.PASSED_OVER;
        }
        return NAMES.getOrDefault(name.toLowerCase(Locale.ROOT).replace(' ', '_'), Meaning.PROPERTY);
    }

    private static List<String> faults(List<String> names, List<Meaning> meanings) {
        List<String> faults = new ArrayList<>();
        if (names.size() > MAX_COLUMNS) {
            return List.of("There are " + names.size() + " columns; a file may have " + MAX_COLUMNS + ".");
        }
        REQUIRED.forEach((meaning, name) -> {
            if (!meanings.contains(meaning)) {
                faults.add("The column " + name + " is missing; the first line must name the columns.");
            }
        });
        faults.sort(null);
        Set<String> known = new HashSet<>();
        Map<Meaning, String> first = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String before = meanings.get(i) == Meaning.PROPERTY ? null : first.putIfAbsent(meanings.get(i), name);
            if (name.isEmpty()) {
                faults.add("Column " + (i + 1) + " has no name.");
            } else if (name.length() > MAX_TEXT) {
                faults.add("The name of column " + (i + 1) + " has more than " + MAX_TEXT + " characters.");
            } else if (!known.add(name)) {
                faults.add("The column " + name + " stands there twice.");
            } else if (before != null && meanings.get(i) != Meaning.PASSED_OVER) {
                faults.add("The columns " + before + " and " + name + " mean the same; leave one out.");
            } else if (name.equalsIgnoreCase("properties")) {
                faults.add("Instead of a column properties, give each property a column of its own.");
            }
        }
        return faults;
    }

    /** @param cells of one line, as they stood in the file */
    public Row read(List<String> cells) {
        if (cells.size() != header.size()) {
            return fault(
                    "malformed", "The line has " + cells.size() + " cells, the first line has " + header.size() + ".");
        }
        boolean mended = isMended(header);
        Map<Meaning, String> values = new HashMap<>();
        Map<String, String> properties = new TreeMap<>();
        for (int i = 0; i < cells.size(); i++) {
            String cell = mended ? unguarded(cells.get(i)) : cells.get(i);
            if (meanings.get(i) != Meaning.PROPERTY) {
                values.put(meanings.get(i), cell);
            } else if (!cell.isEmpty()) {
                properties.put((mended ? unguarded(header.get(i)) : header.get(i)).strip(), cell);
            }
        }
        return event(values, properties);
    }

    private static Row event(Map<Meaning, String> values, Map<String, String> properties) {
        String id = values.getOrDefault(Meaning.ID, "");
        if (id.isBlank() || id.length() > MAX_TEXT) {
            return fault("invalid_id", "The id must have 1 to " + MAX_TEXT + " characters.");
        }
        String meter = values.getOrDefault(Meaning.METER, "").strip();
        if (meter.isEmpty() || meter.length() > MAX_TEXT) {
            return fault("malformed", "The meter must have 1 to " + MAX_TEXT + " characters.");
        }
        String number = values.getOrDefault(Meaning.QUANTITY, "").strip();
        BigDecimal quantity = quantity(number).orElse(null);
        if (quantity == null) {
            return fault(
                    "invalid_quantity",
                    number.isEmpty()
                            ? "The quantity is missing."
                            : "The quantity must be a number such as 1250 or 0.5.");
        }
        String time = values.getOrDefault(Meaning.TIMESTAMP, "").strip();
        Instant timestamp = time.isEmpty() ? null : instant(time).orElse(null);
        if (timestamp == null && !time.isEmpty()) {
            return fault(
                    "invalid_timestamp", "The time must be ISO 8601 with an offset, such as 2026-01-31T10:00:00Z.");
        }
        String subject = values.getOrDefault(Meaning.SUBJECT, "");
        if (subject.length() > MAX_TEXT) {
            return fault("malformed", "The subject must have at most " + MAX_TEXT + " characters.");
        }
        String json = json(properties);
        if (json != null && json.length() > MAX_PROPERTIES) {
            return fault("malformed", "The properties must have at most " + MAX_PROPERTIES + " characters.");
        }
        return new Row(new UsageEvent(id, meter, quantity, timestamp, subject.isBlank() ? null : subject, json), null);
    }

    private static Row fault(String code, String detail) {
        return new Row(null, new Fault(code, detail));
    }

    private static Optional<BigDecimal> quantity(String text) {
        if (text.length() > MAX_NUMBER) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(text)).filter(value -> Math.abs((long) value.scale()) <= MAX_SCALE);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Spreadsheets write a blank where ISO 8601 has a T. */
    private static Optional<Instant> instant(String text) {
        boolean blank = text.length() > DATE_LENGTH && text.charAt(DATE_LENGTH) == ' ';
        String iso = blank ? text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1) : text;
        try {
            return Optional.of(OffsetDateTime.parse(iso))
                    .filter(at -> at.getYear() >= 1 && at.getYear() <= 9999)
                    .map(OffsetDateTime::toInstant);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** With the names in order, so that the same by the API is the same text. */
    private static @Nullable String json(Map<String, String> properties) {
        return properties.isEmpty()
                ? null
                : properties.entrySet().stream()
                        .map(one -> text(one.getKey()) + ":" + text(one.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
    }

    /** Most texts stand for themselves, and to look for who writes the others takes long. */
    private static String text(String text) {
        return PLAIN.matcher(text).matches()
                ? '"' + text + '"'
                : Json.createValue(text).toString();
    }

    /** The columns of its file of rejected rows; those of a file that was one before are not repeated. */
    public List<String> headerOfRejected() {
        List<String> names = new ArrayList<>(own(header));
        names.addAll(OF_REJECTED);
        return names.stream().map(UsageColumns::guarded).toList();
    }

    /** A line of its file of rejected rows. */
    public List<String> rejected(List<String> cells, long line, Fault why) {
        boolean whole = cells.size() == header.size();
        List<String> out = new ArrayList<>(whole ? own(cells) : cells);
        // A line that lacks cells still has the reason in its column; one with too many has it behind them.
        for (int missing = out.size(); missing < own(header).size(); missing++) {
            out.add("");
        }
        out.addAll(List.of(Long.toString(line), why.code(), why.detail()));
        return out.stream().map(UsageColumns::guarded).toList();
    }

    private List<String> own(List<String> cells) {
        boolean mended = isMended(header);
        return IntStream.range(0, cells.size())
                .filter(i -> meanings.get(i) != Meaning.PASSED_OVER)
                .mapToObj(i -> mended ? unguarded(cells.get(i)) : cells.get(i))
                .toList();
    }

    /** So that no spreadsheet computes it (OWASP, CSV injection), and {@link #unguarded} gives it back whatever it was. */
    static String guarded(String cell) {
        return TO_GUARD.matcher(cell).matches() ? "'" + cell : cell;
    }

    static String unguarded(String cell) {
        return GUARDED.matcher(cell).matches() ? cell.substring(1) : cell;
    }
}
