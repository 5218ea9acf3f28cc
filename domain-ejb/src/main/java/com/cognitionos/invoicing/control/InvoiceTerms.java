package com.cognitionos.invoicing.control;

import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.invoicing.entity.Buyer;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.rating.entity.InvoiceDraft;
import com.cognitionos.rating.entity.Taxes;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.tenancy.boundary.TenantView;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the amounts of an invoice depend on besides its lines, and whom it is made out to. */
@ApplicationScoped
public class InvoiceTerms {

    /** What is sold is all of one kind to a tax office. */
    private static final String TAX_CATEGORY = "services";

    @EJB
    private CustomerBalance balance;

    /** The draft of these lines; a line's id is its position. The balance stays locked until the transaction ends. */
    public InvoiceDraft draft(Subscription subscription, List<InvoiceLine> lines, Instant at) {
        return new InvoiceDraft(
                subscription.currency(),
                IntStream.range(0, lines.size())
                        .mapToObj(i -> line(i + 1, lines.get(i)))
                        .toList(),
                List.of(),
                Taxes.InForce.NONE,
                List.of(),
                new com.cognitionos.rating.entity.CustomerBalance(
                        Math.negateExact(balance.locked(subscription.currency()))),
                0,
                at);
    }

    public Buyer buyer(TenantView tenant) {
        return new Buyer(tenant.name(), tenant.billingEmail(), null, null, null, null);
    }

    private static InvoiceDraft.Line line(int position, InvoiceLine line) {
        return new InvoiceDraft.Line(
                String.valueOf(position), line.amountCents(), line.kind().code(), line.plan(), TAX_CATEGORY, Map.of());
    }
}
