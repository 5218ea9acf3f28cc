package com.cognitionos.payment.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.payment.entity.ChargeOutcome;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The mock behind the port; it steps out of the tenant, which a provider does not know. It takes no fee. */
@ApplicationScoped
public class MockProviderPort implements PaymentProvider {

    static final String NAME = "mock";

    private static final Caller PROVIDER = Caller.job("mock-provider");

    @EJB
    private MockProvider mock;

    @EJB
    private MockRecords kept;

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
    public ProviderRecords records() {
        return new Records();
    }

    /** It knows no disputes. */
    private final class Records implements ProviderRecords {

        @Override
        public Optional<TheirPayment> payment(String ref) {
            return PROVIDER.call(() -> kept.charges("c.ref = ?", ref)).stream().findFirst();
        }

        @Override
        public Optional<TheirRefund> refund(String ref) {
            return PROVIDER.call(() -> kept.refunds("r.ref = ?", ref)).stream().findFirst();
        }

        @Override
        public List<TheirRefund> refundsOf(String paymentRef) {
            return PROVIDER.call(() -> kept.refunds("r.charge_ref = ?", paymentRef));
        }

        @Override
        public Optional<TheirDispute> dispute(String ref) {
            return Optional.empty();
        }

        @Override
        public boolean keepsCard(String cardRef) {
            return PROVIDER.call(
                    () -> kept.is("SELECT 1 FROM mock_payment_methods WHERE ref = ? AND NOT detached", cardRef));
        }

        @Override
        public boolean keepsCustomer(String customerRef) {
            return PROVIDER.call(() -> kept.is("SELECT 1 FROM mock_customers WHERE ref = ?", customerRef));
        }

        @Override
        public void payments(Instant since, Consumer<TheirPayment> each) {
            PROVIDER.call(() -> kept.charges("c.created_at >= ?", since)).forEach(each);
        }

        @Override
        public void refunds(Instant since, Consumer<TheirRefund> each) {
            PROVIDER.call(() -> kept.refunds("r.created_at >= ?", since)).forEach(each);
        }

        @Override
        public void disputes(Instant since, Consumer<TheirDispute> each) {
            // There are none.
        }
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
