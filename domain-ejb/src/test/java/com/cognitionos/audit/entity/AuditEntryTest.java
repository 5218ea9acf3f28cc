package com.cognitionos.audit.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AuditEntryTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private static AuditEntry entry(String address, String agent, String action, String target, String before) {
        return new AuditEntry(
                null,
                1,
                new UUID(1, 1),
                AT,
                AT,
                "user",
                false,
                "rest",
                address,
                agent,
                action,
                target,
                before,
                null,
                AuditEntry.genesis(),
                AuditEntry.genesis());
    }

    @Test
    @DisplayName(
            "AUD-3: what moves from one field to the next, or is null instead of empty, is signed as another entry")
    void noTwoEntriesAreSignedAlike() {
        List<AuditEntry> entries = List.of(
                entry("ab", "c", "x.y", "t", null),
                entry("a", "bc", "x.y", "t", null),
                entry("", "abc", "x.y", "t", null),
                entry(null, "abc", "x.y", "t", null),
                entry("abc", null, "x.y", "t", null),
                entry("abc", "", "x.y", "t", null),
                entry(null, null, "x.y", "t", ""),
                entry(null, null, "x.y", "t", null),
                entry(null, null, "x.yt", "", null));
        Set<String> signed = new HashSet<>();
        entries.forEach(entry -> signed.add(new String(entry.signedAt(1), StandardCharsets.ISO_8859_1)));
        assertThat(signed).hasSize(entries.size());
        assertThat(entries.get(0).signedAt(1)).isNotEqualTo(entries.get(0).signedAt(2));
    }

    @Test
    @DisplayName("The database keeps text without NUL and halves of pairs")
    void storable() {
        assertThat(CanonicalState.storable("plain ü \uD83D\uDE00")).isEqualTo("plain ü \uD83D\uDE00");
        assertThat(CanonicalState.storable("\u0000a\uD83D\uDE00\uDE00b\uD83D"))
                .isEqualTo("\uFFFDa\uD83D\uDE00\uFFFDb\uFFFD");
    }
}
