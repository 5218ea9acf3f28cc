package com.cognitionos.payment.boundary;

import com.cognitionos.idempotency.boundary.KeyedEffects;
import com.cognitionos.idempotency.boundary.RequestKey;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.boundary.PaymentMethods.MethodView;
import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.payment.control.PaymentProvider.HostedPages;
import com.cognitionos.payment.control.Providers;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Cards that the provider keeps for the caller's tenant. It calls the provider, and so has no transaction itself (PAY-2). */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class KeptCards {

    private static final Logger LOG = Logger.getLogger(KeptCards.class.getName());
    private static final int LONGEST_URL = 2_000;

    @EJB
    private PaymentMethods methods;

    @EJB
    private ProviderCustomers customers;

    @EJB
    private Tenants tenants;

    @EJB
    private KeyedEffects effects;

    @Inject
    private Providers providers;

    /**
     * Takes a card in: the provider first, then our note of it.
     *
     * @param token as {@link PaymentProvider#keep}
     * @throws Problem as there
     */
    public MethodView add(String token, boolean asDefault) {
        Optional<MethodView> added = RequestKey.current()
                .flatMap(key -> effects.noted(PaymentMethods.ADDED))
                .flatMap(methods::find);
        if (added.isPresent()) {
            return added.get();
        }
        PaymentProvider provider = provider();
        Card card = forCustomer(provider, customer -> provider.keep(customer, token));
        return methods.enter(provider.name(), card, asDefault);
    }

    /** See {@link PaymentMethods#remove}; the provider forgets the card too, at once or later. */
    public void remove(UUID id) {
        methods.remove(id);
        releaseRemoved();
    }

    /** Has the provider forget the removed cards that it still keeps; where it does not answer they wait. */
    public void releaseRemoved() {
        for (PaymentMethods.Unreleased card : methods.unreleased()) {
            try {
                providers.configured(card.provider()).ifPresent(provider -> {
                    provider.release(card.cardRef());
                    methods.released(card.id());
                });
            } catch (Problem unavailable) {
                LOG.log(Level.FINE, unavailable, () -> "A removed card is released later");
                return;
            }
        }
    }

    /** Whether the provider has pages of its own for cards. */
    public boolean hasPages() {
        return provider().pages().isPresent();
    }

    /**
     * A page of the provider's at which a card is entered.
     *
     * @param back an absolute URL, where the browser comes back to with {@code session_id}, the token of the card
     * @throws Problem CONFLICT ({@code not_supported}) where it has none, INVALID for another kind of URL, UNAVAILABLE
     */
    public URI setUpPage(String back) {
        HostedPages pages = pages();
        URI address = address(back);
        return forCustomer(provider(), customer -> pages.setUp(customer, address));
    }

    /** A page of the provider's with all cards. @throws Problem as {@link #setUpPage} */
    public URI portalPage(String back) {
        HostedPages pages = pages();
        URI address = address(back);
        return forCustomer(provider(), customer -> pages.portal(customer, address));
    }

    private PaymentProvider provider() {
        return providers.of(tenants.current());
    }

    private HostedPages pages() {
        return provider()
                .pages()
                .orElseThrow(() -> Problem.conflict(
                        "not_supported", "The payment provider has no pages of its own: add a card by its token."));
    }

    /** For another customer, once, where somebody has deleted ours at the provider (PAY-8). */
    private <T> T forCustomer(PaymentProvider provider, Function<String, T> call) {
        String customer = customerAt(provider);
        try {
            return call.apply(customer);
        } catch (PaymentProvider.UnknownCustomer gone) {
            LOG.warning(() -> "The provider has no customer " + customer + " any more; another one is made");
            customers.gone(provider.name(), customer);
            return call.apply(customerAt(provider));
        }
    }

    private String customerAt(PaymentProvider provider) {
        ProviderCustomers.Entry entry = customers.of(provider.name());
        return entry.ref() != null ? entry.ref() : customers.known(provider.name(), provider.customer(entry.wanted()));
    }

    private static URI address(String given) {
        try {
            URI address = new URI(given);
            boolean web = "https".equalsIgnoreCase(address.getScheme()) || "http".equalsIgnoreCase(address.getScheme());
            if (web
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawFragment() == null
                    && given.length() <= LONGEST_URL) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Refused below, like any other that nobody can come back to.
        }
        throw Problem.invalid("return_url", "invalid_url", "must be an absolute http or https URL without a fragment");
    }
}
