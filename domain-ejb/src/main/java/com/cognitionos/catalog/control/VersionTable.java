package com.cognitionos.catalog.control;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one kind of thing that is sold: drafts, of which some are published, each for a span of time in which no
 * other one is, and archived.
 */
public final class VersionTable {

    private final Sql sql;
    private final String things;
    private final String versions;
    private final String key;
    private final String noun;

    private VersionTable(Sql sql, String things, String versions, String key, String noun) {
        this.sql = sql;
        this.things = things;
        this.versions = versions;
        this.key = key;
        this.noun = noun;
    }

    public static VersionTable ofPlans(Sql sql) {
        return new VersionTable(sql, "plans", "plan_versions", "tier", "plan");
    }

    public static VersionTable ofAddOns(Sql sql) {
        return new VersionTable(sql, "add_ons", "add_on_versions", "code", "add-on");
    }

    /** Two who decide about one of them take turns. @throws Problem NOT_FOUND */
    public void lock(String code) {
        sql.queryOne("SELECT 1 FROM " + things + " WHERE " + key + " = ? FOR UPDATE", row -> 1, code)
                .orElseThrow(() -> Problem.notFound(noun));
    }

    /** 0 where there is none. */
    public int newest(String code) {
        return sql.queryOne(
                        "SELECT coalesce(max(version), 0) FROM " + versions + " WHERE " + key + " = ?",
                        row -> row.getInt(1),
                        code)
                .orElseThrow();
    }

    /** @param terms as JSON */
    public void addDraft(String code, int version, String terms) {
        sql.update(
                "INSERT INTO " + versions + " (" + key + ", version, status, terms) VALUES (?, ?, 'draft', ?::jsonb)",
                code,
                version,
                terms);
    }

    public void change(String code, int version, String terms) {
        sql.update(
                "UPDATE " + versions + " SET terms = ?::jsonb WHERE " + key + " = ? AND version = ?",
                terms,
                code,
                version);
    }

    /**
     * It is sold in that time, in the place of an earlier version without an end, which ends there.
     *
     * @param to null for open
     * @throws Problem INVALID ({@code empty_span}, {@code validity_overlap})
     */
    public void publish(String code, int version, Instant from, @Nullable Instant to) {
        requireSpan(from, to);
        sql.update(
                "UPDATE " + versions + " SET valid_to = ? WHERE " + key
                        + " = ? AND status = 'published' AND valid_to IS NULL AND valid_from < ?",
                from,
                code,
                from);
        sql.queryOne(
                        "SELECT version FROM " + versions + " WHERE " + key + " = ? AND status = 'published'"
                                + " AND tstzrange(valid_from, valid_to) && tstzrange(?, ?::timestamptz) ORDER BY version",
                        row -> row.getInt("version"),
                        code,
                        from,
                        to)
                .ifPresent(other -> {
                    throw Problem.invalid(
                            "valid_from",
                            "validity_overlap",
                            "version " + other + " of the " + noun + " " + code + " is sold in that time");
                });
        sql.update(
                "UPDATE " + versions + " SET status = 'published', valid_from = ?, valid_to = ?::timestamptz WHERE "
                        + key + " = ? AND version = ?",
                from,
                to,
                code,
                version);
    }

    public void archive(String code, int version) {
        sql.update(
                "UPDATE " + versions + " SET status = 'archived' WHERE " + key + " = ? AND version = ?", code, version);
    }

    /** @throws Problem INVALID ({@code empty_span}) */
    public static void requireSpan(Instant from, @Nullable Instant to) {
        if (to != null && !from.isBefore(to)) {
            throw Problem.invalid("valid_to", "empty_span", "valid_to must lie after valid_from");
        }
    }
}
