package com.cognitionos.mail.control;

import jakarta.mail.Authenticator;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A mail server.
 *
 * @param user null where it asks for none
 * @param tls whether to refuse a connection that does not change over to TLS with a certificate for the host's name
 */
record Smtp(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        String from,
        boolean tls) implements Transport {

    private static final String TIMEOUT_MS =
            Long.toString(Duration.ofSeconds(15).toMillis());

    @Override
    public void send(Letter letter) throws Undeliverable {
        try {
            jakarta.mail.Transport.send(Rfc822.message(session(), letter, from));
        } catch (SendFailedException e) {
            throw new Undeliverable(reason(e), e.getInvalidAddresses() != null && e.getInvalidAddresses().length > 0);
        } catch (MessagingException e) {
            throw new Undeliverable(reason(e), false);
        }
    }

    /** The kind of failure alone: what a server answers may repeat the address or the text. */
    private static String reason(Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return e.getClass().getSimpleName()
                + (root == e ? "" : ": " + root.getClass().getSimpleName());
    }

    private Session session() {
        Properties properties = new Properties();
        properties.put("mail.transport.protocol", "smtp");
        properties.put("mail.smtp.host", host);
        properties.put("mail.smtp.port", Integer.toString(port));
        properties.put("mail.smtp.starttls.enable", Boolean.toString(tls));
        properties.put("mail.smtp.starttls.required", Boolean.toString(tls));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.connectiontimeout", TIMEOUT_MS);
        properties.put("mail.smtp.timeout", TIMEOUT_MS);
        properties.put("mail.smtp.writetimeout", TIMEOUT_MS);
        if (user == null) {
            return Session.getInstance(properties);
        }
        properties.put("mail.smtp.auth", "true");
        return Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, password);
            }
        });
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
