package com.cognitionos.mail.boundary;

import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Mail to people: queued in the sender's transaction, sent after its commit, tried again until it is gone. */
@Stateless
@TenantWall
public class Mails {

    /**
     * One mail.
     *
     * @param tenant in whose name it is sent; null for the platform
     * @param text plain text; links in it are complete addresses
     */
    public record Mail(@Nullable UUID tenant, String to, String subject, String text) {}

    /** Runs for the platform. */
    public void queue(Mail mail) {
        throw new UnsupportedOperationException();
    }
}
