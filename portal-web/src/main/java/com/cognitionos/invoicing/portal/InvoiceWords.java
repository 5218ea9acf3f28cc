package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.tenancy.portal.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** An invoice's state in words. */
@Named
@RequestScoped
public class InvoiceWords {

    @Inject
    private CurrentTenant tenant;

    public String status(InvoiceView invoice) {
        return switch (invoice.status()) {
            case "draft" -> "Draft";
            case "open" -> invoice.isOverdue(tenant.now()) ? "Overdue" : "Open";
            case "paid" -> "Paid";
            case "void" -> "Void";
            default -> "Written off";
        };
    }

    /** See {@link com.cognitionos.subscription.portal.PlanCard#tone}. */
    public String tone(InvoiceView invoice) {
        return switch (invoice.status()) {
            case "open" -> invoice.isOverdue(tenant.now()) ? "bad" : "warn";
            case "paid" -> "good";
            case "draft" -> "info";
            default -> "idle";
        };
    }

    public String name(InvoiceView invoice) {
        return invoice.number() == null ? "Draft" : invoice.number();
    }
}
