package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Stripe's own files that the double is built on, read once. They lie beside the project, in {@code ../shared/data/stripe}
 * of its root, and are no part of it.
 */
final class Sources {

    private static final Optional<JsonObject> DESCRIPTION = read("openapi.json");
    private static final Optional<JsonObject> EXAMPLES = read("fixtures3.json");

    private Sources() {}

    /** The description of the API, an older one than stripe-java's. */
    static Optional<JsonObject> description() {
        return DESCRIPTION;
    }

    /** Example objects by name of object. */
    static Optional<JsonObject> examples() {
        return EXAMPLES.map(document -> Json.child(document, "resources"));
    }

    private static Optional<JsonObject> read(String name) {
        Path file = root().resolveSibling("shared")
                .resolve("data")
                .resolve("stripe")
                .resolve(name);
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            return Optional.of(JsonParser.parseReader(reader).getAsJsonObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        for (Path each = here; each != null; each = each.getParent()) {
            if (Files.exists(each.resolve("mvnw"))) {
                return each;
            }
        }
        return here;
    }
}
