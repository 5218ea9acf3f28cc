package com.cognitionos.catalog.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Usage;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CAT-6: what a version may say, and where it is wrong. */
class PlanDocumentTest {

    private static final Map<String, Meter> METERS = Map.of(
            "executions", new Meter("executions", "Executions", Meter.Aggregation.SUM, "execution"),
            "volume_usd", new Meter("volume_usd", "Volume", Meter.Aggregation.SUM, "dollar"));

    private static final String PLAN = """
            {"name": "Gold", "custom": false, "grain": "fixed30",
             "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 2800, "timing": "in_arrears"},
                        {"billing_cycle": "yearly", "currency": "USD", "amount_cents": 28000}],
             "meters": [{"meter": "executions", "included": 100, "prices": [RATE]},
                        {"meter": "volume_usd", "included": null}],
             "commitments": [{"currency": "USD", "minimum_cents": 5000, "maximum_cents": 9000}],
             "features": {"seats": 10, "agents": null, "workflows": 0, "api_requests_per_minute": 60, "api_keys": 1,
                          "plugins": true}}""";

    private static Plan read(String json) {
        return PlanDocument.read(Tier.PRO, 3, 200, StoredDocument.read(json), METERS);
    }

    private static String with(String rate) {
        return PLAN.replace("RATE", "{\"currency\": \"USD\", " + rate + "}");
    }

    private static long cents(String rate, String used) {
        return read(with(rate)).meters().get(0).monthly("USD").amountCents(Usage.of(new BigDecimal(used)));
    }

    @Test
    void whatIsWrittenReadsAsTheSame() {
        for (String rate : new String[] {
            "\"model\": \"per_unit\", \"unit_cents\": 2, \"per\": 1000",
            "\"model\": \"flat\", \"flat_cents\": 700, \"maximum_cents\": 900",
            "\"model\": \"package\", \"package_size\": 1000, \"package_cents\": 0.5, \"minimum_cents\": 3",
            "\"model\": \"graduated\", \"tiers\": [{\"up_to\": 5, \"unit_cents\": 1, \"flat_cents\": 2}, {\"unit_cents\": 3}]",
            "\"model\": \"volume\", \"fee_at_zero\": true, \"tiers\": [{\"up_to\": 5, \"flat_cents\": 2}, {\"unit_cents\": 3, \"per\": 10}]",
            "\"model\": \"percentage\", \"percent\": 1.5, \"cents_per_unit\": 100",
            "\"model\": \"graduated_percentage\", \"cents_per_unit\": 100, \"tiers\": [{\"up_to\": 5, \"percent\": 2}, {\"percent\": 1}]"
        }) {
            Plan plan = read(with(rate));
            Map<String, @Nullable Object> written = PlanDocument.write(plan);
            assertThat(PlanDocument.read(Tier.PRO, 3, 200, StoredDocument.read(StoredDocument.write(written)), METERS))
                    .as(rate)
                    .isEqualTo(plan);
            assertThat(PlanDocument.read(Tier.PRO, 3, 200, written, METERS))
                    .as("not stored in between: " + rate)
                    .isEqualTo(plan);
        }
    }

