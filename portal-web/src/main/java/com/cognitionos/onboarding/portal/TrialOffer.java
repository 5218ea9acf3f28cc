package com.cognitionos.onboarding.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** What the trial of Pro promises, as the catalogue has it today. */
@Named
@RequestScoped
public class TrialOffer {

    @EJB
    private Plans plans;

    @Inject
    private BusinessClock clock;

    @Inject
    private Money money;

    public int getDays() {
        return Subscriptions.TRIAL_DAYS;
    }

    /** The monthly price that follows. */
    public String getPrice() {
        Plan pro = Caller.job("sign-up").call(() -> plans.onSale(Tier.PRO, clock.system()));
        Plan.Price price = pro.price(BillingCycle.MONTHLY, Subscriptions.CURRENCY);
        return money.of(price.amountCents(), price.currency()) + " " + price.currency();
    }
}
