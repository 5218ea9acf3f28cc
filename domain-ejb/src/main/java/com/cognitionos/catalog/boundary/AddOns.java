package com.cognitionos.catalog.boundary;

import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.AddOnDocument;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.StoredDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What can be had on top of a plan, as it is read. */
@Stateless
@TenantWall
public class AddOns {

    // What was sold once never changes (CAT-2), so every node may keep it for as long as it lives; drafts are not kept.
    private static final Map<Known, AddOn> KNOWN = new ConcurrentHashMap<>();

    private record Known(String code, int version) {}

    @Inject
    private Sql sql;

    @EJB
    private Plans plans;

    /** The version of each add-on that is sold at the instant, by code. */
    public List<AddOn> onSale(Instant at) {
        return sql.query("""
                        SELECT code, version FROM add_on_versions
                        WHERE status = 'published' AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)
                        ORDER BY code""", row -> new Known(row.getString("code"), row.getInt("version")), at, at).stream()
                .map(found -> version(found.code(), found.version()))
                .toList();
    }

    /** The version of one that is sold at the instant. @throws Problem INVALID ({@code unknown_add_on}) for none */
    public AddOn onSale(String code, Instant at) {
        return onSale(at).stream()
                .filter(one -> one.code().equals(code))
                .findFirst()
                .orElseThrow(() -> Problem.invalid("code", "unknown_add_on", "no such add-on is sold"));
    }

    /** Those of them that can be had with that plan so. */
    public HeldAddOns fitting(HeldAddOns held, Tier tier, BillingCycle cycle, String currency) {
        return held.only(item -> {
            AddOn addOn = version(item.code(), item.version());
            return addOn.isFor(tier) && addOn.isSoldIn(cycle, currency);
        });
    }

    /** @throws IllegalStateException when there is none, or it is a draft */
    public AddOn version(String code, int version) {
        AddOn known = KNOWN.get(new Known(code, version));
        return known == null ? load(code, version) : known;
    }

    private AddOn load(String code, int version) {
        String terms = sql.queryOne(
                        "SELECT terms FROM add_on_versions WHERE code = ? AND version = ? AND status <> 'draft'",
                        row -> row.getString("terms"),
                        code,
                        version)
                .orElseThrow(() -> new IllegalStateException("no version " + version + " of the add-on " + code));
        AddOn addOn = AddOnDocument.read(code, version, StoredDocument.read(terms), plans.tiers());
        KNOWN.put(new Known(code, version), addOn);
        return addOn;
    }
}
