package com.cognitionos.catalog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.PlanDocument;
import com.cognitionos.catalog.entity.StoredDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody types becomes what the catalogue takes, and what it refuses is said where it was typed. */
class TermsFormTest {

    private static final Map<String, Meter> METERS = Map.of(
            "tokens", new Meter("tokens", "Tokens", Meter.Aggregation.SUM, "token"),
            "storage", new Meter("storage", "Storage", Meter.Aggregation.TIME_WEIGHTED, "MB"));

    private static final String PER_UNIT = "\"model\": \"per_unit\", \"unit_cents\": 2, \"per\": 1000";

    private static Plan plan(String rate) {
        return read(StoredDocument.read("""
                {"name": "Gold", "custom": true, "grain": "day",
                 "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 4900, "timing": "in_arrears"},
                            {"billing_cycle": "yearly", "currency": "JPY", "amount_cents": 5000}],
                 "meters": [{"meter": "storage", "included": null},
                            {"meter": "tokens", "included": 0.5, "prices": [
                             {"currency": "USD", RATE, "minimum_cents": 100, "maximum_cents": 2000},
                             {"currency": "JPY", "model": "flat", "flat_cents": 700}]}],
                 "commitments": [{"currency": "USD", "minimum_cents": 5000, "maximum_cents": 9000}],
                 "features": {"seats": 10, "agents": null, "workflows": 0, "api_requests_per_minute": 60, "api_keys": 1,
                              "plugins": true, "sso": false}}""".replace("RATE", rate)));
    }

    private static Plan read(Map<String, @Nullable Object> document) {
        return PlanDocument.read(Tier.PRO, 3, 200, document, METERS);
    }

    /** What a browser sends of the form. */
    private static Map<String, String[]> sent(TermsForm form) {
        Map<String, String[]> parameters = new HashMap<>();
        for (String list : List.of("/prices", "/meters", "/commitments")) {
            parameters.put(list + "#", new String[] {String.valueOf(form.count(list))});
            form.rows(list).forEach(row -> {
                for (String name : List.of(
                        "billing_cycle",
                        "currency",
                        "amount_cents",
                        "timing",
                        "meter",
                        "included",
                        "minimum_cents",
                        "maximum_cents")) {
                    put(form, parameters, row.at() + "/" + name);
                }
                String rates = row.at() + "/prices";
                parameters.put(rates + "#", new String[] {String.valueOf(form.count(rates))});
                form.rows(rates).forEach(rate -> {
                    for (String name : List.of(
                            "currency", "model", "unit_cents", "per", "flat_cents", "minimum_cents", "maximum_cents")) {
                        put(form, parameters, rate.at() + "/" + name);
                    }
                });
            });
        }
        form.getFeatures().forEach(feature -> put(form, parameters, feature.at()));
        put(form, parameters, "/name");
        put(form, parameters, "/grain");
        put(form, parameters, "/custom");
        return parameters;
    }

    private static void put(TermsForm form, Map<String, String[]> parameters, String at) {
        // A box that is not ticked is not sent.
        if (!form.value(at).equals("false")) {
            parameters.put(at, new String[] {form.value(at)});
        }
    }

    private static TermsForm typed(String at, String value) {
        Plan plan = plan(PER_UNIT);
        Map<String, String[]> parameters = sent(TermsForm.of(plan));
        parameters.put(at, new String[] {value});
        return TermsForm.of(plan, parameters, null);
    }

    private static TermsForm edited(String edit) {
        Plan plan = plan(PER_UNIT);
        return TermsForm.of(plan, sent(TermsForm.of(plan)), edit);
    }

