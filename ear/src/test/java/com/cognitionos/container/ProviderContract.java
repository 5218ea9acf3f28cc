package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.control.PaymentProvider.Charge;
import com.cognitionos.payment.control.PaymentProvider.NewCustomer;
import com.cognitionos.payment.control.PaymentProvider.Repayment;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.payment.entity.ChargeOutcome;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** PAY-9: what each provider does alike, so that nothing else has to ask which one it is. */
public interface ProviderContract extends Payer {

    String FAILS_ON_CHARGE = "pm_card_chargeCustomerFail";

    static Charge known(Charge charge, ChargeOutcome outcome) {
        return new Charge(
                charge.payment(),
                charge.invoice(),
                charge.tenant(),
                charge.customer(),
                charge.card(),
                charge.cents(),
                charge.currency(),
                outcome.ref());
    }

    /** Pays a part of a charge back. */
    static Repayment back(Charge charge, ChargeOutcome outcome, long cents) {
        return new Repayment(
                UUID.randomUUID(), UUID.randomUUID(), charge.tenant(), outcome.ref(), cents, charge.currency(), null);
    }

    @Test
    @DisplayName("A customer that is asked for again is the same one")
    default void customerOnce() {
        NewCustomer somebody = somebody();

        String first = provider().customer(somebody);

        assertThat(provider().customer(somebody)).isEqualTo(first);
        assertThat(provider().customer(somebody())).isNotEqualTo(first);
    }

    @Test
    @DisplayName("A card is kept with what may be shown of it, and each time as another one")
    default void cardIsKept() {
        String customer = provider().customer(somebody());

        Card card = provider().keep(customer, GOOD);

        assertThat(card.brand()).isEqualTo("visa");
        assertThat(card.last4()).isEqualTo("4242");
        assertThat(card.expMonth()).isBetween(1, 12);
        assertThat(card.expYear()).isGreaterThan(2025);
        assertThat(provider().keep(customer, GOOD).ref()).isNotEqualTo(card.ref());
    }

    @Test
    @DisplayName("A declined card is not kept, and neither is one that nobody knows")
    default void cardIsRefused() {
        String customer = provider().customer(somebody());

        Problem declined =
                catchThrowableOfType(Problem.class, () -> provider().keep(customer, "pm_card_visa_chargeDeclined"));
        Problem unknown = catchThrowableOfType(Problem.class, () -> provider().keep(customer, "pm_card_of_nobody"));

        assertThat(declined.kind()).isEqualTo(Problem.Kind.PAYMENT_REQUIRED);
        assertThat(declined.code()).isEqualTo("card_declined");
        assertThat(unknown.kind()).isEqualTo(Problem.Kind.INVALID);
        assertThat(unknown.errors()).extracting(Problem.FieldError::pointer).containsExactly("/token");
    }

    @Test
    @DisplayName("A charge moves the money once, is found, and its fee is known")
    default void chargedOnce() {
        Charge charge = charge(GOOD, 4_900);

        ChargeOutcome first = provider().charge(charge);

        assertThat(first.succeeded()).isTrue();
        assertThat(first.ref()).isNotBlank();
        assertThat(first.fee()).isNotNull();
        assertThat(provider().charge(charge)).isEqualTo(first);
        assertThat(provider().find(charge)).contains(first);
        assertThat(provider().find(known(charge, first))).contains(first);
    }

    @Test
    @DisplayName("A charge that the bank refuses has failed, with its reason, and may be tried again another day")
    default void chargeIsDeclined() {
        Charge charge = charge(FAILS_ON_CHARGE, 4_900);

        ChargeOutcome outcome = provider().charge(charge);

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.failureCode()).isEqualTo("card_declined");
        assertThat(outcome.retryable()).isTrue();
        assertThat(provider().charge(charge)).isEqualTo(outcome);
        assertThat(provider().find(charge)).contains(outcome);
    }

    @Test
    @DisplayName("What was never asked for is not found")
    default void nothingIsFound() {
        Charge never = charge(GOOD, 100);
        Charge paid = charge(GOOD, 100);
        ChargeOutcome outcome = provider().charge(paid);

        assertThat(provider().find(never)).isEmpty();
        assertThat(provider().find(back(paid, outcome, 50))).isEmpty();
    }

    @Test
    @DisplayName("A charge is paid back in parts, each once, and never more than it was")
    default void paidBack() {
        Charge charge = charge(GOOD, 1_000);
        ChargeOutcome paid = provider().charge(charge);
        Repayment part = back(charge, paid, 600);

        ChargeOutcome first = provider().refund(part);

        assertThat(first.succeeded()).isTrue();
        assertThat(provider().refund(part)).isEqualTo(first);
        assertThat(provider().find(part)).contains(first);
        assertThat(provider().refund(back(charge, paid, 401)).failed()).isTrue();
        assertThat(provider().refund(back(charge, paid, 400)).succeeded()).isTrue();
        assertThat(provider().refund(back(charge, paid, 1)).failed()).isTrue();
    }

    @Test
    @DisplayName("A card is forgotten, however often that is said, and charged no more")
    default void cardIsForgotten() {
        Charge charge = charge(GOOD, 100);

        provider().release(charge.card());
        provider().release(charge.card());

        assertThat(provider().charge(charge).failed()).isTrue();
    }
}
