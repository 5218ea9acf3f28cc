package com.cognitionos.coupon.portal;

import com.cognitionos.coupon.boundary.Redemptions;
import com.cognitionos.coupon.boundary.Redemptions.RedemptionView;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Redeemed coupons, and one more. */
@Named
@RequestScoped
public class CouponSection {

    private static final Map<String, String> FIELDS = Map.of("/code", "coupon:code");

    @EJB
    private Redemptions redemptions;

    @Inject
    private Messages messages;

    @Inject
    private CouponWords words;

    // The row's own id, not its place: the list may have changed since it was shown.
    @Inject
    @ManagedProperty("#{param.redemption}")
    private @Nullable String chosen;

    private @Nullable List<RedemptionView> list;
    private String code = "";

    @RequiresScope("subscriptions:write")
    @StepUp
    public void redeem() {
        messages.attempt(FIELDS, () -> {
            RedemptionView redeemed = redemptions.redeem(code);
            messages.done(
                    redeemed.coupon().name() + ": " + words.of(redeemed.coupon()) + ", from the next invoice on.");
            code = "";
        });
        list = null;
    }

    @RequiresScope("subscriptions:write")
    @StepUp
    public void remove() {
        messages.attempt(Map.of(), () -> {
            redemptions.remove(GivenId.of(chosen, "redeemed coupon"));
            messages.done("The coupon was removed; it reduces no further invoice.");
        });
        list = null;
    }

    /** Oldest first. */
    public List<RedemptionView> getRedeemed() {
        if (list == null) {
            list = redemptions.list();
        }
        return list;
    }

    public String getCode() {
        return code;
    }

    public void setCode(String code) {
        this.code = code;
    }
}
