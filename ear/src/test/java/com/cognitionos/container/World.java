package com.cognitionos.container;

import com.cognitionos.alert.boundary.AlertWatch;
import com.cognitionos.alert.boundary.Alerts;
import com.cognitionos.alert.boundary.Budgets;
import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.gateway.boundary.ApiKeys;
import com.cognitionos.gateway.boundary.Gateway;
import com.cognitionos.gateway.boundary.PlatformKeys;
import com.cognitionos.gateway.boundary.RateWindows;
import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.boundary.Users;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.InvoiceRunStarter;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.invoicing.boundary.Sellers;
import com.cognitionos.invoicing.boundary.StatementExport;
import com.cognitionos.invoicing.boundary.Statements;
import com.cognitionos.kernel.Caller;
import com.cognitionos.ledger.boundary.JournalExport;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.boundary.RevenueRecognition;
import com.cognitionos.metering.boundary.Allowances;
import com.cognitionos.metering.boundary.LateUsage;
import com.cognitionos.metering.boundary.Retractions;
import com.cognitionos.metering.boundary.RollupStarter;
import com.cognitionos.metering.boundary.Rollups;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.metering.boundary.UsageEvents;
import com.cognitionos.onboarding.boundary.Onboarding;
import com.cognitionos.payment.boundary.Disputes;
import com.cognitionos.payment.boundary.KeptCards;
import com.cognitionos.payment.boundary.PaymentIndex;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.payment.boundary.Payments;
import com.cognitionos.payment.boundary.ProviderDifferences;
import com.cognitionos.payment.boundary.ProviderEvents;
import com.cognitionos.payment.boundary.ProviderInbox;
import com.cognitionos.payment.boundary.Reconciliation;
import com.cognitionos.payment.boundary.Reconciliations;
import com.cognitionos.payment.boundary.Refunds;
import com.cognitionos.payment.boundary.Remedies;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.payment.control.Providers;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.boundary.TestClocks;
import com.cognitionos.webhook.boundary.WebhookDeliveries;
import com.cognitionos.webhook.boundary.WebhookEndpoints;
import com.cognitionos.webhook.boundary.WebhookSending;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.UUID;

/** The product's boundaries, and companies that live in it. */
@Dependent
public class World {

    static final Caller OPERATOR = Caller.job("container-test");

    @EJB
    PaymentIndex paymentIndex;

    @EJB
    Onboarding onboarding;

    @EJB
    Tenants tenants;

    @EJB
    TenantSettings settings;

    @EJB
    TestClocks clocks;

    @EJB
    WebhookEndpoints webhooks;

    @EJB
    WebhookDeliveries webhookDeliveries;

    @EJB
    WebhookSending webhookSending;

    @EJB
    Subscriptions subscriptions;

    @EJB
    UsageEvents usageEvents;

    @EJB
    Retractions retractions;

    @EJB
    LateUsage lateUsage;

    @EJB
    Usage usage;

    @EJB
    Rollups rollups;

    @EJB
    Catalogue catalogue;

    @EJB
    Plans plans;

    @EJB
    RollupStarter rollupStarter;

    @EJB
    Allowances allowances;

    @EJB
    Alerts alerts;

    @EJB
    Budgets budgets;

    @EJB
    AlertWatch alertWatch;

    @EJB
    Billing billing;

    @EJB
    RunningTotals totals;

    @EJB
    Invoices invoices;

    @EJB
    CreditNotes creditNotes;

    @EJB
    Sellers sellers;

    @EJB
    InvoiceRuns runs;

    @EJB
    InvoiceRunStarter runStarter;

    @EJB
    Ledger ledger;

    @EJB
    RevenueRecognition recognition;

    @Inject
    JournalExport journalExport;

    @EJB
    Statements statements;

    @Inject
    StatementExport statementExport;

    @EJB
    CustomerBalance balance;

    @EJB
    Settlement settlement;

    @EJB
    Payments payments;

    @EJB
    Refunds refunds;

    @EJB
    PaymentMethods methods;

    @EJB
    KeptCards cards;

    @EJB
    Disputes disputes;

    @Inject
    Providers providers;

    @EJB
    ProviderEvents events;

    @Inject
    ProviderInbox inbox;

    @EJB
    ProviderDifferences differences;

    @EJB
    Remedies remedies;

    @EJB
    Reconciliations reconciliations;

    @EJB
    Reconciliation reconciliation;

    @EJB
    ApiKeys keys;

    @Inject
    Gateway gateway;

    @EJB
    PlatformKeys platformKeys;

    @EJB
    RateWindows rateWindows;

    @EJB
    Users users;

    @EJB
    Members members;

    /** The one of test tenants. */
    PaymentProvider mock() {
        return providers.configured("mock").orElseThrow();
    }

    /** A test tenant with a monthly plan from that day on. */
    Company open(Tier tier, String start) {
        return open(tier, BillingCycle.MONTHLY, 0, start);
    }

    /** A test tenant whose clock starts on that day. */
    Company open(Tier tier, BillingCycle cycle, int trialDays, String start) {
        String slug = unique("c");
        return new Company(
                this,
                OPERATOR.call(() -> onboarding.open(new Onboarding.NewTenant(
                                "Company " + slug,
                                slug,
                                "owner@" + slug + ".example",
                                "billing@" + slug + ".example",
                                tier,
                                cycle,
                                trialDays,
                                true,
                                Dates.at(start))))
                        .id());
    }

    /** A word that nobody has used yet, fit for a slug. */
    static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 18);
    }
}
