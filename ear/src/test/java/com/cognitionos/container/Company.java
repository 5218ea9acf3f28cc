package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.ledger.boundary.Ledger.AccountBalance;
import com.cognitionos.metering.boundary.IngestResult;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.SubscriptionView;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tenant of the test world and what it does, on its own clock. */
record Company(World world, UUID id) {

    static final String VISA = "pm_card_visa";
    static final String FAILING = "pm_card_chargeCustomerFail";

    /** One of its own people, who can do anything in it and nothing elsewhere. */
    Caller member() {
        return new Caller("user:" + id, false, id, Caller.ALL);
    }

    <T> T as(Supplier<T> work) {
        return member().call(work);
    }

    void does(Runnable work) {
        member().run(work);
    }

    /** Moves its clock on to that day, with everything that falls due on the way. */
    Company on(String day) {
        Instant instant = Dates.at(day);
        World.OPERATOR.in(id).run(() -> world.settlement.carryTo(instant, null));
        return this;
    }

    Company withCard(String token) {
        does(() -> world.cards.add(token, true));
        return this;
    }

    /** Uses that much at its present. */
    Company uses(String meter, long quantity) {
        return used(meter, quantity, as(() -> world.clocks.current().now()));
    }

    /** Reports what was used on that day. */
    Company used(String meter, long quantity, String day) {
        return used(meter, quantity, Dates.at(day));
    }

    private Company used(String meter, long quantity, Instant instant) {
        IngestResult result = sends(event(World.unique("e"), meter, Long.toString(quantity), instant));
        assertThat(result.accepted())
                .as("accepted, or why not: %s", result.rejected())
                .isEqualTo(1);
        return this;
    }

    IngestResult sends(UsageEvent... events) {
        SortedMap<Integer, UsageEvent> batch = new TreeMap<>();
        for (UsageEvent event : events) {
            batch.put(batch.size(), event);
        }
        return as(() -> world.usageEvents.ingest(batch));
    }

    static UsageEvent event(String id, String meter, String quantity, Instant instant) {
        return new UsageEvent(id, meter, new BigDecimal(quantity), instant, null, null);
    }

    /** What it used of a meter in a span of time. */
    BigDecimal usage(String meter, String from, String to) {
        return usage(meter, new Period(Dates.at(from), Dates.at(to)));
    }

    BigDecimal usage(String meter, Period period) {
        return as(() -> world.usage.inPeriod(period)).getOrDefault(meter, BigDecimal.ZERO);
    }

    /** Rolls its usage up until nothing is behind. */
    Company rollsUp() {
        World.OPERATOR.in(id).run(() -> world.rollups.rollUp(true));
        return this;
    }

    SubscriptionView subscription() {
        return as(world.subscriptions::current);
    }

    /** The finalised ones, oldest first. */
    List<InvoiceView> invoices() {
        return as(() -> world.invoices.list(new Page.Request(1, Page.Request.MAX_SIZE))).items().stream()
                .filter(invoice -> invoice.number() != null)
                .sorted(Comparator.comparing(InvoiceView::createdAt))
                .toList();
    }

    List<Long> totals() {
        return invoices().stream().map(InvoiceView::totalCents).toList();
    }

    InvoiceView lastInvoice() {
        List<InvoiceView> all = invoices();
        return all.get(all.size() - 1);
    }

    /** Finance credits an invoice of it. @param lines null for all that is left */
    CreditNoteView credited(UUID invoice, @Nullable List<CreditNotes.Wanted> lines, Payout payout) {
        return World.OPERATOR.in(id).call(() -> world.settlement.credit(invoice, lines, "a reason", payout));
    }

    /** What an account of the ledger stands at, of its part of the books. */
    long account(String account) {
        return accounts(one -> one.account().equals(account));
    }

    /** By how much its part of the books is out of balance. */
    long imbalance() {
        return accounts(one -> true);
    }

    private long accounts(Predicate<AccountBalance> which) {
        return as(() -> world.ledger.trialBalance(true)).stream()
                .filter(which)
                .mapToLong(AccountBalance::balanceCents)
                .sum();
    }

    /** What it has on its balance, in its only currency. */
    long balance() {
        return as(world.balance::balances).stream()
                .mapToLong(CustomerBalance.Balance::cents)
                .sum();
    }
}
