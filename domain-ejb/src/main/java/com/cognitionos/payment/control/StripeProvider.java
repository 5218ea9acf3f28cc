package com.cognitionos.payment.control;

import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.DeclineCode;
import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.HasId;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.SetupIntent;
import com.stripe.model.StripeCollection;
import com.stripe.model.checkout.Session;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerListParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.SetupIntentCreateParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionRetrieveParams;
import com.stripe.service.V1Services;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stripe, by its own library, which also fixes the version of the API. Each write has an idempotency key: for what moves
 * money our own id, so that it is the same for ever; the library sends a request once more, with its key, when a
 * connection breaks or Stripe says so.
 *
 * <p>The charge of a payment is a PaymentIntent; cards come in by SetupIntents, ours or those of Stripe's own page.
 */
public final class StripeProvider implements PaymentProvider {

    static final String NAME = "stripe";

    private static final Logger LOG = Logger.getLogger(StripeProvider.class.getName());

    static final String PAYMENT = "payment_id";
    static final String REFUND = "refund_id";
    private static final String TENANT = "tenant_id";
    static final String WITH_FEE = "latest_charge.balance_transaction";
    static final long PAGE = 100;

    private final V1Services stripe;
    private final CircuitBreaker breaker;

    /**
     * How long and how often Stripe is asked.
     *
     * @param retries beyond the first try of a request
     * @param failuresToOpen so many unanswered requests in a row, and none is sent for {@code open}
     */
    public record Limits(Duration connect, Duration read, int retries, int failuresToOpen, Duration open) {
        static final Limits USUAL =
                new Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), 1, 5, Duration.ofSeconds(30));
    }

    /** @param base null for Stripe itself */
    StripeProvider(String apiKey, @Nullable URI base) {
        this(apiKey, base, Limits.USUAL);
    }

    public StripeProvider(String apiKey, @Nullable URI base, Limits limits) {
        StripeClient.StripeClientBuilder builder = StripeClient.builder()
                .setApiKey(apiKey)
                .setConnectTimeout((int) limits.connect().toMillis())
                .setReadTimeout((int) limits.read().toMillis())
                .setMaxNetworkRetries(limits.retries());
        if (base != null) {
            builder.setApiBase(base.toString());
        }
        stripe = builder.build().v1();
        breaker = new CircuitBreaker(limits.failuresToOpen(), limits.open(), System::nanoTime);
    }

    @FunctionalInterface
    interface Call<T> {
        T make() throws StripeException;
    }

    /** By the breaker. */
    <T> T call(Call<T> call) throws StripeException {
        if (!breaker.lets()) {
            throw new ApiConnectionException("Stripe did not answer for a while and is not asked now");
        }
        try {
            T answer = call.make();
            breaker.succeeded();
            return answer;
        } catch (ApiConnectionException | ApiException | RateLimitException e) {
            breaker.failed();
            throw e;
        } catch (StripeException e) {
            breaker.succeeded();
            throw e;
        }
    }

    /** The first of a list that is wanted, from page to page. */
    <T extends HasId> Optional<T> first(Call<StripeCollection<T>> list, Predicate<T> wanted) throws StripeException {
        return call(() -> {
            try {
                for (T each : list.make().autoPagingIterable()) {
                    if (wanted.test(each)) {
                        return Optional.of(each);
                    }
                }
                return Optional.empty();
            } catch (RuntimeException e) {
                // So the library tells that it could not get the next page.
                if (e.getCause() instanceof StripeException told) {
                    throw told;
                }
                throw e;
            }
        });
    }

    private static RequestOptions key(Object key) {
        return RequestOptions.builder().setIdempotencyKey(key.toString()).build();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String customer(NewCustomer wanted) {
        try {
            if (!wanted.fresh()) {
                Optional<String> made = made(wanted);
                if (made.isPresent()) {
                    return made.get();
                }
            }
            CustomerCreateParams params = CustomerCreateParams.builder()
                    .setName(wanted.name())
                    .setEmail(wanted.email())
                    .putMetadata(TENANT, wanted.tenant().toString())
                    .build();
            // Of other facts it would be another request, which Stripe refuses under the key of the first.
            String key = wanted.key() + "-" + Integer.toHexString(Objects.hash(wanted.name(), wanted.email()));
            return call(() -> stripe.customers().create(params, key(key))).getId();
        } catch (StripeException e) {
            throw unavailable("customer", e);
        }
    }

    private Optional<String> made(NewCustomer wanted) throws StripeException {
        CustomerListParams params = CustomerListParams.builder()
                .setEmail(wanted.email())
                .setLimit(PAGE)
                .build();
        return first(
                        () -> stripe.customers().list(params),
                        customer -> isOf(customer.getMetadata(), TENANT, wanted.tenant()))
                .map(Customer::getId);
    }

    @Override
    public Card keep(String customer, String token) {
        try {
            return token.startsWith("cs_") ? entered(customer, token) : setUp(customer, token);
        } catch (CardException e) {
            String decline = DeclineCode.told(e.getDeclineCode())
                    .map(code -> " (" + code + ")")
                    .orElse("");
            throw new Problem(
                    Problem.Kind.PAYMENT_REQUIRED,
                    e.getCode() == null ? "card_declined" : e.getCode(),
                    "The card was declined" + decline + ".");
        } catch (InvalidRequestException e) {
            throw isOfCustomer(e) ? withoutCustomer(customer, "card", e) : unknownToken();
        } catch (StripeException e) {
            throw unavailable("card", e);
        }
    }

    private Card setUp(String customer, String token) throws StripeException {
        SetupIntentCreateParams params = SetupIntentCreateParams.builder()
                .setCustomer(customer)
                .setPaymentMethod(token)
                .addPaymentMethodType("card")
                .setUsage(SetupIntentCreateParams.Usage.OFF_SESSION)
                .setConfirm(true)
                .addExpand("payment_method")
                .build();
        SetupIntent intent = call(() -> stripe.setupIntents().create(params, key(Ids.next())));
        return kept(intent);
    }

    /** What the customer has entered at Stripe's page. */
    private Card entered(String customer, String id) throws StripeException {
        SessionRetrieveParams params = SessionRetrieveParams.builder()
                .addExpand("setup_intent.payment_method")
                .build();
        Session session = call(() -> stripe.checkout().sessions().retrieve(id, params));
        if (!customer.equals(session.getCustomer()) || session.getSetupIntentObject() == null) {
            throw unknownToken();
        }
        Card card = kept(session.getSetupIntentObject());
        // The page may be loaded again after the card was removed.
        if (!customer.equals(
                session.getSetupIntentObject().getPaymentMethodObject().getCustomer())) {
            throw unknownToken();
        }
        return card;
    }

    private static Card kept(SetupIntent intent) {
        PaymentMethod method = intent.getPaymentMethodObject();
        if (!intent.getStatus().equals("succeeded") || method == null) {
            throw new Problem(
                    Problem.Kind.PAYMENT_REQUIRED,
                    "authentication_required",
                    "The card's bank wants its holder to confirm: add it by the provider's own page.");
        }
        PaymentMethod.Card card = method.getCard();
        if (card == null) {
            throw unknownToken();
        }
        return new Card(
                method.getId(),
                card.getBrand(),
                card.getLast4(),
                card.getExpMonth().intValue(),
                card.getExpYear().intValue());
    }

    @Override
    public void release(String cardRef) {
        try {
            call(() -> stripe.paymentMethods().detach(cardRef, key(Ids.next())));
        } catch (InvalidRequestException e) {
            LOG.fine(() -> "Stripe had no card to forget: " + told(e));
        } catch (StripeException e) {
            throw unavailable("card's removal", e);
        }
    }

    @Override
    public ProviderRecords records() {
        return new StripeRecords(this, stripe);
    }

    @Override
    public Optional<HostedPages> pages() {
        return Optional.of(new Pages());
    }

    private final class Pages implements HostedPages {

        @Override
        public URI setUp(String customer, URI back) {
            String address = back.toString();
            SessionCreateParams params = SessionCreateParams.builder()
                    .setMode(SessionCreateParams.Mode.SETUP)
                    .setCustomer(customer)
                    .addPaymentMethodType(SessionCreateParams.PaymentMethodType.CARD)
                    // Stripe puts the id where its braces are, so they must not be encoded.
                    .setSuccessUrl(address + (address.contains("?") ? "&" : "?") + "session_id={CHECKOUT_SESSION_ID}")
                    .setCancelUrl(address)
                    .build();
            try {
                return URI.create(call(() -> stripe.checkout().sessions().create(params, key(Ids.next())))
                        .getUrl());
            } catch (StripeException e) {
                throw noPage(customer, "set-up page", e);
            }
        }

        @Override
        public URI portal(String customer, URI back) {
            var params = com.stripe.param.billingportal.SessionCreateParams.builder()
                    .setCustomer(customer)
                    .setReturnUrl(back.toString())
                    .build();
            try {
                return URI.create(call(() -> stripe.billingPortal().sessions().create(params, key(Ids.next())))
                        .getUrl());
            } catch (StripeException e) {
                throw noPage(customer, "customer portal", e);
            }
        }

        private Problem noPage(String customer, String what, StripeException e) {
            return e instanceof InvalidRequestException refused && isOfCustomer(refused)
                    ? withoutCustomer(customer, what, e)
                    : unavailable(what, e);
        }
    }

    @Override
    public ChargeOutcome charge(Charge charge) {
        OptionalLong amount = StripeAmount.toStripe(charge.cents(), charge.currency());
        if (amount.isEmpty()) {
            return ChargeOutcome.failed(null, "amount_not_chargeable", null, false);
        }
        PaymentIntentCreateParams params = PaymentIntentCreateParams.builder()
                .setAmount(amount.getAsLong())
                .setCurrency(charge.currency().toLowerCase(Locale.ROOT))
                .setCustomer(charge.customer())
                .setPaymentMethod(charge.card())
                .addPaymentMethodType("card")
                .setOffSession(true)
                .setConfirm(true)
                .setErrorOnRequiresAction(true)
                .putMetadata(PAYMENT, charge.payment().toString())
                .putMetadata("invoice_id", charge.invoice().toString())
                .putMetadata(TENANT, charge.tenant().toString())
                .addExpand(WITH_FEE)
                .build();
        try {
            return outcome(call(() -> stripe.paymentIntents().create(params, key(charge.payment()))));
        } catch (CardException e) {
            PaymentIntent intent =
                    e.getStripeError() == null ? null : e.getStripeError().getPaymentIntent();
            return StripeWords.declined(intent == null ? null : intent.getId(), e.getStripeError(), "card_declined");
        } catch (IdempotencyException e) {
            // The key was used with other parameters, by an older version of ours for example: what it did then counts.
            return isInUse(e) ? unknown("charge", e) : find(charge).orElseGet(() -> unknown("charge", e));
        } catch (InvalidRequestException e) {
            return refused(charge, e);
        } catch (ApiException e) {
            // Stripe keeps its own failures under the key, also one that came after the charge.
            return isInUse(e) ? unknown("charge", e) : find(charge).orElseGet(() -> unknown("charge", e));
        } catch (StripeException e) {
            return unknown("charge", e);
        }
    }

    @Override
    public Optional<ChargeOutcome> find(Charge charge) {
        try {
            if (charge.providerRef() != null) {
                return Optional.of(retrieved(charge.providerRef()));
            }
            PaymentIntentListParams params = PaymentIntentListParams.builder()
                    .setCustomer(charge.customer())
                    .setLimit(PAGE)
                    .build();
            Optional<PaymentIntent> made = first(
                    () -> stripe.paymentIntents().list(params),
                    intent -> isOf(intent.getMetadata(), PAYMENT, charge.payment()));
            return made.isPresent() ? Optional.of(retrieved(made.get().getId())) : Optional.empty();
        } catch (StripeException e) {
            return Optional.of(unknown("charge", e));
        }
    }

    private ChargeOutcome retrieved(String id) throws StripeException {
        PaymentIntentRetrieveParams params =
                PaymentIntentRetrieveParams.builder().addExpand(WITH_FEE).build();
        return outcome(call(() -> stripe.paymentIntents().retrieve(id, params)));
    }

    private ChargeOutcome outcome(PaymentIntent intent) {
        return StripeWords.of(intent).orElseGet(() -> abandoned(intent));
    }

    /** Nobody is there to go on with it; cancelled it can never move money, and only then it has failed. */
    private ChargeOutcome abandoned(PaymentIntent intent) {
        try {
            call(() -> stripe.paymentIntents().cancel(intent.getId(), key("cancel-" + intent.getId())));
            return StripeWords.declined(intent.getId(), intent.getLastPaymentError(), "authentication_required");
        } catch (StripeException e) {
            LOG.warning(() -> "Stripe did not cancel a charge that waits for its payer: " + told(e));
            return ChargeOutcome.processing(intent.getId());
        }
    }

    @Override
    public ChargeOutcome refund(Repayment repayment) {
        OptionalLong amount = StripeAmount.toStripe(repayment.cents(), repayment.currency());
        if (amount.isEmpty()) {
            return ChargeOutcome.failed(null, "amount_not_refundable", null, false);
        }
        RefundCreateParams params = RefundCreateParams.builder()
                .setPaymentIntent(repayment.chargeRef())
                .setAmount(amount.getAsLong())
                .putMetadata(REFUND, repayment.refund().toString())
                .putMetadata("credit_note_id", repayment.creditNote().toString())
                .putMetadata(TENANT, repayment.tenant().toString())
                .build();
        try {
            return StripeWords.of(call(() -> stripe.refunds().create(params, key(repayment.refund()))));
        } catch (IdempotencyException e) {
            return isInUse(e) ? unknown("refund", e) : find(repayment).orElseGet(() -> unknown("refund", e));
        } catch (InvalidRequestException e) {
            // A payment that this account does not have is one of another account: our key is the wrong one.
            return isMissing(e) ? unknown("refund", e) : refused("refund", e, false);
        } catch (ApiException e) {
            return isInUse(e) ? unknown("refund", e) : find(repayment).orElseGet(() -> unknown("refund", e));
        } catch (StripeException e) {
            return unknown("refund", e);
        }
    }

    @Override
    public Optional<ChargeOutcome> find(Repayment repayment) {
        try {
            String ref = repayment.providerRef();
            if (ref != null) {
                return Optional.of(StripeWords.of(call(() -> stripe.refunds().retrieve(ref))));
            }
            RefundListParams params = RefundListParams.builder()
                    .setPaymentIntent(repayment.chargeRef())
                    .setLimit(PAGE)
                    .build();
            return first(
                            () -> stripe.refunds().list(params),
                            refund -> isOf(refund.getMetadata(), REFUND, repayment.refund()))
                    .map(StripeWords::of);
        } catch (StripeException e) {
            return Optional.of(unknown("refund", e));
        }
    }

    /** Another try with this key is under way at this moment. */
    private static boolean isInUse(StripeException e) {
        return Integer.valueOf(409).equals(e.getStatusCode());
    }

    private static boolean isOf(@Nullable Map<String, String> metadata, String name, Object id) {
        return metadata != null && id.toString().equals(metadata.get(name));
    }

    private static boolean isMissing(InvalidRequestException e) {
        return "resource_missing".equals(e.getCode());
    }

    private static boolean isOfCustomer(InvalidRequestException e) {
        return isMissing(e) && String.valueOf(e.getParam()).startsWith("customer");
    }

    /** One that was deleted is still known to have been; one that is not known belongs to another account. */
    private Problem withoutCustomer(String customer, String what, StripeException e) {
        try {
            return isDeleted(customer) ? new UnknownCustomer() : unavailable(what, e);
        } catch (StripeException unclear) {
            return unavailable(what, unclear);
        }
    }

    private boolean isDeleted(String customer) throws StripeException {
        return Boolean.TRUE.equals(
                call(() -> stripe.customers().retrieve(customer)).getDeleted());
    }

    /**
     * A charge that Stripe did not even try. It is the card's end where no customer has it any more; a card that Stripe does
     * not know at all is one of another account, under whose key nothing is known about anybody.
     */
    private ChargeOutcome refused(Charge charge, InvalidRequestException e) {
        if ("amount".equals(e.getParam())) {
            return refused("charge", e, true);
        }
        try {
            PaymentMethod card = call(() -> stripe.paymentMethods().retrieve(charge.card()));
            return refused("charge", e, card.getCustomer() != null);
        } catch (StripeException unclear) {
            return unknown("charge", unclear);
        }
    }

    private static Problem unknownToken() {
        return Problem.invalid("token", "unknown_token", "the payment provider knows no such card");
    }

    private static ChargeOutcome refused(String what, InvalidRequestException e, boolean retryable) {
        LOG.warning(() -> "Stripe refused a " + what + ": " + told(e));
        return ChargeOutcome.failed(null, e.getCode() == null ? "invalid_request" : e.getCode(), null, retryable);
    }

    private static ChargeOutcome unknown(String what, StripeException e) {
        LOG.warning(() -> "What became of a " + what + " is not known and will be asked again: " + told(e));
        return ChargeOutcome.unknown();
    }

    static Problem unavailable(String what, StripeException e) {
        LOG.warning(() -> "Stripe gave no " + what + ": " + told(e));
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "provider_unavailable",
                "The payment provider does not answer; nothing was changed. Try again in a minute.");
    }

    /** Without Stripe's own words, which quote what was sent. */
    private static String told(StripeException e) {
        return e.getClass().getSimpleName() + ", status " + e.getStatusCode() + ", code " + e.getCode() + ", request "
                + e.getRequestId();
    }
}
