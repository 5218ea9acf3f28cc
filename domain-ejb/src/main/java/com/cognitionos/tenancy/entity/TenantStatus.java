package com.cognitionos.tenancy.entity;

import com.cognitionos.kernel.Problem;
import java.util.Locale;
import java.util.Set;

/** A tenant's life cycle and the moves it allows; {@link #CHURNED} is final. */
public enum TenantStatus {
    PENDING,
    TRIAL,
    ACTIVE,
    SUSPENDED,
    CHURNED;

    private Set<TenantStatus> next() {
        return switch (this) {
            case PENDING -> Set.of(TRIAL, ACTIVE);
            case TRIAL -> Set.of(ACTIVE, SUSPENDED, CHURNED);
            case ACTIVE -> Set.of(SUSPENDED, CHURNED);
            case SUSPENDED -> Set.of(ACTIVE, CHURNED);
            case CHURNED -> Set.of();
        };
    }

    /** @throws Problem CONFLICT when the life cycle has no such move */
    public TenantStatus moveTo(TenantStatus target) {
        if (!next().contains(target)) {
            throw Problem.conflict("wrong_state", "A tenant does not go from " + code() + " to " + target.code() + ".");
        }
        return target;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem INVALID for a word that is no status */
    public static TenantStatus of(String code) {
        for (TenantStatus status : values()) {
            if (status.code().equals(code)) {
                return status;
            }
        }
        throw Problem.invalid(
                "status", "unknown_status", "status must be one of pending, trial, active, suspended, churned");
    }
}
