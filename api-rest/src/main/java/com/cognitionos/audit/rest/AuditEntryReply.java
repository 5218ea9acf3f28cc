package com.cognitionos.audit.rest;

import com.cognitionos.audit.entity.AuditEntry;
import com.cognitionos.kernel.Page;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An entry on the wire; hashes in hex. */
public record AuditEntryReply(
        long seq,
        UUID id,
        @Nullable UUID tenantId,
        Instant at,
        Instant businessAt,
        String actor,
        boolean actorPlatform,
        String door,
        @Nullable String address,
        @Nullable String agent,
        String action,
        String target,
        @Nullable JsonValue before,
        @Nullable JsonValue after,
        String prevHash,
        String hash) {

    /** Newest first. */
    public record AuditPage(List<AuditEntryReply> entries, long total, int page, int pageSize) {
        static AuditPage of(Page<AuditEntry> page) {
            return new AuditPage(
                    page.items().stream().map(AuditEntryReply::of).toList(),
                    page.total(),
                    page.page(),
                    page.pageSize());
        }
    }

    static AuditEntryReply of(AuditEntry entry) {
        return new AuditEntryReply(
                entry.seq(),
                entry.id(),
                entry.tenant(),
                entry.at(),
                entry.businessAt(),
                entry.actor(),
                entry.actorPlatform(),
                entry.door(),
                entry.address(),
                entry.agent(),
                entry.action(),
                entry.target(),
                json(entry.before()),
                json(entry.after()),
                HexFormat.of().formatHex(entry.previousHash()),
                HexFormat.of().formatHex(entry.hash()));
    }

    private static @Nullable JsonValue json(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }
}
