package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.rating.entity.Change.Terms;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every history, however often and however strangely it was changed. */
class TimelinePropertiesTest {

    private static final LocalDateTime EPOCH = LocalDateTime.parse("2027-10-01T00:00:00");
    private static final int HOURS = 24 * 900;
    private static final Instant END = at(EPOCH.plusHours(HOURS), ZoneOffset.UTC);
    /** By then all that began before {@link #END} is invoiced. */
    private static final Instant FAR = END.plus(800, ChronoUnit.DAYS);

    /** Other terms, {@code lead} hours after they became known, or before. */
    private record Step(int hour, int lead, int plan, int quantity, boolean moves, boolean afterDue) {}

    /** A history without a zone, so that it can be lived in several. */
    record Life(Grain grain, int anchorHour, List<Step> steps) {

        List<Change> in(ZoneId zone) {
            List<Change> history = new ArrayList<>();
            Anchor anchor = new Anchor(at(EPOCH.plusHours(anchorHour), zone), zone);
            Instant start = null;
            for (Step step : steps) {
                Instant known = at(EPOCH.plusHours(step.hour()), zone);
                Instant from = at(EPOCH.plusHours(step.hour() + step.lead()), zone);
                start = start == null ? from : start;
                anchor = step.moves() ? new Anchor(from, zone) : anchor;
                history.add(
                        new Change(known, from.isBefore(start) ? start : from, step.afterDue(), terms(step, anchor)));
            }
            return history;
        }

        Life inWholeDays() {
            return new Life(
                    grain,
                    anchorHour / 24 * 24,
                    steps.stream()
                            .map(s -> new Step(
                                    s.hour() / 24 * 24,
                                    s.lead() / 24 * 24,
                                    s.plan(),
                                    s.quantity(),
                                    s.moves(),
                                    s.afterDue()))
                            .toList());
        }

        private static Terms terms(Step step, Anchor anchor) {
            return switch (step.plan()) {
                case 0 -> Terms.free(anchor);
                case 1 -> Terms.of(anchor, price("basic", 997, step.quantity(), Cadence.MONTH, Timing.IN_ADVANCE));
                case 2 ->
                    Terms.of(
                            anchor,
                            price("basic", 1999, 1, Cadence.MONTH, Timing.IN_ADVANCE),
                            price("seat", 3_333, step.quantity(), Cadence.MONTH, Timing.AT_PERIOD_END));
                case 3 ->
                    Terms.of(
                            anchor,
                            price("basic", 100_003, 1, Cadence.YEAR, Timing.IN_ADVANCE),
                            price("late", 555, step.quantity(), Cadence.MONTH, Timing.IN_ARREARS));
                default -> Terms.end(anchor);
            };
        }

        private static Recurring price(String item, long cents, int quantity, Cadence cadence, Timing timing) {
            return new Recurring(item, cents * quantity, BigDecimal.valueOf(quantity), cadence, timing, true);
        }
    }

    private static Instant at(LocalDateTime local, ZoneId zone) {
        return local.atZone(zone).toInstant();
    }

    @Provide
    Arbitrary<Life> lives() {
        Arbitrary<Step> steps = Combinators.combine(
                        Arbitraries.integers().between(0, HOURS - 24 * 40),
                        Arbitraries.oneOf(
                                Arbitraries.just(0), Arbitraries.integers().between(-24 * 20, 24 * 40)),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(true, false, false, false),
                        Arbitraries.of(true, false))
                .as(Step::new);
        return Combinators.combine(
                        Arbitraries.of(Grain.class),
                        Arbitraries.integers().between(-24 * 40, 24 * 400),
                        steps.list().ofMinSize(1).ofMaxSize(8))
                .as((grain, anchor, some) -> {
                    List<Step> ordered = new ArrayList<>(some);
                    ordered.sort(Comparator.comparing(Step::hour));
                    return new Life(grain, anchor, ordered);
                });
    }

    /** I1: on every day, by the second at every instant, an item is charged once, or not at all. */
    @Property
    void nothingIsChargedTwice(@ForAll("lives") Life life) {
        // What is less than a day, or the 31st of a month of 30, costs nothing and leaves no trace.
        Life told = life.grain() == Grain.SECOND ? life : life.inWholeDays();
        Grain grain = life.grain() == Grain.FIXED30 ? Grain.DAY : life.grain();
        List<Movement> movements = Timeline.through(told.in(ZoneOffset.UTC), grain, END);
        for (Instant instant : instants(movements)) {
            for (String item : List.of("basic", "seat", "late")) {
                assertThat(charged(movements, item, instant))
                        .as("%s at %s", item, instant)
                        .isBetween(0, 1);
            }
        }
    }

    /** What is paid for in the end is what was held, second by second; an hour of the cheapest price is more than half a cent. */
    @Property
    void whatIsHeldIsCharged(@ForAll("lives") Life life) {
        List<Change> history = life.in(ZoneOffset.UTC);
        List<Movement> movements = Timeline.through(history, Grain.SECOND, FAR);
        Instant known = history.get(history.size() - 1).recordedAt();
        for (Instant instant : instants(movements)) {
            if (instant.isAfter(known)
                    && instant.isBefore(END)
                    && !history.get(history.size() - 1).from().isAfter(instant)) {
                Terms terms = history.get(history.size() - 1).terms();
                for (String item : List.of("basic", "seat")) {
                    boolean held = terms.prices().stream()
                            .anyMatch(price -> price.item().equals(item));
                    assertThat(charged(movements, item, instant)).isEqualTo(held ? 1 : 0);
                }
            }
        }
    }

