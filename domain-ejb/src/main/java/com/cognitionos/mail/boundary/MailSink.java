package com.cognitionos.mail.boundary;

import com.cognitionos.kernel.Problem;
import com.cognitionos.mail.control.SunkMails;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The mails that a demo sent to nobody, to be read on the spot (MAI-4). */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class MailSink {

    private static final int MOST = 200;

    /** @param sentAt when it was queued, to the second */
    public record SunkMail(UUID id, String to, String subject, Instant sentAt, String text) {}

    @Inject
    private SunkMails mails;

    /** Whether mails go here: in a demo without a mail server. */
    public boolean isOpen() {
        return mails.isOpen();
    }

    /** The latest 200, newest first. @throws Problem NOT_FOUND where mails really go out */
    public List<SunkMail> list() {
        return mails.list(MOST);
    }

    /** @throws Problem NOT_FOUND */
    public SunkMail read(UUID id) {
        return mails.read(id);
    }
}
