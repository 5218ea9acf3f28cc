package com.cognitionos.subscription.rest;

import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.kernel.Inlined;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.subscription.boundary.SubscriptionNews;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.entity.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A subscription, with what will happen to it by itself. */
public record SubscriptionReply(
        @Inlined SubscriptionNews news,
        @Nullable PendingChange pendingChange,
        List<AddOn> addOns,
        @Nullable Card paymentMethod) {

    /**
     * What will happen by itself: {@code cancel}, {@code change} to that plan and cycle with those add-ons,
     * {@code anchor}, from where periods are counted then, or {@code contract_end}: the published terms of that plan hold
     * from then on.
     *
     * @param addOns those that are had differently then, in a quantity of 0 when they go
     */
    public record PendingChange(
            String type,
            @Nullable String tier,
            @Nullable String billingCycle,
            @Nullable Instant anchor,
            List<AddOn> addOns,
            Instant effectiveAt) {

        static PendingChange of(Subscription.Pending next) {
            boolean change =
                    next.what() == Subscription.Waiting.CHANGE || next.what() == Subscription.Waiting.CONTRACT_END;
            return new PendingChange(
                    next.what().code(),
                    change ? next.tier().code() : null,
                    change ? next.cycle().code() : null,
                    next.anchor(),
                    AddOn.of(next.addOns()),
                    next.at());
        }
    }

    /** @param version of the add-on, whose price is paid until it is moved */
    @Schema(name = "HeldAddOn")
    public record AddOn(String code, int version, int quantity) {
        static List<AddOn> of(HeldAddOns held) {
            return held.items().stream()
                    .map(item -> new AddOn(item.code(), item.version(), item.quantity()))
                    .toList();
        }
    }

    /** The card that invoices are charged to. */
    public record Card(UUID id, String type, String brand, String last4, int expMonth, int expYear, boolean isDefault) {
        static Card of(PaymentMethods.MethodView method) {
            return new Card(
                    method.id(),
                    method.type(),
                    method.brand(),
                    method.last4(),
                    method.expMonth(),
                    method.expYear(),
                    method.isDefault());
        }
    }

    static SubscriptionReply of(SubscriptionView s, Optional<PaymentMethods.MethodView> card) {
        return new SubscriptionReply(
                SubscriptionNews.of(s),
                s.pending().map(PendingChange::of).orElse(null),
                AddOn.of(s.addOns()),
                card.map(Card::of).orElse(null));
    }
}
