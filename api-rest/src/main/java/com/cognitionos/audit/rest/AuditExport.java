package com.cognitionos.audit.rest;

import com.cognitionos.audit.entity.AuditEntry;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Entries as lines of text. */
final class AuditExport {

    static final String CSV_HEADER =
            "seq,id,tenant_id,at,business_at,actor,actor_platform,door,address,agent,action,target,before,after,prev_hash,hash";

    /** What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection). */
    private static final List<Character> FORMULA = List.of('=', '+', '-', '@', '\t', '\r');

    private AuditExport() {}

    static String csv(AuditEntry entry) {
        return Stream.of(
                        entry.seq(),
                        entry.id(),
                        Objects.requireNonNullElse(entry.tenant(), ""),
                        entry.at(),
                        entry.businessAt(),
                        entry.actor(),
                        entry.actorPlatform(),
                        entry.door(),
                        Objects.requireNonNullElse(entry.address(), ""),
                        Objects.requireNonNullElse(entry.agent(), ""),
                        entry.action(),
                        entry.target(),
                        Objects.requireNonNullElse(entry.before(), ""),
                        Objects.requireNonNullElse(entry.after(), ""),
                        HexFormat.of().formatHex(entry.previousHash()),
                        HexFormat.of().formatHex(entry.hash()))
                .map(AuditExport::cell)
                .collect(Collectors.joining(","));
    }

    /** A cell by RFC 4180 that no spreadsheet computes. */
    static String cell(@Nullable Object value) {
        String text = String.valueOf(value);
        String harmless = !text.isEmpty() && FORMULA.contains(text.charAt(0)) ? "'" + text : text;
        boolean plain = harmless.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? harmless : '"' + harmless.replace("\"", "\"\"") + '"';
    }
}
