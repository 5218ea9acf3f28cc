package com.cognitionos.audit.portal;

import com.cognitionos.audit.boundary.AuditTrail;
import com.cognitionos.audit.boundary.AuditTrail.Verification;
import com.cognitionos.audit.entity.AuditEntry;
import com.cognitionos.identity.portal.Actors;
import com.cognitionos.identity.portal.Me;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.PageNumber;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.json.Json;
import jakarta.json.JsonWriter;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import jakarta.servlet.http.HttpServletRequest;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit log of the tenant that one works in, or the platform's own. */
@Named
@RequestScoped
public class AuditPage {

    private static final int PAGE_SIZE = 25;
    private static final JsonWriterFactory PRETTY =
            Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

    @EJB
    private AuditTrail trail;

    @Inject
    private Me me;

    @Inject
    private HttpServletRequest request;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    @Inject
    private Actors actors;

    private AuditFilter filter;
    private @Nullable Page<AuditEntry> page;
    private @Nullable Verification verification;

    @PostConstruct
    void read() {
        filter = AuditFilter.of(request);
    }

    @RequiresScope("audit:read")
    public void verify() {
        verification = trail.verify();
    }

    public @Nullable Verification getVerification() {
        return verification;
    }

    /** What was found, for somebody who has to do something about it. */
    public String getFinding() {
        AuditTrail.Fault fault = verification == null ? null : verification.fault();
        if (fault == null) {
            return "";
        }
        return switch (fault.kind()) {
            case CHANGED -> "Entry " + fault.seq() + " is not as it was entered.";
            case REMOVED -> "Entry " + fault.seq() + " was removed.";
            case SWAPPED -> "Entry " + fault.seq() + " stands where another one was entered.";
            case TAIL_CUT -> "The log was cut off: entries from " + fault.seq() + " on are missing.";
        };
    }

    public Page<AuditEntry> getPage() {
        if (page == null) {
            page = trail.list(filter.wanted(), new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE));
        }
        return page;
    }

    /** Who did it, in words where it is somebody whom everybody here knows. */
    public String actor(AuditEntry entry) {
        return actors.name(entry.actor());
    }

    /** Whether it was somebody of the platform who acted in the tenant: neither one of its own people nor a job. */
    public boolean isByPlatform(AuditEntry entry) {
        return me.isInTenant()
                && entry.actorPlatform()
                && !entry.actor().startsWith("job:")
                && !actors.isOneOfUs(entry.actor());
    }

    /** What it was done to: a person by name, all else by its id. */
    public String target(AuditEntry entry) {
        return actors.nameOf(entry.target());
    }

    /** A state with a line for each value. */
    public String pretty(@Nullable String state) {
        // Expressions make an empty text of null.
        if (state == null || state.isEmpty()) {
            return "–";
        }
        StringWriter text = new StringWriter();
        try (var reader = Json.createReader(new StringReader(state));
                JsonWriter writer = PRETTY.createWriter(text)) {
            writer.write(reader.readValue());
        }
        return text.toString().strip();
    }

    public AuditFilter getFilter() {
        return filter;
    }

    public boolean isFiltered() {
        return filter.any();
    }

    public long getPages() {
        return Math.max(1, (getPage().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    /** The address of another page of the same search. */
    public String address(long number) {
        return "/audit?" + filter.query() + "&page=" + number;
    }
}
