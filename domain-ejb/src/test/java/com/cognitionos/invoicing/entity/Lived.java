package com.cognitionos.invoicing.entity;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.invoicing.entity.BillingFacts.Agreement;
import com.cognitionos.invoicing.entity.BillingFacts.Month;
import com.cognitionos.invoicing.entity.BillingFacts.OneOff;
import com.cognitionos.invoicing.entity.BillingFacts.Part;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.invoicing.entity.Invoiced.Place;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Change;
import com.cognitionos.rating.entity.Commitment;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Movement;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Recurring;
import com.cognitionos.rating.entity.Recurring.Timing;
import com.cognitionos.rating.entity.Timeline;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A life as it goes on in one zone, invoiced as the product does it: from one instant at which something falls due to
 * the next, and whatever is done is done once all before it is invoiced.
 */
final class Lived {

    private static final LocalDateTime START = LocalDateTime.parse("2027-01-31T00:00:00");
    private static final Place NOWHERE = new Place(new UUID(0, 0), 1);
    private static final Set<String> PLANS = Set.of("free", "pro", "team");

    /** An invoice's facts, and the lines that they gave then, before notes cut them. */
    record Stop(BillingFacts facts, List<InvoiceLine> lines) {

        Instant at() {
            return facts.at();
        }
    }

    /** What is to be agreed as the period ends. */
    private record Pending(Instant at, Change.Terms terms) {}

    private final Life life;
    private final ZoneId zone;
    private final List<Plan> sold;
    private final @Nullable Account account;
    private final Instant start;
    private final Instant end;
    private final List<Change> history = new ArrayList<>();
    /** By the very terms: a pause and a trial are of equal ones. */
    private final Map<Change.Terms, Plan> plans = new IdentityHashMap<>();

    private final List<Stop> stops = new ArrayList<>();
    private final List<Invoiced> invoiced = new ArrayList<>();
    private final Map<Period, Month> months = new TreeMap<>(Comparator.comparing(Period::start));
    private List<OneOff> waiting = new ArrayList<>();
    private final Set<Change.Terms> free = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Change.Terms> trials = Collections.newSetFromMap(new IdentityHashMap<>());
    private Instant now;
    private Instant monthStart;
    private @Nullable Pending pending;
    private List<Instant> dues = List.of();
    private boolean paused;
    private boolean over;

    private Lived(Life life, ZoneId zone, @Nullable Account account) {
        this.life = life;
        this.zone = zone;
        this.account = account;
        this.sold = List.of(
                sold(Catalogue.FREE, life.grains().get(0), null),
                sold(Catalogue.PRO, life.grains().get(1), life.commitment()),
                sold(Catalogue.TEAM, life.grains().get(2), life.commitment()));
        this.start = local(0);
        this.end = local(24 * Life.DAYS);
        this.now = start;
        this.monthStart = start;
    }

    /** Nobody gives a part of an invoice back, and nobody pays one. */
    static Lived of(Life life, ZoneId zone) {
        return of(life, zone, null);
    }

    static Lived of(Life life, ZoneId zone, @Nullable Account account) {
        Lived lived = new Lived(life, zone, account);
        lived.live();
        return lived;
    }

    private static Plan sold(Plan plan, Grain grain, @Nullable Commitment commitment) {
        return new Plan(
                plan.tier(),
                plan.version(),
                plan.position(),
                plan.name(),
                plan.custom(),
                grain,
                plan.prices(),
                plan.meters(),
                commitment == null ? Map.of() : Map.of("USD", commitment),
                plan.features());
    }

    List<Change> history() {
        return List.copyOf(history);
    }

    List<Stop> stops() {
        return List.copyOf(stops);
    }

    List<InvoiceLine> lines() {
        return stops.stream().flatMap(stop -> stop.lines().stream()).toList();
    }

    /** All that the history charges; after an end also what its last day brings. */
    List<Movement> movements() {
        return Timeline.through(history, Grain.SECOND, over ? end.plus(60, ChronoUnit.DAYS) : now);
    }

