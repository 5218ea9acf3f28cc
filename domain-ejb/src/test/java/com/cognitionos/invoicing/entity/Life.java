package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A subscription's life in local hours since its start, without a zone, so that it can be lived in several: how it
 * began, what was done to it and what it used.
 *
 * @param timing of the monthly prices
 * @param anchorDays from the start, of any sign, to what its periods are counted from
 * @param trialDays 0 where it is paid from the first day
 */
record Life(
        Grain grain, Timing timing, int anchorDays, int trialDays, Holding holding, List<Act> acts, List<Read> reads) {

    /** How long lives are looked at. */
    static final int DAYS = 430;

    /** @param plan 0 is free */
    record Holding(int plan, boolean yearly, int seats, boolean support) {}

    /** What can be done; what makes no sense at its time is not done. */
    enum Deed {
        CHANGE,
        CHANGE_AT_PERIOD_END,
        SCHEDULE,
        BACKDATE,
        PAUSE,
        RESUME,
        MOVE_ANCHOR,
        MOVE_ANCHOR_AT_PERIOD_END,
        TAKE_BACK,
        CANCEL,
        CANCEL_AT_PERIOD_END
    }

    /** @param lead hours, from 1, by which the effect is later, or for a backdated one earlier */
    record Act(int hour, Deed deed, int lead, Holding holding) {}

    /**
     * Something used.
     *
     * @param delay hours until it is reported
     * @param retracted hours from then until it is taken back; 0 for never
     */
    record Read(String meter, int hour, long quantity, int delay, int retracted) {

        int reported() {
            return hour + delay;
        }
    }

    Life inWholeDays() {
        return new Life(
                grain,
                timing,
                anchorDays,
                trialDays,
                holding,
                acts.stream()
                        .map(act ->
                                new Act(act.hour() / 24 * 24, act.deed(), (act.lead() + 23) / 24 * 24, act.holding()))
                        .toList(),
                reads);
    }

    Life by(Grain other) {
        return new Life(other, timing, anchorDays, trialDays, holding, acts, reads);
    }

    Life using(List<Read> other) {
        return new Life(grain, timing, anchorDays, trialDays, holding, acts, other);
    }

    static Arbitrary<Life> any() {
        return Combinators.combine(
                        Arbitraries.of(Grain.class),
                        Arbitraries.of(Timing.class),
                        Arbitraries.oneOf(
                                Arbitraries.just(0), Arbitraries.integers().between(-31, 31)),
                        Arbitraries.of(0, 0, 14, 30),
                        anyHolding(),
                        anyAct().list().ofMaxSize(7),
                        anyRead().list().ofMaxSize(6))
                .as((grain, timing, anchor, trial, holding, acts, reads) -> new Life(
                        grain,
                        timing,
                        anchor,
                        trial,
                        holding,
                        acts.stream().sorted(Comparator.comparing(Act::hour)).toList(),
                        reads));
    }

    private static Arbitrary<Holding> anyHolding() {
        return Combinators.combine(
                        Arbitraries.of(0, 1, 1, 2),
                        Arbitraries.of(false, false, true),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(false, true))
                .as(Holding::new);
    }

    private static Arbitrary<Act> anyAct() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 24 * (DAYS - 40)),
                        Arbitraries.frequency(
                                Tuple.of(6, Deed.CHANGE),
                                Tuple.of(2, Deed.CHANGE_AT_PERIOD_END),
                                Tuple.of(2, Deed.SCHEDULE),
                                Tuple.of(2, Deed.BACKDATE),
                                Tuple.of(2, Deed.PAUSE),
                                Tuple.of(2, Deed.RESUME),
                                Tuple.of(1, Deed.MOVE_ANCHOR),
                                Tuple.of(1, Deed.MOVE_ANCHOR_AT_PERIOD_END),
                                Tuple.of(1, Deed.TAKE_BACK),
                                Tuple.of(1, Deed.CANCEL),
                                Tuple.of(1, Deed.CANCEL_AT_PERIOD_END)),
                        Arbitraries.integers().between(1, 24 * 45),
                        anyHolding())
                .as(Act::new);
    }

    private static Arbitrary<Read> anyRead() {
        return Combinators.combine(
                        Arbitraries.of("executions", "tokens"),
                        // Whatever is reported late or taken back is so while there are invoices to come.
                        Arbitraries.integers().between(0, 24 * (DAYS - 120)),
                        Arbitraries.longs().between(0, 16_000),
                        Arbitraries.of(0, 0, 0, 1, 24 * 5, 24 * 35),
                        Arbitraries.of(0, 0, 0, 24 * 20))
                .as((meter, hour, quantity, delay, retracted) ->
                        new Read(meter, hour, meter.equals("tokens") ? quantity * 999 : quantity, delay, retracted));
    }
}
