package com.cognitionos.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Everything an installation keeps. One launcher at a time holds it, by a file lock that ends with its process. */
final class DataDirectory implements AutoCloseable {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Creates the directory if need be and takes hold of it.
     *
     * @throws StartFailure if it is not a directory, cannot be written, or another launcher holds it
     */
    static DataDirectory open(Path wanted) throws StartFailure {
        try {
            Files.createDirectories(wanted, onlyFor("rwx------"));
            // Processes are recognised by this path in their command lines: one spelling for all starts.
            var root = wanted.toRealPath();
            if (!Files.isWritable(root)) {
                throw new AccessDeniedException(root.toString());
            }
            Files.createDirectories(root.resolve("logs"));
            var channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new StartFailure("CognitionOS is already running on " + root
                        + "; stop it, or set COGNITIONOS_DATA_DIR to another directory.");
            }
            return new DataDirectory(root, channel);
        } catch (FileAlreadyExistsException e) {
            throw new StartFailure(
                    "The data directory " + wanted
                            + " cannot be made because a file is in its place; set COGNITIONOS_DATA_DIR to a directory.",
                    e);
        } catch (IOException e) {
            throw new StartFailure(
                    "The data directory " + wanted
                            + " cannot be written; set COGNITIONOS_DATA_DIR to a directory of yours.",
                    e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path root() {
        return root;
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path liberty() {
        return root.resolve("liberty");
    }

    Path demoSignIns() {
        return root.resolve("demo-sign-ins.txt");
    }

    Path operatorKey() {
        return root.resolve("operator.key");
    }

    /** A random secret of this directory (256 bits, base64url), made on first use and readable by its owner only. */
    String secret(String name) throws IOException {
        var file = root.resolve(name);
        var kept = read(file);
        if (kept.isPresent()) {
            return kept.get();
        }
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        var fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        writePrivate(file, fresh);
        return fresh;
    }

    /** Replaces the file at once, so that a kill in between leaves the old or the new content. */
    void writePrivate(Path file, String content) throws IOException {
        var draft = Files.createTempFile(root, ".draft", "", onlyFor("rw-------"));
        Files.writeString(draft, content + System.lineSeparator());
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<String> read(Path file) throws IOException {
        return Files.exists(file)
                ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private static FileAttribute<?>[] onlyFor(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
