package com.cognitionos.container.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jboss.arquillian.container.test.api.Testable;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What the build has made, and the EAR of it that carries the tests. */
public final class Product {

    private static final String TESTS = "container-tests";

    private Product() {}

    /** The packaged EAR as it is, with one more web module: this package's tests. */
    public static Archive<?> withTests(Package tests) {
        WebArchive war = ShrinkWrap.create(WebArchive.class, TESTS + ".war")
                .addPackage(tests)
                .addAsLibraries(jarOf("org.assertj.core.api.Assertions"))
                .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml");
        // Under a name of its own: the product's own entry in server.xml holds the other one.
        EnterpriseArchive ear = ShrinkWrap.create(ZipImporter.class, TESTS + ".ear")
                .importFrom(target().resolve("cognitionos.ear").toFile())
                .as(EnterpriseArchive.class);
        String descriptor = read(ear, "META-INF/application.xml");
        String module = "<module><web><web-uri>" + TESTS + ".war</web-uri><context-root>/" + TESTS
                + "</context-root></web></module>";
        String extended = descriptor.replaceFirst("(?=<library-directory>)", module);
        if (extended.equals(descriptor)) {
            throw new IllegalStateException("application.xml has no library-directory to put the tests before");
        }
        return ear.setApplicationXML(new StringAsset(extended)).addAsModule(Testable.archiveToTest(war));
    }

    private static String read(EnterpriseArchive ear, String path) {
        try (var in = Objects.requireNonNull(ear.get(path)).getAsset().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The project's root. */
    static Path home() {
        String given = System.getProperty("cognitionos.home");
        if (given != null) {
            return Path.of(given).toAbsolutePath().normalize();
        }
        for (Path folder = location(Product.class); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("server.xml")) && Files.isDirectory(folder.resolve("ear"))) {
                return folder;
            }
        }
        throw new IllegalStateException("the tests do not lie below the project's root; set cognitionos.home");
    }

    static Path target() {
        return home().resolve("ear").resolve("target");
    }

    static Path liberty() {
        return target().resolve("liberty").resolve("wlp");
    }

    static Path jdbc() {
        return target().resolve("liberty").resolve("jdbc");
    }

    static Path testResource(String name) {
        return location(Product.class).resolve(name);
    }

    private static File jarOf(String className) {
        try {
            return location(Class.forName(className)).toFile();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
