package com.cognitionos.tax.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.rating.entity.TaxRate;
import com.cognitionos.tax.boundary.TaxRates;
import com.cognitionos.tax.boundary.TaxRates.RateView;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tax rates of the platform, and one more. */
@Named
@RequestScoped
public class TaxRatesPage {

    private static final Map<String, String> FIELDS = Map.of(
            "/code", "rate:code",
            "/percent", "rate:percent",
            "/country", "rate:country",
            "/region", "rate:region",
            "/valid_from", "rate:from",
            "/valid_to", "rate:to");

    @EJB
    private TaxRates rates;

    @Inject
    private BusinessClock clock;

    @Inject
    private Messages messages;

    @Inject
    @ManagedProperty("#{param.rate}")
    private @Nullable String chosen;

    /** The last day of the rate that is ended. */
    @Inject
    @ManagedProperty("#{param.last}")
    private @Nullable String last;

    private @Nullable Section<List<RateView>> list;
    private String code = "vat";
    private String percent = "";
    private String country = "";
    private String region = "";
    private boolean inclusive;
    private String from = "";
    private String to = "";

    @RequiresScope("finance:write")
    @StepUp
    public void add() {
        messages.attempt(FIELDS, () -> {
            TaxRate added = rates.add(new TaxRates.NewRate(
                            code.strip().toLowerCase(Locale.ROOT),
                            percent(),
                            inclusive,
                            country.strip().toUpperCase(Locale.ROOT),
                            region.isBlank() ? null : region.strip().toUpperCase(Locale.ROOT),
                            Set.of(),
                            day("valid_from", from),
                            to.isBlank() ? null : day("valid_to", to).plusDays(1)))
                    .rate();
            messages.done("Invoices to customers in " + place(added) + " bear "
                    + added.tax().code() + " of " + percent(added) + " from " + day(added.from()) + " on.");
            percent = "";
            country = "";
            region = "";
            from = "";
            to = "";
        });
        list = null;
    }

    private BigDecimal percent() {
        try {
            return new BigDecimal(percent.strip().replace("%", "").strip());
        } catch (NumberFormatException e) {
            throw Problem.invalid("percent", "malformed", "enter a percentage, such as 19 or 6.625");
        }
    }

    private static LocalDate day(String field, @Nullable String typed) {
        try {
            return LocalDate.parse(typed == null ? "" : typed.strip());
        } catch (DateTimeParseException e) {
            throw Problem.invalid(field, "invalid_timestamp", "a day is written like 2026-02-21");
        }
    }

    @RequiresScope("finance:write")
    @StepUp
    public void end() {
        messages.attempt(Map.of(), () -> {
            TaxRate ended = rates.end(
                            GivenId.of(chosen, "tax rate"),
                            day("valid_to", last).plusDays(1))
                    .rate();
            messages.done("The rate of " + percent(ended) + " in " + place(ended) + " is in force up to and with "
                    + day(lastDay(ended)) + ".");
        });
        list = null;
    }

    public Section<List<RateView>> getRates() {
        if (list == null) {
            list = Section.load("tax rates", rates::list);
        }
        return list;
    }

    /** {@code Germany}, {@code United States, NJ}. */
    public String place(TaxRate rate) {
        String name = new Locale("", rate.jurisdiction().country()).getDisplayCountry(Locale.ENGLISH);
        return rate.jurisdiction().region() == null
                ? name
                : name + ", " + rate.jurisdiction().region();
    }

    /** What alone bears it; empty where everything does. */
    public String categories(TaxRate rate) {
        return rate.categories().stream().sorted().collect(Collectors.joining(", "));
    }

    public String percent(TaxRate rate) {
        return rate.tax().percent().stripTrailingZeros().toPlainString() + "\u00a0%";
    }

    /** A calendar day as people read it. */
    public String day(@Nullable LocalDate day) {
        return day == null
                ? ""
                : DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).format(day);
    }

    /** The last day on which it is in force; null while no end is known. */
    public @Nullable LocalDate lastDay(TaxRate rate) {
        return rate.to() == null ? null : rate.to().minusDays(1);
    }

    public String state(TaxRate rate) {
        LocalDate today = LocalDate.ofInstant(clock.system(), ZoneOffset.UTC);
        if (today.isBefore(rate.from())) {
            return "To come";
        }
        return rate.to() == null || today.isBefore(rate.to()) ? "In force" : "Ended";
    }

    public String tone(TaxRate rate) {
        return switch (state(rate)) {
            case "In force" -> "good";
            case "To come" -> "info";
            default -> "idle";
        };
    }

    public String getCode() {
        return code;
    }

    public void setCode(String code) {
        this.code = code;
    }

    public String getPercent() {
        return percent;
    }

    public void setPercent(String percent) {
        this.percent = percent;
    }

    public String getCountry() {
        return country;
    }

    public void setCountry(String country) {
        this.country = country;
    }

    public String getRegion() {
        return region;
    }

    public void setRegion(@Nullable String region) {
        this.region = region == null ? "" : region;
    }

    public boolean isInclusive() {
        return inclusive;
    }

    public void setInclusive(boolean inclusive) {
        this.inclusive = inclusive;
    }

    public String getFrom() {
        return from;
    }

    public void setFrom(String from) {
        this.from = from;
    }

    public String getTo() {
        return to;
    }

    public void setTo(@Nullable String to) {
        this.to = to == null ? "" : to;
    }
}