    private void live() {
        Anchor anchor = new Anchor(local(24 * life.anchorDays()), zone);
        boolean trial = life.trialDays() > 0;
        if (trial) {
            agree(new Change(start, start, false, free(anchor, plan(life.holding()), true)));
            pending = new Pending(local(24 * life.trialDays()), terms(anchor, life.holding()));
        } else {
            agree(new Change(start, start, false, terms(anchor, life.holding())));
        }
        stop(start, 0, false, null);
        for (Life.Act act : life.acts()) {
            Instant at = local(act.hour());
            passDues(at);
            now = over ? now : at;
            if (!over || act.deed().isOfInvoices()) {
                act(act);
            }
        }
        if (!over) {
            passDues(end);
            now = end;
        }
    }

    private void act(Life.Act act) {
        Change.Terms held = held(now).terms();
        boolean inTrial = trials.contains(held);
        Anchor anchor = held.anchor();
        switch (act.deed()) {
            case CHANGE -> {
                if (!inTrial && !paused) {
                    pending = null;
                    agreeNow(terms(anchorFor(act, anchor), act.holding()));
                }
            }
            case SCHEDULE -> {
                if (!inTrial && !paused && pending == null) {
                    later(local(act.hour() + act.lead()), terms(anchor, act.holding()));
                }
            }
            case BACKDATE -> {
                Instant from = local(act.hour() - act.lead());
                boolean open = from.isAfter(monthStart) && !from.isBefore(latestFrom());
                if (!inTrial && !paused && pending == null && open) {
                    agree(new Change(now, from, true, terms(anchor, act.holding())));
                    stop(now, history.size() - 1, false, null);
                }
            }
            case CHANGE_AT_PERIOD_END -> {
                if (!inTrial && !paused) {
                    pending = new Pending(periodEnd(), terms(anchor, act.holding()));
                }
            }
            case PAUSE -> {
                if (!inTrial && !paused && pending == null) {
                    paused = true;
                    agreeNow(free(anchor, planOf(held), false));
                }
            }
            case RESUME -> {
                if (paused) {
                    paused = false;
                    agreeNow(terms(anchor, act.holding()));
                }
            }
            case MOVE_ANCHOR -> {
                if (!inTrial && !paused && pending == null) {
                    agreeNow(moved(held, new Anchor(now, zone)));
                }
            }
            case MOVE_ANCHOR_AT_PERIOD_END -> {
                if (!inTrial && !paused) {
                    Instant at = periodEnd();
                    pending = new Pending(at, moved(held, new Anchor(local(act.hour() + act.lead()), zone)));
                }
            }
            case TAKE_BACK -> {
                if (!inTrial && pending != null) {
                    pending = null;
                } else if (!inTrial && history.get(history.size() - 1).from().isAfter(now)) {
                    agreeNow(held);
                }
            }
            case CANCEL -> {
                pending = null;
                agreeNow(ended(held));
            }
            case CANCEL_AT_PERIOD_END -> {
                if (!inTrial && !paused) {
                    pending = new Pending(periodEnd(), ended(held));
                }
            }
            case CHARGE_ONCE ->
                waiting.add(new OneOff(
                        "Setup", 10L * act.lead(), planOf(held).tier().code()));
            case CREDIT -> {
                if (account != null) {
                    account.credit(act.lead());
                }
            }
            case MAKE_VOID -> {
                if (account != null) {
                    account.makeVoid(act.lead());
                }
            }
        }
    }

    /** Another cycle starts a new period. */
    private Anchor anchorFor(Life.Act act, Anchor anchor) {
        boolean other = held(now).terms().prices().stream()
                .anyMatch(price -> PLANS.contains(price.item())
                        && price.cadence().equals(Cadence.YEAR) != act.holding().yearly());
        return other ? new Anchor(now, zone) : anchor;
    }

    private void later(Instant from, Change.Terms terms) {
        agree(new Change(now, from, true, terms));
        stop(now, history.size() - 1, false, null);
    }

    /** From now on; where the calendar moves or all ends, the month ends too. */
    private void agreeNow(Change.Terms terms) {
        boolean cut = terms.ended() || !terms.anchor().equals(held(now).terms().anchor());
        agree(new Change(now, now, true, terms));
        Period month = cut && monthStart.isBefore(now) ? new Period(monthStart, now) : null;
        stop(now, history.size() - 1, terms.ended(), month);
        if (cut) {
            monthStart = now;
        }
        over = terms.ended();
    }

    private void agree(Change change) {
        history.add(change);
        dues = Timeline.through(history, Grain.SECOND, end).stream()
                .map(Movement::at)
                .filter(at -> at.isAfter(now))
                .distinct()
                .toList();
    }

