package com.cognitionos.kernel.portal;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.util.Locale;

/** Quantities as people read them. */
@Named
@ApplicationScoped
public class Figures {

    private static final BigDecimal SMALL = BigDecimal.ONE;
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
    private static final String[] MAGNITUDES = {"", "k", "M", "G", "T", "P"};

    /** Two decimals are enough for a mean level; a small quantity keeps the six that it may have. */
    public String quantity(BigDecimal value) {
        return grouped(value, value.abs().compareTo(SMALL) < 0 ? 6 : 2);
    }

    public String whole(long value) {
        return grouped(BigDecimal.valueOf(value), 0);
    }

    public String percent(BigDecimal value) {
        return grouped(value, 1) + "\u00a0%";
    }

    /** For the axis of a chart: 250, 1.5k, 20M. */
    public String compact(BigDecimal value) {
        BigDecimal scaled = value;
        int magnitude = 0;
        while (scaled.abs().compareTo(THOUSAND) >= 0 && magnitude < MAGNITUDES.length - 1) {
            scaled = scaled.movePointLeft(3);
            magnitude++;
        }
        return grouped(scaled, 3) + MAGNITUDES[magnitude];
    }

    /** {@code API call} becomes {@code API calls}; an abbreviation such as {@code MB} stays. */
    public String unit(String singular, BigDecimal quantity) {
        boolean abbreviation = singular.equals(singular.toUpperCase(Locale.ROOT));
        return abbreviation || quantity.compareTo(BigDecimal.ONE) == 0 ? singular : singular + "s";
    }

    private static String grouped(BigDecimal value, int decimals) {
        NumberFormat format = NumberFormat.getNumberInstance(Locale.ROOT);
        format.setMaximumFractionDigits(decimals);
        format.setRoundingMode(RoundingMode.HALF_UP);
        return format.format(value);
    }
}
