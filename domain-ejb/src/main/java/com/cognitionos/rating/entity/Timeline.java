package com.cognitionos.rating.entity;

import com.cognitionos.rating.entity.Change.Terms;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * From a subscription's history to what its recurring prices charge and give back, and when. Invoices, previews, running
 * totals and dry runs all come from here, so they cannot differ; who asks, when and how often changes nothing.
 *
 * <p>Each entry of the history is taken in the order in which it became known. What has been charged in advance for a
 * time in which it holds no longer is given back: all that is left of the charge, or for a part of it
 * {@code round_half_up(cents × part / period)}, never more than is left. What holds instead is charged from there on.
 */
public final class Timeline {

    private final Grain grain;
    private final List<Movement> movements = new ArrayList<>();
    private final List<Charged> charged = new ArrayList<>();
    private int entry;

    /** A price that holds from one instant to another, the second null for ever. */
    private record Phase(
            Terms terms, Instant from, @Nullable Instant to) {}

    /** A part of one reference period for which a price is to be paid. */
    private record Spell(
            Recurring price,
            Period span,
            Period reference,
            ZoneId zone,
            @Nullable Grain grain) {

        /** When it is owed. */
        Instant due() {
            return price.timing() == Timing.IN_ARREARS ? span.end() : span.start();
        }

        boolean isSamePrice(Spell other) {
            return price.equals(other.price) && reference.equals(other.reference);
        }
    }

    /** How long one price holds without a break. */
    private static final class Run {
        private final Recurring price;
        private final Anchor anchor;
        private final @Nullable Grain grain;
        private final Instant from;
        private @Nullable Instant to;

        private Run(Recurring price, Terms terms, Instant from) {
            this.price = price;
            this.anchor = terms.anchor();
            this.grain = terms.grain();
            this.from = from;
        }
    }

    /** What is left of a spell that has been charged. */
    private static final class Charged {
        private final Spell spell;
        private List<Period> held;
        private long leftCents;

        private Charged(Spell spell, long cents) {
            this.spell = spell;
            this.held = List.of(spell.span());
            this.leftCents = cents;
        }
    }

    private Timeline(Grain grain) {
        this.grain = grain;
    }

    /**
     * All that is invoiced up to an instant.
     *
     * @param history in the order in which it became known; the first entry is the start
     * @param grain of terms that say none
     * @return by time and entry; credits before charges
     * @throws IllegalArgumentException when the history is not in that order
     */
    public static List<Movement> through(List<Change> history, Grain grain, Instant until) {
        Timeline timeline = new Timeline(grain);
        List<Phase> phases = new ArrayList<>();
        Terms before = null;
        for (int i = 0; i < history.size(); i++) {
            Change change = history.get(i);
            if (i > 0 && change.recordedAt().isBefore(history.get(i - 1).recordedAt())) {
                throw new IllegalArgumentException("a history is in the order in which it became known: " + history);
            }
            if (change.recordedAt().isAfter(until)) {
                break;
            }
            timeline.add(phases, change);
            Change next = i + 1 < history.size() ? history.get(i + 1) : null;
            if (next != null && !next.afterDue() && next.recordedAt().equals(change.recordedAt())) {
                continue;
            }
            timeline.entry = i;
            if (before != null && endsPeriods(before, change.terms())) {
                timeline.bringForward(later(change.recordedAt(), change.from()));
            }
            before = change.terms();
            timeline.reconcile(phases, change.recordedAt(), change.atOnce());
            timeline.accrue(phases, change.recordedAt(), next, until);
        }
        // Stable, so that within one instant the order of the prices stays.
        timeline.movements.removeIf(movement -> movement.at().isAfter(until));
        timeline.removeUndone();
        timeline.movements.sort(Comparator.comparing(Movement::at)
                .thenComparing(Movement::entry)
                .thenComparing(movement -> !movement.isCredit()));
        return List.copyOf(timeline.movements);
    }

    /** What is charged and given back whole by one and the same entry never happened to the customer. */
    private void removeUndone() {
        for (Movement credit : List.copyOf(movements)) {
            Movement charge = new Movement(
                    credit.at(),
                    credit.entry(),
                    credit.price(),
                    Math.negateExact(credit.cents()),
                    credit.span(),
                    credit.reference(),
                    credit.grain());
            if (credit.isCredit() && movements.remove(charge)) {
                movements.remove(credit);
            }
        }
    }

    private void add(List<Phase> phases, Change change) {
        Terms terms = change.terms();
        Instant from = terms.ended() && !endsWithItsPeriods(phases, change)
                ? grain(terms.grain())
                        .canceledFrom(change.from(), terms.anchor().zone())
                : change.from();
        phases.removeIf(phase -> !phase.from().isBefore(from));
        if (!phases.isEmpty()) {
            Phase last = phases.remove(phases.size() - 1);
            phases.add(new Phase(last.terms(), last.from(), from));
        }
        phases.add(new Phase(terms, from, null));
    }

    /** Whether no further period was to begin before the end: the day that it falls on is not one of the customer's. */
    private static boolean endsWithItsPeriods(List<Phase> phases, Change change) {
        return !change.afterDue()
                && phases.stream()
                        .filter(phase -> phase.from().isBefore(change.from()))
                        .reduce((earlier, later) -> later)
                        .map(Phase::terms)
                        .filter(terms -> terms.prices().stream()
                                .allMatch(price -> terms.anchor()
                                        .periodAround(change.from(), price.cadence())
                                        .start()
                                        .equals(change.from())))
                        .isPresent();
    }

