package com.cognitionos.coupon.rest;

import com.cognitionos.coupon.boundary.Redemptions;
import com.cognitionos.coupon.entity.Coupon;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A coupon that a tenant has redeemed.
 *
 * @param id what the discounts of invoice lines name it by
 * @param periodsUsed billing periods in which it was given so far
 * @param carriedCents what it has left of an amount for the next invoice
 * @param usedUp whether it is given no more
 */
public record RedeemedCoupon(
        UUID id,
        String code,
        String name,
        @Nullable BigDecimal percent,
        @Nullable Long amountCents,
        @Nullable String currency,
        String duration,
        @Nullable Integer periods,
        List<String> plans,
        List<String> kinds,
        int periodsUsed,
        long carriedCents,
        boolean usedUp,
        Instant redeemedAt) {

    public record RedeemedCoupons(List<RedeemedCoupon> coupons) {}

    public static RedeemedCoupon of(Redemptions.RedemptionView view) {
        Coupon coupon = view.coupon();
        return new RedeemedCoupon(
                view.id(),
                coupon.code(),
                coupon.name(),
                coupon.percent(),
                coupon.amountCents(),
                coupon.currency(),
                coupon.duration(),
                coupon.periods(),
                coupon.planCodes(),
                coupon.kindCodes(),
                view.periodsUsed(),
                view.carriedCents(),
                view.isUsedUp(),
                view.redeemedAt());
    }
}
