package com.cognitionos.dunning.control;

import com.cognitionos.dunning.control.CardNotices.Notice;
import com.cognitionos.dunning.entity.DunningCase;
import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.MinorUnit;
import com.cognitionos.mail.boundary.Links;
import com.cognitionos.mail.boundary.Mails;
import com.cognitionos.mail.boundary.Mails.Mail;
import com.cognitionos.mail.boundary.Wording;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people are told about money that does not come in, queued in the present transaction (DUN-7). */
@ApplicationScoped
public class DunningLetters {

    private static final Caller CALLER = Caller.job("mail");

    @Inject
    private Links links;

    @EJB
    private Mails mails;

    @EJB
    private Tenants tenants;

    @EJB
    private Members members;

    /** The first charge failed. */
    public void failed(DunningCase begun, InvoiceView invoice) {
        send("Payment of invoice " + invoice.number() + " failed", """
                your card could not be charged for invoice %s over %s.

                %s
                """.formatted(
                        invoice.number(), due(invoice), whatNext(begun)));
    }

    /** There was no card at its due date. */
    public void overdue(DunningCase begun, InvoiceView invoice) {
        send("Invoice " + invoice.number() + " is due", """
                invoice %s over %s is due, and there is no card to charge it to.

                %s
                """.formatted(invoice.number(), due(invoice), whatNext(begun)));
    }

    /** A retry failed, and it is not the last one. */
    public void failedAgain(DunningCase going, InvoiceView invoice) {
        send("Payment of invoice " + invoice.number() + " failed again", """
                we tried again to charge your card for invoice %s over %s, and it failed.

                %s
                """.formatted(
                        invoice.number(), due(invoice), whatNext(going)));
    }

    /** A retry came, but there was no card that may be charged. */
    public void reminder(DunningCase going, InvoiceView invoice) {
        send("Reminder: invoice " + invoice.number() + " is unpaid", """
                invoice %s over %s is still unpaid, and there is no card that we may charge.

                %s
                """.formatted(
                        invoice.number(), due(invoice), whatNext(going)));
    }

    /** All retries are over. */
    public void lastNotice(DunningCase going, InvoiceView invoice) {
        send("Last notice: invoice " + invoice.number() + " is unpaid", """
                invoice %s over %s is unpaid, and your card is not tried again by itself. What your plan includes cannot be
                used until it is paid.%s

                Pay it now, with another card if need be:
                """.formatted(
                invoice.number(),
                due(invoice),
                going.nextAt() == null
                        ? ""
                        : "\nOn " + day(going.nextAt()) + " your account is suspended: only its billing stays open."));
    }

    public void suspended(InvoiceView invoice) {
        send("Your account is suspended", """
                invoice %s over %s is unpaid, so your account is suspended from today on. Nothing of yours is deleted.

                It opens again by itself as soon as everything that is due is paid:
                """.formatted(invoice.number(), due(invoice)));
    }

    /** @param paid the invoices; none where they were withdrawn */
    public void recovered(Collection<InvoiceView> paid, boolean reactivated) {
        String numbers =
                paid.stream().map(invoice -> String.valueOf(invoice.number())).collect(Collectors.joining(", "));
        send(
                reactivated ? "Your account is open again" : "Thank you: invoice " + numbers + " is paid",
                (numbers.isEmpty() ? "nothing is due any more." : "invoice " + numbers + " is paid. Thank you.")
                        + (reactivated ? "\nYour account is open again." : "")
                        + "\n\nAll invoices and payments:\n");
    }

    public void cardEnds(Notice notice) {
        boolean lastDay = notice.kind() == CardNotices.Kind.LAST_DAY;
        send("Your card ends " + (lastDay ? "today" : "this month"), """
                your card %s ending %s is valid through %02d/%d, so it ends %s. So that the next invoice can be paid, add
                another one:
                """.formatted(
                        notice.brand(),
                        notice.last4(),
                        notice.month(),
                        notice.year(),
                        lastDay ? "today" : "when this month does"));
    }

    private String whatNext(DunningCase going) {
        Instant next = going.nextAt();
        if (next == null || going.unpaidAt() != null) {
            return "Pay it here, with another card if need be:";
        }
        return going.declinedCard() == null
                ? "We try again on " + day(next) + ". To pay before, or with another card:"
                : "Your bank does not let us try this card again. Add another one, which is charged at once:";
    }

    private void send(String subject, String text) {
        TenantView tenant = tenants.current();
        String body = "Hello,\n\n" + text + "\n" + links.to("/billing", Map.of()) + "\n\nThis is about "
                + Wording.plain(tenant.name()) + " on CognitionOS.\n";
        String about = (tenant.testMode() ? "[Test] " : "") + subject;
        for (String to : members.addresses(List.of(Role.OWNER), true)) {
            CALLER.run(() -> mails.queue(new Mail(tenant.id(), to, about, body)));
        }
    }

    private String day(@Nullable Instant at) {
        return at == null ? "" : Wording.day(at, ZoneId.of(tenants.current().timeZone()));
    }

    private static String due(InvoiceView invoice) {
        return MinorUnit.plain(invoice.amountDueCents(), invoice.currency()) + " " + invoice.currency();
    }
}
