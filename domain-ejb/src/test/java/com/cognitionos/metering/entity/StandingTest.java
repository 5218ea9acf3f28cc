package com.cognitionos.metering.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Meter.Aggregation;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.metering.entity.Refusal.Reason;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** MET-6, MET-9, MET-10: what plan, trial, settings, cap and state come to. */
class StandingTest {

    private static final Instant START = Instant.parse("2026-01-31T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-02-10T00:00:00Z");
    private static final Meter EXECUTIONS = new Meter("executions", "executions", Aggregation.SUM, "execution");
    private static final Meter CALLS = new Meter("api_calls", "api_calls", Aggregation.SUM, "API call");

    private static final Plan PRO = plan(
            Tier.PRO,
            new MeteredAllowance(
                    EXECUTIONS, decimal("10000"), List.of(MeterPrice.perUnit("USD", BigDecimal.TEN, BigDecimal.ONE))),
            new MeteredAllowance(
                    CALLS, decimal("100000"), List.of(MeterPrice.perUnit("USD", decimal("0.1"), BigDecimal.ONE))));
    private static final Plan FREE = plan(Tier.FREE, new MeteredAllowance(EXECUTIONS, decimal("100"), List.of()));
    private static final Plan ENTERPRISE = plan(Tier.ENTERPRISE, new MeteredAllowance(EXECUTIONS, null, List.of()));

    @Test
    void aPlanWithoutAPriceATrialAndASettingAreHardLimits() {
        assertThat(limit(FREE, SubscriptionStatus.ACTIVE, null)).isEqualTo("100");
        assertThat(limit(PRO, SubscriptionStatus.ACTIVE, null)).isEqualTo("none");
        assertThat(limit(PRO, SubscriptionStatus.TRIALING, null)).isEqualTo("10000");
        assertThat(limit(ENTERPRISE, SubscriptionStatus.ACTIVE, null)).isEqualTo("none");
        assertThat(limit(FREE, SubscriptionStatus.ACTIVE, "250"))
                .as("an operator's gift")
                .isEqualTo("250");
        assertThat(limit(PRO, SubscriptionStatus.ACTIVE, "50")).isEqualTo("50");
        assertThat(limit(PRO, SubscriptionStatus.TRIALING, "20000")).isEqualTo("20000");
        assertThat(limit(ENTERPRISE, SubscriptionStatus.ACTIVE, "0")).isEqualTo("0");
    }

    @Test
    void theLimitItselfIsAllowed() {
        Standing free = standing(FREE, SubscriptionStatus.ACTIVE, null, null);
        Allowance allowance = free.allowance("executions").orElseThrow();
        assertThat(free.aboveLimit(allowance, decimal("100"))).isEmpty();
        assertThat(free.aboveLimit(allowance, decimal("100.000001")))
                .map(Refusal::detail)
                .contains("The plan free includes 100 executions a month and this would make it 100.000001.");
    }

    @Test
    void theCapIsReachedByAllMetersTogetherAndNotPassed() {
        Standing pro = standing(PRO, SubscriptionStatus.ACTIVE, null, 100L);
        Allowance executions = pro.allowance("executions").orElseThrow();
        Map<String, BigDecimal> month = Map.of("executions", decimal("10000"), "api_calls", decimal("100500"));
        assertThat(pro.overageCents(month)).isEqualTo(50);
        assertThat(pro.aboveCap(executions, month, decimal("10005"))).isEmpty();
        assertThat(pro.aboveCap(executions, month, decimal("10006")))
                .map(Refusal::reason)
                .contains(Reason.SPENDING_CAP_REACHED);
    }

    @Test
    void aCapOfNothingLeavesWhatIsIncluded() {
        Standing pro = standing(PRO, SubscriptionStatus.ACTIVE, null, 0L);
        Allowance executions = pro.allowance("executions").orElseThrow();
        assertThat(pro.aboveCap(executions, Map.of(), decimal("10000"))).isEmpty();
        assertThat(pro.aboveCap(executions, Map.of(), decimal("10001"))).isPresent();
    }