    /** Makes what has been charged what is to be charged, as far as is known now. */
    private void reconcile(List<Phase> phases, Instant now, boolean atOnce) {
        List<Spell> wanted = new ArrayList<>();
        forEachDue(phases, null, now, wanted::add);
        boolean settles = false;
        for (Charged one : charged) {
            settles |= takeBack(one, wanted, atOnce ? now : later(now, invoiced(one.spell, now))) && atOnce;
        }
        for (Spell spell : wanted) {
            List<Period> missing = List.of(spell.span());
            for (Charged one : charged) {
                if (one.spell.isSamePrice(spell)) {
                    missing = spell.price().prorated() ? Spans.without(missing, one.held) : List.of();
                }
            }
            for (Period span : missing) {
                Spell part = new Spell(spell.price(), span, spell.reference(), spell.zone(), spell.grain());
                charge(part, settles ? now : later(now, invoiced(part, now)));
            }
        }
    }

    /** @return whether it holds less than before */
    private boolean takeBack(Charged one, List<Spell> wanted, Instant at) {
        if (!one.spell.price().prorated()) {
            return false;
        }
        List<Period> goes = one.held;
        for (Spell spell : wanted) {
            if (spell.isSamePrice(one.spell)) {
                goes = Spans.without(goes, List.of(spell.span()));
            }
        }
        if (goes.isEmpty()) {
            return false;
        }
        one.held = Spans.without(one.held, goes);
        for (int i = 0; i < goes.size(); i++) {
            Period span = goes.get(i);
            boolean last = one.held.isEmpty() && i == goes.size() - 1;
            long share = grain(one.spell.grain())
                    .prorate(one.spell.price().cents(), span, one.spell.reference(), one.spell.zone());
            long cents = last ? one.leftCents : Math.min(one.leftCents, share);
            one.leftCents -= cents;
            if (cents != 0) {
                movements.add(new Movement(
                        at, entry, one.spell.price(), -cents, span, one.spell.reference(), grain(one.spell.grain())));
            }
        }
        return true;
    }

    private static Instant invoiced(Spell spell, Instant due) {
        return spell.price().timing() == Timing.AT_PERIOD_END ? spell.span().end() : due;
    }

    /** Whether the period that is running ends there and then: the calendar moves, or all is over. */
    private static boolean endsPeriods(Terms before, Terms after) {
        return after.ended() || !after.anchor().equals(before.anchor());
    }

    /** What was to be invoiced as the period ends is invoiced with its early end. */
    private void bringForward(Instant end) {
        movements.replaceAll(movement -> movement.at().isAfter(end)
                ? new Movement(
                        end,
                        entry,
                        movement.price(),
                        movement.cents(),
                        movement.span(),
                        movement.reference(),
                        movement.grain())
                : movement);
    }

    private Grain grain(@Nullable Grain ofTerms) {
        return ofTerms == null ? grain : ofTerms;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Charges what falls due after {@code since}, before the next entry of the history and up to {@code until}. */
    private void accrue(List<Phase> phases, Instant since, @Nullable Change next, Instant until) {
        forEachDue(phases, since, until, spell -> {
            Instant due = spell.due();
            if (next == null || due.isBefore(next.recordedAt()) || next.afterDue() && due.equals(next.recordedAt())) {
                charge(spell, invoiced(spell, due));
            }
        });
    }

    private void charge(Spell spell, Instant at) {
        Recurring price = spell.price();
        long cents = price.prorated()
                ? grain(spell.grain()).prorate(price.cents(), spell.span(), spell.reference(), spell.zone())
                : price.cents();
        charged.add(new Charged(spell, cents));
        if (cents != 0) {
            movements.add(new Movement(at, entry, price, cents, spell.span(), spell.reference(), grain(spell.grain())));
        }
    }

    /** @param since exclusive; null for from the very start */
    private static void forEachDue(List<Phase> phases, @Nullable Instant since, Instant until, Consumer<Spell> action) {
        for (Run run : runs(phases)) {
            Instant from = run.from;
            while ((run.to == null || from.isBefore(run.to)) && !from.isAfter(until)) {
                Period reference = run.anchor.periodAround(from, run.price.cadence());
                boolean cut = run.to != null && run.to.isBefore(reference.end());
                Instant end = cut ? run.to : reference.end();
                Spell spell = new Spell(run.price, new Period(from, end), reference, run.anchor.zone(), run.grain);
                Instant due = spell.due();
                if (!due.isAfter(until) && (since == null || due.isAfter(since))) {
                    action.accept(spell);
                }
                from = end;
            }
        }
    }

    /** A price that goes on through a change of something else is not cut by it. */
    private static List<Run> runs(List<Phase> phases) {
        List<Run> runs = new ArrayList<>();
        for (Phase phase : phases) {
            for (Recurring price : phase.terms().prices()) {
                Run run = runs.stream()
                        .filter(open -> phase.from().equals(open.to)
                                && open.price.equals(price)
                                && open.anchor.equals(phase.terms().anchor()))
                        .findFirst()
                        .orElse(null);
                if (run == null) {
                    run = new Run(price, phase.terms(), phase.from());
                    runs.add(run);
                }
                run.to = phase.to();
            }
        }
        return runs;
    }
}
