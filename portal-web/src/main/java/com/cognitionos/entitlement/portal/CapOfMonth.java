package com.cognitionos.entitlement.portal;

import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * What the running month's overage comes to, against the cap.
 *
 * @param capCents null without a cap
 * @param charge what the plan does above what it includes
 */
public record CapOfMonth(@Nullable Long capCents, long spentCents, String currency, Period month, Charge charge) {

    private static final BigDecimal FULL = BigDecimal.valueOf(100);
    private static final BigDecimal NEAR = BigDecimal.valueOf(80);

    /** Whether a cap can have an effect, and if not, why. */
    public enum Charge {
        OVERAGE,
        TRIAL,
        STOPS_AT_LIMITS,
        NO_SUBSCRIPTION
    }

    public boolean capped() {
        return capCents != null;
    }

    /** How much of the cap is used, with one decimal; 100 for a cap of nothing, 0 without one. */
    public BigDecimal percent() {
        if (capCents == null) {
            return BigDecimal.ZERO;
        }
        return capCents == 0
                ? FULL
                : BigDecimal.valueOf(spentCents)
                        .multiply(FULL)
                        .divide(BigDecimal.valueOf(capCents), 1, RoundingMode.DOWN);
    }

    /** 0 to 100. */
    public BigDecimal filled() {
        return percent().min(FULL);
    }

    /** {@code calm}, {@code near} from 80 %, {@code stop} at the cap. */
    public String level() {
        if (reached()) {
            return "stop";
        }
        return near() ? "near" : "calm";
    }

    /** Whether everything that costs is refused now. */
    public boolean reached() {
        return binds() && percent().compareTo(FULL) >= 0;
    }

    public boolean near() {
        return binds() && !reached() && percent().compareTo(NEAR) >= 0;
    }

    private boolean binds() {
        return capped() && charge == Charge.OVERAGE;
    }
}
