package com.cognitionos.payment.control;

import com.cognitionos.payment.entity.ChargeOutcome;
import com.stripe.exception.StripeException;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Customer;
import com.stripe.model.Dispute;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.param.DisputeListParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.RefundListParams;
import com.stripe.service.V1Services;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What Stripe has: PaymentIntents, their refunds and disputes. It only reads. */
final class StripeRecords implements ProviderRecords {

    private static final int NOT_FOUND = 404;

    private final StripeProvider provider;
    private final V1Services stripe;

    StripeRecords(StripeProvider provider, V1Services stripe) {
        this.provider = provider;
        this.stripe = stripe;
    }

    @Override
    public Optional<TheirPayment> payment(String ref) {
        PaymentIntentRetrieveParams params = PaymentIntentRetrieveParams.builder()
                .addExpand(StripeProvider.WITH_FEE)
                .build();
        return found("payment", () -> stripe.paymentIntents().retrieve(ref, params))
                .map(StripeRecords::of);
    }

    @Override
    public Optional<TheirRefund> refund(String ref) {
        return found("refund", () -> stripe.refunds().retrieve(ref)).map(StripeRecords::of);
    }

    @Override
    public List<TheirRefund> refundsOf(String paymentRef) {
        RefundListParams params = RefundListParams.builder()
                .setPaymentIntent(paymentRef)
                .setLimit(StripeProvider.PAGE)
                .build();
        List<TheirRefund> refunds = new ArrayList<>();
        answer("refunds", () -> {
            provider.call(() -> stripe.refunds().list(params))
                    .autoPagingIterable()
                    .forEach(refund -> refunds.add(of(refund)));
            return refunds;
        });
        return refunds;
    }

    @Override
    public Optional<TheirDispute> dispute(String ref) {
        return found("dispute", () -> stripe.disputes().retrieve(ref)).map(StripeRecords::of);
    }

    @Override
    public boolean keepsCard(String cardRef) {
        return found("card", () -> stripe.paymentMethods().retrieve(cardRef))
                .map(card -> card.getCustomer() != null)
                .orElse(false);
    }

    @Override
    public boolean keepsCustomer(String customerRef) {
        return found("customer", () -> stripe.customers().retrieve(customerRef))
                .map(StripeRecords::isThere)
                .orElse(false);
    }

    private static boolean isThere(Customer customer) {
        return !Boolean.TRUE.equals(customer.getDeleted());
    }

    @Override
    public void payments(Instant since, Consumer<TheirPayment> each) {
        PaymentIntentListParams params = PaymentIntentListParams.builder()
                .setCreated(PaymentIntentListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(StripeProvider.PAGE)
                .addExpand("data." + StripeProvider.WITH_FEE)
                .build();
        answer("payments", () -> {
            provider.call(() -> stripe.paymentIntents().list(params))
                    .autoPagingIterable()
                    .forEach(intent -> each.accept(of(intent)));
            return true;
        });
    }

    @Override
    public void refunds(Instant since, Consumer<TheirRefund> each) {
        RefundListParams params = RefundListParams.builder()
                .setCreated(RefundListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(StripeProvider.PAGE)
                .build();
        answer("refunds", () -> {
            for (Refund refund :
                    provider.call(() -> stripe.refunds().list(params)).autoPagingIterable()) {
                // One without is of a charge that no payment of ours made.
                if (refund.getPaymentIntent() != null) {
                    each.accept(of(refund));
                }
            }
            return true;
        });
    }

    @Override
    public void disputes(Instant since, Consumer<TheirDispute> each) {
        DisputeListParams params = DisputeListParams.builder()
                .setCreated(DisputeListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(StripeProvider.PAGE)
                .build();
        answer("disputes", () -> {
            for (Dispute dispute :
                    provider.call(() -> stripe.disputes().list(params)).autoPagingIterable()) {
                if (dispute.getPaymentIntent() != null) {
                    each.accept(of(dispute));
                }
            }
            return true;
        });
    }

    private <T> Optional<T> found(String what, StripeProvider.Call<T> call) {
        return answer(what, () -> {
            try {
                return Optional.of(provider.call(call));
            } catch (StripeException e) {
                if (Integer.valueOf(NOT_FOUND).equals(e.getStatusCode())) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private static <T> T answer(String what, StripeProvider.Call<T> call) {
        try {
            return call.make();
        } catch (StripeException e) {
            throw StripeProvider.unavailable(what, e);
        }
    }

    private static TheirPayment of(PaymentIntent intent) {
        return new TheirPayment(
                intent.getId(),
                id(intent.getMetadata(), StripeProvider.PAYMENT),
                StripeAmount.fromStripe(intent.getAmount(), intent.getCurrency()),
                StripeAmount.code(intent.getCurrency()),
                // One that waits for its payer is not decided; whoever charged it gives it up.
                StripeWords.of(intent).orElseGet(() -> ChargeOutcome.processing(intent.getId())),
                Instant.ofEpochSecond(intent.getCreated()));
    }

    private static TheirRefund of(Refund refund) {
        return new TheirRefund(
                refund.getId(),
                String.valueOf(refund.getPaymentIntent()),
                id(refund.getMetadata(), StripeProvider.REFUND),
                StripeAmount.fromStripe(refund.getAmount(), refund.getCurrency()),
                StripeAmount.code(refund.getCurrency()),
                StripeWords.of(refund),
                Instant.ofEpochSecond(refund.getCreated()));
    }

    static TheirDispute of(Dispute dispute) {
        List<BalanceTransaction> booked =
                dispute.getBalanceTransactions() == null ? List.of() : dispute.getBalanceTransactions();
        return new TheirDispute(
                dispute.getId(),
                String.valueOf(dispute.getPaymentIntent()),
                StripeWords.of(dispute.getStatus(), !booked.isEmpty()),
                StripeAmount.fromStripe(dispute.getAmount(), dispute.getCurrency()),
                StripeAmount.code(dispute.getCurrency()),
                dispute.getReason(),
                fee(booked),
                Instant.ofEpochSecond(dispute.getCreated()));
    }

    /** Over all that was taken and came back: of a dispute that is won the fee may come back too. */
    private static ChargeOutcome.@Nullable Fee fee(List<BalanceTransaction> booked) {
        return booked.isEmpty()
                ? null
                : new ChargeOutcome.Fee(
                        booked.stream()
                                .mapToLong(one -> StripeAmount.fromStripe(one.getFee(), one.getCurrency()))
                                .sum(),
                        StripeAmount.code(booked.get(0).getCurrency()));
    }

    private static @Nullable UUID id(@Nullable Map<String, String> metadata, String name) {
        String text = metadata == null ? null : metadata.get(name);
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
