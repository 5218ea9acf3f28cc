package com.cognitionos.entitlement.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.entitlement.boundary.Entitlements;
import com.cognitionos.entitlement.portal.CapOfMonth.Charge;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.metering.boundary.Allowances;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The tenant's spending cap: the form under Billing, and what other pages say of it. */
@Named
@RequestScoped
public class SpendingCap {

    private static final String AMOUNT = "cap:amount";

    @EJB
    private Entitlements entitlements;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Plans plans;

    @Inject
    private Messages messages;

    @Inject
    private Money money;

    private @Nullable Section<CapOfMonth> month;
    private @Nullable String amount;

    @RequiresScope("invoices:write")
    @StepUp
    public void set() {
        String currency = subscriptions.current().currency();
        OptionalLong cents = money.read(getAmount(), currency);
        if (cents.isEmpty()) {
            messages.failedAt(AMOUNT, "Enter an amount, such as 50 or 49.90.");
            return;
        }
        messages.attempt(Map.of("/amount_cents", AMOUNT), () -> {
            entitlements.capSpending(cents.getAsLong());
            messages.done("The spending cap is " + money.of(cents.getAsLong(), currency) + " a month from now on.");
        });
        forget();
    }

    @RequiresScope("invoices:write")
    @StepUp
    public void remove() {
        messages.attempt(Map.of(), () -> {
            entitlements.capSpending(null);
            messages.done("There is no spending cap any more; usage above the plan is charged without a bound.");
        });
        forget();
    }

    private void forget() {
        month = null;
        amount = null;
    }

    public Section<CapOfMonth> getMonth() {
        if (month == null) {
            month = Section.load("spending cap", this::load);
        }
        return month;
    }

    private CapOfMonth load() {
        SubscriptionView subscription = subscriptions.current();
        Allowances.SpendingCap cap = entitlements.spendingCap();
        return new CapOfMonth(
                cap.amountCents(),
                cap.spentCents(),
                subscription.currency(),
                subscription.usagePeriod(),
                charge(subscription));
    }

    private Charge charge(SubscriptionView subscription) {
        return switch (subscription.status()) {
            case "trialing" -> Charge.TRIAL;
            case "canceled" -> Charge.NO_SUBSCRIPTION;
            default -> {
                Plan plan = plans.version(Tier.of(subscription.tier()), subscription.planVersion());
                boolean charges =
                        plan.meters().stream().anyMatch(meter -> !meter.prices().isEmpty());
                yield charges ? Charge.OVERAGE : Charge.STOPS_AT_LIMITS;
            }
        };
    }

    /** As people write it, without a sign: the cap that stands, until something is typed. */
    public String getAmount() {
        if (amount == null) {
            CapOfMonth known = getMonth().isLoaded() ? getMonth().getValue() : null;
            amount = known == null || known.capCents() == null ? "" : money.plain(known.capCents(), known.currency());
        }
        return amount;
    }

    public void setAmount(String amount) {
        this.amount = amount;
    }
}
