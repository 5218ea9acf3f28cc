package com.cognitionos.kernel.portal;

import com.cognitionos.kernel.MinorUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Amounts as people read them: $1,234.50. */
@Named
@ApplicationScoped
public class Money {

    private static final int UNIT_PRICE_DECIMALS = 12;

    // A comma only parts thousands: elsewhere it would be read as somebody's decimal point.
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,12}|\\d{1,3}(,\\d{3}){1,3})(\\.\\d{1,4})?");

    /** @param minor in the currency's minor unit */
    public String of(long minor, String currency) {
        return text(BigDecimal.valueOf(minor), currency, 0);
    }

    /** A price for one unit, with all the decimals that it has. */
    public String unitPrice(BigDecimal minor, String currency) {
        return text(minor, currency, UNIT_PRICE_DECIMALS);
    }

    /** For a field: {@code 1234.50}. */
    public String plain(long minor, String currency) {
        return MinorUnit.plain(minor, currency);
    }

    /**
     * What somebody typed: {@code 50}, {@code $1,234.50}.
     *
     * @return in the minor unit; empty for what is no amount, is below zero or has more decimals than the currency
     */
    public OptionalLong read(String typed, String currency) {
        String sign = Currency.getInstance(currency).getSymbol(Locale.US);
        String bare = typed.strip();
        String figures = bare.startsWith(sign) ? bare.substring(sign.length()).strip() : bare;
        if (!AMOUNT.matcher(figures).matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(new BigDecimal(figures.replace(",", ""))
                    .movePointRight(MinorUnit.decimals(currency))
                    .longValueExact());
        } catch (ArithmeticException tooFine) {
            return OptionalLong.empty();
        }
    }

    private static String text(BigDecimal minor, String code, int moreDecimals) {
        Currency currency = Currency.getInstance(code);
        int digits = MinorUnit.decimals(code);
        NumberFormat format = NumberFormat.getNumberInstance(Locale.ROOT);
        format.setMinimumFractionDigits(digits);
        format.setMaximumFractionDigits(digits + moreDecimals);
        String sign = minor.signum() < 0 ? "\u2212" : "";
        return sign + currency.getSymbol(Locale.US) + format.format(minor.abs().movePointLeft(digits));
    }
}
