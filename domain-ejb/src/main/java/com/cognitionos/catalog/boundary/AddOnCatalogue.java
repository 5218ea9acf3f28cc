package com.cognitionos.catalog.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.PlanVersion.Status;
import com.cognitionos.catalog.control.VersionTable;
import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.AddOnDocument;
import com.cognitionos.catalog.entity.StoredDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Add-ons as finance makes them, in versions as plans are; for the platform across tenants. */
@Stateless
@TenantWall
public class AddOnCatalogue {

    private static final String VERSIONS =
            "SELECT code, version, status, valid_from, valid_to, terms FROM add_on_versions";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    /** By code, then by version. */
    public List<AddOnVersion> versions() {
        List<Tier> tiers = plans.tiers();
        return sql.query(VERSIONS + " ORDER BY code, version", row -> version(row, tiers));
    }

    /** @throws Problem NOT_FOUND */
    public AddOnVersion version(String code, int version) {
        List<Tier> tiers = plans.tiers();
        return sql.queryOne(VERSIONS + " WHERE code = ? AND version = ?", row -> version(row, tiers), code, version)
                .orElseThrow(() -> Problem.notFound("version of an add-on"));
    }

    private static AddOnVersion version(ResultSet row, List<Tier> tiers) throws SQLException {
        return new AddOnVersion(
                AddOnDocument.read(
                        row.getString("code"),
                        row.getInt("version"),
                        StoredDocument.read(row.getString("terms")),
                        tiers),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                Sql.instant(row, "valid_from"),
                Sql.instant(row, "valid_to"));
    }

    /**
     * One that there was none of, as a draft.
     *
     * @throws Problem INVALID; CONFLICT ({@code add_on_exists})
     */
    public AddOnVersion add(String code, Map<String, @Nullable Object> document) {
        if (!Tier.isCode(code)) {
            throw Problem.invalid("code", "malformed", "an add-on's code has small letters, digits and underscores");
        }
        int added = sql.update("INSERT INTO add_ons (code) VALUES (?) ON CONFLICT DO NOTHING", code);
        if (added == 0) {
            throw Problem.conflict("add_on_exists", "There is an add-on " + code + " already; make a version of it.");
        }
        return addDraft(code, document);
    }

    /**
     * A further version, as a draft.
     *
     * @param changed the members of the document that differ from the newest one
     * @throws Problem NOT_FOUND, INVALID
     */
    public AddOnVersion addVersion(String code, Map<String, @Nullable Object> changed) {
        table().lock(code);
        AddOn base = version(code, table().newest(code)).addOn();
        Map<String, @Nullable Object> document = AddOnDocument.write(base);
        changed.forEach((name, value) -> {
            if (document.containsKey(name)) {
                document.put(name, value);
            }
        });
        return addDraft(code, document);
    }

    private AddOnVersion addDraft(String code, Map<String, @Nullable Object> document) {
        int version = table().newest(code) + 1;
        AddOn addOn = AddOnDocument.read(code, version, document, plans.tiers());
        table().addDraft(code, version, StoredDocument.write(AddOnDocument.write(addOn)));
        audit.record(null, "add_on_version.drafted", target(addOn), null, AddOnDocument.write(addOn));
        return version(code, version);
    }

    private VersionTable table() {
        return VersionTable.ofAddOns(sql);
    }

    /** @throws Problem NOT_FOUND, INVALID; CONFLICT ({@code not_a_draft}) */
    public AddOnVersion change(String code, int version, Map<String, @Nullable Object> document) {
        table().lock(code);
        AddOn before = require(code, version, Status.DRAFT, "not_a_draft", "Only a draft can be changed")
                .addOn();
        AddOn addOn = AddOnDocument.read(code, version, document, plans.tiers());
        table().change(code, version, StoredDocument.write(AddOnDocument.write(addOn)));
        audit.record(
                null, "add_on_version.changed", target(addOn), AddOnDocument.write(before), AddOnDocument.write(addOn));
        return version(code, version);
    }

    /**
     * From {@code validFrom} on it is sold, in the place of an earlier version without an end, which ends there.
     *
     * @param validFrom null for now
     * @param validTo null for open
     * @throws Problem NOT_FOUND, INVALID ({@code validity_overlap}); CONFLICT ({@code not_a_draft})
     */
    public AddOnVersion publish(String code, int version, @Nullable Instant validFrom, @Nullable Instant validTo) {
        table().lock(code);
        AddOn addOn = require(code, version, Status.DRAFT, "not_a_draft", "Only a draft can be published")
                .addOn();
        Instant from = validFrom == null ? clock.system() : validFrom;
        table().publish(code, version, from, validTo);
        Map<String, @Nullable Object> after = new LinkedHashMap<>(AddOnDocument.write(addOn));
        after.put("valid_from", from);
        after.put("valid_to", validTo);
        audit.record(null, "add_on_version.published", target(addOn), null, after);
        return version(code, version);
    }

    /** It is sold no more; who has it keeps it. @throws Problem NOT_FOUND; CONFLICT ({@code wrong_state}) */
    public AddOnVersion archive(String code, int version) {
        table().lock(code);
        AddOn addOn = require(code, version, Status.PUBLISHED, "wrong_state", "Only what is published can be archived")
                .addOn();
        table().archive(code, version);
        audit.record(null, "add_on_version.archived", target(addOn), null, null);
        return version(code, version);
    }

    private AddOnVersion require(String code, int version, Status wanted, String problem, String rule) {
        AddOnVersion found = version(code, version);
        if (found.status() != wanted) {
            throw Problem.conflict(
                    problem, rule + "; this version is " + found.status().name().toLowerCase(Locale.ROOT) + ".");
        }
        return found;
    }

    private static String target(AddOn addOn) {
        return addOn.code() + "/" + addOn.version();
    }
}
