package com.cognitionos.payment.control;

import com.cognitionos.kernel.MinorUnit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Amounts as Stripe counts them. We and Stripe both use a currency's smallest unit, so that 500 yen are 500 and 5 dollars
 * are 500; but a few currencies have another smallest unit at Stripe than in ISO 4217: UGX and ISK are sent as if they had
 * two decimals, and MGA, which ISO 4217 gives two decimals, has none. Those of three decimals must end in 0.
 *
 * <p>Source: Stripe's documentation, "Supported currencies: zero-decimal, three-decimal and special-case currencies".
 */
final class StripeAmount {

    private static final Set<String> NO_DECIMALS = Set.of(
            "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");
    private static final Set<String> THREE_DECIMALS = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

    private StripeAmount() {}

    /** @param cents in the minor unit of ISO 4217 @return empty when Stripe cannot charge exactly that amount */
    static OptionalLong toStripe(long cents, String currency) {
        BigDecimal amount =
                BigDecimal.valueOf(cents).scaleByPowerOfTen(decimals(currency) - MinorUnit.decimals(currency));
        boolean exact = amount.stripTrailingZeros().scale() <= (THREE_DECIMALS.contains(currency) ? -1 : 0);
        return exact ? OptionalLong.of(amount.longValueExact()) : OptionalLong.empty();
    }

    /** @param currency as Stripe writes it, in lower case @return the minor unit of ISO 4217, rounded half up */
    static long fromStripe(long amount, String currency) {
        String code = code(currency);
        return BigDecimal.valueOf(amount)
                .scaleByPowerOfTen(MinorUnit.decimals(code) - decimals(code))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /** The ISO 4217 code of a currency as Stripe writes it. */
    static String code(String currency) {
        return currency.toUpperCase(Locale.ROOT);
    }

    private static int decimals(String currency) {
        return NO_DECIMALS.contains(currency) ? 0 : THREE_DECIMALS.contains(currency) ? 3 : 2;
    }
}
