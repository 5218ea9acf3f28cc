package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Drafting.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which taxes an invoice bears. */
class TaxesTest {

    @Test
    void aCustomerInTheUnionMayHaveTheNumberOfAnotherMemberState() {
        Taxes taxes = new Taxes(GERMANY, List.of(rate("20", Jurisdiction.of("FR"), "2020-01-01", null)));
        assertThat(taxes.on(
                                LocalDate.parse("2026-01-01"),
                                new Taxes.Customer(Jurisdiction.of("FR"), "ATU12345678", false))
                        .treatment())
                .isEqualTo(Taxes.Treatment.REVERSE_CHARGE);
    }

    @Test
    void aTaxMayBeAsMuchAsThePrice() {
        assertThat(exclusive("vat", "100").percent()).isEqualByComparingTo("100");
        assertThat(exclusive("vat", "0").percent()).isEqualByComparingTo("0");
    }

    private static final Jurisdiction GERMANY = Jurisdiction.of("DE");
    private static final Jurisdiction NEW_YORK = new Jurisdiction("US", "NY");

    @Test
    void aRateIsInForceFromItsFirstDayUntilItsEnd() {
        Taxes taxes = new Taxes(
                GERMANY,
                List.of(
                        rate("19", GERMANY, "2007-01-01", "2020-07-01"),
                        rate("16", GERMANY, "2020-07-01", "2021-01-01"),
                        rate("19", GERMANY, "2021-01-01", null)));
        assertThat(percents(taxes, "2020-06-30", GERMANY)).containsExactly("19");
        assertThat(percents(taxes, "2020-07-01", GERMANY)).containsExactly("16");
        assertThat(percents(taxes, "2020-12-31", GERMANY)).containsExactly("16");
        assertThat(percents(taxes, "2021-01-01", GERMANY)).containsExactly("19");
        assertThat(percents(taxes, "2006-12-31", GERMANY)).isEmpty();

        Taxes ending = new Taxes(GERMANY, List.of(rate("16", GERMANY, "2020-07-01", "2021-01-01")));
        assertThat(percents(ending, "2021-01-01", GERMANY)).isEmpty();
    }

    @Test
    void twoRatesOfOneTaxNeverOverlap() {
        TaxRate open = rate("19", GERMANY, "2020-01-01", null);
        refused(open, rate("16", GERMANY, "2026-01-01", "2026-02-01"));
        refused(rate("16", GERMANY, "2019-01-01", "2020-01-02"), open);
        refused(open, open);
        refused(open, categorised("7", "2020-01-01", "books"));
        refused(categorised("5", "2020-01-01", "books", "food"), categorised("7", "2020-01-01", "food"));

        accepted(rate("16", GERMANY, "2019-01-01", "2020-01-01"), open);
        accepted(open, rate("20", Jurisdiction.of("AT"), "2020-01-01", null));
        accepted(categorised("19", "2020-01-01", "software"), categorised("7", "2020-01-01", "books"));
        accepted(open, new TaxRate(exclusive("other", "1"), GERMANY, Set.of(), LocalDate.parse("2020-01-01"), null));
    }

    @Test
    void aStateAndItsCityTaxTogether() {
        Taxes taxes = new Taxes(
                Jurisdiction.of("US"),
                List.of(
                        new TaxRate(exclusive("state", "4"), NEW_YORK, Set.of(), LocalDate.parse("2020-01-01"), null),
                        new TaxRate(
                                exclusive("city", "4.5"), NEW_YORK, Set.of(), LocalDate.parse("2020-01-01"), null)));
        assertThat(percents(taxes, "2026-01-01", NEW_YORK)).containsExactly("4", "4.5");
        assertThat(percents(taxes, "2026-01-01", new Jurisdiction("US", "TX"))).isEmpty();
        assertThat(percents(taxes, "2026-01-01", Jurisdiction.of("US"))).isEmpty();
    }

    @Test
    void aRegionsRateTakesThePlaceOfItsCountrys() {
        Jurisdiction canaries = new Jurisdiction("ES", "CN");
        Taxes taxes = new Taxes(
                GERMANY,
                List.of(
                        rate("0", canaries, "2020-01-01", null),
                        rate("21", Jurisdiction.of("ES"), "2020-01-01", null)));
        assertThat(percents(taxes, "2026-01-01", canaries)).containsExactly("0");
        assertThat(percents(taxes, "2026-01-01", new Jurisdiction("ES", "MD"))).containsExactly("21");
    }

