package com.cognitionos.payment.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.payment.boundary.PaymentMethods.MethodView;
import com.cognitionos.payment.boundary.Settlement;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cards on file. */
@Named
@RequestScoped
public class BillingPage {

    private static final Map<String, String> FIELDS = Map.of("/token", "card:token", "card_declined", "card:token");

    @EJB
    private PaymentMethods methods;

    @EJB
    private Settlement settlement;

    @Inject
    private Messages messages;

    // The row's own id, not its place: the list may have changed since it was shown.
    @Inject
    @ManagedProperty("#{param.method}")
    private @Nullable String chosen;

    private @Nullable List<MethodView> list;
    private String token = TestCard.VISA.getToken();
    private boolean asDefault = true;

    @RequiresScope("invoices:write")
    @StepUp
    public void add() {
        messages.attempt(FIELDS, () -> {
            MethodView added = settlement.addCard(token, asDefault);
            messages.done(name(added) + " is on file" + (added.isDefault() ? " and pays from now on." : "."));
        });
        list = null;
    }

    @RequiresScope("invoices:write")
    @StepUp
    public void remove() {
        messages.attempt(Map.of(), () -> {
            methods.remove(GivenId.of(chosen, "payment method"));
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
        return method.brand().substring(0, 1).toUpperCase(Locale.ROOT)
                + method.brand().substring(1) + " ending " + method.last4();
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
