package com.cognitionos.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The built product without its portal, and the server without what only the portal and onlookers need: a start costs half of
 * what it does with them. All that moves money is the same.
 */
final class LeanHome {

    private static final String PORTAL = "portal-web.war";
    private static final String MODULE = "(?s)<module>\\s*<web>\\s*<web-uri>portal-web.*?</module>";
    private static final String LEFT_OUT =
            "\\s*<feature>(faces-|mpOpenAPI-|mpMetrics-)[^<]*</feature>|\\s*<mpMetrics [^>]*/>";

    private static final class Once {
        static final Path HOME = made();
    }

    private LeanHome() {}

    /** Made once: a product only reads it. */
    static Path home() {
        return Once.HOME;
    }

    private static Path made() {
        Path home = Path.of(System.getProperty("cognitionos.home"));
        try {
            Path at = Files.createTempDirectory("cognitionos-lean");
            Path target = Files.createDirectories(at.resolve("ear").resolve("target"));
            Path built = home.resolve("ear").resolve("target");
            Files.createSymbolicLink(target.resolve("liberty"), built.resolve("liberty"));
            Files.createSymbolicLink(
                    target.resolve("postgresql"), Files.createDirectories(built.resolve("postgresql")));
            Files.writeString(
                    at.resolve("server.xml"),
                    Files.readString(home.resolve("server.xml")).replaceAll(LEFT_OUT, ""));
            copy(built.resolve("cognitionos.ear"), target.resolve("cognitionos.ear"));
            return at;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path whole, Path lean) throws IOException {
        try (ZipFile from = new ZipFile(whole.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(lean))) {
            // What is in it is packed already.
            to.setLevel(Deflater.NO_COMPRESSION);
            for (ZipEntry entry : from.stream().toList()) {
                if (entry.getName().equals(PORTAL)) {
                    continue;
                }
                byte[] bytes = from.getInputStream(entry).readAllBytes();
                if (entry.getName().equals("META-INF/application.xml")) {
                    bytes = new String(bytes, StandardCharsets.UTF_8)
                            .replaceAll(MODULE, "")
                            .getBytes(StandardCharsets.UTF_8);
                }
                to.putNextEntry(new ZipEntry(entry.getName()));
                to.write(bytes);
                to.closeEntry();
            }
        }
    }
}
