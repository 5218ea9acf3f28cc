package com.cognitionos.container;

import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.payment.control.PaymentProvider.Charge;
import com.cognitionos.payment.control.PaymentProvider.NewCustomer;
import com.cognitionos.payment.entity.Card;
import java.util.UUID;

/** Somebody to be charged at a provider. */
public interface Payer {

    String GOOD = "pm_card_visa";

    PaymentProvider provider();

    default NewCustomer somebody() {
        UUID tenant = UUID.randomUUID();
        return new NewCustomer(UUID.randomUUID(), true, tenant, "Company", "billing@" + tenant + ".example");
    }

    /** Something to be charged to a fresh card. */
    default Charge charge(String token, long cents) {
        NewCustomer somebody = somebody();
        String customer = provider().customer(somebody);
        Card card = provider().keep(customer, token);
        return new Charge(
                UUID.randomUUID(), UUID.randomUUID(), somebody.tenant(), customer, card.ref(), cents, "USD", null);
    }
}
