package com.cognitionos.rating.entity;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tax rates that a seller applies. Of one code, a region's rate takes the place of its country's.
 *
 * @param rates no two of the same code, jurisdiction and category are in force on the same day
 */
public record Taxes(Jurisdiction seller, List<TaxRate> rates) {

    /** Why an invoice bears the taxes that it does. */
    public enum Treatment {
        STANDARD,
        /** The customer accounts for the tax; the invoice must say so. */
        REVERSE_CHARGE,
        EXEMPT
    }

    /**
     * Whom the invoice is for.
     *
     * @param vatNumber as written; one of the wrong form counts as none
     * @param exempt bears no tax at all
     */
    public record Customer(Jurisdiction place, @Nullable String vatNumber, boolean exempt) {}

    /** The taxes of one invoice; {@code rates} is empty where none is charged. */
    public record InForce(Treatment treatment, List<TaxRate> rates) {

        public static final InForce NONE = new InForce(Treatment.STANDARD, List.of());

        public InForce {
            rates = List.copyOf(rates);
        }

        List<Tax> on(String category) {
            Map<String, TaxRate> byCode = new LinkedHashMap<>();
            for (TaxRate rate : rates) {
                if (rate.isFor(category)) {
                    byCode.merge(rate.tax().code(), rate, InForce::moreSpecific);
                }
            }
            return byCode.values().stream().map(TaxRate::tax).toList();
        }

        private static TaxRate moreSpecific(TaxRate one, TaxRate other) {
            return one.jurisdiction().region() == null ? other : one;
        }
    }

    public Taxes {
        rates = List.copyOf(rates);
        for (int i = 0; i < rates.size(); i++) {
            for (TaxRate later : rates.subList(i + 1, rates.size())) {
                if (rates.get(i).overlaps(later)) {
                    throw new IllegalArgumentException(
                            "two rates of one tax in force on the same day: " + rates.get(i) + " and " + later);
                }
            }
        }
    }

    /**
     * The taxes on an invoice to a customer. Reverse charge applies where the customer, in the European Union or in the
     * country of its VAT number, has a VAT number of a country other than the seller's (Directive 2006/112/EC, Articles
     * 44 and 196). No tax is then charged; a price that includes tax stays what it is.
     *
     * @param day the tax point, in the seller's zone
     */
    public InForce on(LocalDate day, Customer customer) {
        if (customer.exempt()) {
            return new InForce(Treatment.EXEMPT, List.of());
        }
        if (isReverseCharged(customer)) {
            return new InForce(Treatment.REVERSE_CHARGE, List.of());
        }
        return new InForce(
                Treatment.STANDARD,
                rates.stream()
                        .filter(rate ->
                                rate.isInForce(day) && rate.jurisdiction().contains(customer.place()))
                        .toList());
    }

    private boolean isReverseCharged(Customer customer) {
        return customer.vatNumber() != null
                && VatNumber.parse(customer.vatNumber())
                        .map(VatNumber::country)
                        .filter(country -> !country.equals(seller.country()))
                        .filter(country -> customer.place().isInEu()
                                || customer.place().country().equals(country))
                        .isPresent();
    }
}