    private void passDues(Instant until) {
        for (Instant due = nextDue(); !over && !due.isAfter(until); due = nextDue()) {
            now = due;
            boolean last = false;
            if (pending != null && pending.at().equals(due)) {
                Change.Terms terms = pending.terms();
                pending = null;
                agree(new Change(due, due, false, terms));
                last = terms.ended();
            }
            Period month = due.equals(monthEnd()) ? new Period(monthStart, due) : null;
            stop(due, 0, last, month);
            if (month != null) {
                monthStart = due;
            }
            over = last;
        }
    }

    private Instant nextDue() {
        Instant next = monthEnd();
        for (Instant due : dues) {
            if (due.isAfter(now)) {
                next = due.isBefore(next) ? due : next;
                break;
            }
        }
        return pending != null && pending.at().isBefore(next) ? pending.at() : next;
    }

    /** The month ends with its calendar, or where another calendar is agreed from. */
    private Instant monthEnd() {
        Anchor anchor = held(monthStart).terms().anchor();
        Instant regular = anchor.periodAround(monthStart, Cadence.MONTH).end();
        return history.stream()
                .filter(change -> change.from().isAfter(monthStart)
                        && change.from().isBefore(regular)
                        && held(change.from()) == change
                        && !change.terms().anchor().equals(anchor))
                .map(Change::from)
                .min(Instant::compareTo)
                .orElse(regular);
    }

    private Instant periodEnd() {
        return periodAround(now).end();
    }

    private Period periodAround(Instant at) {
        Change.Terms held = held(at).terms();
        Cadence cadence = held.prices().stream()
                .filter(price -> PLANS.contains(price.item()))
                .map(Recurring::cadence)
                .findFirst()
                .orElse(Cadence.MONTH);
        return held.anchor().periodAround(at, cadence);
    }

    private Instant latestFrom() {
        return history.get(history.size() - 1).from();
    }

    /** What holds at an instant as far as is known: an entry replaces all that was agreed before for its time. */
    private Change held(Instant at) {
        Change held = history.get(0);
        for (Change change : history) {
            if (!change.from().isAfter(at)) {
                held = change;
            }
        }
        return held;
    }

    private void stop(Instant at, int since, boolean last, @Nullable Period period) {
        Month month = period == null ? null : month(period);
        List<Reopened> reopened = month == null ? List.of() : reopened();
        Period running = periodAround(stops.isEmpty() || since > 0 ? at : at.minusNanos(1));
        BillingFacts facts = new BillingFacts(agreement(history), at, since, last, month, reopened, waiting);
        List<InvoiceLine> lines = InvoiceCalculator.lines(facts);
        stops.add(new Stop(facts, lines));
        waiting = new ArrayList<>();
        if (account == null) {
            lines.forEach(line -> invoiced.add(
                    new Invoiced(NOWHERE, line, new InvoicedLine("", line.amountCents(), List.of(), List.of()))));
        } else {
            account.invoice(at, lines, running.start(), last);
        }
        if (month != null) {
            months.put(period, month);
        }
    }

    Agreement agreement(List<Change> known) {
        Map<Recurring, String> names = new HashMap<>();
        known.stream()
                .flatMap(change -> change.terms().prices().stream())
                .filter(price -> PLANS.contains(price.item()))
                .forEach(price -> names.put(price, price.item() + " plan"));
        return new Agreement(known, Grain.SECOND, names);
    }

