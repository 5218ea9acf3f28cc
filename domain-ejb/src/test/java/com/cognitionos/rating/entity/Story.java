package com.cognitionos.rating.entity;

import com.cognitionos.rating.entity.Change.Terms;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subscription's life, told with dates: what was agreed on which day, and what it then charges. */
final class Story {

    private final Grain grain;
    private ZoneId zone = ZoneOffset.UTC;
    private Instant anchor = Instant.EPOCH;
    private Instant today = Instant.MIN;
    private List<Recurring> prices = List.of();
    private boolean afterDue;
    private final List<Change> history = new ArrayList<>();

    private Story(Grain grain) {
        this.grain = grain;
    }

    static Story by(Grain grain) {
        return new Story(grain);
    }

    Story in(String zoneId) {
        zone = ZoneId.of(zoneId);
        return this;
    }

    /** The date, or instant, that periods are counted from. */
    Story anchor(String at) {
        anchor = instant(at);
        return this;
    }

    /** What follows becomes known on this day. */
    Story on(String day) {
        today = instant(day);
        afterDue = false;
        return this;
    }

    /** As {@link #on}, after what falls due then has been invoiced. */
    Story laterOn(String day) {
        on(day);
        afterDue = true;
        return this;
    }

    /** Holds from now on. */
    Story has(Recurring... now) {
        return from(today, now);
    }

    Story hasFrom(String day, Recurring... later) {
        return from(instant(day), later);
    }

    /** As {@link #has}, but whatever is invoiced as its period ends waits for that. */
    Story movesTo(Recurring... later) {
        prices = List.of(later);
        history.add(
                new Change(today, today, afterDue, new Terms(prices, new Anchor(anchor, zone), false, null), false));
        return this;
    }

    private Story from(Instant from, Recurring... later) {
        prices = List.of(later);
        return agree(from, new Terms(prices, new Anchor(anchor, zone), false, null));
    }

    Story trial() {
        return agree(today, Terms.free(new Anchor(anchor, zone)));
    }

    Story pauses() {
        return trial();
    }

    Story resumes() {
        return from(today, prices.toArray(Recurring[]::new));
    }

    /** The calendar moves where a period ends, so that none is cut short by it. */
    Story movesAnchorTo(String at, String from) {
        anchor = instant(at);
        return from(instant(from), prices.toArray(Recurring[]::new));
    }

    Story ends() {
        return endsOn(null);
    }

    Story endsOn(@Nullable String day) {
        return agree(day == null ? today : instant(day), Terms.end(new Anchor(anchor, zone)));
    }

    private Story agree(Instant from, Terms terms) {
        history.add(new Change(today, from, afterDue, terms));
        return this;
    }

    List<Change> history() {
        return List.copyOf(history);
    }

    List<Movement> movementsThrough(String day) {
        return Timeline.through(history, grain, instant(day));
    }

    /** As {@code 2012-05-05..2012-06-01 52254 assault-rifle}, in order. */
    List<String> through(String day) {
        return movementsThrough(day).stream()
                .map(m -> local(m.span().start()) + ".." + local(m.span().end()) + " " + m.cents() + " "
                        + m.price().item())
                .toList();
    }

    long total(String day) {
        return movementsThrough(day).stream().mapToLong(Movement::cents).sum();
    }

    private String local(Instant at) {
        return LocalDate.ofInstant(at, zone).toString();
    }

    Instant instant(String text) {
        return text.length() == 10 ? LocalDate.parse(text).atStartOfDay(zone).toInstant() : Instant.parse(text);
    }

    static Recurring monthly(String item, String amount) {
        return price(item, amount, Cadence.MONTH, Timing.IN_ADVANCE);
    }

    static Recurring yearly(String item, String amount) {
        return price(item, amount, Cadence.YEAR, Timing.IN_ADVANCE);
    }

    static Recurring monthlyInArrears(String item, String amount) {
        return price(item, amount, Cadence.MONTH, Timing.IN_ARREARS);
    }

    static Recurring price(String item, String amount, Cadence cadence, Timing timing) {
        return new Recurring(item, cents(amount), BigDecimal.ONE, cadence, timing, true);
    }

    static Recurring times(int quantity, Recurring price) {
        return new Recurring(
                price.item(),
                Math.multiplyExact(price.cents(), quantity),
                BigDecimal.valueOf(quantity),
                price.cadence(),
                price.timing(),
                price.prorated());
    }

    static Recurring unprorated(Recurring price) {
        return new Recurring(price.item(), price.cents(), price.quantity(), price.cadence(), price.timing(), false);
    }

    /** {@code 249.95} is 24995. */
    static long cents(String amount) {
        return new BigDecimal(amount).movePointRight(2).longValueExact();
    }
}