    /** I2: what is given back is never more than what was charged. */
    @Property
    void creditsNeverExceedCharges(@ForAll("lives") Life life) {
        List<Movement> movements = Timeline.through(life.in(ZoneOffset.UTC), life.grain(), END);
        for (Movement movement : movements) {
            List<Movement> same = movements.stream()
                    .filter(other -> other.price().equals(movement.price())
                            && other.reference().equals(movement.reference()))
                    .toList();
            long net = same.stream().mapToLong(Movement::cents).sum();
            assertThat(net).isBetween(0L, movement.price().cents() + same.size());
        }
    }

    /** I3: there and back at one instant. */
    @Property
    void thereAndBackIsNothing(@ForAll("lives") Life life, @ForAll boolean invoiced) {
        List<Change> history = life.in(ZoneOffset.UTC);
        List<Change> detour = new ArrayList<>();
        for (Change change : history) {
            detour.add(change);
            if (change.terms().ended()) {
                // Where the last day is charged still, going on for that day is no detour.
                continue;
            }
            detour.add(new Change(
                    change.recordedAt(),
                    change.from(),
                    invoiced,
                    Terms.of(
                            change.terms().anchor(),
                            new Recurring("basic", 77_777, BigDecimal.ONE, Cadence.MONTH, Timing.IN_ADVANCE, true))));
            detour.add(new Change(change.recordedAt(), change.from(), invoiced, change.terms()));
        }
        if (invoiced) {
            long difference = total(Timeline.through(detour, life.grain(), FAR))
                    - total(Timeline.through(history, life.grain(), FAR));
            // What had been charged in parts, for a change from another day than its own, is charged again as a whole.
            long parts = life.steps().stream().filter(step -> step.lead() != 0).count();
            assertThat(Math.abs(difference)).isLessThanOrEqualTo(2 * parts);
        } else {
            assertThat(Timeline.through(detour, life.grain(), END))
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("entry")
                    .isEqualTo(Timeline.through(history, life.grain(), END));
        }
    }

    /** I4: the parts of a period cost what the whole does, but for half a cent each. */
    @Property
    void partsSumToTheWhole(@ForAll("lives") Life life, @ForAll Grain grain) {
        Anchor anchor = new Anchor(at(EPOCH.plusHours(life.anchorHour()), ZoneOffset.UTC), ZoneOffset.UTC);
        Period whole = anchor.periodAround(anchor.at(), Cadence.YEAR);
        List<Instant> cuts = new ArrayList<>(List.of(whole.start(), whole.end()));
        life.steps().stream()
                .map(step -> at(EPOCH.plusHours(step.hour()), ZoneOffset.UTC))
                .filter(cut -> cut.isAfter(whole.start()) && cut.isBefore(whole.end()))
                .forEach(cuts::add);
        List<Instant> ordered = cuts.stream().distinct().sorted().toList();
        long sum = 0;
        for (int i = 1; i < ordered.size(); i++) {
            sum += grain.prorate(100_003, new Period(ordered.get(i - 1), ordered.get(i)), whole, ZoneOffset.UTC);
        }
        assertThat(Math.abs(sum - 100_003)).isLessThanOrEqualTo(ordered.size() / 2);
    }

    /** I5: whoever asks earlier sees the beginning of what is seen later. */
    @Property
    void theLinesDoNotDependOnWhenTheyAreAskedFor(@ForAll("lives") Life life) {
        List<Change> history = life.in(ZoneOffset.UTC);
        List<Movement> all = Timeline.through(history, life.grain(), END);
        for (Instant instant : instants(all)) {
            if (instant.isAfter(END)) {
                continue;
            }
            List<Movement> sooner = Timeline.through(history, life.grain(), instant);
            assertThat(sooner).isEqualTo(all.subList(0, sooner.size()));
            assertThat(all.stream().filter(movement -> !movement.at().isAfter(instant)))
                    .hasSameSizeAs(sooner);
        }
    }

    /** I12: zones and daylight saving change no day and no cent. */
    @Property
    void zonesChangeNothing(@ForAll("lives") Life life) {
        if (life.grain() == Grain.SECOND) {
            return;
        }
        List<Long> cents =
                Timeline.through(life.in(ZoneOffset.UTC), life.grain(), END.plus(2, ChronoUnit.DAYS)).stream()
                        .filter(movement -> movement.at().isBefore(END.minus(2, ChronoUnit.DAYS)))
                        .map(Movement::cents)
                        .toList();
        for (String zone : List.of("Europe/Berlin", "America/Juneau", "Australia/Lord_Howe")) {
            ZoneId id = ZoneId.of(zone);
            Instant limit = at(LocalDateTime.ofInstant(END, ZoneOffset.UTC).minusDays(2), id);
            assertThat(Timeline.through(life.in(id), life.grain(), END.plus(2, ChronoUnit.DAYS)).stream()
                            .filter(movement -> movement.at().isBefore(limit))
                            .map(Movement::cents))
                    .as(zone)
                    .isEqualTo(cents);
        }
    }

    private static long total(List<Movement> movements) {
        return movements.stream().mapToLong(Movement::cents).sum();
    }

    private static Set<Instant> instants(List<Movement> movements) {
        Set<Instant> instants = new HashSet<>();
        movements.forEach(movement -> {
            instants.add(movement.at());
            instants.add(movement.span().start());
            instants.add(movement.span().end());
        });
        return instants;
    }

    private static int charged(List<Movement> movements, String item, Instant instant) {
        return movements.stream()
                .filter(movement ->
                        movement.price().item().equals(item) && movement.span().contains(instant))
                .mapToInt(movement -> movement.isCredit() ? -1 : 1)
                .sum();
    }
}
