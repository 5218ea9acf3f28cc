package com.cognitionos.invoicing.control;

import com.cognitionos.coupon.boundary.Redemptions;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.invoicing.boundary.CollectionMinimums;
import com.cognitionos.invoicing.entity.Buyer;
import com.cognitionos.invoicing.entity.CreditedCharges;
import com.cognitionos.invoicing.entity.InvoiceCalculator;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Invoiced.Given;
import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.Discount;
import com.cognitionos.rating.entity.InvoiceAmounts;
import com.cognitionos.rating.entity.InvoiceDraft;
import com.cognitionos.rating.entity.Jurisdiction;
import com.cognitionos.rating.entity.TaxRate;
import com.cognitionos.rating.entity.Taxes;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.tax.boundary.TaxRates;
import com.cognitionos.tenancy.boundary.BillingProfiles;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What the amounts of an invoice depend on besides its lines, and whom it is made out to. */
@ApplicationScoped
public class InvoiceTerms {

    /** What is sold is all of one kind to a tax office. */
    private static final String TAX_CATEGORY = "services";

    @Inject
    private Sql sql;

    @Inject
    private SellerRecords sellers;

    @EJB
    private CollectionMinimums minimums;

    @EJB
    private CustomerBalance balance;

    @EJB
    private PrepaidCredits prepaid;

    @EJB
    private Redemptions redemptions;

    @EJB
    private TaxRates taxRates;

    @EJB
    private BillingProfiles profiles;

    /**
     * The draft of an invoice.
     *
     * @param given what its credit lines give back, and what earlier ones give back of its charges, to be written down
     */
    public record Drafted(InvoiceDraft draft, List<Given> given) {
        public Drafted {
            given = List.copyOf(given);
        }
    }

    /**
     * The draft of these lines; a line's id is its position. What they use up stays locked until the transaction ends.
     *
     * @param last whether no other invoice of the subscription follows, which what is too little could be carried over to
     */
    public Drafted draft(Subscription subscription, DueLines due, Instant at, boolean last) {
        long minimum = last ? 0 : minimum(subscription.currency());
        return draft(subscription, due, at, balance.locked(subscription.currency()), minimum, true);
    }

    /** As {@link #draft}, of an invoice that is not made: nothing is locked, and the balance left alone. */
    public InvoiceDraft estimate(Subscription subscription, DueLines due, Instant at) {
        return draft(subscription, due, at, 0, 0, false).draft();
    }

    /** As {@link #draft}, to be looked at: with the balance as it is, and nothing locked. */
    public InvoiceDraft soFar(
            Subscription subscription, DueLines due, BillingProfile profile, DraftTerms.Found found, boolean last) {
        Jurisdiction seller = Jurisdiction.of(found.sellerCountry());
        return new InvoiceDraft(
                subscription.currency(),
                CreditedCharges.draft(due.earlier(), due.lines(), TAX_CATEGORY).lines(),
                found.coupons() ? redemptions.discounts(billingPeriod(subscription, due.lines()), false) : List.of(),
                taxRates.inForce(seller, customer(seller, profile), found.now()),
                found.prepaid() ? prepaid.available(subscription.currency(), false) : List.of(),
                new com.cognitionos.rating.entity.CustomerBalance(Math.negateExact(found.balanceCents())),
                last ? 0 : found.minimumCents(),
                found.now());
    }

    private Drafted draft(
            Subscription subscription, DueLines due, Instant at, long balanceCents, long minimumCents, boolean toUse) {
        List<Discount> discounts = redemptions.discounts(billingPeriod(subscription, due.lines()), toUse);
        CreditedCharges.Draft drafted = CreditedCharges.draft(due.earlier(), due.lines(), TAX_CATEGORY);
        InvoiceDraft draft = new InvoiceDraft(
                subscription.currency(),
                drafted.lines(),
                discounts,
                taxes(at),
                prepaid.available(subscription.currency(), toUse),
                new com.cognitionos.rating.entity.CustomerBalance(Math.negateExact(balanceCents)),
                minimumCents,
                at);
        return new Drafted(draft, drafted.given());
    }

