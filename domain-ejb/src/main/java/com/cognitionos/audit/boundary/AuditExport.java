package com.cognitionos.audit.boundary;

import com.cognitionos.audit.entity.AuditEntry;
import com.cognitionos.kernel.Csv;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A log to take away, oldest entry first, read a portion at a time (AUD-6). Both doors give it out. */
@ApplicationScoped
public class AuditExport {

    private static final String TENANT = "tenant_id";
    private static final List<String> COLUMNS = List.of(
            "seq",
            "id",
            TENANT,
            "at",
            "business_at",
            "actor",
            "actor_platform",
            "door",
            "address",
            "agent",
            "action",
            "target",
            "before",
            "after",
            "prev_hash",
            "hash");

    @EJB
    private AuditTrail trail;

    public enum Format {
        NDJSON("application/x-ndjson"),
        CSV(Csv.CONTENT_TYPE);

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }

        /** The value of Content-Disposition. */
        public String disposition() {
            return "attachment; filename=\"audit." + (this == CSV ? "csv\"" : "ndjson\"");
        }
    }

    /** Reads the first portion at once, so that a failure can still be told before the reply begins. */
    public Csv.Content of(AuditTrail.Wanted wanted, Format format) {
        return of(wanted, format, COLUMNS);
    }

    /** As {@link #of}, for who looks at one log and knows whose it is: without the tenant's column. */
    public Csv.Content ofOneLog(AuditTrail.Wanted wanted, Format format) {
        return of(
                wanted,
                format,
                COLUMNS.stream().filter(column -> !column.equals(TENANT)).toList());
    }

    private Csv.Content of(AuditTrail.Wanted wanted, Format format, List<String> columns) {
        List<AuditEntry> first = trail.next(wanted, 0);
        return out -> {
            if (format == Format.CSV) {
                out.write(Csv.header(columns));
            }
            List<AuditEntry> portion = first;
            while (!portion.isEmpty()) {
                for (AuditEntry entry : portion) {
                    out.write(format == Format.CSV ? csv(entry, columns) : json(entry, columns));
                }
                portion = trail.next(wanted, portion.get(portion.size() - 1).seq());
            }
        };
    }

    private static Map<String, @Nullable Object> fields(AuditEntry entry) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("seq", entry.seq());
        fields.put("id", entry.id());
        fields.put(TENANT, entry.tenant());
        fields.put("at", entry.at());
        fields.put("business_at", entry.businessAt());
        fields.put("actor", entry.actor());
        fields.put("actor_platform", entry.actorPlatform());
        fields.put("door", entry.door());
        fields.put("address", entry.address());
        fields.put("agent", entry.agent());
        fields.put("action", entry.action());
        fields.put("target", entry.target());
        fields.put("before", entry.before());
        fields.put("after", entry.after());
        fields.put("prev_hash", HexFormat.of().formatHex(entry.previousHash()));
        fields.put("hash", HexFormat.of().formatHex(entry.hash()));
        return fields;
    }

    private static String csv(AuditEntry entry, List<String> columns) {
        Map<String, @Nullable Object> fields = fields(entry);
        Csv.Line line = new Csv.Line();
        columns.forEach(column -> line.text(fields.get(column)));
        return line.toString();
    }

    private static String json(AuditEntry entry, List<String> columns) {
        JsonObjectBuilder line = Json.createObjectBuilder();
        Map<String, @Nullable Object> fields = fields(entry);
        columns.forEach(name -> {
            Object value = fields.get(name);
            if (value == null) {
                line.addNull(name);
            } else if (name.equals("before") || name.equals("after")) {
                try (JsonReader state = Json.createReader(new StringReader(value.toString()))) {
                    line.add(name, state.readValue());
                }
            } else if (value instanceof Boolean truth) {
                line.add(name, truth);
            } else if (value instanceof Long number) {
                line.add(name, number);
            } else {
                line.add(name, value.toString());
            }
        });
        return line.build() + "\n";
    }
}
