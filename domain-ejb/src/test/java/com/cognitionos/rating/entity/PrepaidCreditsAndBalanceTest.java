package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Drafting.NOW;
import static com.cognitionos.rating.entity.Drafting.credit;
import static com.cognitionos.rating.entity.Drafting.draft;
import static com.cognitionos.rating.entity.Drafting.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What pays an invoice before the customer does. */
class PrepaidCreditsAndBalanceTest {

    @Test
    void creditsAreConsumedByPriorityThenExpiryThenAge() {
        InvoiceAmounts invoice = draft().charge("1", 1000)
                .prepaid(
                        new PrepaidCredit("never", 100, null, 1, NOW.minusSeconds(9)),
                        new PrepaidCredit("later", 100, NOW.plusSeconds(60), 1, NOW.minusSeconds(8)),
                        new PrepaidCredit("a younger", 100, NOW.plusSeconds(30), 1, NOW.minusSeconds(1)),
                        new PrepaidCredit("an older", 100, NOW.plusSeconds(30), 1, NOW.minusSeconds(2)),
                        new PrepaidCredit("first", 100, null, 0, NOW))
                .amounts();
        assertThat(invoice.creditsApplied())
                .map(PrepaidCredit.Use::creditId)
                .containsExactly("first", "an older", "a younger", "later", "never");
        assertThat(invoice.amountDueCents()).isEqualTo(500);
    }

    @Test
    void theLastCreditIsConsumedInPart() {
        InvoiceAmounts invoice = draft().charge("1", 150)
                .prepaid(prepaid("a", 100, null, 0), prepaid("b", 100, null, 1), prepaid("c", 100, null, 2))
                .amounts();
        assertThat(invoice.creditsApplied())
                .containsExactly(new PrepaidCredit.Use("a", 100), new PrepaidCredit.Use("b", 50));
    }

    @Test
    void anExpiredCreditPaysNothing() {
        InvoiceAmounts invoice = draft().charge("1", 100)
                .prepaid(prepaid("at", 30, NOW, 0), prepaid("after", 30, NOW.plusNanos(1), 0))
                .amounts();
        assertThat(invoice.creditsApplied()).containsExactly(new PrepaidCredit.Use("after", 30));
    }

    @Test
    void creditsPayTheTaxToo() {
        InvoiceAmounts invoice = draft().charge("1", 100)
                .tax(exclusive("vat", "20"))
                .prepaid(prepaid("a", 500, null, 0))
                .amounts();
        assertThat(invoice.creditsAppliedCents()).isEqualTo(120);
        assertThat(invoice.taxCents()).isEqualTo(20);
    }

    @Test
    void theBalancePaysWhatCreditsLeave() {
        InvoiceAmounts invoice = draft().charge("1", 1000)
                .prepaid(prepaid("a", 300, null, 0))
                .balance(-5000)
                .amounts();
        assertThat(invoice.balanceAppliedCents()).isEqualTo(700);
        assertThat(invoice.amountDueCents()).isZero();
        assertThat(invoice.newBalance().cents()).isEqualTo(-4300);
    }

    @Test
    void anAmountBelowTheMinimumIsCarriedOverAndCollectedNextTime() {
        InvoiceAmounts small = draft().charge("1", 49).minimum(50).amounts();
        assertThat(small.isCarriedOver()).isTrue();
        assertThat(small.totalCents()).isEqualTo(49);
        assertThat(small.amountDueCents()).isZero();
        assertThat(small.newBalance().cents()).isEqualTo(49);

        InvoiceAmounts next = draft().charge("1", 1)
                .minimum(50)
                .balance(small.newBalance().cents())
                .amounts();
        assertThat(next.isCarriedOver()).isFalse();
        assertThat(next.balanceAppliedCents()).isEqualTo(-49);
        assertThat(next.amountDueCents()).isEqualTo(50);
        assertThat(next.newBalance()).isEqualTo(CustomerBalance.ZERO);
    }

    @Test
    void aCreditForTheBalanceFirstPaysWhatWasCarriedOver() {
        InvoiceAmounts invoice =
                draft().line(credit("old", -30, Map.of())).balance(49).amounts();
        assertThat(invoice.totalCents()).isZero();
        assertThat(invoice.amountDueCents()).isEqualTo(19);
        assertThat(invoice.newBalance()).isEqualTo(CustomerBalance.ZERO);
    }

    /** Credit of 300.00 for an unpaid invoice of 249.95. */
    @Test
    void aCreditLargerThanTheOpenInvoiceStaysOnTheBalance() {
        CustomerBalance.Settlement settled =
                CustomerBalance.ZERO.credited(30_000).pay(24_995);
        assertThat(settled.dueCents()).isZero();
        assertThat(settled.appliedCents()).isEqualTo(24_995);
        assertThat(settled.balance().cents()).isEqualTo(-5005);
    }

    @Test
    void aBalanceWithoutCreditPaysNothing() {
        CustomerBalance.Settlement settled = new CustomerBalance(10).pay(100);
        assertThat(settled.dueCents()).isEqualTo(100);
        assertThat(settled.balance().cents()).isEqualTo(10);
    }

    private static PrepaidCredit prepaid(String id, long cents, @Nullable Instant expiresAt, int priority) {
        return new PrepaidCredit(id, cents, expiresAt, priority, NOW.minusSeconds(100));
    }
}
