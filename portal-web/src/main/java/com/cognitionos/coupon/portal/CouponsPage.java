package com.cognitionos.coupon.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.coupon.boundary.Coupons;
import com.cognitionos.coupon.boundary.Coupons.CouponView;
import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The coupons of the platform, and one more. */
@Named
@RequestScoped
public class CouponsPage {

    private static final int PAGE_SIZE = 20;

    private static final Map<String, String> FIELDS = Map.of(
            "/code", "coupon:code",
            "/percent", "coupon:value",
            "/amount_cents", "coupon:value",
            "/currency", "coupon:currency",
            "/periods", "coupon:periods",
            "/plans", "coupon:plans",
            "/max_redemptions", "coupon:most",
            "/redeem_by", "coupon:until");

    @EJB
    private Coupons coupons;

    @EJB
    private Plans plans;

    @Inject
    private BusinessClock clock;

    @Inject
    private Money money;

    @Inject
    private CouponWords words;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    @Inject
    @ManagedProperty("#{param.coupon}")
    private @Nullable String chosen;

    private @Nullable Section<Page<CouponView>> page;
    private List<String> tiers = List.of();
    private String code = "";
    private String name = "";
    private String kind = "percent";
    private String value = "";
    private String currency = "";
    private String duration = "once";
    private @Nullable Integer periods;
    private String[] forPlans = {};
    private @Nullable Integer most;
    private String until = "";

    @RequiresScope("finance:write")
    @StepUp
    public void add() {
        messages.attempt(FIELDS, () -> {
            Coupon coupon = coupons.add(wanted(), most, end()).coupon();
            messages.done("The coupon " + coupon.code() + " can be redeemed from now on: " + words.of(coupon) + ".");
            clear();
        });
        page = null;
    }

    private Coupon wanted() {
        boolean percent = kind.equals("percent");
        String unit = currency.strip().toUpperCase(Locale.ROOT);
        return new Coupon(
                code,
                name.strip(),
                percent ? percent() : null,
                percent ? null : (Long) amount(unit),
                percent ? null : unit,
                count(),
                Set.of(forPlans),
                Set.of(),
                0,
                false);
    }

    private BigDecimal percent() {
        try {
            return new BigDecimal(value.strip().replace("%", "").strip());
        } catch (NumberFormatException e) {
            throw Problem.invalid("percent", "malformed", "enter a percentage, such as 25");
        }
    }

    private long amount(String unit) {
        if (Currency.getAvailableCurrencies().stream()
                .noneMatch(known -> known.getCurrencyCode().equals(unit))) {
            throw Problem.invalid("currency", "unknown_currency", "enter a currency, such as USD");
        }
        return money.read(value, unit)
                .orElseThrow(
                        () -> Problem.invalid("amount_cents", "malformed", "enter an amount, such as 20 or 19.90"));
    }

    private @Nullable Integer count() {
        return switch (duration) {
            case "once" -> 1;
            case "repeating" -> {
                if (periods == null) {
                    throw Problem.invalid("periods", "required", "say for how many billing periods");
                }
                yield periods;
            }
            default -> null;
        };
    }

    /** The day that was typed is the last on which it can be redeemed. */
    private @Nullable Instant end() {
        if (until.isBlank()) {
            return null;
        }
        try {
            return LocalDate.parse(until.strip())
                    .plusDays(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
        } catch (DateTimeParseException e) {
            throw Problem.invalid("redeem_by", "invalid_timestamp", "a day is written like 2026-02-21");
        }
    }

    private void clear() {
        code = "";
        name = "";
        value = "";
        periods = null;
        forPlans = new String[0];
        most = null;
        until = "";
    }

    @RequiresScope("finance:write")
    @StepUp
    public void archive() {
        messages.attempt(Map.of(), () -> {
            Coupon coupon =
                    coupons.archive(Objects.requireNonNullElse(chosen, "")).coupon();
            messages.done("Nobody can redeem " + coupon.code() + " any more. Who has it keeps it.");
        });
        page = null;
    }

    public Section<Page<CouponView>> getPage() {
        if (page == null) {
            page = Section.load("coupons", () -> coupons.list(new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
        }
        return page;
    }

    public long getPages() {
        return Math.max(1, (getPage().getValue().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    /** Whether somebody can redeem it, and if not, why. */
    public String state(CouponView view) {
        if (view.archivedAt() != null) {
            return "Archived";
        }
        if (view.redeemBy() != null && !view.redeemBy().isAfter(clock.system())) {
            return "Expired";
        }
        boolean gone = view.maxRedemptions() != null && view.redemptions() >= view.maxRedemptions();
        return gone ? "All redeemed" : "Open";
    }

    /** The codes of all plans, smallest first. */
    public List<String> getPlans() {
        if (tiers.isEmpty()) {
            tiers = plans.tiers().stream().map(Tier::code).toList();
        }
        return tiers;
    }

    public String planName(String tier) {
        return tier.substring(0, 1).toUpperCase(Locale.ROOT) + tier.substring(1).replace('_', ' ');
    }

    public String getCode() {
        return code;
    }

    public void setCode(String code) {
        this.code = code;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getKind() {
        return kind;
    }

    public void setKind(String kind) {
        this.kind = kind;
    }

    public String getValue() {
        return value;
    }

    public void setValue(String value) {
        this.value = value;
    }

    public String getCurrency() {
        return currency;
    }

    public void setCurrency(@Nullable String currency) {
        this.currency = currency == null ? "" : currency;
    }

    public String getDuration() {
        return duration;
    }

    public void setDuration(String duration) {
        this.duration = duration;
    }

    public @Nullable Integer getPeriods() {
        return periods;
    }

    public void setPeriods(@Nullable Integer periods) {
        this.periods = periods;
    }

    public String[] getForPlans() {
        return forPlans.clone();
    }

    public void setForPlans(String[] forPlans) {
        this.forPlans = forPlans.clone();
    }

    public @Nullable Integer getMost() {
        return most;
    }

    public void setMost(@Nullable Integer most) {
        this.most = most;
    }

    public String getUntil() {
        return until;
    }

    public void setUntil(@Nullable String until) {
        this.until = until == null ? "" : until;
    }
}
