package com.cognitionos.kernel.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresAsReadTest {

    private final Money money = new Money();
    private final Dates dates = new Dates();
    private final Figures figures = new Figures();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | USD | $0.00",
                "4900 | USD | $49.00",
                "123456789 | USD | $1,234,567.89",
                "-5 | USD | \u2212$0.05",
                "4900 | EUR | €49.00",
                "4900 | JPY | ¥4,900",
            })
    void anAmountHasItsCurrencysDecimals(long minor, String currency, String text) {
        assertThat(money.of(minor, currency)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"4900 | $49.00", "10 | $0.10", "0.002 | $0.00002", "0.048828125 | $0.00048828125"})
    void aUnitPriceHasAllItsDecimals(BigDecimal cents, String text) {
        assertThat(money.unitPrice(cents, "USD")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "50 | USD | 5000",
                "' $1,234.50 ' | USD | 123450",
                "0 | USD | 0",
                "0.05 | USD | 5",
                "4,900 | JPY | 4900",
                "€ 7.5 | EUR | 750",
                "'' | USD | ",
                "much | USD | ",
                "-1 | USD | ",
                "1.005 | USD | ",
                "0.5 | JPY | ",
                "50,5 | USD | ",
                "1,2345 | USD | ",
                "1e3 | USD | ",
                "1234567890123 | USD | ",
            })
    void anAmountIsReadAsTyped(String typed, String currency, Long minor) {
        assertThat(money.read(typed, currency))
                .isEqualTo(minor == null ? OptionalLong.empty() : OptionalLong.of(minor));
    }

    @Test
    void anAmountComesBackAsItCanBeTyped() {
        assertThat(money.plain(123450, "USD")).isEqualTo("1234.50");
        assertThat(money.plain(4900, "JPY")).isEqualTo("4900");
        assertThat(money.read(money.plain(5, "USD"), "USD")).hasValue(5);
    }

    @Test
    void aDayIsTheOneInUtc() {
        assertThat(dates.day(Instant.parse("2026-02-28T23:59:59Z"))).isEqualTo("28 Feb 2026");
        assertThat(dates.day(Instant.parse("2026-09-01T00:00:00Z"))).isEqualTo("1 Sep 2026");
        assertThat(dates.time(Instant.parse("2026-02-28T10:42:07.9Z"))).isEqualTo("10:42:07 UTC");
        assertThat(dates.day(null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-02-01T00:00:00Z | 2026-03-01T00:00:00Z | 1 Feb 2026 \u2013 28 Feb 2026",
                "2026-01-31T14:23:00Z | 2026-02-28T14:23:00Z | 31 Jan 2026 \u2013 28 Feb 2026",
            })
    void aPeriodEndsOnItsLastDay(Instant start, Instant end, String text) {
        assertThat(dates.period(new Period(start, end))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0 | 0", "1234567 | 1,234,567", "812.40625 | 812.41", "0.000125 | 0.000125"})
    void aQuantityIsAsLongAsItNeeds(BigDecimal value, String text) {
        assertThat(figures.quantity(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0 | 0", "999 | 999", "1500 | 1.5k", "20000000 | 20M", "0.5 | 0.5", "2500 | 2.5k"})
    void anAxisIsShort(BigDecimal value, String text) {
        assertThat(figures.compact(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"API call, 2, API calls", "execution, 1, execution", "token, 0, tokens", "MB, 5, MB"})
    void aUnitAgreesWithItsQuantity(String singular, BigDecimal quantity, String text) {
        assertThat(figures.unit(singular, quantity)).isEqualTo(text);
    }

    @Test
    void aMessageIsASentence() {
        assertThat(Messages.words("other", "name must have 1 to 100 characters"))
                .isEqualTo("Name must have 1 to 100 characters.");
        assertThat(Messages.words("card_declined", "The card was declined; the invoice stays open."))
                .contains("Nothing was charged");
    }

    @Test
    void aTenantReadsItsOwnDays() {
        Dates berlin = new Dates(() -> ZoneId.of("Europe/Berlin"));
        Instant midnight = Instant.parse("2026-04-23T22:00:00Z");
        assertThat(berlin.day(midnight)).isEqualTo("24 Apr 2026");
        assertThat(berlin.lastDayBefore(midnight)).isEqualTo("23 Apr 2026");
        assertThat(berlin.dayAndTime(midnight)).isEqualTo("24 Apr 2026, 00:00 CEST");
        assertThat(berlin.dayInUtc(midnight)).isEqualTo("23 Apr 2026");
        assertThat(berlin.getZone()).isEqualTo("Europe/Berlin");
        assertThat(new Dates(() -> ZoneId.of("Etc/UTC")).getZone()).isEqualTo("UTC");
        assertThat(dates.dayAndTime(midnight)).isEqualTo("23 Apr 2026, 22:00 UTC");
    }
}
