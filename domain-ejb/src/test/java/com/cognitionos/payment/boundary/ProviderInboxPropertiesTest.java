package com.cognitionos.payment.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.payment.boundary.PaymentIndex.OurCard;
import com.cognitionos.payment.boundary.PaymentIndex.OurPayment;
import com.cognitionos.payment.boundary.PaymentIndex.OurRefund;
import com.cognitionos.payment.control.EventInbox;
import com.cognitionos.payment.control.ProviderRecords;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.Finding;
import java.lang.reflect.Field;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * PAY-15: whatever the order in which events come, however late and however often, ours ends where the provider stands. The
 * provider and our books are kept in memory; that each step is a transaction that changes nothing the second time is shown in
 * the container.
 */
class ProviderInboxPropertiesTest {

    private static final String PROVIDER = "stripe";
    private static final UUID TENANT = UUID.randomUUID();

    /** An event on its way. */
    private record Told(String type, String object, String subject) {}

    /** Both worlds, and what is between them. */
    private static final class World {

        final Map<String, ProviderRecords.TheirPayment> payments = new TreeMap<>();
        final Map<String, ProviderRecords.TheirRefund> refunds = new TreeMap<>();
        final Map<String, ProviderRecords.TheirDispute> disputes = new TreeMap<>();
        final Map<String, Boolean> cards = new TreeMap<>();

        final Map<UUID, String> ourPayments = new TreeMap<>();
        final Map<UUID, String> ourRefunds = new TreeMap<>();
        final Map<String, String> ourDisputes = new TreeMap<>();
        final TreeSet<String> removed = new TreeSet<>();
        final TreeSet<String> listed = new TreeSet<>();
        final List<String> postings = new ArrayList<>();

        final List<Told> told = new ArrayList<>();
        final Deque<EventInbox.Claimed> waiting = new ArrayDeque<>();
        final List<String> failures = new ArrayList<>();
        final ProviderInbox inbox = inbox();

        void deliver(Told event) {
            waiting.add(new EventInbox.Claimed(
                    UUID.randomUUID(), PROVIDER, event.type(), event.object(), event.subject(), 1, 1, Instant.EPOCH));
            inbox.carry();
        }

        ProviderInbox inbox() {
            ProviderInbox made = new ProviderInbox();
            ProviderWord word = new ProviderWord() {
                @Override
                public ProviderRecords records(String provider) {
                    return new Theirs();
                }
            };
            set(ProviderInbox.class, made, "word", word);
            set(ProviderInbox.class, made, "inbox", new EventInbox() {
                @Override
                public Optional<Claimed> claim() {
                    return Optional.ofNullable(waiting.poll());
                }

                @Override
                public void processed(Claimed event, String note) {}

                @Override
                public void ignored(Claimed event) {}

                @Override
                public void failed(Claimed event, String reason, boolean unavailable) {
                    failures.add(event.type() + ": " + reason);
                }
            });
            set(ProviderWord.class, word, "index", new Index());
            set(ProviderWord.class, word, "differences", new ProviderDifferences() {
                @Override
                public void found(Finding finding) {
                    listed.add(finding.kind() + " " + finding.reference());
                }
            });
            set(ProviderWord.class, word, "payments", new Payments() {
                @Override
                public void settle(UUID id, ChargeOutcome outcome) {
                    if (ourPayments.get(id).equals("processing") && outcome.isSettled()) {
                        ourPayments.put(id, outcome.succeeded() ? "succeeded" : "failed");
                        postings.add("payment " + id + " " + ourPayments.get(id));
                    }
                }

                @Override
                public void bear(UUID id, ChargeOutcome.Fee fee) {}
            });
            set(ProviderWord.class, word, "refunds", new Refunds() {
                @Override
                public void settle(UUID id, ChargeOutcome outcome) {
                    if (ourRefunds.get(id).equals("processing") && outcome.isSettled()) {
                        ourRefunds.put(id, outcome.succeeded() ? "succeeded" : "failed");
                        postings.add("refund " + id + " " + ourRefunds.get(id));
                    }
                }
            });
            set(ProviderWord.class, word, "disputes", new Disputes() {
                @Override
                public DisputeView enter(Told dispute) {
                    assertThat(ourPayments.get(dispute.payment())).isEqualTo("succeeded");
                    if (ourDisputes.putIfAbsent(dispute.ref(), "open") == null) {
                        postings.add("dispute " + dispute.ref() + " open");
                    }
                    String status = dispute.status().code();
                    if (!ourDisputes.put(dispute.ref(), status).equals(status)) {
                        postings.add("dispute " + dispute.ref() + " closed");
                    }
                    return null;
                }
            });
            set(ProviderWord.class, word, "methods", new PaymentMethods() {
                @Override
                public void remove(UUID id) {
                    removed.add(id.toString());
                }

                @Override
                public void released(UUID id) {}
            });
            return made;
        }

