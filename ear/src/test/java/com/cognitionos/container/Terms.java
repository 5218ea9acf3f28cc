package com.cognitionos.container;

import com.cognitionos.coupon.boundary.Coupons;
import com.cognitionos.coupon.boundary.Redemptions;
import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.invoicing.boundary.CollectionMinimums;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.tax.boundary.TaxRates;
import com.cognitionos.tenancy.boundary.BillingProfiles;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** What invoices depend on besides their lines, and how companies come by it. */
@Dependent
public class Terms {

    @EJB
    BillingProfiles profiles;

    @EJB
    TaxRates rates;

    @EJB
    Coupons coupons;

    @EJB
    Redemptions redemptions;

    @EJB
    RunningTotals totals;

    @EJB
    PrepaidCredits prepaid;

    @EJB
    CollectionMinimums minimums;

    /** A part of Germany where nobody else is: rates are for all who are there. */
    static String region() {
        return new java.math.BigInteger(UUID.randomUUID().toString().replace("-", ""), 16)
                .toString(36)
                .toUpperCase(Locale.ROOT)
                .substring(2, 5);
    }

    static BillingProfile at(String region, String vatNumber) {
        return new BillingProfile("Buyer GmbH", "Street 1", null, "10115", "Berlin", region, "DE", vatNumber, false);
    }

    /** A company that is there, and has no VAT number. */
    void moves(Company company, String region) {
        company.does(() -> profiles.change(at(region, null), null, null));
    }

    UUID rate(String region, String percent, boolean inclusive, String from, String to) {
        return World.OPERATOR
                .call(() -> rates.add(rateOf(region, percent, inclusive, from, to)))
                .id();
    }

    static TaxRates.NewRate rateOf(String region, String percent, boolean inclusive, String from, String to) {
        return new TaxRates.NewRate(
                "vat",
                new BigDecimal(percent),
                inclusive,
                "DE",
                region,
                Set.of(),
                LocalDate.parse(from),
                to == null ? null : LocalDate.parse(to));
    }

    static Coupon percent(String percent, Integer periods) {
        return new Coupon(
                World.unique("P"), "Off", new BigDecimal(percent), null, null, periods, Set.of(), Set.of(), 0, false);
    }

    static Coupon amount(long cents, String currency, Integer periods, boolean keepsRest) {
        return new Coupon(World.unique("A"), "Off", null, cents, currency, periods, Set.of(), Set.of(), 0, keepsRest);
    }

    Coupon offered(Coupon coupon) {
        World.OPERATOR.run(() -> coupons.add(coupon, null, null));
        return coupon;
    }

    /** Makes a coupon and lets the company have it. */
    Redemptions.RedemptionView redeems(Company company, Coupon coupon) {
        offered(coupon);
        return company.as(() -> redemptions.redeem(coupon.code()));
    }

    /** Finance gives the company credit in dollars; until that day, or for ever. */
    UUID granted(Company company, PrepaidCredits.Kind kind, long cents, int priority, String expires) {
        return World.OPERATOR
                .in(company.id())
                .call(() -> prepaid.grant(new PrepaidCredits.NewCredit(
                        kind, "USD", cents, expires == null ? null : Dates.at(expires), priority, "a note")))
                .id();
    }

    PrepaidCredits.CreditView credit(Company company, UUID id) {
        return company.as(() -> prepaid.get(id));
    }
}
