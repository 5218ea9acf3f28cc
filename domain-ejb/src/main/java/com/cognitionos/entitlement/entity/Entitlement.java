package com.cognitionos.entitlement.entity;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a feature stands for a tenant.
 *
 * @param reason why it is allowed or not; stable
 * @param detail the same for people
 * @param currentUsage null where nobody counts
 * @param reserved of a meter: held for callers that have not committed yet
 * @param limit refused above if {@code hardLimit}, charged above otherwise; null is unlimited, or a yes or no
 * @param remaining below the limit, from 0
 * @param resetAt when a meter begins again at 0
 */
public record Entitlement(
        String feature,
        Kind kind,
        boolean allowed,
        Reason reason,
        String detail,
        @Nullable BigDecimal currentUsage,
        @Nullable BigDecimal reserved,
        @Nullable BigDecimal limit,
        boolean hardLimit,
        @Nullable BigDecimal remaining,
        @Nullable Instant resetAt,
        @Nullable String unit) {

    public enum Kind {
        BOOLEAN,
        METERED,
        STATIC;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public enum Reason {
        INCLUDED("It is included."),
        OVERAGE("It is above what is included and will be charged."),
        UNLIMITED("There is no limit."),
        SWITCHED_ON("It is switched on."),
        NOT_IN_PLAN("The plan does not include it."),
        SWITCHED_OFF("It is switched off at present."),
        LIMIT_REACHED("The limit is reached."),
        SPENDING_CAP_REACHED("The spending cap is reached."),
        NO_SUBSCRIPTION("The tenant has no live subscription."),
        PAST_DUE("A payment is due and the grace is over."),
        UNPAID("The subscription is unpaid."),
        PAUSED("The subscription is paused.");

        private final String detail;

        Reason(String detail) {
            this.detail = detail;
        }

        public String detail() {
            return detail;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
