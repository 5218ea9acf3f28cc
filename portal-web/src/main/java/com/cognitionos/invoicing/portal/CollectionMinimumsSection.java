package com.cognitionos.invoicing.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.CollectionMinimums;
import com.cognitionos.invoicing.boundary.CollectionMinimums.Minimum;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.kernel.portal.Section;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Below which amount due an invoice is carried over to the next one. */
@Named
@RequestScoped
public class CollectionMinimumsSection {

    private static final Map<String, String> FIELDS =
            Map.of("/currency", "minimum:currency", "/cents", "minimum:amount");

    @EJB
    private CollectionMinimums minimums;

    @Inject
    private Money money;

    @Inject
    private Messages messages;

    private @Nullable Section<List<Minimum>> list;
    private String currency = "";
    private String amount = "";

    @RequiresScope("finance:write")
    @StepUp
    public void set() {
        messages.attempt(FIELDS, () -> {
            String unit = currency.strip().toUpperCase(Locale.ROOT);
            if (Currency.getAvailableCurrencies().stream()
                    .noneMatch(known -> known.getCurrencyCode().equals(unit))) {
                throw Problem.invalid("currency", "unknown_currency", "enter a currency, such as USD");
            }
            Minimum set = minimums.set(
                    unit,
                    money.read(amount, unit)
                            .orElseThrow(() -> Problem.invalid("cents", "malformed", "enter an amount, such as 0.50")));
            messages.done(
                    set.cents() == 0
                            ? "Every amount due in " + unit + " is collected at once."
                            : "Invoices of less than " + money.of(set.cents(), unit)
                                    + " due are collected with the next one.");
            currency = "";
            amount = "";
        });
        list = null;
    }

    /** By currency. */
    public Section<List<Minimum>> getMinimums() {
        if (list == null) {
            list = Section.load("smallest amounts", minimums::list);
        }
        return list;
    }

    public String getCurrency() {
        return currency;
    }

    public void setCurrency(String currency) {
        this.currency = currency;
    }

    public String getAmount() {
        return amount;
    }

    public void setAmount(String amount) {
        this.amount = amount;
    }
}
