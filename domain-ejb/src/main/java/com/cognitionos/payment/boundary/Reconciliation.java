package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.LeaseLost;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.boundary.PaymentIndex.OurPayment;
import com.cognitionos.payment.boundary.PaymentIndex.OurRefund;
import com.cognitionos.payment.boundary.ProviderDifferences.DifferenceView;
import com.cognitionos.payment.boundary.Reconciliations.Run;
import com.cognitionos.payment.boundary.Reconciliations.Tally;
import com.cognitionos.payment.control.ProviderRecords;
import com.cognitionos.payment.control.ProviderRecords.TheirDispute;
import com.cognitionos.payment.control.ProviderRecords.TheirPayment;
import com.cognitionos.payment.control.ProviderRecords.TheirRefund;
import com.cognitionos.payment.control.Providers;
import com.cognitionos.payment.entity.Finding;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compares providers' books with ours (PAY-17). It changes neither, but for the list of differences. For the platform; it
 * calls providers, and so has no transaction itself (PAY-2).
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Reconciliation {

    private static final Logger LOG = Logger.getLogger(Reconciliation.class.getName());
    private static final int PAGE = 100;
    private static final UUID FIRST = new UUID(0, 0);

    @EJB
    private Reconciliations runs;

    @EJB
    private PaymentIndex index;

    @EJB
    private ProviderDifferences differences;

    @EJB
    private ProviderWord word;

    @Inject
    private Providers providers;

    /** Does one, from its start: what an earlier try found is found again. One that is at its end is left alone. */
    public void run(UUID id) {
        Run run = runs.begin(id).orElse(null);
        if (run == null) {
            return;
        }
        try {
            Work work = new Work(run);
            providers.names().stream().filter(index::isUsed).forEach(work::compare);
            work.tell();
            runs.ended(id, null);
        } catch (LeaseLost overtaken) {
            throw overtaken;
        } catch (Problem problem) {
            runs.ended(id, problem.code() + ": " + problem.getMessage());
        } catch (RuntimeException fault) {
            LOG.log(Level.WARNING, fault, () -> "Reconciliation " + id + " broke off");
            runs.ended(id, "internal, see the server's log");
        }
    }

    /** How a difference is now; empty where both sides agree. */
    public Optional<Finding> now(Finding before) {
        String provider = before.provider();
        ProviderRecords records = word.records(provider);
        return switch (before.kind()) {
            case PAYMENT_UNSETTLED, PAYMENT_SUCCEEDED_THERE, PAYMENT_NOT_THERE, PAYMENT_AMOUNT, PAYMENT_UNKNOWN_HERE ->
                payment(provider, records.payment(before.reference()).orElse(null), before.reference(), before.ours());
            case DISPUTE_NOT_ENTERED ->
                records.dispute(before.reference()).flatMap(theirs -> dispute(provider, theirs));
            default ->
                refund(provider, records.refund(before.reference()).orElse(null), before.reference(), before.ours());
        };
    }

    private Optional<Finding> payment(String provider, @Nullable TheirPayment theirs, String ref, @Nullable UUID ours) {
        UUID id = theirs != null && theirs.payment() != null ? theirs.payment() : ours;
        return Comparison.payment(provider, index.payment(provider, ref, id).orElse(null), theirs);
    }

    private Optional<Finding> refund(String provider, @Nullable TheirRefund theirs, String ref, @Nullable UUID ours) {
        UUID id = theirs != null && theirs.refund() != null ? theirs.refund() : ours;
        OurPayment payment = theirs == null
                ? null
                : index.payment(provider, theirs.paymentRef(), null).orElse(null);
        return Comparison.refund(
                provider, payment, index.refund(provider, ref, id).orElse(null), theirs);
    }

    private Optional<Finding> dispute(String provider, TheirDispute theirs) {
        return Comparison.dispute(
                provider,
                index.payment(provider, theirs.paymentRef(), null).orElse(null),
                index.disputeStatus(theirs.ref()).orElse(null),
                theirs);
    }

    /** One comparison, and how far it is. */
    private final class Work {

        private final Run run;
        private int payments;
        private int refunds;
        private int disputes;
        private int found;

        Work(Run run) {
            this.run = run;
        }

        void compare(String provider) {
            ProviderRecords records = word.records(provider);
            Set<String> seen = new HashSet<>();
            records.payments(run.from(), theirs -> {
                seen.add(theirs.ref());
                payments++;
                look(payment(provider, theirs, theirs.ref(), null));
            });
            records.refunds(run.from(), theirs -> {
                seen.add(theirs.ref());
                refunds++;
                look(refund(provider, theirs, theirs.ref(), null));
            });
            records.disputes(run.from(), theirs -> {
                disputes++;
                look(dispute(provider, theirs));
            });
            ourPayments(provider, seen);
            ourRefunds(provider, seen);
            for (DifferenceView unseen : differences.unseen(provider, run.from(), run.createdAt())) {
                Optional<Finding> still = now(unseen.finding());
                still.ifPresent(differences::found);
                if (still.isEmpty() || still.get().kind() != unseen.finding().kind()) {
                    differences.resolve(unseen.id(), ProviderDifferences.AGREES, null);
                }
            }
        }

        /** What succeeded here, and was not among theirs. */
        private void ourPayments(String provider, Set<String> seen) {
            UUID last = FIRST;
            while (true) {
                List<OurPayment> page = index.succeeded(provider, run.from(), last, PAGE);
                if (page.isEmpty()) {
                    return;
                }
                for (OurPayment ours : page) {
                    last = ours.id();
                    if (isToLookFor(ours.ref(), ours.begunAt(), seen)) {
                        look(Comparison.payment(provider, ours, null));
                    }
                }
            }
        }

        private void ourRefunds(String provider, Set<String> seen) {
            UUID last = FIRST;
            while (true) {
                List<OurRefund> page = index.refunded(provider, run.from(), last, PAGE);
                if (page.isEmpty()) {
                    return;
                }
                for (OurRefund ours : page) {
                    last = ours.id();
                    if (isToLookFor(ours.ref(), ours.begunAt(), seen)) {
                        look(Comparison.refund(provider, null, ours, null));
                    }
                }
            }
        }

        private boolean isToLookFor(@Nullable String ref, Instant begun, Set<String> seen) {
            return begun.isBefore(run.createdAt()) && (ref == null || !seen.contains(ref));
        }

        /** Lists what still differs when both sides are asked anew: one may have moved since the other was read. */
        private void look(Optional<Finding> suspected) {
            suspected.flatMap(Reconciliation.this::now).ifPresent(finding -> {
                differences.found(finding);
                found++;
            });
            if ((payments + refunds + disputes) % PAGE == 0) {
                tell();
            }
        }

        void tell() {
            runs.progress(run.id(), new Tally(payments, refunds, disputes, found));
        }
    }
}
