package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.boundary.PaymentIndex.OurCard;
import com.cognitionos.payment.boundary.PaymentIndex.OurPayment;
import com.cognitionos.payment.boundary.PaymentIndex.OurRefund;
import com.cognitionos.payment.control.ProviderRecords;
import com.cognitionos.payment.control.ProviderRecords.Stage;
import com.cognitionos.payment.control.ProviderRecords.TheirDispute;
import com.cognitionos.payment.control.ProviderRecords.TheirPayment;
import com.cognitionos.payment.control.ProviderRecords.TheirRefund;
import com.cognitionos.payment.control.Providers;
import com.cognitionos.payment.entity.Finding;
import com.cognitionos.payment.entity.Finding.Kind;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks a provider how something stands at present, and brings ours there (PAY-15). Since only the present counts, it does
 * not matter how often or in which order it is asked. For the platform; it calls the provider, and so has no transaction
 * itself (PAY-2).
 *
 * <p>Each method answers in a sentence what came of it, and throws a {@link Problem}: UNAVAILABLE where the provider does not
 * answer or has not finished, NOT_FOUND where it has no such thing, CONFLICT where ours cannot follow.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ProviderWord {

    private static final String NOT_OURS = "It is of no payment of ours.";

    @EJB
    private PaymentIndex index;

    @EJB
    private Payments payments;

    @EJB
    private Refunds refunds;

    @EJB
    private Disputes disputes;

    @EJB
    private PaymentMethods methods;

    @EJB
    private ProviderCustomers customers;

    @EJB
    private ProviderDifferences differences;

    @Inject
    private Providers providers;

    /** @throws Problem CONFLICT for a provider that is not configured */
    public ProviderRecords records(String provider) {
        return providers
                .configured(provider)
                .orElseThrow(() -> Problem.conflict(
                        "provider_not_configured",
                        "The provider " + provider + " is not configured, so it cannot be asked."))
                .records();
    }

    public String payment(String provider, String ref) {
        TheirPayment theirs = records(provider).payment(ref).orElseThrow(() -> Problem.notFound("payment there"));
        return settle(provider, theirs);
    }

    private String settle(String provider, TheirPayment theirs) {
        OurPayment ours =
                index.payment(provider, theirs.ref(), theirs.payment()).orElse(null);
        Optional<Finding> finding = Comparison.payment(provider, ours, theirs);
        if (ours == null) {
            finding.ifPresent(differences::found);
            return finding.isPresent() ? told(finding.get()) : NOT_OURS;
        }
        Caller inTenant = Caller.current().in(ours.tenant());
        if (finding.isPresent() && finding.get().kind() != Kind.PAYMENT_UNSETTLED) {
            differences.found(finding.get());
            return told(finding.get());
        }
        if (ours.status().equals("processing")) {
            inTenant.run(() -> payments.settle(ours.id(), theirs.outcome()));
            return theirs.outcome().isSettled()
                    ? "Payment " + ours.id() + (theirs.outcome().succeeded() ? " succeeded." : " failed.")
                    : "Payment " + ours.id() + " is still under way there.";
        }
        if (theirs.outcome().fee() != null) {
            inTenant.run(() -> payments.bear(ours.id(), theirs.outcome().fee()));
        }
        return "Payment " + ours.id() + " stands as it does there.";
    }

    /** Those of a payment. */
    public String refunds(String provider, String paymentRef) {
        Optional<TheirPayment> paid = records(provider).payment(paymentRef);
        if (paid.isEmpty()) {
            return NOT_OURS;
        }
        settle(provider, paid.get());
        OurPayment payment =
                index.payment(provider, paymentRef, paid.get().payment()).orElse(null);
        if (payment == null) {
            return NOT_OURS;
        }
        StringBuilder told = new StringBuilder();
        for (TheirRefund theirs : records(provider).refundsOf(paymentRef)) {
            told.append(told.isEmpty() ? "" : " ").append(settle(provider, payment, theirs));
        }
        return told.isEmpty() ? "There are no refunds of it." : told.toString();
    }

    private String settle(String provider, OurPayment payment, TheirRefund theirs) {
        OurRefund ours = index.refund(provider, theirs.ref(), theirs.refund()).orElse(null);
        if (ours != null
                && ours.status().equals("succeeded")
                && theirs.outcome().failed()) {
            Caller.current().in(ours.tenant()).run(() -> refunds.bounced(ours.id(), theirs.outcome()));
            return "Refund " + ours.id() + " came back: the card's bank did not take it.";
        }
        Optional<Finding> finding = Comparison.refund(provider, payment, ours, theirs);
        if (finding.isPresent() && finding.get().kind() != Kind.REFUND_UNSETTLED) {
            differences.found(finding.get());
            return told(finding.get());
        }
        if (ours == null) {
            return "Refund " + theirs.ref() + " has paid nothing back yet.";
        }
        if (ours.status().equals("processing")) {
            Caller.current().in(ours.tenant()).run(() -> refunds.settle(ours.id(), theirs.outcome()));
        }
        return "Refund " + ours.id() + " stands as it does there.";
    }

    public String dispute(String provider, String ref) {
        TheirDispute theirs = records(provider).dispute(ref).orElseThrow(() -> Problem.notFound("dispute there"));
        if (theirs.stage() == Stage.INQUIRY) {
            return "The bank only asks; no money has moved.";
        }
        Optional<TheirPayment> paid = records(provider).payment(theirs.paymentRef());
        if (paid.isEmpty()) {
            return NOT_OURS;
        }
        // Its success may not have been told yet.
        settle(provider, paid.get());
        OurPayment payment = index.payment(
                        provider, theirs.paymentRef(), paid.get().payment())
                .orElse(null);
        if (payment == null) {
            return NOT_OURS;
        }
        if (theirs.stage() == Stage.ANNOUNCED) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE, "not_booked_yet", "The provider has not taken the disputed money yet.");
        }
        if (!payment.currency().equals(theirs.currency())) {
            throw Problem.conflict("other_currency", "The dispute is in another currency than its payment.");
        }
        Disputes.Status status = switch (theirs.stage()) {
            case WON -> Disputes.Status.WON;
            case LOST -> Disputes.Status.LOST;
            default -> Disputes.Status.OPEN;
        };
        Caller.current()
                .in(payment.tenant())
                .run(() -> disputes.enter(new Disputes.Told(
                        theirs.ref(), payment.id(), theirs.cents(), theirs.reason(), status, theirs.fee())));
        return "Dispute of payment " + payment.id() + ": " + status.code() + ".";
    }

    /** A card that the provider keeps no more is removed here. */
    public String card(String provider, String ref) {
        OurCard card = index.card(provider, ref).filter(one -> !one.removed()).orElse(null);
        if (card == null) {
            return "There is no such card here.";
        }
        if (records(provider).keepsCard(ref)) {
            return "The card is kept there, as it is here.";
        }
        remove(card);
        return "The card is gone there; it was removed.";
    }

    private void remove(OurCard card) {
        Caller.current().in(card.tenant()).run(() -> {
            try {
                methods.remove(card.id());
            } catch (Problem none) {
                // Removed at this very moment, or of a provider that is not used any more.
                if (none.kind() != Problem.Kind.NOT_FOUND) {
                    throw none;
                }
            }
            methods.released(card.id());
        });
    }

    /** Of a customer that the provider has forgotten there are no cards any more. */
    public String customer(String provider, String ref) {
        UUID tenant = index.tenantOfCustomer(provider, ref).orElse(null);
        if (tenant == null) {
            return "It is no customer of ours.";
        }
        if (records(provider).keepsCustomer(ref)) {
            return "What we know of the customer is kept here.";
        }
        Caller.current().in(tenant).run(() -> customers.gone(provider, ref));
        for (OurCard card : index.cardsOf(tenant, provider)) {
            if (!records(provider).keepsCard(card.ref())) {
                remove(card);
            }
        }
        return "The customer is gone there; its cards were removed.";
    }

    private static String told(Finding finding) {
        return "Listed as a difference: " + finding.kind().code() + " " + finding.reference() + ".";
    }
}