        private final class Theirs implements ProviderRecords {
            @Override
            public Optional<TheirPayment> payment(String ref) {
                return Optional.ofNullable(payments.get(ref));
            }

            @Override
            public Optional<TheirRefund> refund(String ref) {
                return Optional.ofNullable(refunds.get(ref));
            }

            @Override
            public List<TheirRefund> refundsOf(String paymentRef) {
                return refunds.values().stream()
                        .filter(refund -> refund.paymentRef().equals(paymentRef))
                        .toList();
            }

            @Override
            public Optional<TheirDispute> dispute(String ref) {
                return Optional.ofNullable(disputes.get(ref));
            }

            @Override
            public boolean keepsCard(String ref) {
                return cards.get(ref);
            }

            @Override
            public boolean keepsCustomer(String ref) {
                return true;
            }

            @Override
            public void payments(Instant since, Consumer<TheirPayment> each) {}

            @Override
            public void refunds(Instant since, Consumer<TheirRefund> each) {}

            @Override
            public void disputes(Instant since, Consumer<TheirDispute> each) {}
        }

        private final class Index extends PaymentIndex {
            @Override
            public Optional<OurPayment> payment(String provider, String ref, @Nullable UUID id) {
                UUID ours = payments.get(ref).payment();
                return Optional.of(
                        new OurPayment(TENANT, ours, ours, ourPayments.get(ours), ref, 100, "EUR", Instant.EPOCH));
            }

            @Override
            public Optional<OurRefund> refund(String provider, String ref, @Nullable UUID id) {
                return Optional.ofNullable(id)
                        .map(ours ->
                                new OurRefund(TENANT, ours, ourRefunds.get(ours), ref, null, 40, "EUR", Instant.EPOCH));
            }

            @Override
            public Optional<OurCard> card(String provider, String ref) {
                UUID id = UUID.nameUUIDFromBytes(ref.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                return Optional.of(new OurCard(TENANT, id, ref, removed.contains(id.toString())));
            }
        }
    }

