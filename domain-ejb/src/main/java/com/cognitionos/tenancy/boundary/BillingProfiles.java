package com.cognitionos.tenancy.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whom the invoices of the caller's tenant are made out to (TEN-6). */
@Stateless
@TenantWall
public class BillingProfiles {

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    /**
     * @param updatedAt null where nobody ever gave one
     * @param version goes back with a change (TEN-3); 0 where there is none yet
     */
    public record ProfileView(
            BillingProfile profile, @Nullable Instant updatedAt, long version) {}

    public BillingProfile current() {
        return view().profile();
    }

    /** For the platform: those of these tenants that ever gave one. */
    public Map<UUID, BillingProfile> of(Collection<UUID> tenants) {
        return sql
                .query(
                        "SELECT * FROM billing_profiles WHERE tenant_id = ANY (?)",
                        row -> Map.entry(
                                row.getObject("tenant_id", UUID.class),
                                read(row).profile()),
                        new Sql.Array("uuid", tenants.toArray()))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    public ProfileView view() {
        return load(false);
    }

    /**
     * Puts another one in its place; invoices that are final keep theirs.
     *
     * @param taxExempt null leaves it as it is
     * @param expectedVersion the version the change was made from; null takes the present one
     * @throws Problem INVALID; CONFLICT ({@code stale_version}); FORBIDDEN where a tenant would change {@code taxExempt}
     */
    public ProfileView change(BillingProfile wanted, @Nullable Boolean taxExempt, @Nullable Long expectedVersion) {
        UUID tenant = Caller.currentTenant();
        // There may be no row yet that two first changes at once could wait for.
        sql.query("SELECT id FROM tenants WHERE id = ? FOR UPDATE", row -> row.getString(1), tenant);
        ProfileView before = load(true);
        if (expectedVersion != null && expectedVersion != before.version()) {
            throw Problem.conflict(
                    "stale_version",
                    "The billing profile was changed meanwhile; its version is now " + before.version() + ".");
        }
        boolean exempt = taxExempt == null ? before.profile().taxExempt() : taxExempt;
        if (exempt != before.profile().taxExempt() && !Caller.current().platform()) {
            throw new Problem(
                    Problem.Kind.FORBIDDEN, "platform_only", "Only the platform says whether a tenant bears tax.");
        }
        BillingProfile after = new BillingProfile(
                        wanted.legalName(),
                        wanted.addressLine1(),
                        wanted.addressLine2(),
                        wanted.postalCode(),
                        wanted.city(),
                        wanted.region(),
                        wanted.country(),
                        wanted.taxNumber(),
                        exempt)
                .checked();
        if (after.equals(before.profile()) && before.version() > 0) {
            return before;
        }
        sql.update(
                """
                INSERT INTO billing_profiles (tenant_id, legal_name, address_line1, address_line2, postal_code, city,
                    region, country, tax_number, tax_exempt, updated_at, version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
                ON CONFLICT (tenant_id) DO UPDATE SET
                    legal_name = excluded.legal_name, address_line1 = excluded.address_line1,
                    address_line2 = excluded.address_line2, postal_code = excluded.postal_code, city = excluded.city,
                    region = excluded.region, country = excluded.country, tax_number = excluded.tax_number,
                    tax_exempt = excluded.tax_exempt, updated_at = excluded.updated_at,
                    version = billing_profiles.version + 1""",
                tenant,
                after.legalName(),
                after.addressLine1(),
                after.addressLine2(),
                after.postalCode(),
                after.city(),
                after.region(),
                after.country(),
                after.taxNumber(),
                after.taxExempt(),
                clock.now(tenant));
        audit.record("billing_profile.changed", tenant.toString(), words(before.profile()), words(after));
        return load(false);
    }

    private ProfileView load(boolean toChange) {
        return sql.queryOne(
                        "SELECT * FROM billing_profiles WHERE tenant_id = ?" + (toChange ? " FOR UPDATE" : ""),
                        BillingProfiles::read,
                        Caller.currentTenant())
                .orElse(new ProfileView(BillingProfile.EMPTY, null, 0));
    }

    private static ProfileView read(ResultSet row) throws SQLException {
        return new ProfileView(
                new BillingProfile(
                        row.getString("legal_name"),
                        row.getString("address_line1"),
                        row.getString("address_line2"),
                        row.getString("postal_code"),
                        row.getString("city"),
                        row.getString("region"),
                        row.getString("country"),
                        row.getString("tax_number"),
                        row.getBoolean("tax_exempt")),
                Sql.instant(row, "updated_at"),
                row.getLong("version"));
    }

    private static Map<String, @Nullable Object> words(BillingProfile profile) {
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        words.put("legal_name", profile.legalName());
        words.put("address_line1", profile.addressLine1());
        words.put("address_line2", profile.addressLine2());
        words.put("postal_code", profile.postalCode());
        words.put("city", profile.city());
        words.put("region", profile.region());
        words.put("country", profile.country());
        words.put("tax_number", profile.taxNumber());
        words.put("tax_exempt", profile.taxExempt());
        return words;
    }
}
