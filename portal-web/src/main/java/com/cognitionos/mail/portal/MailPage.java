package com.cognitionos.mail.portal;

import com.cognitionos.mail.boundary.MailSink;
import com.cognitionos.mail.boundary.MailSink.SunkMail;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The mails of a demo. Where mails really go out there is no such page. */
@Named
@RequestScoped
public class MailPage {

    private static final Pattern LINK = Pattern.compile("https?://\\S+");

    @EJB
    private MailSink sink;

    @Inject
    private ExternalContext external;

    private @Nullable List<SunkMail> mails;

    /** A piece of a mail; {@code link} is empty for plain words. */
    public record Piece(String text, String link) {}

    public void open() {
        if (!sink.isOpen()) {
            external.setResponseStatus(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    public boolean isMissing() {
        return !sink.isOpen();
    }

    public List<SunkMail> getMails() {
        if (mails == null) {
            mails = sink.isOpen() ? sink.list() : List.of();
        }
        return mails;
    }

    public List<Piece> pieces(SunkMail mail) {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        for (MatchResult link : LINK.matcher(mail.text()).results().toList()) {
            pieces.add(new Piece(mail.text().substring(at, link.start()), ""));
            pieces.add(new Piece(link.group(), link.group()));
            at = link.end();
        }
        pieces.add(new Piece(mail.text().substring(at), ""));
        return pieces;
    }
}
