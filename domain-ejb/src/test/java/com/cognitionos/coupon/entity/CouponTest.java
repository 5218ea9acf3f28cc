package com.cognitionos.coupon.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Discount;
import java.math.BigDecimal;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A coupon")
class CouponTest {

    private static Coupon coupon(String code, String percent, Long cents, String currency, Integer periods) {
        return new Coupon(
                code,
                "Off",
                percent == null ? null : new BigDecimal(percent),
                cents,
                currency,
                periods,
                Set.of(),
                Set.of(),
                0,
                false);
    }

    @ParameterizedTest
    @CsvSource({
        "ok one, 10, , , 1, code",
        "A, , , , 1, percent",
        "A, 10, 100, USD, 1, percent",
        "A, 0, , , 1, percent",
        "A, 100.1, , , 1, percent",
        "A, 1.23456, , , 1, percent",
        "A, , 0, USD, 1, amount_cents",
        "A, , 1000000000001, USD, 1, amount_cents",
        "A, , 100, , 1, currency",
        "A, 10, , USD, 1, currency",
        "A, , 100, XYZ, 1, currency",
        "A, 10, , , 0, periods",
    })
    void isRefusedByField(String code, String percent, Long cents, String currency, Integer periods, String field) {
        Problem problem = catchThrowableOfType(
                Problem.class,
                () -> coupon(code, percent, cents, currency, periods).checked());
        assertThat(problem.errors()).extracting(Problem.FieldError::pointer).containsExactly("/" + field);
    }

    @Test
    void isADiscount() {
        Coupon repeating = coupon(" summer-26 ", null, 500L, "USD", 3).checked();
        assertThat(repeating.code()).isEqualTo("SUMMER-26");
        assertThat(repeating.duration()).isEqualTo("repeating");
        assertThat(repeating.discount("id", Discount.State.NEW).duration()).isEqualTo(Discount.Duration.repeating(3));
        assertThat(coupon("A", "10", null, null, null).checked().duration()).isEqualTo("forever");
        assertThat(coupon("A", "10", null, null, 1).checked().duration()).isEqualTo("once");
    }
}
