package com.cognitionos.ledger.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** LED-1: nothing unbalanced even reaches the database. */
class PostingTest {

    @Test
    void aBalancedDraftBecomesAPostingWithoutItsZeroes() {
        Posting posting = post(new Posting.Draft()
                .debit(Account.RECEIVABLE, 100)
                .credit(Account.REVENUE, 60)
                .credit(Account.DEFERRED_REVENUE, 40)
                .credit(Account.TAX, 0));
        assertThat(posting.entries())
                .containsExactly(
                        new Posting.Entry(Account.RECEIVABLE, 100, 0),
                        new Posting.Entry(Account.REVENUE, 0, 60),
                        new Posting.Entry(Account.DEFERRED_REVENUE, 0, 40));
    }

    @Test
    void anUnbalancedOneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> post(new Posting.Draft().debit(Account.CASH, 100).credit(Account.RECEIVABLE, 99)));
        assertThatIllegalArgumentException().isThrownBy(() -> post(new Posting.Draft()));
    }

    @Test
    void aNegativeDebitIsACredit() {
        Posting posting = post(new Posting.Draft().debit(Account.RECEIVABLE, -5).credit(Account.REVENUE, -5));
        assertThat(posting.entries())
                .containsExactly(new Posting.Entry(Account.RECEIVABLE, 0, 5), new Posting.Entry(Account.REVENUE, 5, 0));
    }

    @Test
    void whatIsNoCurrencyIsRefused() {
        Posting.Draft draft = new Posting.Draft().debit(Account.CASH, 1).credit(Account.RECEIVABLE, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> draft.as(Posting.Kind.PAYMENT_SUCCEEDED, UUID.randomUUID(), "QQQ", false, Instant.EPOCH));
    }

    @Test
    void aDraftIsEmptyAsLongAsNothingMoves() {
        assertThat(new Posting.Draft().debit(Account.CASH, 0).isEmpty()).isTrue();
        assertThat(new Posting.Draft().debit(Account.CASH, 1).isEmpty()).isFalse();
    }

    @Test
    void oneSideOfAnEntryIs0() {
        assertThatIllegalArgumentException().isThrownBy(() -> entries(new Posting.Entry(Account.CASH, 1, 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> entries(new Posting.Entry(Account.CASH, 0, 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> entries(new Posting.Entry(Account.CASH, -1, 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> entries(new Posting.Entry(Account.CASH, 0, -1)));
        assertThat(Posting.Kind.INVOICE_FINALIZED.code()).isEqualTo("invoice_finalized");
    }

    private static Posting entries(Posting.Entry one) {
        return new Posting(
                Posting.Kind.INVOICE_FINALIZED,
                UUID.randomUUID(),
                null,
                "",
                "USD",
                false,
                Instant.EPOCH,
                List.of(one, new Posting.Entry(Account.CASH, 1, 0), new Posting.Entry(Account.CASH, 0, 1)));
    }

    private static Posting post(Posting.Draft draft) {
        return draft.as(Posting.Kind.INVOICE_FINALIZED, UUID.randomUUID(), "USD", false, Instant.EPOCH);
    }
}
