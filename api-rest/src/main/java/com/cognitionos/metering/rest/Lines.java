package com.cognitionos.metering.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a stream that are not blank, without what ends them. */
final class Lines {

    private static final int BUFFER = 8192;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;

    Lines(InputStream in) {
        this.in = in;
    }

    /** Null at the end. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean blank = true;
        while (from < to || fill()) {
            byte next = buffer[from++];
            if (next != '\n') {
                blank &= next == ' ' || next == '\t' || next == '\r';
                line.write(next);
            } else if (blank) {
                line.reset();
            } else {
                return line.toByteArray();
            }
        }
        return blank ? null : line.toByteArray();
    }

    private boolean fill() throws IOException {
        from = 0;
        to = in.read(buffer);
        return to > 0;
    }
}
