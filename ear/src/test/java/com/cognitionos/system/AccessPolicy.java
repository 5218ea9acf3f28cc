package com.cognitionos.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The committed table that says who may use what; docs/security.md explains its columns. */
final class AccessPolicy {

    static final List<String> TENANT_ROLES = List.of("owner", "admin", "billing", "developer", "viewer");
    static final List<String> PLATFORM_ROLES = List.of("operator", "finance", "reviewer");
    static final String ANONYMOUS = "anonymous";

    private static final Path FILE = Path.of(System.getProperty("cognitionos.home"), "docs", "access-policy.csv");
    private static final List<String> COLUMNS = List.of(
            "door",
            "method",
            "path",
            "scope",
            "suspended",
            "counted",
            "owner",
            "admin",
            "billing",
            "developer",
            "viewer",
            "operator",
            "finance",
            "reviewer",
            "anonymous",
            "ids");

    /**
     * A line of it.
     *
     * @param suspended whether a suspended tenant may: yes, no, or - where tenants have no business at all
     * @param ids where the id of a real thing of another tenant comes from, by the name of the parameter: table.column,
     *     or 'a literal'
     */
    record Row(
            String door,
            String method,
            String path,
            String scope,
            String suspended,
            String counted,
            Map<String, String> roles,
            Map<String, String> ids) {

        String name() {
            return door + " " + method + " " + path;
        }

        /** May somebody of that role, or anybody? */
        boolean allows(String role) {
            return roles.get(role).equals("yes");
        }

        /** Whether the role has no way to this door yet. */
        boolean isOutOfReach(String role) {
            return roles.get(role).equals("-");
        }

        boolean isOfTenants() {
            return TENANT_ROLES.stream().anyMatch(this::allows);
        }

        /** The path with values for its templates. */
        String with(Map<String, String> values) {
            String filled = path;
            for (Map.Entry<String, String> value : values.entrySet()) {
                filled = filled.replace("{" + value.getKey() + "}", value.getValue());
            }
            return filled;
        }
    }

    private AccessPolicy() {}

    /** @throws AssertionError for a table that cannot be read without guessing */
    static SortedMap<String, Row> rows() {
        SortedMap<String, Row> rows = new TreeMap<>();
        boolean headed = false;
        for (String line : lines()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> cells =
                    Arrays.stream(line.split(",", -1)).map(String::strip).toList();
            if (!headed) {
                if (!cells.equals(COLUMNS)) {
                    throw new AssertionError("The columns of " + FILE + " are " + COLUMNS);
                }
                headed = true;
                continue;
            }
            Row row = row(line, cells);
            if (rows.put(row.name(), row) != null) {
                throw new AssertionError("Twice in " + FILE + ": " + row.name());
            }
        }
        return rows;
    }

    private static Row row(String line, List<String> cells) {
        if (cells.size() != COLUMNS.size()) {
            throw new AssertionError(cells.size() + " instead of " + COLUMNS.size() + " cells: " + line);
        }
        Map<String, String> roles = new LinkedHashMap<>();
        for (int i = 6; i < 15; i++) {
            roles.put(COLUMNS.get(i), oneOf(line, cells.get(i), "yes", "no", "-"));
        }
        Map<String, String> ids = new LinkedHashMap<>();
        if (!cells.get(15).equals("-")) {
            for (String id : cells.get(15).split("\\s+")) {
                ids.put(id.substring(0, id.indexOf('=')), id.substring(id.indexOf('=') + 1));
            }
        }
        return new Row(
                oneOf(line, cells.get(0), "api", "page", "servlet"),
                cells.get(1),
                cells.get(2),
                cells.get(3),
                oneOf(line, cells.get(4), "yes", "no", "-"),
                oneOf(line, cells.get(5), "yes", "no", "-"),
                roles,
                ids);
    }

    private static String oneOf(String line, String cell, String... allowed) {
        if (!List.of(allowed).contains(cell)) {
            throw new AssertionError("\"" + cell + "\" is none of " + List.of(allowed) + ": " + line);
        }
        return cell;
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
