package com.cognitionos.coupon.portal;

import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.kernel.portal.Money;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** A coupon in words. */
@Named
@ApplicationScoped
public class CouponWords {

    @Inject
    private Money money;

    /** What it takes off, and for how long. */
    public String of(Coupon coupon) {
        String off = coupon.percent() != null
                ? coupon.percent().toPlainString() + " % off"
                : money.of(coupon.amountCents() == null ? 0 : coupon.amountCents(), String.valueOf(coupon.currency()))
                        + " " + coupon.currency() + " off";
        String scope = coupon.plans().isEmpty() ? "" : " lines of the plan " + String.join(" and ", coupon.planCodes());
        String on = scope.isEmpty() ? " " : " on ";
        return off
                + scope
                + switch (coupon.duration()) {
                    case "once" -> on + "one invoice";
                    case "forever" -> on + "every invoice";
                    default -> " in " + coupon.periods() + " billing periods";
                };
    }
}
