package com.cognitionos.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** The text of all changes. */
final class Changelog {

    private static final Pattern INCLUDED = Pattern.compile("<include file=\"([^\"]+)\"");

    private Changelog() {}

    /** Resources on the class path, the first of which names the others. */
    static List<String> files() {
        List<String> files = new ArrayList<>();
        files.add(Migrations.CHANGELOG);
        var folder = Migrations.CHANGELOG.substring(0, Migrations.CHANGELOG.lastIndexOf('/') + 1);
        var names = INCLUDED.matcher(new String(bytes(Migrations.CHANGELOG), StandardCharsets.UTF_8));
        while (names.find()) {
            files.add(folder + names.group(1));
        }
        return files;
    }

    /** Another one for each other text: SHA-256 in hexadecimal digits. */
    static String version() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            files().forEach(file -> digest.update(bytes(file)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static byte[] bytes(String file) {
        try (var in = Objects.requireNonNull(Changelog.class.getClassLoader().getResourceAsStream(file), file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