    private static Map<String, @Nullable Object> document(TermsForm form) {
        return Objects.requireNonNull(form.document());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PER_UNIT,
                "\"model\": \"per_unit\", \"unit_cents\": 0.000000000001",
                "\"model\": \"flat\", \"flat_cents\": 700.5",
                "\"model\": \"package\", \"package_size\": 1000, \"package_cents\": 0.5",
                "\"model\": \"graduated\", \"tiers\": [{\"up_to\": 5, \"unit_cents\": 1, \"flat_cents\": 2}, {\"unit_cents\": 3}]",
                "\"model\": \"volume\", \"fee_at_zero\": true, \"tiers\": [{\"up_to\": 5, \"flat_cents\": 2}, {\"unit_cents\": 3, \"per\": 10}]",
                "\"model\": \"percentage\", \"percent\": 1.5, \"cents_per_unit\": 100",
                "\"model\": \"graduated_percentage\", \"cents_per_unit\": 1, \"tiers\": [{\"up_to\": 5, \"percent\": 2, \"flat_cents\": 9}, {\"percent\": 1}]"
            })
    void whatIsShownAndSavedAgainIsTheSame(String rate) {
        Plan plan = plan(rate);
        assertThat(PlanDocument.write(read(document(TermsForm.of(plan))))).isEqualTo(PlanDocument.write(plan));
    }

    @Test
    void amountsAreInTheMajorUnit() {
        TermsForm form = TermsForm.of(plan(PER_UNIT));
        assertThat(form.value("/prices/0/amount_cents")).isEqualTo("49.00");
        assertThat(form.value("/prices/1/amount_cents")).isEqualTo("5000");
        assertThat(form.value("/meters/1/prices/1/unit_cents")).isEqualTo("0.02");
        assertThat(form.value("/meters/1/prices/1/per")).isEqualTo("1000");
        assertThat(form.value("/features/agents")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "49, 4900",
        "'1,049.5', 104950",
        "$70.00, 7000",
        "$ 0.01, 1",
        "0, 0",
    })
    void amountsAreRead(String value, long cents) {
        Plan after = read(document(typed("/prices/0/amount_cents", value)));
        assertThat(after.prices().get(0).amountCents()).isEqualTo(cents);
    }

    @ParameterizedTest
    @CsvSource({
        "/prices/0/amount_cents, 49.005",
        "/prices/0/amount_cents, '49,00'",
        "/prices/0/amount_cents, -1",
        "/prices/0/amount_cents, $",
        "/prices/0/amount_cents, 1e5",
        "/prices/1/amount_cents, 5000.5",
        "/meters/1/included, lots",
        "/meters/1/prices/1/unit_cents, free",
        "/commitments/0/minimum_cents, 1.999",
        "/features/seats, ten",
    })
    void whatIsNoFigureIsSaidAtItsField(String at, String value) {
        TermsForm form = typed(at, value);
        assertThat(form.document()).isNull();
        assertThat(form.isWrong(at)).isTrue();
        assertThat(form.error(at)).isNotEmpty();
        assertThat(form.value(at)).as("what was typed stays").isEqualTo(value);
    }

    @Test
    void whatTheCatalogueRefusesIsSaidWhereItWasTyped() {
        TermsForm form = typed("/meters/1/prices/0/currency", "EUR");
        Problem problem = catchThrowableOfType(Problem.class, () -> read(document(form)));
        assertThat(form.show(problem)).isEmpty();
        assertThat(form.error("/meters/1/prices"))
                .isEqualTo("The plan is sold in JPY, in which the meter has no price.");

        Problem other = Problem.invalid("elsewhere", "odd", "is odd");
        assertThat(form.show(other))
                .extracting(Problem.FieldError::pointer, Problem.FieldError::detail)
                .containsExactly(tuple("/elsewhere", "is odd"));
    }

    @Test
    void aLineMoreStandsAtTheEndWithWhatIsMissing() {
        TermsForm more = edited("add /prices");
        assertThat(more.count("/prices")).isEqualTo(3);
        assertThat(more.value("/prices/2/billing_cycle")).isEqualTo("monthly");
        assertThat(more.getPlace()).isEqualTo("/prices/2");

        TermsForm rate = edited("add /meters/0/prices");
        assertThat(rate.value("/meters/0/prices/0/currency")).isEqualTo("USD");
        assertThat(rate.value("/meters/0/prices/0/model")).isEqualTo("per_unit");
        assertThat(rate.count("/meters/0/prices/0/tiers")).isEqualTo(1);
        assertThat(edited("add /meters/1/prices/0/tiers").count("/meters/1/prices/0/tiers"))
                .isEqualTo(1);
    }

    @Test
    void aLineLessMovesTheOthersUp() {
        TermsForm form = edited("remove /meters/0");
        assertThat(form.count("/meters")).isEqualTo(1);
        assertThat(form.value("/meters/0/meter")).isEqualTo("tokens");
        assertThat(form.value("/meters/0/prices/1/currency")).isEqualTo("USD");
        assertThat(form.value("/meters/1/meter")).isEmpty();
        assertThat(form.getPlace()).isEqualTo("/meters/0");
        assertThat(edited("remove /prices/0").value("/prices/0/currency")).isEqualTo("JPY");
        assertThat(edited("remove /meters/1/prices/0").value("/meters/1/prices/0/model"))
                .isEqualTo("per_unit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "add /features",
                "add /prices/0",
                "remove /prices",
                "remove /prices/9",
                "remove /name/0",
                "add prices",
                "drop /prices/0",
                "add /prices/0/prices",
                ""
            })
    void whatIsNoEditChangesNothing(String edit) {
        assertThat(PlanDocument.write(read(document(edited(edit))))).isEqualTo(PlanDocument.write(plan(PER_UNIT)));
    }

    @Test
    void aBoxThatIsNotTickedIsANo() {
        Plan plan = plan(PER_UNIT);
        Map<String, String[]> parameters = sent(TermsForm.of(plan));
        assertThat(parameters).doesNotContainKey("/features/sso");
        parameters.remove("/features/plugins");
        parameters.remove("/custom");
        Plan after = read(document(TermsForm.of(plan, parameters, null)));
        assertThat(after.has("plugins")).isFalse();
        assertThat(after.custom()).isFalse();
    }

    @Test
    void differencesAreInWords() {
        TermsWords words = new TermsWords();
        Map<String, @Nullable Object> document = document(typed("/prices/0/amount_cents", "70"));
        Map<String, String> before = words.all(plan(PER_UNIT));
        assertThat(TermsChange.between(before, words.all(read(document))))
                .containsExactly(new TermsChange("Monthly price in USD", "$49.00", "$70.00"));
        TermsForm less = edited("remove /meters/0");
        assertThat(TermsChange.between(before, words.all(read(document(less)))))
                .containsExactly(
                        new TermsChange("Storage, included", "Unlimited", "–"),
                        new TermsChange("Storage, above it", "Free of charge", "–"));
        String tiers =
                "\"model\": \"graduated\", \"tiers\": [{\"up_to\": 1000, \"unit_cents\": 10}, {\"unit_cents\": 8,"
                        + " \"flat_cents\": 500}]";
        assertThat(TermsChange.between(before, words.all(plan(tiers))))
                .containsExactly(new TermsChange(
                        "Tokens, price in USD",
                        "$0.02 per 1,000 tokens, at least $1.00 a month, at most $20.00 a month",
                        "By tiers, each unit at the price of its own tier, at least $1.00 a month, at most $20.00 a month: Up to"
                                + " 1,000 $0.10 per token; Above 1,000 $0.08 per token and a fee of $5.00"));
    }
}
