package com.cognitionos.container;

import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.coupon.boundary.Redemptions;
import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.kernel.Problem;
import com.cognitionos.ledger.boundary.Ledger.AccountBalance;
import com.cognitionos.rating.entity.InvoiceAmounts;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Taxes;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.tax.boundary.TaxRates;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.inject.Inject;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Coupons, taxes and what else an invoice's amounts depend on")
class InvoiceTermsIT extends InContainer {

    private static final long PRO = 4_900;
    private static final long TEAM = 19_900;
    /** 14 of the 28 days of the month from 31 January. */
    private static final String HALFWAY = "2026-02-14";

    @Inject
    private Terms terms;

    private Company pro() {
        return world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
    }

    private static List<Long> discounts(Company company) {
        return company.invoices().stream().map(InvoiceView::discountCents).toList();
    }

    private static List<Long> taxes(Company company) {
        return company.invoices().stream().map(InvoiceView::taxCents).toList();
    }

    private void upgrade(Company company, Tier tier, BillingCycle cycle) {
        company.does(() -> world.settlement.changeNow(tier, cycle, SubscriptionEvent.Kind.UPGRADED));
    }

    // Taxes

    @Test
    @DisplayName(
            "TAX-1, TAX-2, TAX-3: an invoice bears the rate of its day where the customer is, and keeps the buyer it had")
    void ratesOfTheDay() {
        String region = Terms.region();
        UUID old = terms.rate(region, "19", false, "2026-01-01", null);
        Company company = pro();
        terms.moves(company, region);
        company.on("2026-02-28");
        World.OPERATOR.run(() -> terms.rates.end(old, LocalDate.parse("2026-03-31")));
        terms.rate(region, "20", false, "2026-03-31", null);
        company.on("2026-04-01");

        InvoiceView first = company.invoices().get(0);
        assertThat(taxes(company)).containsExactly(931L, 980L);
        assertThat(first.totalCents()).isEqualTo(PRO + 931);
        assertThat(first.amountPaidCents()).isEqualTo(PRO + 931);
        assertThat(first.taxTreatment()).isEqualTo(Taxes.Treatment.STANDARD);
        assertThat(first.taxes()).singleElement().satisfies(tax -> {
            assertThat(tax.tax().code()).isEqualTo("vat");
            assertThat(tax.taxableCents()).isEqualTo(PRO);
        });
        assertThat(first.buyer().name()).isEqualTo("Buyer GmbH");
        assertThat(first.buyer().address()).isEqualTo("Street 1\n10115 Berlin");
        assertThat(first.buyer().country()).isEqualTo("DE");
        company.does(() -> terms.profiles.change(BillingProfile.EMPTY, null, null));
        assertThat(company.invoices().get(0).buyer()).isEqualTo(first.buyer());
        assertThat(company.account("tax")).isEqualTo(-1_911);
        assertBooksBalance(company);
    }

    @Test
    @DisplayName("TAX-4: reverse charge for an EU VAT number, no tax for the exempt, and tax that is in the price")
    void treatments() {
        String region = Terms.region();
        terms.rate(region, "19", true, "2026-01-01", null);
        Company company = pro();
        terms.moves(company, region);
        company.on("2026-03-01");
        company.does(() -> terms.profiles.change(Terms.at(region, "DE123456789"), null, null));
        company.on("2026-04-01");
        World.OPERATOR.in(company.id()).run(() -> terms.profiles.change(Terms.at(region, null), true, null));
        company.on("2026-05-01");

        assertThat(company.invoices())
                .extracting(InvoiceView::taxTreatment)
                .containsExactly(Taxes.Treatment.STANDARD, Taxes.Treatment.REVERSE_CHARGE, Taxes.Treatment.EXEMPT);
        // 4,900 / 1.19 = 4,117.65
        assertThat(taxes(company)).containsExactly(782L, 0L, 0L);
        assertThat(company.totals()).containsExactly(PRO, PRO, PRO);
        assertThat(company.invoices().get(1).buyer().taxNumber()).isEqualTo("DE123456789");
        assertThat(company.account("revenue")).isEqualTo(-(3 * PRO - 782));
    }

