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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
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
    @ValueSource(strings = {"security.md", "architecture.md", "billing.md"})
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

    /** Without one it would run at the same time as another that changes the same product. */
    @Test
    void everyTestOfTheProductHasALane() {
        assertThat(sources().entrySet())
                .filteredOn(source ->
                        source.getKey().endsWith("IT") && source.getValue().contains("package com.cognitionos.system;"))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source.getValue())
                        .as(source.getKey())
                        .containsPattern("(?m)^@(SharedProduct|OwnProduct)$"));
    }

    @Test
    void noRowIsLeftToBeChecked() {
        assertThat(read(HOME.resolve("docs").resolve("security.md"))).doesNotContain("(check)");
    }

    /** The arrows of the picture are the imports between components, less those that follow from others. */
    @Test
    void thePictureOfComponentsIsTheCodes() {
        Map<String, Set<String>> uses = imports();
        SortedSet<String> arrows = new TreeSet<>();
        uses.forEach((from, all) -> all.stream()
                .filter(to -> all.stream().noneMatch(other -> reaches(uses, other, to)))
                .forEach(to -> arrows.add(from + " --> " + to)));
        SortedSet<String> drawn = new TreeSet<>();
        Matcher arrow = Pattern.compile("(?m)^    (\\w+ --> \\w+)$")
                .matcher(read(HOME.resolve("docs").resolve("architecture.md")));
        while (arrow.find()) {
            drawn.add(arrow.group(1));
        }
        assertThat(drawn).isEqualTo(arrows);
    }

    private static Map<String, Set<String>> imports() {
        Map<String, Set<String>> uses = new TreeMap<>();
        Path root = HOME.resolve("domain-ejb/src/main/java/com/cognitionos");
        Pattern used = Pattern.compile("(?m)^import (?:static )?com\\.cognitionos\\.(\\w+)\\.");
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                String component = root.relativize(file).getName(0).toString();
                Matcher matcher = used.matcher(read(file));
                while (matcher.find()) {
                    if (!matcher.group(1).equals(component) && !matcher.group(1).equals("kernel")) {
                        uses.computeIfAbsent(component, none -> new TreeSet<>()).add(matcher.group(1));
                    }
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return uses;
    }

    /** There are no cycles: ArchitectureTest says so. */
    private static boolean reaches(Map<String, Set<String>> uses, String from, String to) {
        return uses.getOrDefault(from, Set.of()).stream().anyMatch(next -> next.equals(to) || reaches(uses, next, to));
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
