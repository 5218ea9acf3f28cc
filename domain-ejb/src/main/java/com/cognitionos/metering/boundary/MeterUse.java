package com.cognitionos.metering.boundary;

import com.cognitionos.metering.entity.Allowance;
import com.cognitionos.metering.entity.Refusal;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How a meter stands in the running month, and whether some more of it would be allowed.
 *
 * @param used up to now; of a level the present one
 * @param reserved held for callers that have not committed yet
 * @param refusal why the quantity asked for is not allowed; null when it is
 */
public record MeterUse(
        Allowance allowance,
        Period month,
        BigDecimal used,
        BigDecimal reserved,
        @Nullable Refusal refusal) {

    /** What is left below {@link Allowance#shown()}, from 0; null when unlimited. */
    public @Nullable BigDecimal remaining() {
        BigDecimal limit = allowance.shown();
        return limit == null ? null : limit.subtract(used).subtract(reserved).max(BigDecimal.ZERO);
    }
}