    @Test
    void aCategoryHasItsOwnRate() {
        Taxes taxes = new Taxes(
                GERMANY, List.of(categorised("19", "2020-01-01", "software"), categorised("7", "2020-01-01", "books")));
        Taxes.InForce inForce = taxes.on(LocalDate.parse("2026-01-01"), new Taxes.Customer(GERMANY, null, false));
        assertThat(inForce.on("books")).containsExactly(exclusive("vat", "7"));
        assertThat(inForce.on("services")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DE, FR, FR12345678901, REVERSE_CHARGE",
        "DE, AT, atu 1234.5678, REVERSE_CHARGE",
        "DE, GR, EL123456789, REVERSE_CHARGE",
        "DE, GB, XI123456789, REVERSE_CHARGE",
        "US, DE, DE123456789, REVERSE_CHARGE",
        "DE, DE, DE123456789, STANDARD",
        "GR, GR, EL123456789, STANDARD",
        "GB, GB, XI123456789, STANDARD",
        "DE, FR, FR123, STANDARD",
        "DE, FR, , STANDARD",
        "DE, US, FR12345678901, STANDARD",
    })
    void reverseChargeNeedsAVatNumberOfAnotherEuCountry(
            String seller, String place, @Nullable String number, Taxes.Treatment treatment) {
        Jurisdiction customer = Jurisdiction.of(place);
        Taxes taxes = new Taxes(Jurisdiction.of(seller), List.of(rate("20", customer, "2020-01-01", null)));
        Taxes.InForce inForce = taxes.on(LocalDate.parse("2026-01-01"), new Taxes.Customer(customer, number, false));
        assertThat(inForce.treatment()).isEqualTo(treatment);
        assertThat(inForce.rates()).hasSize(treatment == Taxes.Treatment.STANDARD ? 1 : 0);
    }

    @Test
    void anExemptCustomerBearsNoTax() {
        Taxes taxes = new Taxes(GERMANY, List.of(rate("19", GERMANY, "2020-01-01", null)));
        Taxes.InForce inForce = taxes.on(LocalDate.parse("2026-01-01"), new Taxes.Customer(GERMANY, null, true));
        assertThat(inForce.treatment()).isEqualTo(Taxes.Treatment.EXEMPT);
        assertThat(inForce.on("standard")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ATU12345678", "BE0123456789", "BE1123456789", "BG123456789", "BG1234567890", "CY12345678X",
                "CZ12345678", "CZ1234567890", "DE123456789", "DK12345678", "EE123456789", "EL123456789",
                "ESX1234567X", "ESX12345678", "ES12345678X", "FI12345678", "FRXX123456789", "HR12345678901",
                "HU12345678", "IE1234567WA", "IE1X23456X", "IE1234567X", "IT12345678901", "LT123456789",
                "LT123456789012", "LU12345678", "LV12345678901", "MT12345678", "NL123456789B01", "PL1234567890",
                "PT123456789", "RO12", "RO1234567890", "SE123456789001", "SI12345678", "SK1234567890",
                "XI123456789", "XI123456789012", "XIGD123", "XIHA512"
            })
    void aVatNumberHasTheFormOfItsCountry(String number) {
        assertThat(VatNumber.parse(number)).map(VatNumber::value).contains(number);
        assertThat(VatNumber.parse(number + "99")
                        .filter(longer ->
                                !number.startsWith("RO") && !number.startsWith("BG") && !number.startsWith("CZ")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "D",
                "DE",
                "DE12345678",
                "DE1234567890",
                "DE12345678X",
                "AT12345678",
                "BE2123456789",
                "ES123456789",
                "FROI123456789",
                "GB123456789",
                "NL123456789A01",
                "RO1",
                "CHE123456789",
                "XIGD12",
                "123456789"
            })
    void anythingElseIsNoVatNumber(String number) {
        assertThat(VatNumber.parse(number)).isEmpty();
    }

    @Test
    void aRateIsFrom0To100PerCent() {
        assertThatIllegalArgumentException().isThrownBy(() -> exclusive("vat", "100.1"));
        assertThatIllegalArgumentException().isThrownBy(() -> exclusive("vat", "-1"));
        assertThatIllegalArgumentException().isThrownBy(() -> exclusive("vat", "1.0000001"));
        assertThat(exclusive("vat", "20.00")).isEqualTo(new Tax("vat", BigDecimal.valueOf(20), false));
        assertThatIllegalArgumentException().isThrownBy(() -> rate("1", GERMANY, "2026-01-01", "2026-01-01"));
        assertThatIllegalArgumentException().isThrownBy(() -> Jurisdiction.of("de"));
    }

    private static void refused(TaxRate... rates) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Taxes(GERMANY, List.of(rates)));
    }

    private static void accepted(TaxRate... rates) {
        assertThat(new Taxes(GERMANY, List.of(rates)).rates()).hasSize(rates.length);
    }

    private static TaxRate rate(String percent, Jurisdiction jurisdiction, String from, @Nullable String to) {
        return new TaxRate(
                exclusive("vat", percent),
                jurisdiction,
                Set.of(),
                LocalDate.parse(from),
                to == null ? null : LocalDate.parse(to));
    }

    private static TaxRate categorised(String percent, String from, String... categories) {
        return new TaxRate(exclusive("vat", percent), GERMANY, Set.of(categories), LocalDate.parse(from), null);
    }

    private static List<String> percents(Taxes taxes, String day, Jurisdiction place) {
        return taxes.on(LocalDate.parse(day), new Taxes.Customer(place, null, false)).on("standard").stream()
                .map(tax -> tax.percent().toPlainString())
                .toList();
    }
}
