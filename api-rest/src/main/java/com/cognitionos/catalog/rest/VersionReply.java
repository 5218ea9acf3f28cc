package com.cognitionos.catalog.rest;

import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.PlanDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A version of a plan.
 *
 * @param position of the plan among all, the smallest first
 * @param validFrom sold from there on; null for a draft
 * @param validTo not sold from there on; null is open
 * @param tenantId whose contract it is; null for what everybody can have
 */
public record VersionReply(
        String tier,
        int version,
        int position,

        @Schema(enumeration = {"draft", "published", "archived", "contract"})
        String status,

        @Nullable Instant validFrom,
        @Nullable Instant validTo,
        @Nullable UUID tenantId,
        String name,
        boolean custom,
        String grain,

        @Schema(implementation = PlanTerms.Price[].class) @Nullable
        Object prices,

        @Schema(implementation = PlanTerms.Allowance[].class) @Nullable
        Object meters,

        @Schema(implementation = PlanTerms.Committed[].class) @Nullable
        Object commitments,

        @Nullable Object features) {

    public record PlanOfVersions(String tier, int position, List<VersionReply> versions) {}

    static VersionReply of(PlanVersion version) {
        Plan plan = version.plan();
        Map<String, @Nullable Object> document = PlanDocument.write(plan);
        return new VersionReply(
                plan.tier().code(),
                plan.version(),
                plan.position(),
                version.status().name().toLowerCase(Locale.ROOT),
                version.validFrom(),
                version.validTo(),
                version.tenant(),
                plan.name(),
                plan.custom(),
                plan.grain().code(),
                document.get("prices"),
                document.get("meters"),
                document.get("commitments"),
                document.get("features"));
    }

    /** The plan that a path names. @throws Problem NOT_FOUND for what no plan can be called */
    static Tier tier(String code) {
        if (!Tier.isCode(code)) {
            throw Problem.notFound("plan");
        }
        return new Tier(code);
    }
}
