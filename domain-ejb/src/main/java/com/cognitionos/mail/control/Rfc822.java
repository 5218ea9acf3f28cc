package com.cognitionos.mail.control;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;

/** A letter in the form in which it travels. */
final class Rfc822 {

    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private Rfc822() {}

    static MimeMessage message(Session session, Letter letter, String from) throws MessagingException {
        InternetAddress sender = new InternetAddress(from, true);
        // Saving would make an id of its own; the letter's stays the same however often it is sent.
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                String address = sender.getAddress();
                setHeader("Message-ID", "<" + letter.id() + address.substring(address.indexOf('@')) + ">");
            }
        };
        message.setFrom(sender);
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(letter.to(), true));
        message.setSubject(letter.subject(), UTF_8);
        message.setText(letter.text(), UTF_8);
        message.setSentDate(Date.from(letter.queuedAt()));
        message.setHeader("Auto-Submitted", "auto-generated");
        return message;
    }
}
