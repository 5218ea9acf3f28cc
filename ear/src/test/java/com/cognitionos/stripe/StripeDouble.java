package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.model.Event;
import com.stripe.model.StripeObject;
import com.stripe.net.ApiResource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Stripe of one's own: point stripe-java's API base at {@link #base}, with any key that begins with {@code sk_test_}.
 *
 * <pre>{@code
 * try (StripeDouble stripe = StripeDouble.start()) {
 *     stripe.webhooks().to(address, "whsec_…");
 *     stripe.faults().next("POST /v1/payment_intents", Fault.TIME_OUT_AFTER);
 *     …
 *     assertThat(stripe.violations()).isEmpty();
 * }
 * }</pre>
 */
public final class StripeDouble implements AutoCloseable {

    private final Faults faults = new Faults();
    private final Contract contract;
    private final Webhooks webhooks;
    private final Account account;
    private final Charges charges;
    private final PaymentIntents intents;
    private final Disputes disputes;
    private final Refunds refunds;
    private final SetupIntents setups;
    private final CheckoutSessions checkout;
    private final Desk desk;
    private final Server server;

    private StripeDouble(
            int port,
            Clock clock,
            @Nullable Path journal,
            Optional<JsonObject> description,
            Optional<JsonObject> examples) {
        contract = new Contract(description.orElse(null));
        webhooks = new Webhooks(clock);
        account = new Account(clock, new Store(new Journal(journal)), new Templates(examples), webhooks);
        PaymentMethods methods = new PaymentMethods(account);
        Balance balance = new Balance(account);
        charges = new Charges(account, methods, balance);
        disputes = new Disputes(account, balance);
        intents = new PaymentIntents(account, methods, charges, disputes);
        refunds = new Refunds(account, methods, balance);
        setups = new SetupIntents(account, methods);
        checkout = new CheckoutSessions(account, setups, methods);
        PortalSessions portal = new PortalSessions(account, methods);
        List<Operation> operations = new ArrayList<>();
        operations.addAll(new Customers(account, methods).operations());
        operations.addAll(methods.operations());
        operations.addAll(intents.operations());
        operations.addAll(charges.operations());
        operations.addAll(refunds.operations());
        operations.addAll(disputes.operations());
        operations.addAll(setups.operations());
        operations.addAll(checkout.operations());
        operations.addAll(portal.operations());
        operations.addAll(balance.operations());
        operations.addAll(new Events(account).operations());
        desk = new Desk(account, contract, faults, operations);
        server = new Server(
                port,
                desk,
                faults,
                new HostedPages(account, checkout, portal),
                new ControlPage(account, intents, setups, refunds, disputes));
        account.hostedAt(server.base());
    }

    /** At any free port, by the system's clock, in memory. */
    public static StripeDouble start() {
        return start(Clock.systemUTC());
    }

    /** @param clock that keys, events and signatures go by */
    public static StripeDouble start(Clock clock) {
        return start(0, clock, null);
    }

    /**
     * @param port 0 for any free one
     * @param journal file that keeps the state, made when it is not there; null keeps it in memory
     */
    public static StripeDouble start(int port, Clock clock, @Nullable Path journal) {
        return new StripeDouble(port, clock, journal, Sources.description(), Sources.examples());
    }

    /** As where Stripe's own files are not at hand. */
    static StripeDouble startWithoutSources() {
        return new StripeDouble(0, Clock.systemUTC(), null, Optional.empty(), Optional.empty());
    }

    /** Whether Stripe's own description and examples are at hand; tests of the contract are skipped without. */
    public static boolean hasSources() {
        return Sources.description().isPresent() && Sources.examples().isPresent();
    }

    /** For {@code COGNITIONOS_STRIPE_API_BASE} or {@code StripeClient.builder().setApiBase(…)}. */
    public String base() {
        return server.base();
    }

    public Faults faults() {
        return faults;
    }

    public Webhooks webhooks() {
        return webhooks;
    }

    /** Requests that Stripe's contract does not know; a test asserts that there are none. */
    public List<Violation> violations() {
        return List.copyOf(contract.violations());
    }

    /** Each request that reached an operation, in order. */
    public List<Exercise> exercised() {
        return List.copyOf(desk.exercised());
    }

    /** Tells of each request as its effect is done and its reply not sent yet; one watcher, the last one, is told. */
    public void watch(Consumer<Exercise> by) {
        desk.watch(by);
    }

    /** How often each operation was called, by its id such as {@code POST /v1/refunds}. */
    public Map<String, Long> calls() {
        Map<String, Long> calls = new TreeMap<>();
        desk.exercised().forEach(exercise -> calls.merge(exercise.operation(), 1L, Long::sum));
        return calls;
    }

    /** All events in the order in which they happened, as stripe-java reads them. */
    public List<Event> events() {
        return rawEvents().stream()
                .map(event -> ApiResource.GSON.fromJson(event, Event.class))
                .toList();
    }

    /** All events in order, as they are delivered. */
    public List<JsonObject> rawEvents() {
        List<JsonObject> events = account.change(null, () -> account.store().newestFirst(Type.EVENT));
        Collections.reverse(events);
        return events;
    }

    /** All objects of a class of stripe-java, oldest first, without a request. */
    public <T extends StripeObject> List<T> all(Class<T> model) {
        List<T> all = new ArrayList<>();
        for (Type type : Type.values()) {
            if (type.model() == model) {
                account.change(null, () -> account.store().newestFirst(type))
                        .forEach(object -> all.add(0, ApiResource.GSON.fromJson(object, model)));
            }
        }
        return all;
    }

    /** Stripe's example of an object such as {@code invoice}; an object of that name only, where the examples are absent. */
    public JsonObject example(String object) {
        JsonObject example = Json.child(Sources.examples().orElseGet(JsonObject::new), object);
        return Json.set(example.deepCopy(), "object", object);
    }

    /** An event of any type with any object, also of those that the double does not keep, such as {@code invoice.paid}. */
    public void tell(String type, JsonObject object) {
        account.change(null, () -> {
            account.tell(type, object, null);
            return type;
        });
    }

    /**
     * From now on the balance transaction of a charge, and with it the fee, comes only with {@link #tellFees}: so it can be
     * with Stripe's default {@code automatic_async}.
     */
    public void feesLater() {
        account.change(null, () -> {
            charges.feesLater();
            return true;
        });
    }

    /** Makes the balance transactions that were to come later, each with a {@code charge.updated}. */
    public void tellFees() {
        account.change(null, charges::tellFees);
    }

    /** New objects are found by a search only after so long; at first at once. */
    public void searchLag(Duration lag) {
        account.searchLag(lag);
    }

    /** A payment intent that is {@code processing} succeeds. */
    public void settle(String paymentIntent) {
        account.change(null, () -> intents.settle(paymentIntent, null));
    }

    /**
     * A payment intent that is {@code processing} fails.
     *
     * @param declineCode such as {@code insufficient_funds}
     */
    public void fail(String paymentIntent, String declineCode) {
        account.change(null, () -> intents.settle(paymentIntent, TestCard.declined("card_declined", declineCode)));
    }

    /** The card holder of a payment or setup intent that is {@code requires_action} agrees, or not. */
    public void authenticate(String intent, boolean agrees) {
        account.change(
                null,
                () -> intent.startsWith(Type.SETUP_INTENT.prefix())
                        ? setups.authenticate(intent, agrees)
                        : intents.authenticate(intent, agrees));
    }

    /** The visitor of a checkout session's page gives this test card, and agrees if the bank asks. */
    public void complete(String checkoutSession, String token) {
        TestCard card = TestCard.of(token).orElseThrow();
        account.change(null, () -> {
            JsonObject session = checkout.give(checkoutSession, card);
            return CheckoutSessions.isOpen(session) ? checkout.answer(checkoutSession, true) : session;
        });
    }

    /** The bank says how a pending refund ended, or that one which had succeeded has failed after all. */
    public void settleRefund(String refund, boolean succeeds) {
        account.change(null, () -> refunds.settle(refund, succeeds));
    }

    /** The ids of all operations that the double knows, such as {@code POST /v1/refunds}. */
    public List<String> operations() {
        return desk.operations().stream().map(Operation::id).toList();
    }

    List<Operation> known() {
        return desk.operations();
    }

    /** The bank decides a dispute. */
    public void decide(String dispute, boolean won) {
        account.change(null, () -> disputes.decide(dispute, won));
    }

    @Override
    public void close() {
        faults.clear();
        webhooks.close();
        server.close();
    }
}
