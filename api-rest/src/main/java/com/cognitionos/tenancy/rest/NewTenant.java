package com.cognitionos.tenancy.rest;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Problem;
import com.cognitionos.onboarding.boundary.Onboarding;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A tenant as the operator asks for it; {@code tier} is free, {@code billing_cycle} monthly, {@code time_zone} UTC if left out. */
public record NewTenant(
        @NotNull @Size(min = 1, max = 255) String name,
        @NotNull String slug,
        @NotNull @Size(min = 1, max = 255) String ownerEmail,
        @NotNull @Size(min = 1, max = 255) String billingEmail,

        @Schema(implementation = String.class, examples = "pro") @Nullable
        Tier tier,

        @Schema(
                implementation = String.class,
                enumeration = {"monthly", "yearly"})
        @Nullable
        BillingCycle billingCycle,

        @Nullable Integer trialDays,
        @Nullable Boolean testMode,
        @Nullable Instant testClockStart,
        @Schema(examples = "Europe/Berlin") @Nullable String timeZone) {

    Onboarding.NewTenant complete() {
        return new Onboarding.NewTenant(
                name,
                slug,
                ownerEmail,
                billingEmail,
                Objects.requireNonNullElse(tier, Tier.FREE),
                Objects.requireNonNullElse(billingCycle, BillingCycle.MONTHLY),
                Objects.requireNonNullElse(trialDays, 0),
                Boolean.TRUE.equals(testMode),
                testClockStart,
                zone());
    }

    private ZoneId zone() {
        String name = Objects.requireNonNullElse(timeZone, "UTC");
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw Problem.invalid("time_zone", "unknown_zone", "time_zone must be a name like Europe/Berlin or UTC");
        }
        return ZoneId.of(name);
    }
}