    @Test
    void aCapBelowWhatIsSpentStillLeavesWhatCostsNothing() {
        Standing pro = standing(PRO, SubscriptionStatus.ACTIVE, null, 10L);
        Map<String, BigDecimal> month = Map.of("executions", decimal("10500"));
        assertThat(pro.aboveCap(pro.allowance("api_calls").orElseThrow(), month, decimal("100000")))
                .isEmpty();
        assertThat(pro.aboveCap(pro.allowance("executions").orElseThrow(), month, decimal("10501")))
                .isPresent();
    }

    @Test
    void keepsWhereNothingButTheClockGoesOn() {
        Standing free = standing(FREE, SubscriptionStatus.ACTIVE, null, null);
        assertThat(free.keeps()).isTrue();
        assertThat(standing(PRO, SubscriptionStatus.ACTIVE, null, 0L).keeps())
                .as("with a cap, on the use of all meters")
                .isFalse();
        assertThat(standing(PRO, SubscriptionStatus.TRIALING, null, 0L).keeps())
                .as("in a trial, where no cap binds")
                .isTrue();
        assertThat(standing(FREE, SubscriptionStatus.CANCELED, null, null).keeps())
                .isFalse();

        Instant later = NOW.plusSeconds(1);
        assertThat(free.at(later).now()).isEqualTo(later);
        assertThat(free.at(later).at(NOW)).isEqualTo(free);
    }

    @Property
    void admittedUseNeverCostsMoreThanTheCap(
            @ForAll @IntRange(max = 300) int cap,
            @ForAll List<@IntRange(max = 2000) Integer> executions,
            @ForAll List<@IntRange(max = 2000) Integer> calls) {
        Standing pro = standing(PRO, SubscriptionStatus.ACTIVE, null, (long) cap);
        Map<String, BigDecimal> month =
                new HashMap<>(Map.of("executions", decimal("9990"), "api_calls", decimal("99990")));
        for (int i = 0; i < Math.max(executions.size(), calls.size()); i++) {
            use(pro, month, "executions", i < executions.size() ? executions.get(i) : 0);
            use(pro, month, "api_calls", i < calls.size() ? calls.get(i) : 0);
            assertThat(pro.overageCents(month)).isLessThanOrEqualTo(cap);
        }
    }

    private static void use(Standing standing, Map<String, BigDecimal> month, String meter, int quantity) {
        BigDecimal after = month.get(meter).add(BigDecimal.valueOf(quantity));
        if (standing.aboveCap(standing.allowance(meter).orElseThrow(), month, after)
                .isEmpty()) {
            month.put(meter, after);
        }
    }

    @Test
    void aTrialIsNeverCharged() {
        Standing trial = standing(PRO, SubscriptionStatus.TRIALING, "20000", 0L);
        assertThat(trial.overageCents(Map.of("executions", decimal("15000")))).isZero();
        assertThat(trial.capped()).isFalse();
    }

    @Test
    void theGraceIsSevenDays() {
        Instant since = Instant.parse("2026-02-01T00:00:00Z");
        Instant end = Instant.parse("2026-02-08T00:00:00Z");
        assertThat(SubscriptionStatus.PAST_DUE.entitled(since, end.minusNanos(1000)))
                .isTrue();
        assertThat(SubscriptionStatus.PAST_DUE.entitled(since, end)).isFalse();
        assertThat(SubscriptionStatus.TRIALING.entitled(null, end)).isTrue();
        assertThat(SubscriptionStatus.ACTIVE.entitled(null, end)).isTrue();
        assertThat(SubscriptionStatus.UNPAID.entitled(since, since)).isFalse();
        assertThat(SubscriptionStatus.PAUSED.entitled(null, since)).isFalse();
        assertThat(SubscriptionStatus.CANCELED.entitled(null, since)).isFalse();
    }

    private static String limit(Plan plan, SubscriptionStatus status, @Nullable String override) {
        return Optional.ofNullable(standing(plan, status, override, null)
                        .allowance("executions")
                        .orElseThrow()
                        .limit())
                .map(BigDecimal::toPlainString)
                .orElse("none");
    }

    private static Standing standing(
            Plan plan, SubscriptionStatus status, @Nullable String override, @Nullable Long cap) {
        return standing(plan, status, override, cap, List.of());
    }

