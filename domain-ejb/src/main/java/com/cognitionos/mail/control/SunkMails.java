package com.cognitionos.mail.control;

import com.cognitionos.kernel.Problem;
import com.cognitionos.mail.boundary.MailSink.SunkMail;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;

/** Reads what {@link MailFiles} wrote. */
@ApplicationScoped
public class SunkMails {

    @Inject
    private MailSettings settings;

    public boolean isOpen() {
        return settings.files().isPresent();
    }

    public List<SunkMail> list(int most) {
        MailFiles files = files();
        try {
            return files.ids().stream().limit(most).map(id -> read(files, id)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public SunkMail read(UUID id) {
        MailFiles files = files();
        if (!files.has(id)) {
            throw Problem.notFound("mail");
        }
        return read(files, id);
    }

    private MailFiles files() {
        return settings.files().orElseThrow(() -> Problem.notFound("mail"));
    }

    private static SunkMail read(MailFiles files, UUID id) {
        try {
            MimeMessage message = files.read(id);
            Address to = message.getAllRecipients()[0];
            return new SunkMail(
                    id,
                    to instanceof InternetAddress address ? address.getAddress() : to.toString(),
                    message.getSubject(),
                    message.getSentDate().toInstant(),
                    message.getContent().toString().replace("\r\n", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MessagingException e) {
            throw new IllegalStateException("a mail's file is damaged", e);
        }
    }
}
