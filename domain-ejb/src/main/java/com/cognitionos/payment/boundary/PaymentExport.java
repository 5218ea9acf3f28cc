package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Csv;
import com.cognitionos.payment.boundary.PaymentRegister.PaymentView;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The payments that a search found to take away, oldest first, read a portion at a time (PAY-13). */
@ApplicationScoped
public class PaymentExport {

    /** New columns only come at the end. */
    public static final List<String> COLUMNS = List.of(
            "payment_id",
            "created_at",
            "began_at",
            "tenant_id",
            "tenant_name",
            "test_mode",
            "invoice_id",
            "invoice_number",
            "status",
            "currency",
            "amount",
            "amount_cents",
            "refunded_cents",
            "dispute_status",
            "fee_cents",
            "fee_currency",
            "failure_code",
            "decline_code",
            "card",
            "provider",
            "provider_reference",
            "settled_at");

    @EJB
    private PaymentRegister register;

    /** For the present caller. The first portion is read at once, so that a failure can still be told. */
    public Csv.Content of(PaymentRegister.Wanted wanted) {
        Caller caller = Caller.current();
        List<PaymentView> first = register.next(wanted, null);
        return out -> {
            out.write(Csv.header(COLUMNS));
            List<PaymentView> portion = first;
            while (!portion.isEmpty()) {
                for (PaymentView payment : portion) {
                    out.write(line(payment));
                }
                PaymentView last = portion.get(portion.size() - 1);
                portion = caller.call(() -> register.next(wanted, last));
            }
        };
    }

    private static String line(PaymentView payment) {
        return new Csv.Line()
                .text(payment.id())
                .text(payment.createdAt())
                .text(payment.beganAt())
                .text(payment.tenant())
                .text(payment.tenantName())
                .text(payment.testMode())
                .text(payment.invoice())
                .text(payment.invoiceNumber())
                .text(payment.status())
                .text(payment.currency())
                .amount(payment.amountCents(), payment.currency())
                .number(payment.amountCents())
                .number(payment.refundedCents())
                .text(payment.disputeStatus())
                .number(payment.feeCents())
                .text(payment.feeCurrency())
                .text(payment.failureCode())
                .text(payment.declineCode())
                .text(payment.brand() + " " + payment.last4())
                .text(payment.provider())
                .text(payment.providerRef())
                .text(payment.settledAt())
                .toString();
    }
}