    @Test
    void everyModelPricesWhatIsAboveTheIncludedQuantity() {
        assertThat(cents("\"model\": \"per_unit\", \"unit_cents\": 2, \"per\": 1000", "1600"))
                .isEqualTo(3);
        assertThat(cents("\"model\": \"flat\", \"flat_cents\": 700", "0")).isEqualTo(700);
        assertThat(cents("\"model\": \"package\", \"package_size\": 1000, \"package_cents\": 25", "1101"))
                .isEqualTo(50);
        assertThat(cents(
                        "\"model\": \"graduated\", \"tiers\": [{\"up_to\": 100, \"unit_cents\": 10}, {\"unit_cents\": 5}]",
                        "350"))
                .isEqualTo(1_750);
        assertThat(cents(
                        "\"model\": \"volume\", \"tiers\": [{\"up_to\": 100, \"unit_cents\": 10}, {\"unit_cents\": 5}]",
                        "350"))
                .isEqualTo(1_250);
        assertThat(cents("\"model\": \"percentage\", \"percent\": 1.5, \"cents_per_unit\": 100", "300"))
                .isEqualTo(300);
        assertThat(cents(
                        "\"model\": \"per_unit\", \"unit_cents\": 10, \"minimum_cents\": 400, \"maximum_cents\": 500",
                        "0"))
                .isEqualTo(400);
        assertThat(cents(
                        "\"model\": \"per_unit\", \"unit_cents\": 10, \"minimum_cents\": 400, \"maximum_cents\": 500",
                        "900"))
                .isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "model": "per_unit"                                                    | /unit_cents     | required
            "model": "per_unit", "unit_cents": -1                                  | /unit_cents     | out_of_range
            "model": "per_unit", "unit_cents": 0.0000000000001                     | /unit_cents     | too_many_places
            "model": "per_unit", "unit_cents": "1"                                 | /unit_cents     | wrong_type
            "model": "per_unit", "unit_cents": 1, "per": 3                         | ''              | invalid_price
            "model": "per_unit", "unit_cents": 1, "per": 0                         | ''              | invalid_price
            "model": "per_unit", "unit_cents": 1, "minimum_cent": 5                | /minimum_cent   | unknown_field
            "model": "per_unit", "unit_cents": 1, "minimum_cents": 5.5             | /minimum_cents  | wrong_type
            "model": "per_unit", "unit_cents": 1, "minimum_cents": 5, "maximum_cents": 4 | /maximum_cents | out_of_range
            "model": "guessed"                                                     | /model          | unknown_model
            "unit_cents": 1                                                        | /model          | required
            "model": "graduated", "tiers": []                                      | ''              | invalid_price
            "model": "graduated", "tiers": [{"up_to": 1, "unit_cents": 1}]         | ''              | invalid_price
            "model": "volume", "tiers": [{"up_to": 5, "unit_cents": 1}, {"up_to": 5, "unit_cents": 1}, {"unit_cents": 1}] | '' | invalid_price
            "model": "volume", "tiers": [{"unit_price": 1}]                        | /tiers/0/unit_price | unknown_field
            "model": "volume", "tiers": 7                                          | /tiers          | wrong_type
            "model": "percentage", "percent": 1, "cents_per_unit": 0               | ''              | invalid_price
            """)
    void aFaultOfAPriceIsToldWithItsPlace(String rate, String place, String code) {
        assertFault(with(rate), "/meters/0/prices/0" + place, code);
    }

    @Test
    void aFaultOfAPlanIsToldWithItsPlace() {
        String good = with("\"model\": \"per_unit\", \"unit_cents\": 1");
        assertFault(good.replace("\"Gold\"", "\" \""), "/name", "length");
        assertFault(good.replace("fixed30", "week"), "/grain", "unknown_grain");
        assertFault(good.replace("monthly", "weekly"), "/prices/0/billing_cycle", "unknown_billing_cycle");
        assertFault(good.replace("yearly", "monthly"), "/prices/1", "duplicate");
        assertFault(
                good.replace("\"USD\", \"amount_cents\": 2800,", "\"XYZ\", \"amount_cents\": 2800,"),
                "/prices/0/currency",
                "unknown_currency");
        assertFault(
                good.replace("\"USD\", \"amount_cents\": 2800,", "\"EUR\", \"amount_cents\": 2800,"),
                "/meters/0/prices",
                "missing_currency");
        assertFault(good.replace("2800,", "28.5,"), "/prices/0/amount_cents", "wrong_type");
        assertFault(good.replace("in_arrears", "whenever"), "/prices/0/timing", "unknown_timing");
        assertFault(good.replace("volume_usd", "bananas"), "/meters/1/meter", "unknown_meter");
        assertFault(good.replace("volume_usd", "executions"), "/meters/1/meter", "duplicate");
        assertFault(good.replace("9000", "4000"), "/commitments/0/maximum_cents", "out_of_range");
        assertFault(good.replace("\"seats\": 10,", ""), "/features/seats", "required");
        assertFault(good.replace("\"seats\": 10,", "\"seats\": true,"), "/features/seats", "wrong_type");
        assertFault(good.replace("\"plugins\": true", "\"plugins\": 3"), "/features/plugins", "wrong_type");
        assertFault(good.replace("_minute\": 60", "_minute\": 0"), "/features/api_requests_per_minute", "out_of_range");
        assertFault("{}", "/prices", "required");
        assertFault("{}", "/features", "required");
    }

    @Test
    void whatCostsNothingIsSoldInEveryCurrency() {
        Plan paid = read(with("\"model\": \"per_unit\", \"unit_cents\": 1"));
        assertThat(paid.isSoldIn(BillingCycle.MONTHLY, "EUR")).isFalse();
        Plan free = read(PLAN.replace("[RATE]", "[]")
                .replace("2800,", "0,")
                .replace("28000", "0")
                .replace("{\"currency\": \"USD\", \"minimum_cents\": 5000, \"maximum_cents\": 9000}", ""));
        assertThat(free.price(BillingCycle.MONTHLY, "EUR").amountCents()).isZero();
    }

    private static void assertFault(String json, String pointer, String code) {
        Problem problem = catchThrowableOfType(Problem.class, () -> read(json));
        assertThat(problem).as(pointer + " of " + json).isNotNull();
        assertThat(problem.errors())
                .extracting(Problem.FieldError::pointer, Problem.FieldError::code)
                .contains(tuple(pointer, code));
    }
}
