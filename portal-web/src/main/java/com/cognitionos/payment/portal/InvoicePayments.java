package com.cognitionos.payment.portal;

import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.payment.boundary.PaymentRegister;
import com.cognitionos.payment.boundary.PaymentRegister.PaymentView;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The attempts to collect an invoice, on its page. */
@Named
@RequestScoped
public class InvoicePayments {

    @EJB
    private PaymentRegister register;

    @Inject
    private FacesContext faces;

    private final Map<String, Section<List<PaymentView>>> found = new HashMap<>();

    /** The newest first, as it stands once the page's action is done. */
    public Section<List<PaymentView>> of(InvoiceView invoice) {
        UUID id = invoice.id();
        return found.computeIfAbsent(
                faces.getCurrentPhaseId() + " " + id,
                key -> Section.load("payments of an invoice", () -> register.ofInvoice(id)));
    }
}
