package com.cognitionos.stripe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The changes of a store in a file, one line a request, so that a double that runs by itself outlives its process. */
final class Journal {

    private final @Nullable Path file;
    private JsonArray pending = new JsonArray();

    /** @param file null to keep nothing */
    Journal(@Nullable Path file) {
        this.file = file;
    }

    /** Hands over the changes of before, in order. A last line that was cut off is left out, as its request never ended. */
    void replay(Consumer<JsonObject> change) {
        if (file == null || !Files.exists(file)) {
            return;
        }
        try {
            StringBuilder whole = new StringBuilder();
            for (String line : Files.readAllLines(file)) {
                JsonElement changes;
                try {
                    changes = JsonParser.parseString(line);
                } catch (JsonParseException e) {
                    break;
                }
                whole.append(line).append('\n');
                changes.getAsJsonArray().forEach(each -> change.accept(each.getAsJsonObject()));
            }
            Files.writeString(file, whole);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(JsonObject change) {
        if (file != null) {
            pending.add(change);
        }
    }

    void commit() {
        if (file == null || pending.isEmpty()) {
            return;
        }
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(file, pending + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            pending = new JsonArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
