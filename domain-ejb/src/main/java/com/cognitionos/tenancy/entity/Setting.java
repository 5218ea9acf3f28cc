package com.cognitionos.tenancy.entity;

import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.kernel.Problem;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A setting that a plan limits, and what the plan says of it (TEN-4). */
public enum Setting {
    MAX_USERS("seats"),
    MAX_AGENTS("agents"),
    MAX_WORKFLOWS("workflows"),
    MAX_EXECUTIONS_PER_MONTH("executions"),
    MAX_STORAGE_GB("storage_mb"),
    API_RATE_LIMIT_PER_MINUTE("api_requests_per_minute"),
    ENABLE_PLUGINS("plugins"),
    ENABLE_CUSTOM_MODELS("custom_models"),
    ENABLE_PRIORITY_EXECUTION("priority_execution");

    private static final BigDecimal MB_PER_GB = BigDecimal.valueOf(1000);

    private final String source;

    Setting(String source) {
        this.source = source;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The meter or feature of the plan that it overrides. */
    public String source() {
        return source;
    }

    /** A number of it in units of its meter; a gigabyte of the setting is 1000 MB of the plans. */
    public BigDecimal quantity(long number) {
        return this == MAX_STORAGE_GB ? MB_PER_GB.multiply(BigDecimal.valueOf(number)) : BigDecimal.valueOf(number);
    }

    public boolean isSwitch() {
        return name().startsWith("ENABLE_");
    }

    /** What holds without an override: a Boolean or a Long, null for unlimited. */
    public @Nullable Object fromPlan(Plan plan) {
        return switch (this) {
            case MAX_EXECUTIONS_PER_MONTH, MAX_STORAGE_GB -> {
                BigDecimal included = plan.allowance(source)
                        .map(Plan.MeteredAllowance::included)
                        .orElse(null);
                if (included == null) {
                    yield null;
                }
                yield this == MAX_STORAGE_GB
                        ? included.divideToIntegralValue(MB_PER_GB).longValue()
                        : included.longValue();
            }
            case ENABLE_PLUGINS, ENABLE_CUSTOM_MODELS, ENABLE_PRIORITY_EXECUTION -> plan.has(source);
            default -> plan.amount(source);
        };
    }

    /**
     * Checks a new override.
     *
     * @param wanted a Boolean or a Long from 0; null goes back to the plan
     * @param present the override that stands, which may always stay
     * @param above whether the caller may go above the plan
     */
    public void check(@Nullable Object wanted, @Nullable Object present, Plan plan, boolean above) {
        if (wanted == null || Objects.equals(wanted, present)) {
            return;
        }
        long least = this == API_RATE_LIMIT_PER_MINUTE ? 1 : 0;
        if (wanted instanceof Long number && number < least) {
            throw Problem.invalid(code(), "out_of_range", code() + " must be at least " + least);
        }
        Object limit = fromPlan(plan);
        boolean exceeds = wanted instanceof Boolean on
                ? on && Boolean.FALSE.equals(limit)
                : limit != null && (Long) wanted > (Long) limit;
        if (exceeds && !above) {
            throw Problem.invalid(
                    code(),
                    "above_plan",
                    code() + " is " + limit + " in the plan " + plan.tier().code()
                            + "; only the operator may go above it");
        }
    }
}