    @Test
    @DisplayName(
            "INV-15: unused time is given back with the tax that was on it, whatever rate or treatment is in force")
    void creditsBearWhatTheirChargeBore() {
        String region = Terms.region();
        UUID old = terms.rate(region, "19", false, "2026-01-01", null);
        Company dearer = yearlyAt(region);
        Company reversed = yearlyAt(region);
        assertThat(dearer.lastInvoice().taxCents()).isEqualTo(9_310);
        World.OPERATOR.run(() -> terms.rates.end(old, LocalDate.parse("2026-02-28")));
        terms.rate(region, "25", false, "2026-02-28", null);
        reversed.does(() -> terms.profiles.change(Terms.at(region, "DE123456789"), null, null));

        for (Company company : List.of(dearer, reversed)) {
            company.on("2026-03-31");
            Billing.Preview preview =
                    company.as(() -> world.settlement.preview(new Amendment.Cancel("enough"), Amendment.Effective.NOW));
            company.does(() -> world.settlement.cancelNow("enough"));
            InvoiceView last = company.lastInvoice();
            long unused = last.lines().get(0).amountCents();
            assertThat(unused).isNegative();
            assertThat(last.taxes()).singleElement().satisfies(tax -> {
                assertThat(tax.tax().percent()).isEqualByComparingTo("19");
                assertThat(tax.cents()).isEqualTo(-Math.round(-unused * 19 / 100.0));
            });
            assertThat(last.amounts().subList(0, 1)).isEqualTo(preview.amounts().lines());
            assertThat(balanceOf(company)).isEqualTo(-unused + Math.round(-unused * 19 / 100.0));
            assertBooksBalance(company);
        }
        assertThat(reversed.lastInvoice().taxTreatment()).isEqualTo(Taxes.Treatment.REVERSE_CHARGE);
    }

    private Company yearlyAt(String region) {
        Company company = world.open(Tier.FREE, "2026-01-31").withCard(Company.VISA);
        terms.moves(company, region);
        upgrade(company, Tier.PRO, BillingCycle.YEARLY);
        return company;
    }

    @Test
    @DisplayName("TAX-1: of eight who add the same rate at once one does, the others are told that validity overlaps")
    void overlaps() {
        String region = Terms.region();
        List<Crowd.Outcome<TaxRates.RateView>> outcomes = crowd.atOnce(
                8,
                n -> () -> World.OPERATOR.call(
                        () -> terms.rates.add(Terms.rateOf(region, "7", false, "2026-01-01", null))));
        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.succeeded())
                .allSatisfy(outcome ->
                        assertThat(((Problem) outcome.thrown()).code()).isEqualTo("validity_overlap"));

