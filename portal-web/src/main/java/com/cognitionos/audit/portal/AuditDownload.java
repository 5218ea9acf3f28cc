package com.cognitionos.audit.portal;

import com.cognitionos.audit.boundary.AuditTrail;
import com.cognitionos.audit.entity.AuditEntry;
import jakarta.ejb.EJB;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The entries that a search found, oldest first, as CSV or NDJSON. */
@WebServlet("/audit-export")
public class AuditDownload extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** What a spreadsheet may take for the beginning of a formula. */
    private static final String FORMULA = "=+-@\t\r";

    @EJB
    private transient AuditTrail trail;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean csv = "csv".equals(request.getParameter("format"));
        AuditTrail.Wanted wanted = AuditFilter.of(request).wanted();
        List<AuditEntry> portion = trail.next(wanted, 0);
        response.setContentType(csv ? "text/csv;charset=UTF-8" : "application/x-ndjson;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"audit." + (csv ? "csv\"" : "ndjson\""));
        Writer out = response.getWriter();
        if (csv) {
            out.write("seq,id,at,business_at,actor,actor_platform,door,address,agent,action,target,before,after,"
                    + "prev_hash,hash\r\n");
        }
        while (!portion.isEmpty()) {
            for (AuditEntry entry : portion) {
                out.write(csv ? csv(entry) : json(entry));
            }
            portion = trail.next(wanted, portion.get(portion.size() - 1).seq());
        }
    }

    private static Map<String, @Nullable Object> fields(AuditEntry entry) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("seq", entry.seq());
        fields.put("id", entry.id());
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

    private static String csv(AuditEntry entry) {
        return fields(entry).values().stream()
                        .map(value -> cell(Objects.toString(value, "")))
                        .collect(Collectors.joining(","))
                + "\r\n";
    }

    /** A cell by RFC 4180 that no spreadsheet computes. */
    static String cell(String text) {
        String harmless = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean plain = harmless.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? harmless : '"' + harmless.replace("\"", "\"\"") + '"';
    }

    private static String json(AuditEntry entry) {
        JsonObjectBuilder line = Json.createObjectBuilder();
        fields(entry).forEach((name, value) -> {
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