    /** What the invoices of many tenants have in common. */
    public record Common(SellerRecords.Version seller, Map<String, List<TaxRate>> rates, Map<String, Long> minimums) {
        public Common {
            rates = Map.copyOf(rates);
            minimums = Map.copyOf(minimums);
        }
    }

    /** As it is now. */
    public Common common() {
        return new Common(
                sellers.present(),
                taxRates.byCountry(),
                minimums.list().stream()
                        .collect(Collectors.toMap(
                                CollectionMinimums.Minimum::currency, CollectionMinimums.Minimum::cents)));
    }

    /** As {@link #draft}, for a customer that has no coupons, credits or balance; what is due gives nothing back. */
    public static InvoiceDraft draft(
            Subscription subscription, DueLines due, BillingProfile profile, Common common, Instant at) {
        Jurisdiction seller = Jurisdiction.of(common.seller().seller().country());
        Taxes.Customer customer = customer(seller, profile);
        return new InvoiceDraft(
                subscription.currency(),
                CreditedCharges.draft(due.earlier(), due.lines(), TAX_CATEGORY).lines(),
                List.of(),
                new Taxes(seller, common.rates().getOrDefault(customer.place().country(), List.of()))
                        .on(LocalDate.ofInstant(at, ZoneOffset.UTC), customer),
                List.of(),
                com.cognitionos.rating.entity.CustomerBalance.ZERO,
                common.minimums().getOrDefault(subscription.currency(), 0L),
                at);
    }

    /** Whether earlier invoices have left something to collect. */
    public boolean isOwed(Subscription subscription) {
        return balance.locked(subscription.currency()) < 0;
    }

    /**
     * The invoice is made: what it used up is gone, for whatever comes after it.
     *
     * @return what promotional credits paid of it
     */
    public long use(
            Subscription subscription, List<InvoiceLine> lines, InvoiceAmounts amounts, UUID invoice, Instant at) {
        redemptions.used(
                amounts.discounts().stream()
                        .map(one -> new Redemptions.Used(one.after(), one.grantedCents() - one.takenBackCents()))
                        .toList(),
                invoice,
                billingPeriod(subscription, lines));
        return prepaid.use(amounts.creditsApplied(), invoice, at);
    }

    private long minimum(String currency) {
        return sql.queryOne(
                        "SELECT cents FROM collection_minimums WHERE currency = ?",
                        row -> row.getLong("cents"),
                        currency)
                .orElse(0L);
    }

    /** Of the seller as it is now, for the document to keep. */
    public long sellerVersion() {
        return sellers.present().version();
    }

    public Buyer buyer(TenantView tenant) {
        return buyer(tenant.name(), tenant.billingEmail(), profile());
    }

    /** Whom the tenant's invoices are made out to. */
    public BillingProfile profile() {
        return profiles.current();
    }

    public static Buyer buyer(String name, String email, BillingProfile profile) {
        return new Buyer(
                profile.legalName() == null ? name : profile.legalName(),
                email,
                profile.address(),
                profile.country(),
                profile.region(),
                profile.taxNumber());
    }

    private static Instant billingPeriod(Subscription subscription, List<InvoiceLine> lines) {
        return InvoiceCalculator.billingPeriod(
                lines, subscription.currentPeriod().start());
    }

    private Taxes.InForce taxes(Instant at) {
        Jurisdiction seller = Jurisdiction.of(sellers.present().seller().country());
        return taxRates.inForce(seller, customer(seller, profiles.current()), at);
    }

    private static Taxes.Customer customer(Jurisdiction seller, BillingProfile profile) {
        Jurisdiction place = profile.country() == null ? seller : new Jurisdiction(profile.country(), profile.region());
        return new Taxes.Customer(place, profile.taxNumber(), profile.taxExempt());
    }
}
