package com.cognitionos.invoicing.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.credit.boundary.PrepaidCredits.CreditView;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.OneOffCharges;
import com.cognitionos.invoicing.boundary.OneOffCharges.Charge;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.metering.boundary.LateUsage;
import com.cognitionos.metering.portal.MeterWords;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What finance adds to a tenant's invoices or pays them from, and the register of late usage. */
@Named
@RequestScoped
public class ChargesPage {

    private static final int LATEST = 50;
    private static final int PAGE_SIZE = 20;

    private static final Map<String, String> CHARGE_FIELDS =
            Map.of("/description", "charge:description", "/amount_cents", "charge:amount");

    private static final Map<String, String> CREDIT_FIELDS = Map.of(
            "/currency", "credit:currency",
            "/amount_cents", "credit:amount",
            "/expires_at", "credit:until",
            "/note", "credit:note");

    @EJB
    private OneOffCharges charges;

    @EJB
    private PrepaidCredits credits;

    @EJB
    private LateUsage late;

    @EJB
    private Tenants tenants;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Plans plans;

    @Inject
    private Money money;

    @Inject
    private Dates dates;

    @Inject
    private MeterWords meterWords;

    @Inject
    private Messages messages;

    /** The slug of the tenant to look at; none for the register of all. */
    @Inject
    @ManagedProperty("#{param.tenant}")
    private @Nullable String slug;

    /** The charge or credit that is taken back. */
    @Inject
    @ManagedProperty("#{param.chosen}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    private @Nullable TenantView tenant;
    private @Nullable Section<List<Charge>> chargeList;
    private @Nullable Section<List<CreditView>> creditList;
    private @Nullable Section<Page<LateUsage.Entry>> register;
    private Map<UUID, TenantView> named = Map.of();
    private final Map<String, String> units = new HashMap<>();
    private String description = "";
    private String amount = "";
    private String kind = "promotional";
    private String creditCurrency = "";
    private String creditAmount = "";
    private String until = "";
    private String note = "";

    @RequiresScope("finance:write")
    @StepUp
    public void charge() {
        messages.attempt(CHARGE_FIELDS, () -> {
            String currency = getCurrency();
            if (currency == null) {
                throw Problem.conflict("no_subscription", "The tenant has no live subscription.");
            }
            long cents = read(amount, currency);
            Charge added = there().call(() -> charges.add(description, cents));
            messages.done(money.of(added.amountCents(), added.currency()) + " is on the next invoice of "
                    + shown().name() + ".");
            description = "";
            amount = "";
        });
        chargeList = null;
    }

    @RequiresScope("finance:write")
    @StepUp
    public void takeBack() {
        messages.attempt(Map.of(), () -> {
            UUID id = GivenId.of(chosen, "charge");
            there().run(() -> charges.remove(id));
            messages.done("The charge was taken back; no invoice will have it.");
        });
        chargeList = null;
    }

    @RequiresScope("finance:write")
    @StepUp
    public void grant() {
        messages.attempt(CREDIT_FIELDS, () -> {
            String currency = creditCurrency.strip().toUpperCase(Locale.ROOT);
            if (Currency.getAvailableCurrencies().stream()
                    .noneMatch(known -> known.getCurrencyCode().equals(currency))) {
                throw Problem.invalid("currency", "unknown_currency", "enter a currency, such as USD");
            }
            PrepaidCredits.NewCredit wanted = new PrepaidCredits.NewCredit(
                    PrepaidCredits.Kind.of(kind), currency, read(creditAmount, currency), expiry(), 0, note.strip());
            CreditView made = there().call(() -> credits.grant(wanted));
            messages.done(money.of(made.amountCents(), made.currency()) + " pays the next invoices of " + shown().name()
                    + ".");
            creditAmount = "";
            until = "";
            note = "";
        });
        creditList = null;
    }

    @RequiresScope("finance:write")
    @StepUp
    public void endCredit() {
        messages.attempt(Map.of(), () -> {
            UUID id = GivenId.of(chosen, "prepaid credit");
            CreditView ended = there().call(() -> credits.cancel(id));
            messages.done("What was left of it, " + money.of(ended.endedCents(), ended.currency())
                    + ", pays no invoice any more.");
        });
        creditList = null;
    }

    private Caller there() {
        return Caller.current().acrossTenants().in(shown().id());
    }

    private TenantView shown() {
        TenantView found = getTenant();
        if (found == null) {
            throw Problem.notFound("tenant");
        }
        return found;
    }

    private long read(String typed, String currency) {
        return money.read(typed, currency)
                .orElseThrow(
                        () -> Problem.invalid("amount_cents", "malformed", "enter an amount, such as 150 or 49.90"));
    }

    /** The day that was typed is the last on which it pays, where the tenant is. */
    private @Nullable Instant expiry() {
        if (until.isBlank()) {
            return null;
        }
        try {
            return LocalDate.parse(until.strip())
                    .plusDays(1)
                    .atStartOfDay(ZoneId.of(shown().timeZone()))
                    .toInstant();
        } catch (DateTimeParseException e) {
            throw Problem.invalid("expires_at", "invalid_timestamp", "a day is written like 2026-02-21");
        }
    }

    public String getSlug() {
        return slug == null ? "" : slug.strip().toLowerCase(Locale.ROOT);
    }

    /** The tenant that is looked at; null where none is, or where there is no such tenant. */
    public @Nullable TenantView getTenant() {
        if (tenant == null && !getSlug().isEmpty()) {
            tenant = tenants.withSlugs(Set.of(getSlug())).stream().findFirst().orElse(null);
        }
        return tenant;
    }

    /** Whether the address names a tenant that there is not. */
    public boolean isUnknown() {
        return !getSlug().isEmpty() && getTenant() == null;
    }

    /** In which the tenant's next invoice is made; null where none will be. */
    public @Nullable String getCurrency() {
        return there().call(() -> subscriptions
                .latest()
                .filter(Subscription::isLive)
                .map(Subscription::currency)
                .orElse(null));
    }

    public Section<List<Charge>> getCharges() {
        if (chargeList == null) {
            chargeList = Section.load("one-off charges", () -> there().call(() -> charges.list(LATEST)));
        }
        return chargeList;
    }

    public Section<List<CreditView>> getCredits() {
        if (creditList == null) {
            creditList = Section.load("prepaid credits", () -> there().call(credits::list));
        }
        return creditList;
    }

    /** How a credit stands, in a line. */
    public String words(CreditView credit) {
        String used = money.of(credit.usedCents(), credit.currency()) + " of "
                + money.of(credit.amountCents(), credit.currency()) + " used";
        if (credit.endedAt() != null) {
            return used + ", " + money.of(credit.endedCents(), credit.currency())
                    + ("voided".equals(credit.endedAs()) ? " taken back on " : " expired on ")
                    + dates.day(credit.endedAt());
        }
        return credit.expiresAt() == null ? used : used + ", until " + dates.lastDayBefore(credit.expiresAt());
    }

    /** Usage that came, or was taken back, after its month was invoiced; newest first. */
    public Section<Page<LateUsage.Entry>> getLateUsage() {
        if (register == null) {
            Page.Request wanted = new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE);
            register = Section.load(
                    "late usage",
                    () -> getTenant() == null ? late.list(null, wanted) : there().call(() -> late.list(null, wanted)));
            if (register.isLoaded()) {
                named = tenants
                        .withIds(register.getValue().items().stream()
                                .map(LateUsage.Entry::tenant)
                                .collect(Collectors.toSet()))
                        .stream()
                        .collect(Collectors.toMap(TenantView::id, one -> one));
            }
        }
        return register;
    }

