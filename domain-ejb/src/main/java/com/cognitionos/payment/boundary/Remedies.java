package com.cognitionos.payment.boundary;

import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.MinorUnit;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.boundary.PaymentIndex.OurPayment;
import com.cognitionos.payment.boundary.ProviderDifferences.DifferenceView;
import com.cognitionos.payment.control.ProviderRecords.TheirPayment;
import com.cognitionos.payment.control.ProviderRecords.TheirRefund;
import com.cognitionos.payment.entity.Finding;
import com.cognitionos.payment.entity.Finding.Kind;
import com.cognitionos.payment.entity.Finding.Remedy;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What finance does about differences (PAY-17). Nothing is believed that was written down: the provider is asked anew. For
 * the platform; it calls the provider, and so has no transaction itself (PAY-2).
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Remedies {

    private static final String RECORDED = "Paid back at the payment provider";

    @EJB
    private ProviderDifferences differences;

    @EJB
    private Reconciliation reconciliation;

    @EJB
    private ProviderWord word;

    @EJB
    private PaymentIndex index;

    @EJB
    private Payments payments;

    @EJB
    private Refunds refunds;

    @EJB
    private CreditNotes notes;

    /**
     * Applies a remedy. Applied a second time it changes nothing.
     *
     * @param reason why it may stay, for {@link Remedy#ACKNOWLEDGE}; what a credit note says, for
     *     {@link Remedy#RECORD_REFUND}, where null is "Paid back at the payment provider"
     * @return how the difference stands then: still open where both sides still do not agree
     * @throws Problem NOT_FOUND; INVALID ({@code /action}, {@code /reason}); CONFLICT where it is resolved already, or ours cannot
     *     follow; UNAVAILABLE
     */
    public DifferenceView apply(UUID id, Remedy remedy, @Nullable String reason) {
        DifferenceView difference = differences.get(id);
        if (!difference.finding().kind().remedies().contains(remedy)) {
            throw Problem.invalid("action", "not_applicable", "is no remedy of this kind of difference");
        }
        if (!difference.isOpen()) {
            if (remedy.code().equals(difference.resolution())) {
                return difference;
            }
            throw Problem.conflict("wrong_state", "The difference is resolved already.");
        }
        String words = reason == null || reason.isBlank() ? null : reason.strip();
        if (words != null && words.length() > CreditNotes.MAX_REASON_LENGTH) {
            throw Problem.invalid("reason", "too_long", "has at most " + CreditNotes.MAX_REASON_LENGTH + " characters");
        }
        if (remedy == Remedy.ACKNOWLEDGE) {
            if (words == null) {
                throw Problem.invalid("reason", "required", "is required: say why it may stay");
            }
            differences.resolve(id, remedy.code(), words);
            return differences.get(id);
        }
        if (remedy == Remedy.SETTLE) {
            settle(difference.finding());
        } else if (remedy == Remedy.RECORD_REFUND) {
            words = record(difference.finding(), words == null ? RECORDED : words);
        }
        Optional<Finding> now = reconciliation.now(difference.finding());
        now.ifPresent(differences::found);
        if (now.isEmpty() || now.get().kind() != difference.finding().kind()) {
            differences.resolve(id, remedy == Remedy.ASK_AGAIN ? ProviderDifferences.AGREES : remedy.code(), words);
        }
        return differences.get(id);
    }

    private void settle(Finding finding) {
        if (finding.kind() == Kind.DISPUTE_NOT_ENTERED) {
            word.dispute(finding.provider(), finding.reference());
        } else if (finding.kind() == Kind.REFUND_UNSETTLED) {
            word.refunds(finding.provider(), String.valueOf(finding.paymentRef()));
        } else if (finding.kind() == Kind.PAYMENT_SUCCEEDED_THERE) {
            TheirPayment theirs = word.records(finding.provider())
                    .payment(finding.reference())
                    .filter(payment -> payment.outcome().succeeded())
                    .orElseThrow(() -> Problem.conflict("wrong_state", "It has not succeeded there any more."));
            OurPayment ours = index.payment(finding.provider(), theirs.ref(), theirs.payment())
                    .orElseThrow(() -> Problem.notFound("payment"));
            if (ours.cents() != theirs.cents() || !ours.currency().equals(theirs.currency())) {
                throw Problem.conflict("other_amount", "Another amount was paid there than asked for.");
            }
            Caller.current().in(ours.tenant()).run(() -> payments.correct(ours.id(), theirs.outcome()));
        } else {
            word.payment(finding.provider(), finding.reference());
        }
    }

    /** @return what was done, for people */
    private String record(Finding finding, String reason) {
        TheirRefund theirs = word.records(finding.provider())
                .refund(finding.reference())
                .filter(refund -> refund.outcome().succeeded())
                .orElseThrow(() -> Problem.conflict("wrong_state", "It has paid nothing back there any more."));
        OurPayment payment = index.payment(finding.provider(), theirs.paymentRef(), null)
                .orElseThrow(() -> Problem.notFound("payment"));
        if (!payment.currency().equals(theirs.currency())) {
            throw Problem.conflict("other_currency", "It was paid back in another currency.");
        }
        Refunds.Returned returned = Caller.current().in(payment.tenant()).call(() -> {
            Refunds.Returned credited = credited(payment.invoice(), theirs);
            refunds.record(payment.invoice(), credited, reason);
            return credited;
        });
        long beyond = returned.cents() - returned.creditedCents();
        return beyond == 0
                ? reason
                : reason + " (" + MinorUnit.plain(beyond, theirs.currency()) + " " + theirs.currency()
                        + " of it could not be credited and was written off)";
    }

    /**
     * What to credit so that as much as possible of it is paid back, and not more, taxes and discounts included: of each line
     * in turn as much as fits. Not every amount can be met: what a tax is rounded to jumps over some.
     */
    private Refunds.Returned credited(UUID invoice, TheirRefund theirs) {
        List<CreditNotes.LineLeft> left = notes.creditable(invoice).lines();
        if (!left.isEmpty() && paysBack(invoice, null) == theirs.cents()) {
            return new Refunds.Returned(theirs.ref(), theirs.cents(), null, theirs.cents());
        }
        List<CreditNotes.Wanted> taken = List.of();
        long credited = 0;
        for (CreditNotes.LineLeft line : left) {
            // More of a line never pays less back, so halving finds the most that fits.
            long low = 1;
            long high = credited == theirs.cents() ? 0 : line.leftCents();
            List<CreditNotes.Wanted> before = taken;
            while (low <= high) {
                long some = low + (high - low) / 2;
                List<CreditNotes.Wanted> wanted = plus(before, new CreditNotes.Wanted(line.position(), some));
                long paid = paysBack(invoice, wanted);
                if (paid > theirs.cents()) {
                    high = some - 1;
                } else {
                    low = some + 1;
                    taken = wanted;
                    credited = paid;
                }
            }
        }
        return new Refunds.Returned(theirs.ref(), theirs.cents(), taken, credited);
    }

    private static List<CreditNotes.Wanted> plus(List<CreditNotes.Wanted> taken, CreditNotes.Wanted one) {
        List<CreditNotes.Wanted> all = new ArrayList<>(taken);
        all.add(one);
        return all;
    }

    private long paysBack(UUID invoice, @Nullable List<CreditNotes.Wanted> lines) {
        return notes.estimate(invoice, lines, Payout.REFUND).refundCents();
    }
}
