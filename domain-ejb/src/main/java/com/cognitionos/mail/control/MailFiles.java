package com.cognitionos.mail.control;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;

/** The demo's mails as files that only the server's account can read (MAI-4). Ids are ordered by time. */
record MailFiles(Path directory, String from) implements Transport {

    private static final String SUFFIX = ".eml";

    @Override
    public void send(Letter letter) throws Undeliverable {
        try {
            Files.createDirectories(directory, owners("rwx------"));
            Path half = Files.createTempFile(directory, "mail", ".tmp", owners("rw-------"));
            try (OutputStream out = Files.newOutputStream(half)) {
                Rfc822.message(session(), letter, from).writeTo(out);
            }
            Files.move(half, directory.resolve(letter.id() + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | MessagingException e) {
            throw new Undeliverable(e.getClass().getSimpleName(), false);
        }
    }

    /** Newest first. */
    List<UUID> ids() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .sorted((a, b) -> b.compareTo(a))
                    .map(name -> UUID.fromString(name.substring(0, name.length() - SUFFIX.length())))
                    .toList();
        }
    }

    boolean has(UUID id) {
        return Files.isRegularFile(directory.resolve(id + SUFFIX));
    }

    MimeMessage read(UUID id) throws IOException, MessagingException {
        try (InputStream in = Files.newInputStream(directory.resolve(id + SUFFIX))) {
            return new MimeMessage(session(), in);
        }
    }

    private static Session session() {
        return Session.getInstance(new Properties());
    }

    private static FileAttribute<?>[] owners(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
