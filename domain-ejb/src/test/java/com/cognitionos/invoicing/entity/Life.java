package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.Commitment;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's life in local hours since its start, without a zone, so that it can be lived in several: how it
 * began, what was done to it and what it used.
 *
 * @param grains of the plans, by their number
 * @param commitment of the plans that cost something; null for none
 * @param timing of the monthly prices
 * @param anchorDays from the start, of any sign, to what its periods are counted from
 * @param trialDays 0 where it is paid from the first day
 */
record Life(
        List<Grain> grains,
        @Nullable Commitment commitment,
        Timing timing,
        int anchorDays,
        int trialDays,
        Holding holding,
        List<Act> acts,
        List<Read> reads) {

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
        CANCEL_AT_PERIOD_END,
        CHARGE_ONCE,
        CREDIT,
        MAKE_VOID;

        boolean isOfInvoices() {
            return this == CREDIT || this == MAKE_VOID;
        }
    }

    /**
     * @param lead hours, from 1, by which the effect is later, or for a backdated one earlier; cents of a charge of once;
     *     of what is done to an invoice, which one it is and how much of it
     */
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
        return with(
                acts.stream()
                        .map(act ->
                                new Act(act.hour() / 24 * 24, act.deed(), (act.lead() + 23) / 24 * 24, act.holding()))
                        .toList(),
                reads);
    }

    Life with(Grain other, Grain instead) {
        List<Grain> all =
                grains.stream().map(grain -> grain == other ? instead : grain).toList();
        return new Life(all, commitment, timing, anchorDays, trialDays, holding, acts, reads);
    }

    /** With all plans by that grain. */
    Life by(Grain grain) {
        List<Grain> all = grains.stream().map(any -> grain).toList();
        return new Life(all, commitment, timing, anchorDays, trialDays, holding, acts, reads);
    }

    boolean hasMaximum() {
        return commitment != null && commitment.maximumCents() != null;
    }

    Life with(List<Act> otherActs, List<Read> otherReads) {
        return new Life(grains, commitment, timing, anchorDays, trialDays, holding, otherActs, otherReads);
    }

    static Arbitrary<Life> any() {
        return Combinators.combine(
                        Arbitraries.of(Grain.class).list().ofSize(3),
                        anyCommitment(),
                        Arbitraries.of(Timing.class),
                        Arbitraries.oneOf(
                                Arbitraries.just(0), Arbitraries.integers().between(-31, 31)),
                        Arbitraries.of(0, 0, 14, 30),
                        anyHolding(),
                        anyAct().list().ofMaxSize(8),
                        anyRead().list().ofMaxSize(6))
                .as((grains, commitment, timing, anchor, trial, holding, acts, reads) -> new Life(
                        grains,
                        commitment.orElse(null),
                        timing,
                        anchor,
                        trial,
                        holding,
                        acts.stream().sorted(Comparator.comparing(Act::hour)).toList(),
                        reads));
    }

    private static Arbitrary<Optional<Commitment>> anyCommitment() {
        Arbitrary<Commitment> any = Combinators.combine(
                        Arbitraries.longs().between(0, 25_000),
                        Arbitraries.longs().between(0, 20_000).optional())
                .as((least, more) ->
                        new Commitment(least, more.map(cents -> least + cents).orElse(null)));
        return any.optional(0.5);
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
                                Tuple.of(1, Deed.CANCEL_AT_PERIOD_END),
                                Tuple.of(1, Deed.CHARGE_ONCE),
                                Tuple.of(3, Deed.CREDIT),
                                Tuple.of(1, Deed.MAKE_VOID)),
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
