package com.cognitionos.payment.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.mail.boundary.Links;
import com.cognitionos.payment.boundary.KeptCards;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.payment.boundary.PaymentMethods.MethodView;
import com.cognitionos.payment.boundary.Settlement;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The cards on file. */
@Named
@RequestScoped
public class BillingPage {

    private static final Map<String, String> FIELDS = Map.of("/token", "card:token", "card_declined", "card:token");

    @EJB
    private PaymentMethods methods;

    @EJB
    private KeptCards cards;

    @EJB
    private Settlement settlement;

    @Inject
    private Links links;

    @Inject
    private ExternalContext external;

    @Inject
    private Messages messages;

    @Inject
    private PaymentWords words;

    // The row's own id, not its place: the list may have changed since it was shown.
    @Inject
    @ManagedProperty("#{param.method}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{param.session_id}")
    private @Nullable String session;

    private @Nullable List<MethodView> list;
    private @Nullable Boolean hosted;
    private String token = TestCard.VISA.getToken();
    private boolean asDefault = true;

    @RequiresScope("invoices:write")
    @StepUp
    public void add() {
        messages.attempt(FIELDS, () -> {
            MethodView added = cards.add(token, asDefault);
            messages.done(name(added) + " is on file" + (added.isDefault() ? " and pays from now on." : "."));
            settlement.chase();
        });
        list = null;
    }

    /** Leads to the provider's page at which a card is entered. */
    @RequiresScope("invoices:write")
    @StepUp
    public void enter() throws IOException {
        leadTo(cards::setUpPage);
    }

    /** Leads to the provider's page with all cards. */
    @RequiresScope("invoices:write")
    @StepUp
    public void manage() throws IOException {
        leadTo(cards::portalPage);
    }

    private void leadTo(Function<String, URI> page) throws IOException {
        URI[] found = new URI[1];
        if (messages.attempt(Map.of(), () -> found[0] = page.apply(links.to("/billing", Map.of())))) {
            external.redirect(found[0].toString());
        }
    }

    /** Takes in the card of somebody who comes back from the provider's page; it was confirmed on the way there. */
    @RequiresScope("invoices:read")
    public void comeBack() {
        if (session != null && !session.isBlank()) {
            messages.attempt(Map.of(), () -> {
                Caller.current().require("invoices:write");
                messages.done(name(cards.add(session, true)) + " is on file.");
                settlement.chase();
            });
            list = null;
        }
    }

    /** Whether cards are entered at the provider. */
    public boolean isHosted() {
        if (hosted == null) {
            hosted = cards.hasPages();
        }
        return hosted;
    }

    @RequiresScope("invoices:write")
    @StepUp
    public void remove() {
        messages.attempt(Map.of(), () -> {
            cards.remove(GivenId.of(chosen, "payment method"));
            messages.done("The card was removed; it will not be charged again.");
        });
        list = null;
    }

    public List<MethodView> getMethods() {
        if (list == null) {
            list = methods.list();
        }
        return list;
    }

    public String name(MethodView method) {
        return words.card(method.brand(), method.last4());
    }

    public TestCard[] getCards() {
        return TestCard.values();
    }

    public String getToken() {
        return token;
    }

    public void setToken(String token) {
        this.token = token;
    }

    public boolean isAsDefault() {
        return asDefault;
    }

    public void setAsDefault(boolean asDefault) {
        this.asDefault = asDefault;
    }
}