    private static Standing standing(
            Plan plan,
            SubscriptionStatus status,
            @Nullable String override,
            @Nullable Long cap,
            List<Standing.Held> before) {
        return new Standing(
                new UUID(0, 1),
                status,
                null,
                plan,
                "USD",
                new Anchor(START, ZoneOffset.UTC),
                new Period(START, Instant.parse("2026-02-28T00:00:00Z")),
                new Period(START, Instant.parse("2026-02-28T00:00:00Z")),
                before,
                START,
                override == null ? Map.of() : Map.of("executions", decimal(override)),
                cap,
                NOW);
    }

    @Test
    void aMonthOfAnotherLengthIncludesItsShare() {
        Period april = new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));
        Period days = new Period(Instant.parse("2026-04-20T00:00:00Z"), april.end());
        assertThat(PRO.including(april, april)).isSameAs(PRO);
        assertThat(PRO.including(days, april)
                        .allowance("executions")
                        .orElseThrow()
                        .included())
                .isEqualByComparingTo("3667");
        Period longer = new Period(Instant.parse("2026-03-17T00:00:00Z"), april.end());
        assertThat(FREE.including(longer, april)
                        .allowance("executions")
                        .orElseThrow()
                        .included())
                .isEqualByComparingTo("150");
        assertThat(ENTERPRISE
                        .including(days, april)
                        .allowance("executions")
                        .orElseThrow()
                        .included())
                .isNull();
    }

    @Test
    void aMonthOfSeveralPlansIncludesWhatItsInvoiceWill() {
        Instant half = Instant.parse("2026-02-14T00:00:00Z");
        Plan team = plan(
                Tier.TEAM,
                new MeteredAllowance(
                        EXECUTIONS,
                        decimal("100000"),
                        List.of(MeterPrice.perUnit("USD", BigDecimal.TEN, BigDecimal.ONE))));
        Standing upgraded = after(new Standing.Held(new Period(START, half), PRO, false, used("60000")), team);
        assertThat(executions(upgraded).shown()).isEqualByComparingTo("100000");
        assertThat(upgraded.overageCents(used("70000")))
                .as("of the first half, above 55,000")
                .isEqualTo(50_000);
        assertThat(upgraded.overageCents(used("100001"))).isEqualTo(50_010);

        Standing downgraded = after(new Standing.Held(new Period(START, half), team, false, used("60000")), PRO);
        assertThat(executions(downgraded).shown()).isEqualByComparingTo("55000");
        assertThat(downgraded.overageCents(used("60001"))).isEqualTo(10);
        assertThat(executions(downgraded).limitWhen(true)).isEqualByComparingTo("55000");

        Standing refused = after(new Standing.Held(new Period(START, half), team, false, used("60000")), FREE);
        assertThat(executions(refused).limit()).as("above its own").isEqualByComparingTo("100");
        assertThat(executions(refused).plan().included()).isEqualByComparingTo("100");
        assertThat(refused.overageCents(used("60000"))).isZero();

        for (Standing notCounted : List.of(
                after(new Standing.Held(new Period(START, half), ENTERPRISE, false, used("60000")), PRO),
                after(new Standing.Held(new Period(START, half), PRO, true, used("60000")), PRO))) {
            assertThat(executions(notCounted).shown()).isEqualByComparingTo("70000");
            assertThat(notCounted.overageCents(used("70000"))).isZero();
            assertThat(notCounted.overageCents(used("70001"))).isEqualTo(10);
        }
        assertThat(executions(after(new Standing.Held(new Period(START, half), PRO, false, used("60000")), ENTERPRISE))
                        .shown())
                .isNull();
    }

    private static Map<String, BigDecimal> used(String executions) {
        return Map.of("executions", decimal(executions));
    }

    private static Allowance executions(Standing standing) {
        return standing.allowance("executions").orElseThrow();
    }

    private static Standing after(Standing.Held held, Plan plan) {
        return standing(plan, SubscriptionStatus.ACTIVE, null, null, List.of(held));
    }

    private static Plan plan(Tier tier, MeteredAllowance... meters) {
        return new Plan(tier, 1, 1, tier.code(), false, Grain.SECOND, List.of(), List.of(meters), Map.of(), Map.of());
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }
}
