package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.BillingFacts.OneOff;
import com.cognitionos.kernel.Sql;
import com.cognitionos.subscription.entity.Subscription;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/** Charges of once that no invoice has yet. */
@ApplicationScoped
public class WaitingCharges {

    @Inject
    private Sql sql;

    List<OneOff> of(Subscription subscription) {
        return sql.query(
                """
                SELECT description, amount_cents FROM one_off_charges
                WHERE tenant_id = ? AND invoice_id IS NULL AND currency = ? ORDER BY created_at, id""",
                row -> new OneOff(
                        row.getString("description"),
                        row.getLong("amount_cents"),
                        subscription.tier().code()),
                subscription.tenantId(),
                subscription.currency());
    }

    /** They are on this invoice now; whoever adds one waits for the subscription's lock. */
    public void invoiced(Subscription subscription, UUID invoice) {
        sql.update(
                "UPDATE one_off_charges SET invoice_id = ? WHERE tenant_id = ? AND invoice_id IS NULL AND currency = ?",
                invoice,
                subscription.tenantId(),
                subscription.currency());
    }
}
