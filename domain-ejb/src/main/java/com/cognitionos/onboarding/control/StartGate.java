package com.cognitionos.onboarding.control;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Logger;

/**
 * Where a start waits for whoever prepares the database beside it, which says by a file that it is done. There is no end to the
 * waiting: a change of a large table takes its time, and who prepares ends this process too where it cannot go on.
 */
public final class StartGate {

    private static final Logger LOG = Logger.getLogger(StartGate.class.getName());
    private static final long INTERVAL_MS = 20;

    private StartGate() {}

    /** @throws IllegalStateException if the server is stopped meanwhile */
    public static void await(Path file) {
        try {
            if (!Files.exists(file)) {
                LOG.info("Waiting for the database");
            }
            while (!Files.exists(file)) {
                Thread.sleep(INTERVAL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped before the database was ready", e);
        }
    }
}
