package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.kernel.MinorUnit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an add-on costs in one currency, as somebody types it: amounts in the currency's major unit. */
public class AddOnPrice {

    /** So many currencies can be typed; others of a draft stay as they are. */
    static final int ROWS = 3;

    private String currency = "";
    private String monthly = "";
    private String yearly = "";

    static List<AddOnPrice> rows(List<Plan.Price> prices) {
        List<AddOnPrice> rows = new ArrayList<>();
        for (String currency : currencies(prices)) {
            AddOnPrice row = new AddOnPrice();
            row.currency = currency;
            row.monthly = amount(prices, currency, BillingCycle.MONTHLY);
            row.yearly = amount(prices, currency, BillingCycle.YEARLY);
            rows.add(row);
        }
        while (rows.size() < ROWS) {
            rows.add(new AddOnPrice());
        }
        return rows.subList(0, ROWS);
    }

    private static List<String> currencies(List<Plan.Price> prices) {
        return prices.stream().map(Plan.Price::currency).distinct().toList();
    }

    private static String amount(List<Plan.Price> prices, String currency, BillingCycle cycle) {
        return prices.stream()
                .filter(price -> price.currency().equals(currency) && price.cycle() == cycle)
                .findFirst()
                .map(price -> MinorUnit.plain(price.amountCents(), currency))
                .orElse("");
    }

    boolean isEmpty() {
        return currency.isBlank() && isWithoutAmount();
    }

    boolean isWithoutAmount() {
        return monthly.isBlank() && yearly.isBlank();
    }

    /** The fields that hold no amount of the currency. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (!monthly.isBlank() && cents(monthly) == null) {
            faults.add("monthly");
        }
        if (!yearly.isBlank() && cents(yearly) == null) {
            faults.add("yearly");
        }
        return faults;
    }

    private @Nullable Long cents(String typed) {
        String plain = typed.strip().replace(",", "");
        if (!plain.matches("\\d{1,12}(\\.\\d{1,6})?")) {
            return null;
        }
        BigDecimal cents = new BigDecimal(plain).movePointRight(MinorUnit.decimals(getCurrency()));
        return cents.stripTrailingZeros().scale() > 0 ? null : Long.valueOf(cents.longValueExact());
    }

    /** As the catalogue takes them; a price falls due as it did before. */
    List<Map<String, Object>> documents(List<Plan.Price> before) {
        List<Map<String, Object>> all = new ArrayList<>();
        add(all, BillingCycle.MONTHLY, cents(monthly), before);
        add(all, BillingCycle.YEARLY, cents(yearly), before);
        return all;
    }

    private void add(List<Map<String, Object>> all, BillingCycle cycle, @Nullable Long cents, List<Plan.Price> before) {
        if (cents == null) {
            return;
        }
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("billing_cycle", cycle.code());
        one.put("currency", getCurrency());
        one.put("amount_cents", cents);
        before.stream()
                .filter(price -> price.cycle() == cycle && price.currency().equals(getCurrency()))
                .findFirst()
                .ifPresent(price -> one.put("timing", price.timing().name().toLowerCase(Locale.ROOT)));
        all.add(one);
    }

    /** The prices in currencies that there is no line for. */
    static List<Map<String, Object>> others(List<Plan.Price> prices) {
        List<String> shown = currencies(prices).stream().limit(ROWS).toList();
        List<Map<String, Object>> all = new ArrayList<>();
        prices.stream().filter(price -> !shown.contains(price.currency())).forEach(price -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("billing_cycle", price.cycle().code());
            one.put("currency", price.currency());
            one.put("amount_cents", price.amountCents());
            one.put("timing", price.timing().name().toLowerCase(Locale.ROOT));
            all.add(one);
        });
        return all;
    }

    public String getCurrency() {
        return currency.strip().toUpperCase(Locale.ROOT);
    }

    public void setCurrency(@Nullable String currency) {
        this.currency = currency == null ? "" : currency;
    }

    public String getMonthly() {
        return monthly;
    }

    public void setMonthly(@Nullable String monthly) {
        this.monthly = monthly == null ? "" : monthly;
    }

    public String getYearly() {
        return yearly;
    }

    public void setYearly(@Nullable String yearly) {
        this.yearly = yearly == null ? "" : yearly;
    }
}
