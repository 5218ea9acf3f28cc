package com.cognitionos.catalog.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Cadence;
import java.util.Locale;

/** How often the plan's price falls due; usage is invoiced every month in both. */
public enum BillingCycle {
    MONTHLY(Cadence.MONTH),
    YEARLY(Cadence.YEAR);

    private final Cadence cadence;

    BillingCycle(Cadence cadence) {
        this.cadence = cadence;
    }

    public Cadence cadence() {
        return cadence;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem INVALID for anything but monthly and yearly */
    public static BillingCycle of(String code) {
        for (BillingCycle cycle : values()) {
            if (cycle.code().equals(code)) {
                return cycle;
            }
        }
        throw Problem.invalid("billing_cycle", "unknown_billing_cycle", "billing_cycle must be monthly or yearly");
    }
}
