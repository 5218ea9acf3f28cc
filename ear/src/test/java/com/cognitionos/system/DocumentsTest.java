package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents name as proof is there. */
class DocumentsTest {

    private static final Path HOME = Path.of("..");
    /** `ClassName` or `ClassName.method`, as the documents write them. */
    private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.([a-z]\\w*))?`");

    private static final Set<String> NOT_OURS = Set.of("SecureRandom", "Lax");

    @ParameterizedTest
    @ValueSource(strings = {"security.md", "architecture.md"})
    void everyClassAndTestThatIsNamedIsThere(String name) {
        Map<String, String> sources = sources();
        List<String> missing = new ArrayList<>();
        Matcher names = NAME.matcher(read(HOME.resolve("docs").resolve(name)));
        int found = 0;
        while (names.find()) {
            found++;
            String source = sources.get(names.group(1));
            String method = names.group(2);
            if (!NOT_OURS.contains(names.group(1))
                    && (source == null || method != null && !source.contains(" " + method + "("))) {
                missing.add(names.group());
            }
        }
        assertThat(found).isPositive();
        assertThat(missing).as("named in docs/%s, but not in the sources", name).isEmpty();
    }

    @Test
    void noRowIsLeftToBeChecked() {
        assertThat(read(HOME.resolve("docs").resolve("security.md"))).doesNotContain("(check)");
    }

    private static Map<String, String> sources() {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("db-changelog", "domain-ejb", "batch-jobs", "api-rest", "portal-web", "ear")) {
            try (Stream<Path> files = Files.walk(HOME.resolve(module).resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> sources.merge(
                                file.getFileName().toString().replace(".java", ""), read(file), String::concat));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