    private static void set(Class<?> type, Object object, String field, Object value) {
        try {
            Field found = type.getDeclaredField(field);
            found.setAccessible(true);
            found.set(object, value);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** One change at the provider, with the events that tell of it. */
    private static List<Runnable> life(World world, int number, Random choice) {
        String ref = "pi_" + number;
        UUID payment = new UUID(1, number);
        boolean succeeds = choice.nextInt(4) > 0;
        List<Runnable> steps = new ArrayList<>();
        steps.add(() -> {
            world.ourPayments.put(payment, "processing");
            world.payments.put(ref, paid(ref, payment, ChargeOutcome.processing(ref)));
            world.told.add(new Told("payment_intent.created", ref, ref));
        });
        steps.add(() -> {
            world.payments.put(
                    ref,
                    paid(
                            ref,
                            payment,
                            succeeds
                                    ? ChargeOutcome.succeeded(ref, null)
                                    : ChargeOutcome.failed(ref, "card_declined", null, true)));
            world.told.add(new Told(succeeds ? "payment_intent.succeeded" : "payment_intent.payment_failed", ref, ref));
            world.told.add(new Told("charge.updated", "ch_" + number, ref));
        });
        if (!succeeds) {
            return steps;
        }
        if (choice.nextBoolean()) {
            UUID refund = choice.nextInt(3) == 0 ? null : new UUID(2, number);
            String back = "re_" + number;
            steps.add(() -> {
                if (refund != null) {
                    world.ourRefunds.put(refund, "processing");
                }
                world.refunds.put(back, refunded(back, ref, refund, ChargeOutcome.processing(back)));
                world.told.add(new Told("refund.created", back, ref));
            });
            steps.add(() -> {
                world.refunds.put(back, refunded(back, ref, refund, ChargeOutcome.succeeded(back, null)));
                world.told.add(new Told("charge.refunded", "ch_" + number, ref));
            });
        } else if (choice.nextBoolean()) {
            String dispute = "dp_" + number;
            steps.add(() -> {
                world.disputes.put(dispute, disputed(dispute, ref, ProviderRecords.Stage.OPEN));
                world.told.add(new Told("charge.dispute.created", dispute, ref));
                world.told.add(new Told("charge.dispute.funds_withdrawn", dispute, ref));
            });
            if (choice.nextBoolean()) {
                ProviderRecords.Stage end =
                        choice.nextBoolean() ? ProviderRecords.Stage.WON : ProviderRecords.Stage.LOST;
                steps.add(() -> {
                    world.disputes.put(dispute, disputed(dispute, ref, end));
                    world.told.add(new Told("charge.dispute.closed", dispute, ref));
                });
            }
        }
        String card = "pm_" + number;
        world.cards.put(card, true);
        steps.add(() -> {
            world.told.add(new Told("payment_method.attached", card, card));
            if (choice.nextBoolean()) {
                world.cards.put(card, false);
                world.told.add(new Told("payment_method.detached", card, card));
            }
        });
        return steps;
    }

    private static ProviderRecords.TheirPayment paid(String ref, UUID payment, ChargeOutcome outcome) {
        return new ProviderRecords.TheirPayment(ref, payment, 100, "EUR", outcome, Instant.EPOCH);
    }

    private static ProviderRecords.TheirRefund refunded(
            String ref, String payment, @Nullable UUID refund, ChargeOutcome outcome) {
        return new ProviderRecords.TheirRefund(ref, payment, refund, 40, "EUR", outcome, Instant.EPOCH);
    }

    private static ProviderRecords.TheirDispute disputed(String ref, String payment, ProviderRecords.Stage stage) {
        return new ProviderRecords.TheirDispute(ref, payment, stage, 100, "EUR", "fraudulent", null, Instant.EPOCH);
    }

    @Property(tries = 500)
    void oursEndsWhereTheProviderStands(@ForAll @IntRange(min = 1, max = 5) int lives, @ForAll long seed) {
        Random choice = new Random(seed);
        World world = new World();
        List<Deque<Runnable>> all = new ArrayList<>();
        for (int i = 1; i <= lives; i++) {
            all.add(new ArrayDeque<>(life(world, i, choice)));
        }
        List<Told> onTheWay = new ArrayList<>();
        while (!all.isEmpty() || !onTheWay.isEmpty()) {
            if (!all.isEmpty() && (onTheWay.isEmpty() || choice.nextBoolean())) {
                Deque<Runnable> one = all.get(choice.nextInt(all.size()));
                one.remove().run();
                all.removeIf(Deque::isEmpty);
                for (Told event : world.told) {
                    for (int copies = 1 + choice.nextInt(3); copies > 0; copies--) {
                        onTheWay.add(event);
                    }
                }
                world.told.clear();
            } else {
                world.deliver(onTheWay.remove(choice.nextInt(onTheWay.size())));
            }
        }

        assertThat(world.failures).isEmpty();
        world.payments
                .values()
                .forEach(theirs -> assertThat(world.ourPayments.get(theirs.payment()))
                        .isEqualTo(theirs.outcome().status().name().toLowerCase(java.util.Locale.ROOT)));
        Map<String, String> unknown = new HashMap<>();
        world.refunds.values().forEach(theirs -> {
            if (theirs.refund() == null) {
                unknown.put("REFUND_UNKNOWN_HERE " + theirs.ref(), "");
            } else {
                assertThat(world.ourRefunds.get(theirs.refund())).isEqualTo("succeeded");
            }
        });
        assertThat(world.listed).containsExactlyInAnyOrderElementsOf(unknown.keySet());
        world.disputes
                .values()
                .forEach(theirs -> assertThat(world.ourDisputes.get(theirs.ref()))
                        .isEqualTo(theirs.stage().name().toLowerCase(java.util.Locale.ROOT)));
        assertThat(world.removed).hasSize((int)
                world.cards.values().stream().filter(kept -> !kept).count());
        assertThat(world.postings).as("nothing was posted twice").doesNotHaveDuplicates();
    }
}