    private Month month(Period period) {
        List<Instant> cuts = new ArrayList<>(List.of(period.start()));
        history.stream()
                .map(Change::from)
                .filter(from -> from.isAfter(period.start()) && from.isBefore(period.end()))
                .distinct()
                .sorted()
                .filter(from -> !terms(from).equals(terms(from.minusNanos(1))))
                .forEach(cuts::add);
        cuts.add(period.end());
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i < cuts.size(); i++) {
            Period part = new Period(cuts.get(i - 1), cuts.get(i));
            parts.add(new Part(terms(part.start()), part, used(part)));
        }
        Period calendar = held(period.start()).terms().anchor().periodAround(period.start(), Cadence.MONTH);
        Period whole = period.length().compareTo(calendar.length()) > 0 ? period : calendar;
        return new Month(period, whole, parts);
    }

    private Terms terms(Instant at) {
        Change.Terms held = held(at).terms();
        return new Terms(planOf(held), "USD", free.contains(held));
    }

    private Map<String, BigDecimal> used(Period part) {
        Map<String, BigDecimal> used = new HashMap<>();
        for (Life.Read read : life.reads()) {
            if (part.contains(local(read.hour())) && counts(read)) {
                used.merge(read.meter(), BigDecimal.valueOf(read.quantity()), BigDecimal::add);
            }
        }
        return used;
    }

    private boolean counts(Life.Read read) {
        boolean reported = !local(read.reported()).isAfter(now);
        return reported
                && (read.retracted() == 0
                        || local(read.reported() + read.retracted()).isAfter(now));
    }

    /** Invoiced months of which something else is known now. */
    private List<Reopened> reopened() {
        List<Reopened> reopened = new ArrayList<>();
        for (Period period : List.copyOf(months.keySet())) {
            Month known = month(period);
            if (!known.equals(months.get(period))
                    && !trials.contains(held(period.end().minusNanos(1)).terms())) {
                reopened.add(new Reopened(
                        known, ofUsage(period, one -> one.line().amountCents()), ofUsage(period, Lived::notOwed)));
                months.put(period, known);
            }
        }
        return reopened;
    }

    private Map<String, Long> ofUsage(Period month, ToLongFunction<Invoiced> cents) {
        Map<String, Long> sums = new HashMap<>();
        for (Invoiced one : account == null ? invoiced : account.invoiced()) {
            InvoiceLine line = one.line();
            boolean usage = line.meter() != null
                    || line.kind() == InvoiceLine.Kind.COMMITMENT
                    || line.kind() == InvoiceLine.Kind.ADJUSTMENT;
            if (usage && month.contains(line.period().start())) {
                String what = line.meter() == null ? Reopened.COMMITMENT : line.meter();
                sums.merge(what, cents.applyAsLong(one), Long::sum);
            }
        }
        return sums;
    }

    private static long notOwed(Invoiced one) {
        return one.isVoid()
                ? one.line().amountCents()
                : one.noted().stream().mapToLong(CreditedLine::cents).sum();
    }

    private Change.Terms terms(Anchor anchor, Life.Holding holding) {
        Plan plan = plan(holding);
        boolean yearly = holding.yearly() && holding.plan() == 1;
        List<Recurring> prices = new ArrayList<>();
        Recurring price = plan.recurring(yearly ? BillingCycle.YEARLY : BillingCycle.MONTHLY, "USD");
        prices.add(yearly ? price : timed(price.item(), price.cents(), 1, life.timing()));
        if (holding.seats() > 0) {
            prices.add(timed("add_on:seat", 2_003L * holding.seats(), holding.seats(), Timing.IN_ADVANCE));
        }
        if (holding.support()) {
            prices.add(timed("add_on:support", 1_501, 1, Timing.IN_ARREARS));
        }
        Change.Terms terms = new Change.Terms(prices, anchor, false, plan.grain());
        plans.put(terms, plan);
        return terms;
    }

    private static Recurring timed(String item, long cents, int quantity, Timing timing) {
        return new Recurring(item, cents, BigDecimal.valueOf(quantity), Cadence.MONTH, timing, true);
    }

    private Change.Terms free(Anchor anchor, Plan plan, boolean trial) {
        Change.Terms terms = Change.Terms.free(anchor).by(plan.grain());
        plans.put(terms, plan);
        free.add(terms);
        if (trial) {
            trials.add(terms);
        }
        return terms;
    }

    private Change.Terms moved(Change.Terms held, Anchor anchor) {
        Change.Terms terms = new Change.Terms(held.prices(), anchor, false, held.grain());
        plans.put(terms, planOf(held));
        return terms;
    }

    private Change.Terms ended(Change.Terms held) {
        Change.Terms terms = Change.Terms.end(held.anchor()).by(planOf(held).grain());
        plans.put(terms, planOf(held));
        return terms;
    }

    private Plan plan(Life.Holding holding) {
        return sold.get(holding.plan());
    }

    private Plan planOf(Change.Terms held) {
        return plans.getOrDefault(held, sold.get(0));
    }

    private Instant local(int hours) {
        return START.plusHours(hours).atZone(zone).toInstant();
    }
}
