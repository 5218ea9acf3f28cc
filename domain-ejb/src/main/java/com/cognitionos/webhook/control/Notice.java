package com.cognitionos.webhook.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.mail.boundary.Links;
import com.cognitionos.mail.boundary.Mails;
import com.cognitionos.mail.boundary.Mails.Mail;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The mail about an endpoint that gets nothing any more (WHK-7). */
@ApplicationScoped
public class Notice {

    private static final Caller MAILER = Caller.job("mail");

    @Inject
    private Links links;

    @EJB
    private Mails mails;

    @EJB
    private Tenants tenants;

    /** In the present transaction. @param reason as it is kept with the endpoint */
    void disabled(UUID endpoint, String url, String reason) {
        TenantView tenant = tenants.current();
        String text = """
                Hello,

                the webhook endpoint

                %s

                of %s gets no more events: %s

                What could not be delivered, and why:

                %s

                Enable the endpoint there once it works again. What waits is sent then, if that is within three days;
                what has failed you can send again from the list.
                """.formatted(
                        url,
                        tenant.name().replaceAll("\\p{Cntrl}", " "),
                        reason.equals("gone")
                                ? "it answered that it is gone for good (status 410)."
                                : "it has been failing for days, and nothing got through.",
                        links.to("/webhook", Map.of("id", endpoint.toString())));
        Stream.of(tenant.ownerEmail(), tenant.billingEmail())
                .distinct()
                .forEach(to -> MAILER.run(
                        () -> mails.queue(new Mail(tenant.id(), to, "A webhook endpoint was disabled", text))));
    }
}
