package com.cognitionos.payment.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.payment.entity.ChargeOutcome;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The mock behind the port; it steps out of the tenant, which a provider does not know. It takes no fee. */
@ApplicationScoped
public class MockProviderPort implements PaymentProvider {

    static final String NAME = "mock";

    private static final Caller PROVIDER = Caller.job("mock-provider");

    @EJB
    private MockProvider mock;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String customer(NewCustomer customer) {
        return PROVIDER.call(() -> mock.customer(customer.key().toString()));
    }

    @Override
    public Card keep(String customer, String token) {
        return PROVIDER.call(() -> mock.keep(customer, token));
    }

    @Override
    public void release(String cardRef) {
        PROVIDER.run(() -> mock.release(cardRef));
    }

    @Override
    public Optional<HostedPages> pages() {
        return Optional.empty();
    }

    @Override
    public ChargeOutcome charge(Charge charge) {
        return PROVIDER.call(
                () -> mock.charge(charge.payment().toString(), charge.card(), charge.cents(), charge.currency()));
    }

    @Override
    public Optional<ChargeOutcome> find(Charge charge) {
        return PROVIDER.call(() -> mock.findCharge(charge.payment().toString()));
    }

    @Override
    public ChargeOutcome refund(Repayment repayment) {
        return PROVIDER.call(() -> mock.refund(
                repayment.refund().toString(), repayment.chargeRef(), repayment.cents(), repayment.currency()));
    }

    @Override
    public Optional<ChargeOutcome> find(Repayment repayment) {
        return PROVIDER.call(() -> mock.findRefund(repayment.refund().toString()));
    }
}