        World.OPERATOR.run(() -> terms.rates.end(
                outcomes.stream()
                        .filter(Crowd.Outcome::succeeded)
                        .findFirst()
                        .orElseThrow()
                        .result()
                        .id(),
                LocalDate.parse("2026-07-01")));
        Problem before = problemOf(() -> terms.rate(region, "8", false, "2025-01-01", "2026-01-02"));
        assertThat(before.kind()).isEqualTo(Problem.Kind.CONFLICT);
        assertThat(before.errors()).extracting(Problem.FieldError::pointer).containsExactly("/valid_from");
        terms.rate(region, "8", false, "2026-07-01", null);
        terms.rate(region, "8", false, "2025-01-01", "2026-01-01");
    }

    @Test
    @DisplayName("TEN-6: a malformed VAT number is refused, and no tenant declares itself exempt")
    void profileRefusals() {
        Company company = pro();
        Problem vat =
                problemOf(() -> company.does(() -> terms.profiles.change(Terms.at(null, "DE12345678X"), null, null)));
        assertThat(vat.errors()).extracting(Problem.FieldError::pointer).containsExactly("/tax_number");
        Problem exempt = problemOf(() -> company.does(() -> terms.profiles.change(Terms.at(null, null), true, null)));
        assertThat(exempt.kind()).isEqualTo(Problem.Kind.FORBIDDEN);
        assertThat(company.as(terms.profiles::view).version()).isZero();
    }

    // Coupons

    @Test
    @DisplayName("COU-4: a percentage once, for two periods, for ever; an amount that keeps its rest")
    void durations() {
        Company once = pro();
        terms.redeems(once, Terms.percent("10", 1));
        Company twice = pro();
        terms.redeems(twice, Terms.percent("12.5", 2));
        Company forever = pro();
        terms.redeems(forever, Terms.percent("100", null));
        Company amount = pro();
        Redemptions.RedemptionView rest = terms.redeems(amount, Terms.amount(6_000, "USD", 1, true));
        for (Company company : List.of(once, twice, forever, amount)) {
            company.on("2026-05-15");
        }

        assertThat(discounts(once)).containsExactly(490L, 0L, 0L);
        assertThat(discounts(twice)).containsExactly(613L, 613L, 0L);
        assertThat(discounts(forever)).containsExactly(PRO, PRO, PRO);
        assertThat(forever.totals()).containsExactly(0L, 0L, 0L);
        assertThat(discounts(amount)).containsExactly(PRO, 1_100L, 0L);
        assertThat(amount.invoices().get(0).amounts().get(0).discounts())
                .containsExactly(new InvoicedLine.DiscountShare(rest.id().toString(), PRO));
        assertThat(amount.as(terms.redemptions::list)).singleElement().satisfies(used -> {
            assertThat(used.isUsedUp()).isTrue();
            assertThat(used.carriedCents()).isZero();
        });
        assertBooksBalance(amount);
    }

    @Test
    @DisplayName("INV-20, COU-4: a void invoice gives back what it has of coupons, but for what others have used since")
    void voidGivesBack() {
        Company once = world.open(Tier.PRO, "2026-01-31");
        terms.redeems(once, Terms.percent("10", 1));
        Company rest = world.open(Tier.PRO, "2026-01-31");
        Company restUsed = world.open(Tier.PRO, "2026-01-31");
        for (Company company : List.of(rest, restUsed)) {
            terms.redeems(
                    company,
                    new Coupon(World.unique("A"), "Off", null, 6_000L, "USD", 1, Set.of(), Set.of("plan"), 0, true));
            // Something that the coupon leaves to be paid: what is paid is not withdrawn.
            company.on("2026-02-10").uses("executions", 10_010);
        }
        Company held = world.open(Tier.PRO, "2026-01-31").on(HALFWAY);
        terms.redeems(held, Terms.percent("10", 1));
        Company two = world.open(Tier.PRO, "2026-01-31");
        terms.redeems(two, Terms.percent("10", 2));
        two.on(HALFWAY);
        upgrade(two, Tier.TEAM, BillingCycle.MONTHLY);
        for (Company company : List.of(once, rest, held, two)) {
            company.on("2026-03-01");
        }
        restUsed.on("2026-04-01");
        for (Company company : List.of(once, rest, restUsed)) {
            withdrawn(company, 0);
        }
        withdrawn(two, 0);
        assertThat(two.as(terms.redemptions::list).get(0).periodsUsed())
                .as("the month's invoice is in that period still")
                .isEqualTo(1);
        withdrawn(two, 1);
        assertThat(two.as(terms.redemptions::list).get(0)).satisfies(redemption -> {
            assertThat(redemption.periodsUsed()).isZero();
            assertThat(redemption.lastPeriod()).isNull();
        });
        assertThat(rest.as(terms.redemptions::list).get(0).carriedCents()).isZero();
        for (Company company : List.of(once, rest, restUsed, held, two)) {
            company.on("2026-06-01");
            assertBooksBalance(company);
        }

        assertThat(discounts(once)).containsExactly(490L, 490L, 0L, 0L);
        assertThat(discounts(rest)).containsExactly(PRO, PRO, 1_100L, 0L);
        assertThat(discounts(restUsed)).containsExactly(PRO, 1_100L, PRO, 0L);
        assertThat(discounts(held)).containsExactly(490L, 0L, 0L, 0L);
        assertThat(discounts(two).subList(2, 5)).containsExactly(TEAM / 10, TEAM / 10, 0L);
    }

    private void withdrawn(Company company, int invoice) {
        UUID id = company.invoices().get(invoice).id();
        World.OPERATOR.in(company.id()).run(() -> world.payments.withdraw(id, "a reason"));
    }

    @Test
    @DisplayName("COU-4: an invoice writes only the coupons that it changes")
    void unchangedCouponsStayUnwritten() {
        Company company = pro();
        Redemptions.RedemptionView once = terms.redeems(company, Terms.percent("10", 1));
        Redemptions.RedemptionView forever = terms.redeems(company, Terms.percent("20", null));
        company.on("2026-03-01");
        String used = written(once);
        String using = written(forever);
        company.on("2026-04-01");

        assertThat(discounts(company)).hasSize(2).allMatch(cents -> cents > 0);
        assertThat(written(once)).isEqualTo(used);
        assertThat(written(forever)).isNotEqualTo(using);
        assertThat(company.as(terms.redemptions::list))
                .extracting(Redemptions.RedemptionView::periodsUsed)
                .containsExactly(1, 2);
    }

    /** The transaction that wrote it last. */
    private String written(Redemptions.RedemptionView redemption) {
        return owner.query(
                        "SELECT xmin::text FROM coupon_redemptions WHERE id = ?",
                        row -> row.getString(1),
                        redemption.id())
                .get(0);
    }

    @Test
    @DisplayName("COU-4: what a percentage leaves is taxed, and lines still sum to the invoice")
    void discountBeforeTax() {
        String region = Terms.region();
        terms.rate(region, "19", false, "2026-01-01", null);
        Company company = pro();
        terms.moves(company, region);
        terms.redeems(company, Terms.percent("33.3", null));
        company.on("2026-02-10").uses("executions", 10_003).on("2026-03-01");

        InvoiceView invoice = company.lastInvoice();
        assertThat(invoice.subtotalCents()).isEqualTo(PRO + 30);
        // 33.3 % of 4,930 is 1,641.69; 19 % of the 3,288 that are left is 624.72.
        assertThat(invoice.discountCents()).isEqualTo(1_642);
        assertThat(invoice.taxCents()).isEqualTo(625);
        assertThat(invoice.totalCents()).isEqualTo(3_288 + 625);
        assertThat(invoice.amounts().stream()
                        .mapToLong(InvoicedLine::discountCents)
                        .sum())
                .isEqualTo(1_642);
        assertThat(invoice.amounts().stream().mapToLong(InvoicedLine::taxCents).sum())
                .isEqualTo(625);
    }

    @Test
    @DisplayName("INV-1, INV-16: a preview has the discount and the tax of the invoice, and uses nothing up")
    void previewIsInvoice() {
        for (BillingCycle cycle : BillingCycle.values()) {
            String region = Terms.region();
            terms.rate(region, "8.875", false, "2026-01-01", null);
            Company company = pro();
            terms.moves(company, region);
            terms.redeems(company, Terms.percent("25", 2));
            company.on("2026-03-15");
            Billing.Preview preview = company.as(() ->
                    world.settlement.preview(new Amendment.ToPlan(Tier.TEAM, cycle, null), Amendment.Effective.NOW));
            assertThat(company.as(terms.redemptions::list).get(0).periodsUsed()).isEqualTo(1);

            upgrade(company, Tier.TEAM, cycle);
            InvoiceView invoice = company.lastInvoice();
            InvoiceAmounts amounts = preview.amounts();
            assertThat(amounts.discountCents()).isPositive();
            assertThat(invoice.kind()).isEqualTo("change");
            assertThat(invoice.lines()).isEqualTo(preview.lines());
            assertThat(invoice.amounts()).isEqualTo(amounts.lines());
            assertThat(invoice.discountCents()).isEqualTo(amounts.discountCents());
            assertThat(invoice.taxCents()).isEqualTo(amounts.taxCents());
            assertThat(invoice.totalCents()).isEqualTo(amounts.totalCents());
            assertThat(invoice.amountPaidCents()).isEqualTo(amounts.amountDueCents());
            assertThat(company.as(terms.redemptions::list).get(0).periodsUsed()).isEqualTo(2);
            assertBooksBalance(company);
        }
    }

    @Test
    @DisplayName("INV-15: who pays nothing gets no money for unused time")
    void nothingPaidNothingBack() {
        Company company = pro();
        terms.redeems(company, Terms.percent("100", null));
        company.on(HALFWAY);
        upgrade(company, Tier.TEAM, BillingCycle.MONTHLY);
        company.does(
                () -> world.settlement.changeNow(Tier.PRO, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED));
        company.on("2026-02-20").does(() -> world.settlement.pause(null));
        company.on("2026-02-25").does(world.settlement::resume);
        upgrade(company, Tier.PRO, BillingCycle.YEARLY);
        company.on("2026-06-01").does(() -> world.settlement.cancelNow(null));

        assertThat(balanceOf(company)).as("left on the balance").isEqualTo(paid(company));
        assertBooksBalance(company);
    }

    @Test
    @DisplayName("INV-15: half the price is half the credit, invoiced before or after what it gives back")
    void halfOfTheUnused() {
        Company yearly =
                world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-01").withCard(Company.VISA);
        assertThat(yearly.lastInvoice().totalCents()).isEqualTo(49_000);
        terms.redeems(yearly, Terms.percent("50", null));
        Company discounted = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        terms.redeems(discounted, Terms.percent("50", null));
        discounted.on(HALFWAY);
        upgrade(discounted, Tier.TEAM, BillingCycle.MONTHLY);
        discounted.on("2026-03-01");

        assertThat(paid(discounted)).isEqualTo((PRO / 2 + TEAM / 2) / 2);

        yearly.on("2026-07-02");
        yearly.does(() -> world.settlement.pause(null));
        long full = balanceOf(yearly);
        assertThat(full).as("paid without the coupon").isGreaterThan(24_000);
        yearly.does(world.settlement::resume);
        long afterwards = balanceOf(yearly);
        assertThat(afterwards).as("the rest of the year at half").isEqualTo((full + 1) / 2);
        yearly.on("2026-10-01").does(() -> world.settlement.pause(null));
        long quarter = balanceOf(yearly) - afterwards;
        assertThat(quarter).isBetween(full / 4 - 100, full / 4 + 100);
        assertBooksBalance(yearly);
    }

    @Test
    @DisplayName("COU-2, COU-3: of fifty at once five redeem a coupon for five, and each only once")
    void fiveOfFifty() {
        Coupon coupon = Terms.percent("10", 1);
        World.OPERATOR.run(() -> terms.coupons.add(coupon, 5, null));
        List<Company> companies = new java.util.ArrayList<>();
        for (int i = 0; i < 10; i++) {
            companies.add(world.open(Tier.FREE, "2026-01-31"));
        }
        List<Crowd.Outcome<Redemptions.RedemptionView>> outcomes =
                crowd.atOnce(50, n -> () -> companies.get(n % 10).as(() -> terms.redemptions.redeem(coupon.code())));
        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(5);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.succeeded())
                .extracting(outcome -> ((Problem) outcome.thrown()).code())
                .containsOnly("coupon_used_up", "coupon_redeemed");
        assertThat(owner.count("SELECT count(*) FROM coupon_redemptions WHERE coupon = ?", coupon.code()))
                .isEqualTo(5);
        assertThat(owner.count("SELECT redemptions FROM coupons WHERE code = ?", coupon.code()))
                .isEqualTo(5);
    }

    @Test
    @DisplayName("COU-1, COU-2, COU-5: why a coupon cannot be redeemed, and what becomes of one that is given away")
    void refusals() {
        Company company = pro();
        Coupon euros = terms.offered(Terms.amount(500, "EUR", 1, false));
        Coupon archived = terms.offered(Terms.percent("5", 1));
        World.OPERATOR.run(() -> terms.coupons.archive(archived.code()));
        Coupon late = Terms.percent("5", 1);
        World.OPERATOR.run(() -> terms.coupons.add(late, null, Dates.at("2026-01-31")));
        Redemptions.RedemptionView given = terms.redeems(company, Terms.percent("50", null));

        assertThat(refusal(company, "NO-SUCH-COUPON")).isEqualTo("coupon_unknown");
        assertThat(refusal(company, euros.code())).isEqualTo("coupon_wrong_currency");
        assertThat(refusal(company, archived.code())).isEqualTo("coupon_archived");
        assertThat(refusal(company, late.code())).isEqualTo("coupon_expired");
        assertThat(refusal(company, given.coupon().code().toLowerCase(java.util.Locale.ROOT)))
                .isEqualTo("coupon_redeemed");
        company.on("2026-02-28");
        company.does(() -> terms.redemptions.remove(given.id()));
        assertThat(refusal(company, given.coupon().code())).isEqualTo("coupon_redeemed");
        company.on("2026-04-01");
        assertThat(discounts(company)).containsExactly(PRO / 2, 0L);
    }

    private String refusal(Company company, String code) {
        Problem problem = problemOf(() -> company.as(() -> terms.redemptions.redeem(code)));
        assertThat(problem.errors()).extracting(Problem.FieldError::pointer).containsExactly("/code");
        return problem.code();
    }

    @Test
    @DisplayName("INV-16: the running total is what the invoice comes to")
    void runningTotal() {
        String region = Terms.region();
        terms.rate(region, "10", false, "2026-01-01", null);
        Company company = pro();
        terms.moves(company, region);
        terms.redeems(company, Terms.amount(900, "USD", 1, false));
        company.on("2026-02-27");
        long total = company.as(terms.totals::current).totalCents();
        company.on("2026-02-28");
        assertThat(total).isEqualTo(4_400).isEqualTo(company.lastInvoice().totalCents());
    }

    // Credits

    @Test
    @DisplayName(
            "CRE-2, CRE-3, CRE-5: credits pay by priority and expiry, then the card; the books know paid from promotional")
    void creditsPay() {
        Company company = pro();
        UUID last = terms.granted(company, PrepaidCredits.Kind.PAID, 3_000, 0, null);
        UUID second = terms.granted(company, PrepaidCredits.Kind.PROMOTIONAL, 1_000, 0, "2026-12-31");
        UUID first = terms.granted(company, PrepaidCredits.Kind.PAID, 500, -1, null);
        assertThat(company.account("customer_credit")).isEqualTo(-3_500);
        company.on("2026-03-01");

        InvoiceView invoice = company.lastInvoice();
        assertThat(invoice.totalCents()).isEqualTo(PRO);
        assertThat(invoice.prepaidAppliedCents()).isEqualTo(4_500);
        assertThat(invoice.amountPaidCents()).isEqualTo(400);
        assertThat(terms.credit(company, first).usedCents()).isEqualTo(500);
        assertThat(terms.credit(company, second).usedCents()).isEqualTo(1_000);
        assertThat(terms.credit(company, last).uses()).singleElement().satisfies(use -> {
            assertThat(use.invoiceId()).isEqualTo(invoice.id());
            assertThat(use.cents()).isEqualTo(3_000);
        });
        assertThat(company.account("customer_credit")).isZero();
        assertThat(company.account("revenue")).isEqualTo(-(PRO - 1_000));
        assertThat(company.account("cash")).isEqualTo(PRO - 1_000);
        company.on("2026-04-01");
        assertThat(company.lastInvoice().amountPaidCents()).isEqualTo(PRO);
        assertBooksBalance(company);
    }

    @Test
    @DisplayName(
            "CRE-4: at its expiry a credit pays nothing more, and what is left of a paid one is revenue; voided, it is paid back")
    void creditsEnd() {
        Company company = pro();
        UUID expiring = terms.granted(company, PrepaidCredits.Kind.PAID, 5_000, 0, "2026-03-31");
        UUID promotional = terms.granted(company, PrepaidCredits.Kind.PROMOTIONAL, 700, 5, "2026-03-10");
        UUID voided = terms.granted(company, PrepaidCredits.Kind.PAID, 900, 9, null);
        World.OPERATOR.in(company.id()).run(() -> terms.prepaid.cancel(voided));
        assertThat(company.account("cash")).isEqualTo(5_000);
        company.on("2026-03-15");
        assertThat(terms.credit(company, promotional).endedAs()).isEqualTo("expired");
        assertThat(company.account("customer_credit")).isEqualTo(-100);
        company.on("2026-03-31");

        PrepaidCredits.CreditView ended = terms.credit(company, expiring);
        assertThat(ended.usedCents()).isEqualTo(PRO);
        assertThat(ended.endedCents()).isEqualTo(100);
        assertThat(ended.endedAt()).isEqualTo(Dates.at("2026-03-31"));
        assertThat(company.lastInvoice().amountPaidCents()).isEqualTo(PRO);
        assertThat(company.account("customer_credit")).isZero();
        assertThat(company.account("revenue")).isEqualTo(-(2 * PRO + 100));
        assertThat(problemOf(() -> World.OPERATOR.in(company.id()).run(() -> terms.prepaid.cancel(voided)))
                        .kind())
                .isEqualTo(Problem.Kind.CONFLICT);
        assertBooksBalance(company);
    }

    @Test
    @DisplayName(
            "INV-20, CRE-3: a void invoice gives credits back; of a paid one that has expired since, to the balance")
    void voidGivesCreditsBack() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        UUID lasting = terms.granted(company, PrepaidCredits.Kind.PAID, 1_000, 0, null);
        UUID promotional = terms.granted(company, PrepaidCredits.Kind.PROMOTIONAL, 700, 1, null);
        UUID expiring = terms.granted(company, PrepaidCredits.Kind.PAID, 500, 2, "2026-03-05");
        UUID lost = terms.granted(company, PrepaidCredits.Kind.PROMOTIONAL, 300, 3, "2026-03-05");
        company.on("2026-03-10");
        InvoiceView invoice = company.lastInvoice();
        assertThat(invoice.prepaidAppliedCents()).isEqualTo(2_500);
        assertThat(company.account("customer_credit")).isZero();

        withdrawn(company, 0);

        assertThat(terms.credit(company, lasting).uses())
                .extracting(PrepaidCredits.Use::invoiceId, PrepaidCredits.Use::cents)
                .containsExactlyInAnyOrder(tuple(invoice.id(), 1_000L), tuple(invoice.id(), -1_000L));
        assertThat(List.of(lasting, promotional, expiring, lost))
                .extracting(id -> terms.credit(company, id))
                .extracting(
                        PrepaidCredits.CreditView::remainingCents,
                        PrepaidCredits.CreditView::usedCents,
                        PrepaidCredits.CreditView::endedCents,
                        PrepaidCredits.CreditView::endedAs,
                        PrepaidCredits.CreditView::endedAt)
                .containsExactly(
                        tuple(1_000L, 0L, 0L, null, null),
                        tuple(700L, 0L, 0L, null, null),
                        tuple(0L, 0L, 500L, "expired", Dates.at("2026-03-05")),
                        tuple(0L, 0L, 300L, "expired", Dates.at("2026-03-05")));
        assertThat(balanceOf(company)).isEqualTo(500);
        assertThat(company.account("customer_credit")).isEqualTo(-1_500);
        assertThat(company.account("revenue")).isZero();
        assertThat(company.account("receivable")).isZero();

        company.on("2026-04-01");
        assertThat(company.lastInvoice().prepaidAppliedCents()).isEqualTo(1_700);
        assertThat(company.lastInvoice().amountDueCents()).isEqualTo(PRO - 1_700 - 500);
        assertThat(company.account("customer_credit")).isZero();
        assertThat(company.account("revenue")).isEqualTo(-(PRO - 700));
        assertBooksBalance(company);
    }

    @Test
    @DisplayName(
            "INV-23: what is below the minimum is carried over; the final invoice collects it, also with nothing of its own")
    void carriedOver() {
        World.OPERATOR.run(() -> terms.minimums.set("USD", 1_000));
        try {
            Company company = pro();
            terms.redeems(company, Terms.amount(4_500, "USD", 1, false));
            Company free = pro();
            terms.redeems(free, Terms.amount(4_500, "USD", 1, false));
            company.on("2026-03-01");
            InvoiceView small = company.lastInvoice();
            assertThat(small.totalCents()).isEqualTo(400);
            assertThat(small.carriedOverCents()).isEqualTo(400);
            assertThat(small.amountDueCents()).isZero();
            assertThat(small.status()).isEqualTo("paid");
            assertThat(balanceOf(company)).isEqualTo(-400);
            company.on("2026-04-01");
            assertThat(company.lastInvoice().amountPaidCents()).isEqualTo(PRO + 400);
            assertThat(balanceOf(company)).isZero();

            free.does(() -> world.settlement.changeAtPeriodEnd(
                    Tier.FREE, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED));
            free.on("2026-03-05").does(() -> world.settlement.cancelNow(null));
            InvoiceView last = free.lastInvoice();
            assertThat(last.kind()).isEqualTo("final");
            assertThat(last.totalCents()).isZero();
            assertThat(last.amountPaidCents()).isEqualTo(400);
            assertThat(balanceOf(free)).isZero();
            for (Company one : List.of(company, free)) {
                assertThat(one.account("customer_credit")).isZero();
                assertThat(one.account("receivable")).isZero();
                assertBooksBalance(one);
            }
        } finally {
            World.OPERATOR.run(() -> terms.minimums.set("USD", 0));
        }
    }

    private static long paid(Company company) {
        return company.invoices().stream()
                .mapToLong(InvoiceView::amountPaidCents)
                .sum();
    }

    private long balanceOf(Company company) {
        return company.as(world.balance::balances).stream()
                .mapToLong(balance -> balance.cents())
                .sum();
    }

    private void assertBooksBalance(Company company) {
        assertThat(company.as(() -> world.ledger.trialBalance(true)).stream()
                        .mapToLong(AccountBalance::balanceCents)
                        .sum())
                .isZero();
    }
}
