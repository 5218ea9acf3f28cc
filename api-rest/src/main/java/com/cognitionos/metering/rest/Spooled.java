package com.cognitionos.metering.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A body that is all here. It lies on disk without a name: the system takes its space back when it is closed and when the
 * server is killed.
 */
final class Spooled implements AutoCloseable {

    private final FileChannel file;

    private Spooled(FileChannel file) {
        this.file = file;
    }

    /** @param folder on whose disk it is to lie */
    static Spooled of(InputStream body, Path folder) throws IOException {
        Path path = Files.createTempFile(folder, "usage", null);
        FileChannel file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        try {
            body.transferTo(Channels.newOutputStream(file));
            file.position(0);
            return new Spooled(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** @return bytes */
    long size() throws IOException {
        return file.size();
    }

    /** From the first byte on; to be read once. */
    InputStream content() {
        return Channels.newInputStream(file);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
