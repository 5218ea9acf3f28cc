package com.cognitionos.launcher;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the built product lies.
 *
 * @param home the project's root, absolute
 */
record Installation(Path home) {

    /**
     * Found from where this class was loaded, so that it does not depend on the working directory; the system property
     * {@code cognitionos.home} overrides.
     *
     * @throws StartFailure if the build's result is not there
     */
    static Installation find() throws StartFailure {
        var given = System.getProperty("cognitionos.home");
        var found =
                new Installation(given != null ? Path.of(given).toAbsolutePath().normalize() : searched());
        if (!Files.isRegularFile(found.ear()) || !Files.isDirectory(found.liberty())) {
            throw new StartFailure("The product is not built in " + found.home() + "; run ./mvnw package there first.");
        }
        return found;
    }

    private static Path searched() throws StartFailure {
        try {
            var classes = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            for (var folder = classes; folder != null; folder = folder.getParent()) {
                if (Files.isRegularFile(folder.resolve("server.xml"))) {
                    return folder.toAbsolutePath();
                }
            }
        } catch (URISyntaxException e) {
            throw new StartFailure("The launcher lies at a place that is no path; move the project.", e);
        }
        throw new StartFailure("The launcher does not find server.xml above itself; run it from the built project.");
    }

    Path serverXml() {
        return home.resolve("server.xml");
    }

    Path ear() {
        return target("cognitionos.ear");
    }

    Path liberty() {
        return target("liberty").resolve("wlp");
    }

    /** Holds the PostgreSQL driver for the server. */
    Path jdbc() {
        return target("liberty").resolve("jdbc");
    }

    /** Where the embedded PostgreSQL is unpacked, once for all data directories. */
    Path postgresql() {
        return target("postgresql");
    }

    private Path target(String name) {
        return home.resolve("ear").resolve("target").resolve(name);
    }
}
