package com.cognitionos.container;

import com.cognitionos.entitlement.boundary.Entitlements;
import com.cognitionos.entitlement.entity.Entitlement;
import com.cognitionos.flag.boundary.FeatureFlags;
import com.cognitionos.flag.boundary.Flags;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.kernel.Caller;
import com.cognitionos.metering.boundary.Allowances;
import com.cognitionos.metering.boundary.ApiCalls;
import com.cognitionos.metering.boundary.Reservation;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;

/** What companies may use, and how they use it up. */
@Dependent
public class Rights {

    @EJB
    Entitlements entitlements;

    @EJB
    Allowances allowances;

    @EJB
    ApiCalls apiCalls;

    @EJB
    RunningTotals totals;

    @EJB
    Flags flags;

    @EJB
    FeatureFlags featureFlags;

    /** A key of the company's, as the gate would let it in. */
    static Caller key(Company company, String prefix) {
        return new Caller("key:" + prefix, false, company.id(), Set.of("usage:read"));
    }

    /** Calls the API once, with a key of that prefix. */
    void call(Company company, String prefix) {
        key(company, prefix).run(apiCalls::count);
    }

    Reservation reserve(Company company, String meter, long quantity) {
        return company.as(() -> entitlements.reserve(meter, BigDecimal.valueOf(quantity), Duration.ofHours(1)));
    }

    Entitlement of(Company company, String feature) {
        return company.as(() -> entitlements.check(feature, BigDecimal.ONE));
    }

    void cap(Company company, Long cents) {
        company.as(() -> entitlements.capSpending(cents));
    }
}
