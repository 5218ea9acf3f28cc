package com.cognitionos.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.kernel.Problem;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RES-4: request bodies. */
class BodyTest {

    public record Colour(String name) {
        public static Colour of(String name) {
            if (!name.equals("red")) {
                throw Problem.invalid("colour", "unknown_colour", "colour must be red");
            }
            return new Colour(name);
        }
    }

    public record Order(
            @NotNull @Size(min = 1, max = 10) String buyerName,
            int pieces,
            @NotNull Colour colour,
            @Nullable Instant dueAt,
            @Nullable @Size(max = 2) List<UUID> ids,
            @JsonbProperty("default") @Nullable Boolean asDefault) {}

    public record Basket(
            @NotNull @Size(min = 1, max = 2) List<Order> orders,
            @Nullable Order gift) {}

    @Test
    void recordsHoldRecords() {
        String order = "{\"buyer_name\": \"Ada\", \"pieces\": 3, \"colour\": \"red\"}";
        Basket basket = read(Basket.class, ("{\"orders\": [" + order + "], \"gift\": " + order + "}"));
        assertThat(basket.orders()).singleElement().isEqualTo(basket.gift());

        Problem problem = catchThrowableOfType(
                Problem.class,
                () -> read(
                        Basket.class,
                        "{\"orders\": [{\"buyer_name\": \"Ada\", \"pieces\": 3, \"colour\": \"blue\"}, 7]}"));
        assertThat(problem.errors())
                .extracting(Problem.FieldError::pointer, Problem.FieldError::code)
                .containsExactly(tuple("/orders/0/colour", "unknown_colour"), tuple("/orders/1", "wrong_type"));
    }

    @Test
    void readsARecordAndIgnoresWhatItDoesNotKnow() {
        Order order = read("""
                {"buyer_name": "Ada", "pieces": 3.0, "colour": "red", "due_at": "2026-01-31T10:00:00+02:00",
                 "ids": ["0197f000-0000-7000-8000-000000000001"], "default": false, "unknown": {"x": [1]}}""");

        assertThat(order.buyerName()).isEqualTo("Ada");
        assertThat(order.pieces()).isEqualTo(3);
        assertThat(order.colour().name()).isEqualTo("red");
        assertThat(order.dueAt()).isEqualTo("2026-01-31T08:00:00Z");
        assertThat(order.ids()).containsExactly(UUID.fromString("0197f000-0000-7000-8000-000000000001"));
        assertThat(order.asDefault()).isFalse();
    }

    @Test
    void namesEveryFaultAtOnce() {
        Problem problem = refused("""
                {"buyer_name": " ", "pieces": "3", "colour": "blue", "due_at": "2026-01-31", "ids": ["x", null],
                 "default": 1}""");

        assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
        assertThat(problem.code()).isEqualTo("validation_failed");
        assertThat(problem.errors())
                .extracting(error -> error.pointer() + " " + error.code())
                .containsExactly(
                        "/buyer_name length",
                        "/pieces wrong_type",
                        "/colour unknown_colour",
                        "/due_at invalid_timestamp",
                        "/ids/0 invalid_id",
                        "/ids/1 wrong_type",
                        "/default wrong_type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "5", "true", "{}"})
    void whatIsNoListIsToldSo(String value) {
        assertThat(refused("{\"buyer_name\": \"Ada\", \"pieces\": 3, \"colour\": \"red\", \"ids\": " + value + "}")
                        .errors())
                .extracting(error -> error.pointer() + " " + error.code())
                .containsExactly("/ids wrong_type");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(refused("{\"pieces\": null}").errors())
                .extracting(error -> error.pointer() + " " + error.code())
                .containsExactly("/buyer_name required", "/pieces required", "/colour required");
    }

    @Test
    void refusesTextThatNoDatabaseKeeps() {
        assertThat(refused("{\"buyer_name\": \"a\\u0000\", \"pieces\": 1, \"colour\": \"red\"}")
                        .errors())
                .extracting(Problem.FieldError::code)
                .containsExactly("invalid_characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1e400", "99999999999", "1e999999999999", "true", "[]"})
    void refusesWhatIsNoWholeNumber(String pieces) {
        assertThat(refused("{\"buyer_name\": \"Ada\", \"pieces\": " + pieces + ", \"colour\": \"red\"}")
                        .errors())
                .extracting(error -> error.pointer() + " " + error.code())
                .containsExactly("/pieces wrong_type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":}", "nul", " ", "[1,]", "{\"a\":\"\n\"}", "\uFEFF{"})
    void malformedJsonIsABadRequest(String json) {
        Problem problem = refused(json);

        assertThat(problem.kind()).isEqualTo(Problem.Kind.BAD_REQUEST);
        assertThat(problem.code()).isEqualTo("malformed_json");
    }

    @Test
    void nestingAndEncodingAreLimited() {
        assertThat(refused("[".repeat(5000) + "]".repeat(5000)).code()).isEqualTo("malformed_json");
        Problem latin1 = catchThrowableOfType(
                Problem.class, () -> JsonTree.parse("\"é\"".getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(latin1.code()).isEqualTo("malformed_json");
    }

    @Test
    void nestingIsLimitedToTheLevel() {
        assertThat(JsonTree.parse(nested(65))).isNotNull();
        assertThat(catchThrowableOfType(Problem.class, () -> JsonTree.parse(nested(66)))
                        .getMessage())
                .contains("nested");
    }

    private static byte[] nested(int levels) {
        return ("[".repeat(levels) + "]".repeat(levels)).getBytes(StandardCharsets.UTF_8);
    }

    /** Longer than need be, half a surrogate pair, beyond the last character, cut off, never a start. */
    @ParameterizedTest
    @ValueSource(strings = {"c080", "e08080", "f0808080", "eda080", "f4908080", "e282", "f09f98", "80", "ff", "c3c3"})
    void onlyUtf8IsRead(String hex) {
        byte[] inside = HexFormat.of().parseHex("22" + hex + "22");
        assertThat(catchThrowableOfType(Problem.class, () -> JsonTree.parse(inside))
                        .getMessage())
                .isEqualTo("The body is not UTF-8.");
    }

    @Test
    void allOfUtf8IsRead() {
        String text = "\u0001x\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff".substring(1);
        assertThat(JsonTree.parse(('"' + text + '"').getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "\"text\"", "1"})
    void anythingButAnObjectIsInvalid(String json) {
        assertThat(refused(json).kind()).isEqualTo(Problem.Kind.INVALID);
    }

    private static Order read(String json) {
        return read(Order.class, json);
    }

    private static <R extends Record> R read(Class<R> type, String json) {
        return BodyReader.read(type, json.getBytes(StandardCharsets.UTF_8), true);
    }

    private static Problem refused(String json) {
        return catchThrowableOfType(Problem.class, () -> read(json));
    }
}
