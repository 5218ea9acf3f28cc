package com.cognitionos.invoicing.boundary;

import com.cognitionos.invoicing.control.CreditedSoFar;
import com.cognitionos.invoicing.control.DueLines;
import com.cognitionos.invoicing.control.FactsOfRecord;
import com.cognitionos.invoicing.control.Finalisation;
import com.cognitionos.invoicing.control.InvoiceTerms;
import com.cognitionos.invoicing.control.PlainTenants;
import com.cognitionos.invoicing.control.PlainTenants.PlainTenant;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceCalculator;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.DatabaseRole;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.boundary.RevenueRecognition;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.tenancy.boundary.BillingProfiles;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Closes the months of many tenants in one transaction, as {@link Billing#next} would close each (INV-26). Only months at
 * whose end nothing changes, and of which nothing but plan and usage is charged; whatever is otherwise, or somebody else
 * is at, is left to it.
 */
@Stateless
@TenantWall
public class PlainMonths {

    private static final Logger LOG = Logger.getLogger(PlainMonths.class.getName());

    @Inject
    private Sql sql;

    @Inject
    private DatabaseRole role;

    @Inject
    private BusinessClock clock;

    @Inject
    private FactsOfRecord facts;

    @Inject
    private CreditedSoFar credited;

    @Inject
    private InvoiceTerms terms;

    @Inject
    private Finalisation finalisation;

    @Inject
    private PlainTenants plainTenants;

    @Inject
    private Events events;

    @EJB
    private BillingProfiles profiles;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Usage usage;

    @EJB
    private RevenueRecognition recognition;

    @EJB
    private InvoiceRuns runs;

    /** An invoice that is to be collected. */
    public record Made(UUID tenant, UUID invoice) {}

    /**
     * What was done.
     *
     * @param closed the tenants of whom a month was closed
     * @param finished those of them of whom nothing is due any more; the run knows it
     */
    public record Outcome(List<Made> made, Set<UUID> closed, Set<UUID> finished) {
        public Outcome {
            made = List.copyOf(made);
            closed = Set.copyOf(closed);
            finished = Set.copyOf(finished);
        }
    }

    /** A month about to be closed. @param computed empty where there is nothing to charge (INV-5) */
    private record Closing(Subscription subscription, Optional<Finalisation.Computed> computed) {}

    /**
     * Closes one month of each of these tenants that has a plain one due by an instant. Either all of it is done or, with
     * an exception, nothing.
     *
     * @param run which counts what is made
     */
    public Outcome close(Collection<UUID> tenants, Instant upTo, UUID run) {
        role.becomeBatch();
        Instant now = clock.system();
        InvoiceTerms.Common common = terms.common();
        List<Closing> closings = closings(subscriptions.lockMonthEnds(tenants, upTo), common, now);
        if (closings.isEmpty()) {
            return new Outcome(List.of(), Set.of(), Set.of());
        }
        List<Subscription> all = closings.stream().map(Closing::subscription).toList();
        recognition.recognise(all.stream()
                .collect(Collectors.toMap(
                        Subscription::tenantId,
                        subscription -> subscription.usagePeriod().end())));
        List<Finalisation.Computed> computed = closings.stream()
                .map(Closing::computed)
                .flatMap(Optional::stream)
                .toList();
        List<Invoice> drafts = computed.isEmpty() ? List.of() : finalisation.draft(computed, now);
        List<Subscription> renewed = subscriptions.monthsInvoiced(
                all, drafts.stream().map(Invoice::subscriptionId).collect(Collectors.toSet()));
        Set<UUID> finished = all.stream()
                .filter(subscription ->
                        Objects.requireNonNull(subscription.nextDueAt()).isAfter(upTo))
                .map(Subscription::tenantId)
                .collect(Collectors.toSet());
        recognition.recognise(finished.stream().collect(Collectors.toMap(tenant -> tenant, tenant -> upTo)));
        Map<UUID, Long> totals = drafts.stream().collect(Collectors.toMap(Invoice::tenantId, Invoice::totalCents));
        runs.counted(
                run,
                all.stream()
                        .map(one -> new InvoiceRuns.Counted(
                                one.tenantId(),
                                totals.containsKey(one.tenantId()) ? 1 : 0,
                                totals.getOrDefault(one.tenantId(), 0L),
                                one.currency(),
                                finished.contains(one.tenantId())))
                        .toList());
        events.expect(all.stream().map(Subscription::tenantId).toList());
        // The commit would check them while it holds the numbers, which every other transaction waits for.
        sql.update("SET CONSTRAINTS ALL IMMEDIATE");
        if (!drafts.isEmpty()) {
            finalisation.finalise(drafts, computed, common, now);
        }
        subscriptions.tellRenewed(renewed);
        return new Outcome(
                drafts.stream()
                        .map(invoice -> new Made(invoice.tenantId(), invoice.id()))
                        .toList(),
                all.stream().map(Subscription::tenantId).collect(Collectors.toSet()),
                finished);
    }

    /**
     * What {@link #close} would make of these tenants, month after month, to the cent; nothing of it is written, and no
     * number taken.
     *
     * @param run which counts it
     * @return the tenants of whom all that is due is counted
     */
    public Set<UUID> count(Collection<UUID> tenants, Instant upTo, UUID run) {
        role.becomeBatch();
        Instant now = clock.system();
        InvoiceTerms.Common common = terms.common();
        Map<UUID, List<Long>> totals = new HashMap<>();
        List<InvoiceRuns.Counted> counted = new ArrayList<>();
        List<Subscription> due = subscriptions.monthEnds(tenants, upTo);
        while (!due.isEmpty()) {
            List<Subscription> next = new ArrayList<>();
            for (Closing closing : closings(due, common, now)) {
                Subscription subscription = closing.subscription();
                List<Long> some = totals.computeIfAbsent(subscription.tenantId(), any -> new ArrayList<>());
                closing.computed()
                        .ifPresent(computed -> some.add(computed.amounts().totalCents()));
                subscription.monthInvoiced();
                if (Objects.requireNonNull(subscription.nextDueAt()).isAfter(upTo)) {
                    counted.add(InvoiceRuns.Counted.of(subscription.tenantId(), some, subscription.currency()));
                } else if (subscription.isDueAtMonthEnd()) {
                    next.add(subscription);
                }
            }
            due = next;
        }
        if (!counted.isEmpty()) {
            runs.counted(run, counted);
        }
        return counted.stream().map(InvoiceRuns.Counted::tenant).collect(Collectors.toSet());
    }

    /** Of subscriptions at the end of their months. In the order of their tenants. */
    private List<Closing> closings(List<Subscription> due, InvoiceTerms.Common common, Instant now) {
        if (due.isEmpty()) {
            return List.of();
        }
        Map<UUID, PlainTenant> plain =
                plainTenants.among(due.stream().map(Subscription::tenantId).toList());
        Map<UUID, Period> months = due.stream()
                .filter(subscription -> plain.containsKey(subscription.tenantId()))
                .collect(Collectors.toMap(Subscription::tenantId, Subscription::usagePeriod));
        Map<UUID, Map<String, BigDecimal>> used = months.isEmpty() ? Map.of() : usage.settled(months);
        Map<UUID, List<SubscriptionEvent>> histories = subscriptions.histories(due.stream()
                .filter(subscription -> used.containsKey(subscription.tenantId()))
                .collect(Collectors.toMap(Subscription::id, Subscription::tenantId)));
        Map<UUID, BillingProfile> known = profiles.of(used.keySet());
        Map<UUID, List<InvoiceLine>> lines = new HashMap<>();
        for (Subscription subscription : due) {
            List<SubscriptionEvent> history = histories.get(subscription.id());
            if (history != null) {
                attempt(subscription, () -> lines(subscription, history, used.get(subscription.tenantId())))
                        .ifPresent(some -> lines.put(subscription.id(), some));
            }
        }
        Set<UUID> creditedOnes = credited.creditedAround(due.stream()
                .filter(subscription -> lines.containsKey(subscription.id()))
                .map(one -> new CreditedSoFar.Planned(one.tenantId(), one.id(), lines.get(one.id())))
                .toList());
        List<Closing> closings = new ArrayList<>();
        for (Subscription subscription : due) {
            List<InvoiceLine> some = lines.get(subscription.id());
            if (some != null && !creditedOnes.contains(subscription.id())) {
                attempt(
                                subscription,
                                () -> closing(
                                        subscription,
                                        plain.get(subscription.tenantId()),
                                        known.getOrDefault(subscription.tenantId(), BillingProfile.EMPTY),
                                        some,
                                        common,
                                        now))
                        .ifPresent(closings::add);
            }
        }
        return closings;
    }

    private Optional<List<InvoiceLine>> lines(
            Subscription subscription, List<SubscriptionEvent> history, Map<String, BigDecimal> used) {
        return facts.closing(subscription, history, used)
                .map(InvoiceCalculator::lines)
                .filter(lines -> lines.stream().noneMatch(line -> line.amountCents() < 0));
    }

    private static Optional<Closing> closing(
            Subscription subscription,
            PlainTenant tenant,
            BillingProfile profile,
            List<InvoiceLine> lines,
            InvoiceTerms.Common common,
            Instant now) {
        DueLines due = new DueLines(lines, List.of());
        if (due.isNothing()) {
            return Optional.of(new Closing(subscription, Optional.empty()));
        }
        return Finalisation.compute(
                        new Finalisation.Plain(subscription, tenant, profile, subscription.usagePeriod(), due),
                        common,
                        now)
                .map(computed -> new Closing(subscription, Optional.of(computed)));
    }

    @FunctionalInterface
    private interface Attempt<T> {
        Optional<T> make();
    }

    /** What is wrong with one tenant's data is found again, and told with its reason, where it is done by itself. */
    private static <T> Optional<T> attempt(Subscription subscription, Attempt<T> attempt) {
        try {
            return attempt.make();
        } catch (RuntimeException e) {
            LOG.log(Level.FINE, e, () -> "Not among many: tenant " + subscription.tenantId());
            return Optional.empty();
        }
    }
}