    public long getPages() {
        return Math.max(1, (getLateUsage().getValue().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    /** Whose usage it is. */
    public @Nullable TenantView of(LateUsage.Entry entry) {
        return named.get(entry.tenant());
    }

    public String quantity(LateUsage.Entry entry) {
        String unit = units.computeIfAbsent(
                entry.meter(), code -> plans.meter(code).map(Meter::unit).orElse("unit"));
        return meterWords.amount(entry.quantity(), unit);
    }

    public String getDescription() {
        return description;
    }

    public void setDescription(String description) {
        this.description = description;
    }

    public String getAmount() {
        return amount;
    }

    public void setAmount(String amount) {
        this.amount = amount;
    }

    public String getKind() {
        return kind;
    }

    public void setKind(String kind) {
        this.kind = kind;
    }

    public String getCreditCurrency() {
        return creditCurrency;
    }

    public void setCreditCurrency(String creditCurrency) {
        this.creditCurrency = creditCurrency;
    }

    public String getCreditAmount() {
        return creditAmount;
    }

    public void setCreditAmount(String creditAmount) {
        this.creditAmount = creditAmount;
    }

    public String getUntil() {
        return until;
    }

    public void setUntil(@Nullable String until) {
        this.until = until == null ? "" : until;
    }

    public String getNote() {
        return note;
    }

    public void setNote(@Nullable String note) {
        this.note = note == null ? "" : note;
    }
}
