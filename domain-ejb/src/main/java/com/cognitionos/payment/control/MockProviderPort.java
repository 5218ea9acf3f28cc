package com.cognitionos.payment.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.payment.entity.ChargeOutcome;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;

/** The mock behind the port; it steps out of the tenant, which a provider does not know. */
@ApplicationScoped
public class MockProviderPort implements PaymentProvider {

    private static final Caller PROVIDER = Caller.job("mock-provider");

    @EJB
    private MockProvider mock;

    @Override
    public String name() {
        return "mock";
    }

    @Override
    public Card keep(String token) {
        return PROVIDER.call(() -> mock.keep(token));
    }

    @Override
    public ChargeOutcome charge(String idempotencyKey, String cardRef, long cents, String currency) {
        return PROVIDER.call(() -> mock.charge(idempotencyKey, cardRef, cents, currency));
    }

    @Override
    public ChargeOutcome refund(String idempotencyKey, String chargeRef, long cents, String currency) {
        return PROVIDER.call(() -> mock.refund(idempotencyKey, chargeRef, cents, currency));
    }
}
